//! The four cells side by side: the same sentence, seed and sizes, forward, backward and while training.

use ndarray::{Array2, s};

use super::learnt::{self, Learnt};
use super::runs::{Run, Runs};
use super::{is_blank, sentence, training_text};
use crate::engine::presets::FAMILIES;
use crate::engine::trace::{LossAt, TraceInput, trace};
use crate::language::visible::visible;
use crate::view::figures::parts::{
    Level, Line, Matrix, caption, chart, column, levels, look_of, matrix, row,
};
use crate::view::figures::{Drawing, Figure, Job, News, Opens, Setting, Table, Values, Words};
use crate::view::link::StepperState;
use crate::view::markup::Node;
use crate::view::number::{brief, count, fixed};
use crate::view::stepper::edits::Edits;
use crate::view::stepper::model::{StepperModel, input_of};

const STEPS: u32 = 400;
/// Seeds that can be chosen, from 1.
const SEEDS: usize = 99;

/// The four cells: their states, the gradients of their states, their losses.
#[derive(Default)]
pub struct Beside(Runs);

fn hidden(now: &Values) -> usize {
    now.whole("units").clamp(2, 24)
}

/// A cell's model on the sentence, and the updates that its weights have seen.
struct Shown {
    cell: &'static str,
    updates: u32,
    model: StepperModel,
}

impl Figure for Beside {
    fn settings(&self, _: &Values) -> Vec<Setting> {
        vec![
            sentence(),
            Setting::slider("units", 2.0, 24.0, 1.0, 8.0),
            Setting::steps("seed", SEEDS, learnt::SEED as usize),
            Setting::choice("cell", &FAMILIES),
            Setting::switch("all", true),
            Setting::choice("show", &["now", "start"]),
            training_text(),
        ]
    }

    fn letters_of(&self, _: &Values) -> Option<&'static str> {
        // All four call their output alike.
        Some("rnn")
    }

    fn shows_sums(&self, _: &Values) -> bool {
        false
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let models = self.models(now);
        let mut table = Table::new(
            ["cell", "weights", "loss", "first-gradient", "last-gradient", "updates", "trained-loss"]
                .map(|key| words.plain(key)),
        );
        let mut states: Vec<Node> = Vec::new();
        let mut lines: Vec<Level> = Vec::new();
        let mut norms: Vec<(&str, Vec<f64>)> = Vec::new();
        for Shown { cell, updates, model } in &models {
            let name = words.plain(&format!("cell.{cell}"));
            let title = if *updates == 0 {
                name.clone()
            } else {
                words.count("trained-name", *updates as usize, &[("name", &name)])
            };
            states.push(state(model, &title));
            let of = state_gradients(model);
            let (dash, class) = look_of(cell);
            lines.push(Level { name: name.clone(), dash, class, values: of.clone() });
            let heard = self.heard(cell, now);
            let last = heard.and_then(|heard| heard.losses.last());
            table.row([
                name,
                count(model.parameters() as u64),
                fixed(model.trace.mean_over_tokens(), 3),
                of.first().map_or_else(String::new, |norm| brief(*norm, 3)),
                of.last().map_or_else(String::new, |norm| brief(*norm, 3)),
                last.map_or_else(|| "–".to_owned(), |(step, _)| count(u64::from(*step))),
                last.map_or_else(|| "–".to_owned(), |(_, loss)| fixed(f64::from(*loss), 3)),
            ]);
            norms.push((*cell, of));
        }
        if models.is_empty() {
            return Drawing::only(words.plain("empty"));
        }
        let steps = models.iter().map(|shown| shown.model.steps()).max().unwrap_or(1);
        let back = levels(&lines, "t = 1", &format!("t = T = {steps}"));
        let mut curves = vec![column([caption(words.plain("backward")), back])];
        let trained: Vec<(&str, &Run)> =
            FAMILIES.into_iter().filter_map(|cell| Some((cell, self.heard(cell, now)?))).collect();
        if !trained.is_empty() {
            let line = |(cell, heard): &(&str, &Run)| Line {
                name: words.plain(&format!("cell.{cell}")),
                dash: look_of(cell).0,
                points: heard.losses.clone(),
            };
            let lines: Vec<Line> = trained.iter().map(line).collect();
            curves.push(column([caption(words.plain("training")), chart(&lines, None, STEPS)]));
        }
        let body = vec![caption(words.plain("forward")), row(states), row(curves)];
        let is_trained = models.iter().any(|shown| shown.updates > 0);
        let mut sentence = says(&norms, is_trained, &trained, words);
        let left_out: &[String] = models
            .iter()
            .map(|shown| &shown.model.sequence.left_out)
            .max_by_key(|one| one.len())
            .map_or(&[], Vec::as_slice);
        if !left_out.is_empty() {
            let symbols: Vec<_> = left_out.iter().map(|symbol| visible(symbol)).collect();
            let left_out = words.say("left-out", &[("symbols", &symbols.join(" "))]);
            sentence = super::joined(&[sentence, left_out], words);
        }
        Drawing { body, sentence, table }
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        let state = StepperState { sentence: now.text("sentence").to_owned(), ..StepperState::default() };
        let job = self.job(now);
        Some(self.learnt(now.text("cell"), now).stepper(job, now.text("cell"), hidden(now), state))
    }

    fn job(&self, now: &Values) -> Option<Job> {
        learnt::job(now.text("cell"), hidden(now), STEPS, now)
    }

    fn then(&self, now: &Values) -> Vec<(&'static str, String)> {
        let next = FAMILIES.into_iter().find(|cell| {
            let last = self.heard(cell, now).and_then(|heard| heard.losses.last());
            last.is_none_or(|(step, _)| *step < STEPS)
        });
        let next = next.filter(|cell| now.is_on("all") && *cell != now.text("cell"));
        next.map(|cell| ("cell", cell.to_owned())).into_iter().collect()
    }

    fn hear(&mut self, news: News) {
        self.0.hear(&news);
    }
}

