//! Numbers of a figure's network that a reader may change: weights, biases, inputs, the state before the first step.
//!
//! A press on one chooses it, in the drawing or among the network's numbers below it; what stands below the drawing then
//! changes it, and everything that follows from it is computed anew.

use super::network::Network;
use super::parts::{Matrix, decimals, matrix, named};
use super::setting::{Kind, Setting, Values};
use super::words::Words;
use crate::engine::model::Model;
use crate::engine::syntax::Symbol;
use crate::engine::trace::TraceInput;
use crate::view::colour::full_scale;
use crate::view::markup::{Element, Node, el};
use crate::view::stepper::edits::{Edits, LARGEST, Target, for_a_field, number_at, reach};
use crate::view::stepper::model::input_for;
use crate::view::stepper::sequence::Sequence;

/// The setting that holds what is changed.
pub const NUMBERS: &str = "numbers";
/// The setting that says which number can be changed now.
pub const CHOSEN: &str = "number";
/// The setting that is that number's value.
pub const VALUE: &str = "value";
/// The button that brings the chosen number back as it came.
pub const BACK: &str = "number-back";
/// The button that brings all of them back.
pub const ALL_BACK: &str = "numbers-back";

/// A network of one layer whose numbers can be changed, with what is changed in it already.
#[derive(Clone, Debug)]
pub struct Numbers {
    /// Its weights.
    pub model: Model<f64>,
    /// What it reads, B = 1.
    pub input: TraceInput<f64>,
    /// Where they can be pressed.
    pub shown: Shown,
}

/// Where the numbers of a network are shown so that they can be pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// All of them below the drawing.
    Below,
    /// Those that the drawing needs in the drawing, all of them below it.
    DrawnAndBelow,
    /// Those that the drawing needs in the drawing; no other one matters to it.
    Drawn,
}

impl From<Network> for Numbers {
    fn from(network: Network) -> Numbers {
        Numbers { model: network.model, input: network.input, shown: Shown::Below }
    }
}

impl Numbers {
    /// A model and a sentence with what the reader has changed; nothing is run.
    pub fn of(mut model: Model<f64>, sequence: &Sequence, edits: &Edits) -> Numbers {
        let mut input = input_for(&model, sequence);
        edits.apply(&mut model, &mut input);
        Numbers { model, input, shown: Shown::Below }
    }
}

/// The settings of a figure whose numbers can be changed.
pub fn settings(given: &Values, numbers: &Numbers) -> [Setting; 3] {
    let value = chosen(given)
        .and_then(|target| number_at(&numbers.model, &numbers.input, &target).map(|value| value.to_string()));
    let setting = |name, kind, default| Setting { name, kind, default, label: String::new() };
    [
        setting(NUMBERS, Kind::Numbers, String::new()),
        setting(CHOSEN, Kind::Chosen, String::new()),
        setting(VALUE, Kind::Value, value.unwrap_or_default()),
    ]
}

/// What is changed.
pub fn edits(now: &Values) -> Edits {
    Edits::try_from(now.text(NUMBERS).to_owned()).unwrap_or_default()
}

/// The number that can be changed now.
pub fn chosen(now: &Values) -> Option<Target> {
    now.text(CHOSEN).parse().ok()
}

/// What is changed once the chosen number has a value; none: it is as it came.
pub fn with_value(now: &Values, value: Option<f64>) -> String {
    let mut edits = edits(now);
    if let Some(target) = chosen(now) {
        edits.put(target, value);
    }
    edits.into()
}

/// Numbers of a matrix that can be changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Changeable {
    /// What each is, row by row.
    pub targets: Vec<Target>,
    /// The one that is chosen now, here or elsewhere.
    pub chosen: Option<Target>,
    /// What is changed, here or elsewhere.
    pub edits: Edits,
}

impl Changeable {
    /// The numbers of a matrix of this size.
    pub fn new(
        now: &Values,
        (rows, columns): (usize, usize),
        of: impl Fn(usize, usize) -> Target,
    ) -> Changeable {
        let targets = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
        Changeable {
            targets: targets.map(|(row, column)| of(row, column)).collect(),
            chosen: chosen(now),
            edits: edits(now),
        }
    }
}

/// The entries of a weight or bias of the lowest layer, or of the head.
pub fn weight(layer: Option<usize>, name: &str) -> impl Fn(usize, usize) -> Target {
    let name = Symbol::from(name);
    move |row, column| Target::Weight { layer, name: name.clone(), row, column }
}

/// The entries of `x<t>` at a step, from 0.
pub fn input(step: usize) -> impl Fn(usize, usize) -> Target {
    move |row, _| Target::Input { step, row }
}

/// The entries of a state of the lowest layer before the first step.
pub fn initial(name: &str) -> impl Fn(usize, usize) -> Target {
    let name = Symbol::from(name);
    move |row, _| Target::Initial { layer: 0, name: name.clone(), row }
}

/// Most steps whose inputs are all shown; of a longer sentence it is the input of the step in view.
const MOST_STEPS: usize = 12;

