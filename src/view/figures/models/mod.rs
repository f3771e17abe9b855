//! Chapter 4: language models.

mod chain;
mod continued;
mod dialogue;
mod fed;
mod likelier;
mod shifted;
mod stages;

pub use chain::Chain;
pub use continued::Continued;
pub use dialogue::Dialogue;
pub use fed::Fed;
pub use likelier::Likelier;
pub use shifted::Shifted;
pub use stages::Stages;

use super::Words;
use super::lesson::Plan;
use super::parts::{Bar, bars};
use super::reader::{Reader, likeliest};
use crate::language::Unit;
use crate::view::markup::Node;
use crate::view::number::percent;

/// The model that the figures of this chapter share.
pub(super) const PLAN: Plan = Plan { unit: Unit::Character, hidden: 32, updates: 400, rare: 0 };

/// A distribution's largest probabilities as bars, that of one symbol always among them and the rest in one bar.
pub(super) fn distribution_bars(
    reader: &Reader,
    probabilities: &[f64],
    marked: Option<usize>,
    most: usize,
    words: &Words,
) -> Node {
    let mut order = likeliest(probabilities, most);
    if let Some(marked) = marked.filter(|marked| !order.contains(marked)) {
        order.pop();
        order.push(marked);
    }
    let value = |place: &usize| probabilities.get(*place).copied().unwrap_or_default();
    let mut rows: Vec<Bar> = order
        .iter()
        .map(|place| Bar {
            name: reader.shown(*place),
            value: value(place),
            text: percent(value(place), 1),
            class: if Some(*place) == marked { "y" } else { "rest" },
            on: Some(*place) == marked,
            ..Bar::default()
        })
        .collect();
    let others = probabilities.len().saturating_sub(order.len());
    if others > 0 {
        let rest = (1.0 - order.iter().map(value).sum::<f64>()).max(0.0);
        let name = words.count("others", others, &[]);
        rows.push(Bar { name, value: rest, text: percent(rest, 1), class: "rest", ..Bar::default() });
    }
    bars(rows, 1.0, "")
}
