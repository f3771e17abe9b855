//! In place of [`jobs`](super::jobs) where no figure trains.

use super::live::Shared;
use crate::view::figures::job::{Job, News, Standing};

pub fn join(_: &Shared) {}

pub fn end() {}

pub fn catch_up(_: &Job, _: impl FnMut(News)) -> Standing {
    Standing::Idle
}

pub fn leave(_: &Job) {}

pub fn forget(_: &Job) {}

pub fn train(_: &Shared, _: bool) {}

pub fn stop(_: &Shared) {}
