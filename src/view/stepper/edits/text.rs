//! Changes as a short text, for links and for the worker: `w1.W_f.2.5=0.5;wy.b_y.1.1=-1;x.3.1=1;s1.c.2=0.3;h1.Γ_f.2@3=0`.
//! It counts from 1, as the page does. Decimal digits read back to the same bits.

use std::fmt;
use std::str::FromStr;

use super::{Edits, LARGEST, Target};
use crate::engine::syntax::Symbol;

/// Signs of a wrong change that are shown.
const MOST_SHOWN: usize = 40;

/// A change that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no change of a number")]
pub struct NotAnEdit(pub String);

impl From<Edits> for String {
    fn from(edits: Edits) -> String {
        let all = edits.iter().map(|(target, value)| format!("{target}={value:?}"));
        all.collect::<Vec<_>>().join(";")
    }
}

impl TryFrom<String> for Edits {
    type Error = NotAnEdit;

    fn try_from(text: String) -> Result<Edits, NotAnEdit> {
        let mut edits = Edits::default();
        for item in text.split(';').filter(|item| !item.is_empty()) {
            let shown = || NotAnEdit(item.chars().take(MOST_SHOWN).collect());
            let (target, value) = read(item).ok_or_else(shown)?;
            edits.put(target, Some(value));
        }
        Ok(edits)
    }
}

/// Its place in the text: `w1.W_f.2.5`.
impl fmt::Display for Target {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Target::Weight { layer, name, row, column } => {
                let layer = layer.map_or("y".to_owned(), |layer| (layer + 1).to_string());
                write!(to, "w{layer}.{name}.{}.{}", row + 1, column + 1)
            }
            Target::Input { step, row } => write!(to, "x.{}.{}", step + 1, row + 1),
            Target::Initial { layer, name, row } => write!(to, "s{}.{name}.{}", layer + 1, row + 1),
            Target::Held { layer, name, unit, step } => {
                write!(to, "h{}.{name}.{}", layer + 1, unit + 1)?;
                step.map_or(Ok(()), |step| write!(to, "@{}", step + 1))
            }
        }
    }
}

impl FromStr for Target {
    type Err = NotAnEdit;

    fn from_str(place: &str) -> Result<Target, NotAnEdit> {
        read_place(place).ok_or_else(|| NotAnEdit(place.chars().take(MOST_SHOWN).collect()))
    }
}

fn read(item: &str) -> Option<(Target, f64)> {
    let (place, value) = item.split_once('=')?;
    let value = value.parse::<f64>().ok().filter(|value| value.abs() <= LARGEST)?;
    Some((read_place(place)?, value))
}

fn read_place(place: &str) -> Option<Target> {
    let mut parts = place.split('.');
    let first = parts.next()?;
    let target = match first.split_at_checked(1)? {
        ("w", layer) => {
            let layer = if layer == "y" { None } else { Some(from_one(layer)?) };
            let name = name(parts.next()?)?;
            Target::Weight { layer, name, row: from_one(parts.next()?)?, column: from_one(parts.next()?)? }
        }
        ("x", "") => Target::Input { step: from_one(parts.next()?)?, row: from_one(parts.next()?)? },
        ("s", layer) => Target::Initial {
            layer: from_one(layer)?,
            name: name(parts.next()?)?,
            row: from_one(parts.next()?)?,
        },
        ("h", layer) => {
            let (layer, name) = (from_one(layer)?, name(parts.next()?)?);
            let unit = parts.next()?;
            let (unit, step) = match unit.split_once('@') {
                Some((unit, step)) => (unit, Some(from_one(step)?)),
                None => (unit, None),
            };
            Target::Held { layer, name, unit: from_one(unit)?, step }
        }
        _ => return None,
    };
    parts.next().is_none().then_some(target)
}

fn name(text: &str) -> Option<Symbol> {
    (!text.is_empty()).then(|| Symbol::from(text))
}

fn from_one(text: &str) -> Option<usize> {
    text.parse::<u32>().ok()?.checked_sub(1).map(|number| number as usize)
}
