//! What lies before a reader in one tab: the settings in the controls, the text in the box, which run is open. Each tab has
//! a desk of its own, so that no tab writes over another's.

use serde::{Deserialize, Serialize};

use super::VERSION;
use crate::training::settings::RunSettings;

/// So many desks are kept of tabs that are closed.
const KEPT_DESKS: usize = 4;

/// A desk. A text of the reader's lies beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Desk {
    /// The version of this record.
    pub version: u32,
    /// Its id; the tab remembers it.
    pub id: String,
    /// Counts what is opened, so that the newest is known without a clock.
    pub order: u64,
    /// The settings in the controls; a text of the reader's is left out.
    pub settings: RunSettings,
    /// The run that is open.
    pub run: Option<String>,
}

impl Default for Desk {
    fn default() -> Self {
        Self { version: VERSION, id: String::new(), order: 0, settings: RunSettings::default(), run: None }
    }
}

/// Where a tab that is opened takes its seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seat {
    /// At this desk, as it was left.
    At(String),
    /// At a new desk with the settings and the text of this one, which is in use in another tab.
    Beside(String),
    /// At an empty desk.
    New,
}

/// The seat of a tab that remembers the desk `mine`, while other tabs sit at `held`: its own, else the one that was left
/// last; beside the newest where all are in use.
pub fn seat(desks: &[Desk], mine: Option<&str>, held: &[String]) -> Seat {
    let is_held = |desk: &&Desk| held.contains(&desk.id);
    let newest = |desks: &mut dyn Iterator<Item = &Desk>| {
        desks.max_by(|one, other| one.order.cmp(&other.order).then_with(|| other.id.cmp(&one.id))).cloned()
    };
    let own = desks.iter().find(|desk| Some(desk.id.as_str()) == mine);
    match own {
        Some(own) if is_held(&own) => Seat::Beside(own.id.clone()),
        Some(own) => Seat::At(own.id.clone()),
        None => match newest(&mut desks.iter().filter(|desk| !is_held(desk))) {
            Some(left) => Seat::At(left.id),
            None => newest(&mut desks.iter()).map_or(Seat::New, |desk| Seat::Beside(desk.id)),
        },
    }
}

/// Desks that are cleared away: of those that nobody sits at, all but the newest `KEPT_DESKS`.
pub fn surplus(desks: &[Desk], held: &[String]) -> Vec<String> {
    let mut left: Vec<&Desk> = desks.iter().filter(|desk| !held.contains(&desk.id)).collect();
    left.sort_by_key(|desk| std::cmp::Reverse(desk.order));
    left.into_iter().skip(KEPT_DESKS).map(|desk| desk.id.clone()).collect()
}

/// The order of the next desk that is taken.
pub fn next_order(desks: &[Desk]) -> u64 {
    desks.iter().map(|desk| desk.order).max().map_or(1, |most| most.saturating_add(1))
}
