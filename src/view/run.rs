//! A run as the page shows it: its curves, its samples, what is left of it.

use std::fmt::{Display, LowerExp};

use serde::{Deserialize, Serialize};

use crate::engine::kernels::Scalar;
use crate::engine::options::Activation;
use crate::training::report::{Progress, RECENT};
use crate::training::settings::{CellChoice, ModelSettings};

/// Most points that a curve keeps; when there are more, every other one goes.
const MOST_POINTS: usize = 8_000;
/// Most samples that are kept.
const MOST_SAMPLES: usize = 400;

/// The plain cell's presets, one an activation.
const ACTIVATIONS: [(&str, Activation); 4] = [
    ("rnn", Activation::Tanh),
    ("rnn-relu", Activation::Relu),
    ("rnn-leaky-relu", Activation::LeakyRelu),
    ("rnn-swish", Activation::Swish),
];

/// The held-out loss has risen when it is this much above its lowest, nats per symbol.
const RISEN: f32 = 0.15;

/// Points of the loss that must all lie this far above a guess among all symbols (as a factor) before it is said.
const WORSE: (usize, f64) = (60, 1.25);

/// The held-out loss rises while the training loss still falls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ByHeart {
    /// The update at which the held-out loss was lowest.
    pub since: u32,
    /// That lowest held-out loss, nats per symbol.
    pub lowest: f32,
}

/// The preset that the model's cell is, with an activation that the options say put into it: `rnn` with ReLU is
/// `rnn-relu`, the same text and the same numbers. None for a reader's own cell.
///
/// ```
/// use unrolled::engine::options::{Activation, Options};
/// use unrolled::training::settings::{CellChoice, ModelSettings};
/// let options = Options { activation: Some(Activation::Relu), ..Options::default() };
/// let model = ModelSettings { cell: CellChoice::Preset("rnn".into()), options, ..ModelSettings::default() };
/// assert_eq!(unrolled::view::run::preset_of(&model), Some("rnn-relu"));
/// ```
pub fn preset_of(model: &ModelSettings) -> Option<&str> {
    let CellChoice::Preset(id) = &model.cell else { return None };
    let is_plain = ACTIVATIONS.iter().any(|(known, _)| known == id);
    let other = ACTIVATIONS.iter().find(|(_, activation)| model.options.activation == Some(*activation));
    Some(other.filter(|_| is_plain).map_or(id.as_str(), |(id, _)| id))
}

/// The model with another cell. What the options said of the activation was meant for the cell before.
pub fn set_cell(model: &mut ModelSettings, cell: CellChoice) {
    model.cell = cell;
    model.options.activation = None;
}

/// Everything that a run has sent so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct History {
    /// Updates done.
    pub step: u32,
    /// (step, training loss in nats per symbol), ascending.
    pub losses: Vec<(u32, f32)>,
    /// Mean training loss of the last updates, nats per symbol, as the worker has it.
    pub recent_loss: Option<f32>,
    /// (step, held-out loss in nats per symbol), ascending.
    pub held_out: Vec<(u32, f32)>,
    /// (step, what it wrote), ascending.
    pub samples: Vec<(u32, String)>,
    /// State and ‖∂L/∂state⟨t⟩‖, as last measured.
    pub reach: Vec<(String, Vec<f32>)>,
    /// Symbols per second, 0 when not known.
    pub symbols_per_second: f64,
    /// Global norm of the last gradient before clipping.
    pub gradient_norm: f32,
    /// Share of updates clipped, of those in the last message.
    pub clipped_share: f32,
}

impl History {
    /// Takes a message in. After a restart from a checkpoint some steps come again: theirs replace the earlier ones.
    pub fn absorb(&mut self, progress: Progress) {
        self.step = progress.step;
        append(&mut self.losses, progress.losses);
        self.recent_loss = progress.recent_loss;
        append(&mut self.held_out, progress.held_out);
        append(&mut self.samples, progress.samples);
        halve(&mut self.losses);
        halve(&mut self.held_out);
        let surplus = self.samples.len().saturating_sub(MOST_SAMPLES);
        self.samples.drain(..surplus);
        if !progress.gradient_reach.is_empty() {
            self.reach = progress.gradient_reach;
        }
        if progress.symbols_per_second > 0.0 {
            self.symbols_per_second = progress.symbols_per_second;
        }
        self.gradient_norm = progress.gradient_norm;
        self.clipped_share = progress.clipped_share;
    }

