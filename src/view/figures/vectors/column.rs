//! `W_ax x<t>` with a one-hot `x<t>`: it picks a column, and training gives the columns a meaning.

use ndarray::{Array2, Array3, ArrayView1, Axis};

use crate::engine::evaluate::{Scope, evaluate};
use crate::engine::model::Model;
use crate::engine::syntax::{Expr, Symbol, Time};
use crate::engine::trace::{Labels, LossAt, TraceInput};
use crate::language::corpus::{Corpus, ReadingRules, read};
use crate::language::vocabulary::EOS;
use crate::language::{Reading, Unit};
use crate::training::initial::usual_weights;
use crate::training::session::architecture;
use crate::training::settings::{CellChoice, RunSettings, TextSource};
use crate::view::figures::job::widened;
use crate::view::figures::numbers::{self, Changeable, Shown, edits};
use crate::view::figures::parts::{
    Box, Matrix, Signed, boxes, caption, column, decimals, matrix, paragraph, row, signed,
};
use crate::view::figures::pieces::shown;
use crate::view::figures::{Drawing, Figure, Job, News, Numbers, Opens, Setting, Table, Values, Words};
use crate::view::link::{Shared, StepperState, WeightsFrom};
use crate::view::number::fixed;
use crate::view::stepper::edits::Target;

/// The matrix whose columns are looked at.
const W_AX: &str = "W_ax";
/// Most characters of the text.
const LONGEST: usize = 400;
/// Most symbols of the vocabulary.
const MOST_SYMBOLS: usize = 14;
/// Updates of the training.
const UPDATES: u32 = 300;

/// The product, column by column; a training of the network on the text; how alike the columns are.
#[derive(Default)]
pub struct Column {
    /// Updates and the model after them, once something was trained.
    trained: Option<(u32, Model<f64>)>,
}