impl Beside {
    /// What a cell has learnt; nothing where the weights of the start are to be shown.
    fn learnt(&self, cell: &str, now: &Values) -> Learnt {
        let heard = self.heard(cell, now).filter(|_| now.text("show") != "start");
        let learnt = heard.map_or_else(Learnt::default, |heard| {
            Learnt::of(&heard.vocabulary, (heard.weights.0, &heard.weights.1))
        });
        learnt.with_seed(learnt::seed(now))
    }

    fn models(&self, now: &Values) -> Vec<Shown> {
        let run = |cell| {
            let learnt = self.learnt(cell, now);
            let model = learnt.model(cell, hidden(now), now.text("sentence"), &Edits::default())?;
            Some(Shown { cell, updates: learnt.updates(), model })
        };
        if is_blank(now) { Vec::new() } else { FAMILIES.into_iter().filter_map(run).collect() }
    }

    /// The run of a cell on this text, of this size.
    fn heard(&self, cell: &str, now: &Values) -> Option<&Run> {
        let settings = learnt::job(cell, hidden(now), STEPS, now)?.settings;
        self.0.of(&settings, cell == now.text("cell"))
    }
}

/// The output of the cell, a column a step.
fn state(model: &StepperModel, name: &str) -> Node {
    let Some(layer) = model.trace.layers.first() else { return row::<Node>([]) };
    let values = model.model.layers.first().and_then(|known| layer.value(&known.cell.output));
    let columns = match values {
        Some(values) => values.slice(s![.., .., 0]).t().to_owned(),
        None => Array2::zeros((0, 0)),
    };
    let how = Matrix {
        size: (15.0, 13.0),
        decimals: None,
        full: Some(1.0),
        title: name.to_owned(),
        ..Matrix::default()
    };
    matrix(columns.view(), &how)
}

/// For each step the length of the gradient of all states together, of the last step's loss alone.
fn state_gradients(model: &StepperModel) -> Vec<f64> {
    let input = TraceInput { loss_at: LossAt::LastStep, ..input_of(&model.sequence) };
    let Ok(trace) = trace(&model.model, &input) else { return Vec::new() };
    let (Some(layer), Some(known)) = (trace.layers.first(), model.model.layers.first()) else {
        return Vec::new();
    };
    let square = |step: usize| -> f64 {
        let states = known.cell.states.iter().filter_map(|state| layer.gradient(state));
        states.flat_map(|of| of.slice(s![step, .., 0]).to_vec()).map(|value| value * value).sum()
    };
    (0..model.steps()).map(|step| square(step).sqrt()).collect()
}

fn says(norms: &[(&str, Vec<f64>)], is_trained: bool, trained: &[(&str, &Run)], words: &Words) -> String {
    let name = |cell: &str| words.plain(&format!("cell.{cell}"));
    let ratios = norms.iter().filter_map(|(cell, norms)| {
        let ratio = norms.first()? / norms.last()?;
        ratio.is_finite().then(|| (name(cell), ratio))
    });
    let list: Vec<String> = ratios
        .map(|(name, ratio)| words.say("one-of", &[("name", &name), ("value", &brief(ratio, 2))]))
        .collect();
    let join = |list: &[String]| list.join(&words.plain("list-comma"));
    let key = if is_trained { "says-now" } else { "says" };
    let mut said = vec![words.say(key, &[("list", &join(&list))])];
    if !trained.is_empty() {
        let losses: Vec<String> = trained
            .iter()
            .filter_map(|(cell, heard)| {
                let (_, loss) = heard.losses.last()?;
                Some(words.say("one-of", &[("name", &name(cell)), ("value", &fixed(f64::from(*loss), 2))]))
            })
            .collect();
        said.push(words.say("says-trained", &[("list", &join(&losses))]));
    }
    super::joined(&said, words)
}