    /// The weights in place are those of a step again: numbers are theirs from now on, while the curves still show the
    /// way that led nowhere.
    pub fn stands_at(&mut self, step: u32) {
        self.step = step;
        self.recent_loss = None;
    }

    /// Forgets what lies after a step: the run goes on from there.
    pub fn back_to(&mut self, step: u32) {
        if step < self.step {
            self.stands_at(step);
        }
        self.losses.retain(|point| point.0 <= step);
        self.held_out.retain(|point| point.0 <= step);
        self.samples.retain(|sample| sample.0 <= step);
    }

    /// As it can be stored: JSON holds no number that is not finite, and what was stored by others may be anything. Curves
    /// ascend and have as many points as this page draws.
    pub fn storable(&self) -> History {
        let is_finite = |norms: &[f32]| norms.iter().all(|norm| norm.is_finite());
        let reach = self.reach.iter().filter(|(_, norms)| norms.len() <= 1_024 && is_finite(norms));
        let finite = |value: f32| if value.is_finite() { value } else { 0.0 };
        let samples = self.samples.iter().filter(|(_, text)| text.len() <= 16_384);
        let speed = self.symbols_per_second;
        History {
            step: self.step,
            losses: curve(&self.losses),
            recent_loss: self.recent_loss.filter(|loss| loss.is_finite()),
            held_out: curve(&self.held_out),
            samples: ascending(samples.cloned()).into_iter().take(MOST_SAMPLES).collect(),
            reach: reach.take(16).cloned().collect(),
            symbols_per_second: if speed.is_finite() { speed } else { 0.0 },
            gradient_norm: finite(self.gradient_norm),
            clipped_share: finite(self.clipped_share),
        }
    }

    /// Mean training loss of the last updates, nats per symbol: the worker's own, else of the curve's last points.
    pub fn loss(&self) -> Option<f64> {
        if let Some(loss) = self.recent_loss {
            return Some(f64::from(loss));
        }
        let done = self.until_now(&self.losses);
        let last = &done[done.len().saturating_sub(RECENT)..];
        let sum: f64 = last.iter().map(|point| f64::from(point.1)).sum();
        (!last.is_empty()).then(|| sum / last.len() as f64)
    }

    /// What of a curve, or of the samples, led to the weights in place.
    fn until_now<'c, T>(&self, curve: &'c [(u32, T)]) -> &'c [(u32, T)] {
        &curve[..curve.partition_point(|(step, _)| *step <= self.step)]
    }

    /// The last held-out loss, nats per symbol.
    pub fn held_out_loss(&self) -> Option<f64> {
        self.until_now(&self.held_out).last().map(|point| f64::from(point.1))
    }

    /// Whether the network learns its text by heart: the held-out loss lies clearly above its lowest, and the training
    /// loss lies below that lowest.
    pub fn by_heart(&self) -> Option<ByHeart> {
        let done = self.until_now(&self.held_out);
        let (since, lowest) =
            done.iter().copied().reduce(|best, point| if point.1 < best.1 { point } else { best })?;
        let (_, now) = done.last()?;
        let training_fell = self.loss()? < f64::from(lowest);
        (now - lowest > RISEN && training_fell).then_some(ByHeart { since, lowest })
    }

    /// The mean loss of the last updates where it has long been far above ln V, what guessing evenly among `symbols` costs:
    /// steps that are too large lead nowhere without a number ever running away.
    pub fn worse_than_guessing(&self, symbols: usize) -> Option<f64> {
        let guess = libm::log(symbols as f64);
        let done = self.until_now(&self.losses);
        let last = done.len().checked_sub(WORSE.0).and_then(|first| done.get(first..))?;
        let is_worse = last.iter().all(|(_, loss)| f64::from(*loss) > WORSE.1 * guess);
        self.loss().filter(|_| guess > 0.0 && is_worse)
    }

    /// exp(mean nats) of what is held out, else of the training text.
    pub fn perplexity(&self) -> Option<f64> {
        self.held_out_loss().or_else(|| self.loss()).map(libm::exp)
    }

    /// At most `most` samples, evenly from the first to the last, so that the way from early to late is seen.
    pub fn samples_over_time(&self, most: usize) -> Vec<(u32, String)> {
        let samples = self.until_now(&self.samples);
        let count = samples.len();
        let most = most.max(2);
        let places =
            (0..most.min(count)).map(|i| if count <= most { i } else { i * (count - 1) / (most - 1) });
        places.filter_map(|place| samples.get(place).cloned()).collect()
    }

    /// Seconds until `steps` updates are done, each of `symbols` symbols.
    pub fn seconds_left(&self, steps: u32, symbols: usize) -> Option<f64> {
        let left = f64::from(steps.saturating_sub(self.step)) * symbols as f64;
        (self.symbols_per_second > 0.0).then(|| left / self.symbols_per_second)
    }
}