impl Figure for Column {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let symbols = corpus(given).map_or(0, |corpus| corpus.vocabulary.len());
        vec![
            Setting::lines("text", LONGEST, 3, ""),
            Setting::slider("hidden", 2.0, 6.0, 1.0, 4.0),
            Setting::place("at", symbols, 1),
            Setting::button("zero"),
        ]
    }

    fn numbers(&self, now: &Values) -> Option<Numbers> {
        self.network(now, corpus(now)?.vocabulary.len())
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let Some(corpus) = corpus(now) else { return Drawing::only(words.plain("empty")) };
        let symbols = corpus.vocabulary.symbols();
        let Some(network) = self.network(now, symbols.len()) else {
            return Drawing::only(words.plain("empty"));
        };
        let Some(weights) = network.model.weight(Some(0), &Symbol::from(W_AX)) else {
            return Drawing::only(words.plain("empty"));
        };
        let at = now.whole("at").min(symbols.len());
        let x = network.input.x.index_axis(Axis(0), 0).to_owned();
        let Some(product) = product(weights, &x) else { return Drawing::only(words.plain("empty")) };

        let entries = symbols.iter().enumerate().map(|(i, symbol)| Box {
            name: words.say("entry", &[("token", &shown(symbol)), ("index", &(i + 1))]),
            above: (i + 1).to_string(),
            inside: shown(symbol),
            class: "x",
            symbol: "x",
            ..Box::default()
        });
        let list = boxes(entries.collect(), Some(("at", at)), &words.plain("list"));
        let pale = (0..symbols.len()).filter(|column| column + 1 != at).collect();
        let size = (if symbols.len() > 9 { 34.0 } else { 42.0 }, 25.0);
        let full = crate::view::colour::full_scale(weights.iter().copied());
        let picture = |title: &str, symbol: &'static str, decimals: usize| Matrix {
            size,
            decimals: Some(decimals),
            full: Some(full),
            symbol,
            title: title.to_owned(),
            ..Matrix::default()
        };
        let framed = at.checked_sub(1).into_iter().collect();
        let numbers = Some(Changeable::new(now, weights.dim(), numbers::weight(Some(0), W_AX)));
        let of_x = Matrix {
            size: (40.0, 25.0),
            full: Some(1.0),
            numbers: Some(Changeable::new(now, x.dim(), numbers::input(0))),
            ..picture("x<t>", "x", decimals(&x))
        };
        let matrices = row([
            matrix(weights.view(), &Matrix { framed, pale, numbers, ..picture(W_AX, W_AX, 2) }),
            matrix(x.view(), &of_x),
            paragraph("="),
            matrix(product.view(), &picture("W_ax x<t>", "", 2)),
        ]);

        let mut heads = vec![words.plain("token")];
        heads.extend((1..=weights.nrows()).map(|unit| words.say("unit", &[("n", &unit)])));
        heads.push(words.plain("cosine"));
        let chosen = at.checked_sub(1).filter(|chosen| *chosen < weights.ncols());
        let mut table = Table::new(heads);
        for (symbol, column) in symbols.iter().zip(weights.columns()) {
            let numbers = column.iter().map(|value| fixed(*value, 4));
            let both_are_read = symbol != EOS && chosen.is_some_and(|chosen| is_read(symbols, chosen));
            let alike = chosen
                .filter(|_| both_are_read)
                .map(|chosen| fixed(cosine(weights.column(chosen), column), 4));
            let alike = alike.unwrap_or_else(|| "–".to_owned());
            table.row(std::iter::once(shown(symbol)).chain(numbers).chain([alike]));
        }
        let updates = self.trained.as_ref().map_or(0, |(step, _)| *step);
        let mut body = vec![list, matrices];
        let mut sentence = match symbols.get(at.wrapping_sub(1)) {
            Some(symbol) => words.say("says", &[("token", &shown(symbol)), ("index", &at)]),
            None => words.plain("says-zero"),
        };
        // The zero column, at 0, is nobody's.
        if chosen.is_some_and(|chosen| !is_read(symbols, chosen)) {
            // With nothing behind it no step follows, so training leaves this column nothing to be compared by.
            sentence.push_str(&words.plain("space"));
            sentence.push_str(&words.plain("never-read"));
        } else if let Some((nearest, alike)) = nearest(weights, at, |other| is_read(symbols, other)) {
            let token = symbols.get(nearest).map(|symbol| shown(symbol)).unwrap_or_default();
            let number = fixed(alike, 2);
            sentence.push_str(&words.plain("space"));
            sentence.push_str(
                &words.say("nearest", &[("token", &token), ("alike", &number), ("step", &updates)]),
            );
            body.push(column([caption(words.plain("alike")), likeness(weights, symbols, at)]));
        }
        Drawing { body, sentence, table }
    }

    fn press(&mut self, button: &str, _: &Values) -> Vec<(&'static str, String)> {
        if button == "zero" { vec![("at", "0".to_owned())] } else { Vec::new() }
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        let text = now.text("text");
        let mut run = settings(now);
        run.text.source = TextSource::Own(text.to_owned());
        let sentence = text.lines().next().unwrap_or_default().to_owned();
        // The column of this figure is none of the sentence's inputs.
        let edits = edits(now).only(|target| matches!(target, Target::Weight { .. }));
        let stepper = StepperState {
            weights: WeightsFrom::Trained,
            step: 2,
            sentence,
            edits,
            ..StepperState::default()
        };
        let trained = self.trained.as_ref().map_or(0, |(step, _)| *step);
        corpus(now).map(|_| {
            Opens::Stepper(std::boxed::Box::new(Shared { run, trained, stepper, ..Shared::default() }))
        })
    }

    fn job(&self, now: &Values) -> Option<Job> {
        corpus(now).map(|_| Job {
            settings: settings(now),
            text: now.text("text").to_owned(),
            measures: true,
        })
    }

    fn hear(&mut self, news: News) {
        match news {
            News::Reset => self.trained = None,
            News::Weights { step, settings, symbols, weights } => {
                self.trained = widened(settings, symbols, weights).map(|model| (step, model));
            }
            _ => {}
        }
    }
}

impl Column {
    /// The network at one step: the chosen symbol goes in, with what the reader has changed.
    fn network(&self, now: &Values, symbols: usize) -> Option<Numbers> {
        let mut model = self.model(now, symbols)?;
        let at = now.whole("at").min(symbols);
        let mut input = TraceInput {
            x: Array3::from_shape_fn((1, symbols, 1), |(_, row, _)| f64::from(row + 1 == at)),
            y: Labels::Ids(Array2::zeros((1, 1))),
            lengths: vec![1],
            initial: Vec::new(),
            loss_at: LossAt::EveryStep,
            holds: Vec::new(),
        };
        edits(now).apply(&mut model, &mut input);
        Some(Numbers { model, input, shown: Shown::Drawn })
    }

