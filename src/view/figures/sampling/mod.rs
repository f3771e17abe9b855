//! Chapter 5: sampling.

mod draw;
mod early_late;
mod rules;
mod strip;

pub use draw::Draw;
pub use early_late::EarlyLate;
pub use rules::Rules;

use super::lesson::Plan;
use crate::language::Unit;

/// The model that the figures of this chapter share. The two rarest symbols of its text are read as `<UNK>`.
const PLAN: Plan = Plan { unit: Unit::Character, hidden: 32, updates: 400, rare: 2 };
/// Most characters of a prompt.
const LONGEST_PROMPT: usize = 8;
/// Seeds that can be chosen.
const SEEDS: usize = 99;