/// All numbers of the network, made only while they are open.
pub fn all(numbers: &Numbers, now: &Values, is_open: bool, words: &Words) -> Element {
    let details = el("details")
        .class("chart-table fig-network")
        .attr("data-numbers", "")
        .child(el("summary").say(words.plain("numbers-all")));
    if !is_open {
        return details;
    }
    let full = full_scale(numbers.model.to_flat());
    let draw =
        |title: String, full: f64, size: (usize, usize), of: &dyn Fn(usize, usize) -> Target| -> Node {
            let values = ndarray::Array2::from_shape_fn(size, |(row, column)| {
                number_at(&numbers.model, &numbers.input, &of(row, column)).unwrap_or(f64::NAN)
            });
            let changeable = Some(Changeable::new(now, size, of));
            // As high as a finger's target must be.
            let how = Matrix {
                size: (40.0, 25.0),
                decimals: Some(decimals(&values)),
                full: Some(full),
                title,
                numbers: changeable,
                ..Matrix::default()
            };
            el("div").class("fig-scroll").child(matrix(values.view(), &how)).into()
        };
    let layer = numbers.model.layers.first();
    let of_layer = layer.into_iter().flat_map(|layer| layer.weights.iter().map(|weight| (Some(0), weight)));
    let of_head = numbers.model.head.weights.iter().map(|weight| (None, weight));
    let weights = of_layer
        .chain(of_head)
        .map(|(layer, (name, values))| draw(name.to_string(), full, values.dim(), &weight(layer, &name.0)));
    let (steps, rows, _) = numbers.input.x.dim();
    let here = ["step", "at"].into_iter().find(|name| now.has(name));
    let shown = match here.map(|name| now.whole(name).clamp(1, steps)) {
        Some(here) if steps > MOST_STEPS => here - 1..here,
        _ => 0..steps,
    };
    let inputs = shown.map(|step| draw(format!("x<{}>", step + 1), 1.0, (rows, 1), &input(step)));
    let states = layer.into_iter().flat_map(|layer| {
        layer
            .cell
            .states
            .iter()
            .map(|state| draw(format!("{state}<0>"), 1.0, (layer.hidden, 1), &initial(&state.0)))
    });
    details.child(el("div").class("fig-all-numbers").children(weights.chain(states).chain(inputs)))
}

/// What stands below the drawing: how to choose a number, or the chosen one's slider and field.
pub fn panel(now: &Values, refused: bool, words: &Words) -> Element {
    let edits = edits(now);
    let button = |press: &str, text: String, is_off: bool| {
        el("button")
            .attr("type", "button")
            .class("ghost small")
            .attr("data-press", press)
            .maybe("disabled", is_off.then_some(""))
            .say(text)
    };
    let all_back =
        (!edits.is_empty()).then(|| button(ALL_BACK, words.count("numbers-back", edits.len(), &[]), false));
    let panel = el("div")
        .class("fig-number-panel")
        .attr("role", "group")
        .attr("aria-label", words.plain("number-change"));
    let Some(target) = chosen(now).filter(|_| !now.text(VALUE).is_empty()) else {
        return panel.child(el("p").class("muted").say(words.plain("number-choose"))).children(all_back);
    };
    let name = name_of(&target);
    let value = now.number(VALUE);
    let to = reach([value]);
    let field = |kind: &str| {
        el("input")
            .attr("type", kind)
            .attr("data-control", VALUE)
            .attr("autocomplete", "off")
            .attr("aria-label", &name)
    };
    let slider = field("range")
        .attr("min", -to)
        .attr("max", to)
        .attr("step", 0.05)
        .attr("aria-valuetext", for_a_field(value));
    let typed = field("text")
        .attr("inputmode", "decimal")
        .class("num field field-5")
        .maybe("aria-invalid", refused.then_some("true"));
    let complaint = el("span").class("field-error").attr("role", "alert");
    let complaint = if refused {
        let range: [(&str, &dyn ToString); 2] = [("least", &-LARGEST), ("most", &LARGEST)];
        complaint.say(words.say("number-range", &range))
    } else {
        complaint
    };
    panel
        .child(el("span").class("fig-label").children(named(&name)))
        .child(slider)
        .child(typed)
        .child(button(BACK, words.plain("number-back"), edits.get(&target).is_none()))
        .children(all_back)
        .child(complaint)
}

/// A number's name as the page writes it: `W_aa[1, 2]`, `b_a[1]`, `x<3>[2]`, `a<0>[1]`.
pub fn name_of(target: &Target) -> String {
    match target {
        Target::Weight { name, row, .. } if name.letter() == "b" => {
            format!("{name}[{}]", row + 1)
        }
        Target::Weight { name, row, column, .. } => format!("{name}[{}, {}]", row + 1, column + 1),
        Target::Input { step, row } => format!("x<{}>[{}]", step + 1, row + 1),
        Target::Initial { name, row, .. } => format!("{name}<0>[{}]", row + 1),
        Target::Held { name, unit, .. } => format!("{name}[{}]", unit + 1),
    }
}