    /// The trained network, else the one with the start weights.
    fn model(&self, now: &Values, symbols: usize) -> Option<Model<f64>> {
        let settings = settings(now);
        match &self.trained {
            Some((_, model)) if model.input == symbols => Some(model.clone()),
            _ => {
                let architecture = architecture(&settings.model, symbols).ok()?;
                let weights: Vec<f32> =
                    usual_weights(&architecture, &settings.model.cell, settings.training.seed);
                Some(Model::from_flat(&architecture, &weights).convert())
            }
        }
    }
}

/// The run: each line a sample, words as symbols.
fn settings(now: &Values) -> RunSettings {
    let mut run = RunSettings::default();
    run.text.source = TextSource::Own(String::new());
    run.text.unit = Unit::Word;
    run.text.reading = Reading::Lines;
    run.text.vocabulary_limit = Some(MOST_SYMBOLS - 2);
    run.model.cell = CellChoice::Preset("rnn".into());
    run.model.hidden = now.whole("hidden").clamp(2, 6);
    run.training.learning_rate = 0.02;
    run.training.batch = 4;
    run.training.window = 12;
    run.training.steps = UPDATES;
    // What the start weights hold and the text does not ask for fades: without it, half of the seeds leave "cat" closer
    // to another word than to "dog" (tests/native/claims.rs).
    run.training.l2 = 0.03;
    run
}

/// The text as it is trained on; none where there is nothing to learn.
fn corpus(now: &Values) -> Option<Corpus> {
    let rules =
        ReadingRules { unit: Unit::Word, reading: Reading::Lines, vocabulary_limit: Some(MOST_SYMBOLS - 2) };
    read(now.text("text"), &rules, None).ok()
}

/// `W_ax x<t>`, by the engine's own evaluation of that expression.
fn product(weights: &Array2<f64>, x: &Array2<f64>) -> Option<Array2<f64>> {
    let matrix = Expr::Parameter(Symbol::from(W_AX));
    let input = Expr::Value(Symbol("x".to_owned()), Time::Now);
    let product = Expr::Product(matrix.into(), input.into());
    evaluate(&product, &One { weights, x }).ok()
}

/// A scope with one parameter and one value.
struct One<'a> {
    weights: &'a Array2<f64>,
    x: &'a Array2<f64>,
}

impl Scope<f64> for One<'_> {
    fn value(&self, _: &Symbol, _: Time) -> Option<Array2<f64>> {
        Some(self.x.clone())
    }

    fn parameter(&self, _: &Symbol) -> Option<Array2<f64>> {
        Some(self.weights.clone())
    }

    fn term_gradient(&self, _: &Expr) -> Option<Array2<f64>> {
        None
    }

    fn mask(&self) -> Vec<bool> {
        vec![true]
    }
}

/// Whether a column (counted from 0) is ever used: nothing follows `<EOS>`, so it never goes in.
fn is_read(symbols: &[String], column: usize) -> bool {
    symbols.get(column).is_some_and(|symbol| symbol != EOS)
}

/// The cosine of the angle between two columns: 1 where they point the same way.
pub fn cosine(one: ArrayView1<f64>, other: ArrayView1<f64>) -> f64 {
    let sum = |u: ArrayView1<f64>, v: ArrayView1<f64>| u.iter().zip(v).map(|(u, v)| u * v).sum::<f64>();
    let lengths = (sum(one, one) * sum(other, other)).sqrt();
    if lengths > 0.0 { sum(one, other) / lengths } else { 0.0 }
}

/// The column that is most like the chosen one (counted from 1), and how alike they are; of those only that are ever read.
pub fn nearest(weights: &Array2<f64>, at: usize, is_read: impl Fn(usize) -> bool) -> Option<(usize, f64)> {
    let chosen = at.checked_sub(1).filter(|chosen| *chosen < weights.ncols())?;
    let others = (0..weights.ncols()).filter(|other| *other != chosen && is_read(*other));
    let likeness = others.map(|other| (other, cosine(weights.column(chosen), weights.column(other))));
    likeness.reduce(|best, next| if next.1 > best.1 { next } else { best })
}

fn likeness(weights: &Array2<f64>, symbols: &[String], at: usize) -> crate::view::markup::Node {
    let chosen = weights.column(at.saturating_sub(1));
    let others = symbols.iter().enumerate().filter(|(i, _)| i + 1 != at && is_read(symbols, *i));
    let bars: Vec<Signed> = others
        .map(|(i, symbol)| Signed {
            class: "x",
            value: cosine(chosen, weights.column(i)),
            name: shown(symbol),
        })
        .collect();
    signed(&bars, 1.0)
}
