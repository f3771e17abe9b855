//! In place of [`jobs`](super::jobs) where no figure trains.

use super::live::Shared;
use crate::view::figures::Wanted;
use crate::view::figures::job::{News, Standing};

pub fn join(_: &Shared) {}

pub fn end() {}

pub fn catch_up(_: &Wanted, _: impl FnMut(News)) -> Standing {
    Standing::Idle
}

pub fn leave(_: &Wanted) {}

pub fn forget(_: &Wanted) {}

pub fn train(_: &Shared, _: bool) {}

pub fn stop(_: &Shared) {}