/// Points with finite values, ascending.
fn curve(points: &[(u32, f32)]) -> Vec<(u32, f32)> {
    let mut points = ascending(points.iter().copied().filter(|point| point.1.is_finite()));
    while points.len() > MOST_POINTS {
        halve(&mut points);
    }
    points
}

/// Without what goes back.
fn ascending<T>(points: impl Iterator<Item = (u32, T)>) -> Vec<(u32, T)> {
    let mut kept: Vec<(u32, T)> = Vec::new();
    for point in points {
        if kept.last().is_none_or(|last| last.0 < point.0) {
            kept.push(point);
        }
    }
    kept
}

fn append<T>(kept: &mut Vec<(u32, T)>, new: Vec<(u32, T)>) {
    if let Some(first) = new.first().map(|point| point.0) {
        while kept.last().is_some_and(|last| last.0 >= first) {
            kept.pop();
        }
        kept.extend(new);
    }
}

fn halve(points: &mut Vec<(u32, f32)>) {
    if points.len() > MOST_POINTS {
        let last = points.len() - 1;
        let mut place = 0;
        points.retain(|_| {
            let stays = place % 2 == 0 || place == last;
            place += 1;
            stays
        });
    }
}

/// The places of a slider that goes up by 1–2–3–5 through powers of ten, `from` to `to` (exponents).
pub fn decades(from: i32, to: i32) -> Vec<f64> {
    let mut places: Vec<f64> = Vec::new();
    for power in from..to {
        for factor in ["1", "2", "3", "5"] {
            // Read from text: the number nearest to what is shown.
            places.extend(format!("{factor}e{power}").parse::<f64>());
        }
    }
    places.extend(format!("1e{to}").parse::<f64>());
    places
}

/// The place nearest to a value among ascending places, on a logarithmic scale.
pub fn nearest(places: &[f64], value: f64) -> usize {
    let distance = |place: f64| (libm::log(place) - libm::log(value.max(1e-300))).abs();
    let mut best = 0;
    for (i, place) in places.iter().enumerate() {
        if distance(*place) < distance(places[best]) {
            best = i;
        }
    }
    best
}

/// A setting as short as it can be written, in its own precision: `0.003`, `64`.
pub fn write_number<S: Scalar + Display + LowerExp>(value: S) -> String {
    let size = value.to_f64().abs();
    if size != 0.0 && !(1e-4..1e7).contains(&size) { format!("{value:e}") } else { format!("{value}") }
}

/// A text in the form the trainer gets it: without what a file may begin with and without NUL,
/// lines ended by a line feed.
pub fn clean_text(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}');
    // Most texts have none of these, and a text may be 5 MB.
    if text.contains(['\r', '\0']) {
        text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
    } else {
        text.to_owned()
    }
}

/// Whether the bytes of a file are no text: a NUL, or much that is not UTF-8.
pub fn looks_binary(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    head.contains(&0)
        || String::from_utf8_lossy(head).chars().filter(|c| *c == '\u{fffd}').count() > head.len() / 20 + 1
}

/// A third of a learning rate, in three significant digits.
pub fn gentler(rate: f32) -> f32 {
    format!("{:.2e}", rate / 3.0).parse().unwrap_or(rate / 3.0)
}

/// The layer (from 0) and the name in what the trainer calls a value of a layer: `layers[0].z_a`.
pub fn tensor_place(tensor: &str) -> Option<(usize, &str)> {
    // What it is of them stands before: `gradients.layers[0].W_f`.
    let (_, place) = tensor.split_once("layers[")?;
    let (layer, name) = place.split_once("].")?;
    Some((layer.parse().ok()?, name))
}
