//! Training for figures: one run at a time, nothing before the reader asks.
//!
//! Runs of the Lab's kind go to the trainer ([`runs`]), all others to the figures' own program in a worker
//! ([`studies`]). Figures that ask for the same run share it: what one has trained, the others have too.

mod runs;
mod studies;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use super::state::{Shared, State, Watched};
use crate::view::figures::job::{News, Standing, Wanted};

thread_local! {
    /// The figures of the page.
    static ALL: RefCell<Vec<Watched>> = RefCell::default();
}

/// A figure takes part.
pub fn join(shared: &Shared) {
    ALL.with_borrow_mut(|all| {
        all.retain(|figure| figure.strong_count() > 0);
        all.push(Rc::downgrade(shared));
    });
}

/// Ends the workers.
pub fn end() {
    runs::end();
    studies::end();
    ALL.take();
}

/// Calls with each figure that wants one of these. One that is being drawn at this moment is left out.
fn each_of(is_meant: impl Fn(&Wanted) -> bool, mut tell: impl FnMut(&mut State)) {
    let all: Vec<Shared> = ALL.with_borrow(|all| all.iter().filter_map(Weak::upgrade).collect());
    for figure in all {
        if let Ok(mut state) = figure.try_borrow_mut()
            && state.job().is_some_and(&is_meant)
        {
            tell(&mut state);
        }
    }
}

/// A figure asks for a run from now on: it hears what is known of it.
pub fn catch_up(wanted: &Wanted, hear: impl FnMut(News)) -> Standing {
    match wanted {
        Wanted::Run(job) => runs::catch_up(job, hear),
        Wanted::Study(study) => studies::catch_up(study, hear),
    }
}

/// A figure asks for a run no longer: it is stopped if no other one does.
pub fn leave(wanted: &Wanted) {
    match wanted {
        Wanted::Run(job) => runs::leave(job),
        Wanted::Study(study) => studies::leave(study),
    }
}

/// Forgets a run, and stops it.
pub fn forget(wanted: &Wanted) {
    match wanted {
        Wanted::Run(job) => runs::forget(job),
        Wanted::Study(study) => studies::forget(study),
    }
}

/// Trains what a figure wants, from the beginning or from where it was stopped. Another run is stopped.
pub fn train(shared: &Shared, anew: bool) {
    let wanted = shared.borrow().job().cloned();
    match wanted {
        Some(Wanted::Run(job)) => runs::begin(*job, anew),
        Some(Wanted::Study(study)) => studies::begin(*study, anew),
        None => {}
    }
}

/// A run is finished, its weights are kept: the first figure that wanted it may go on with another one.
fn go_on(is_meant: impl Fn(&Wanted) -> bool) {
    let all: Vec<Shared> = ALL.with_borrow(|all| all.iter().filter_map(Weak::upgrade).collect());
    for figure in all {
        let goes_on = figure
            .try_borrow_mut()
            .is_ok_and(|mut state| state.job().is_some_and(&is_meant) && state.goes_on());
        if goes_on {
            return train(&figure, false);
        }
    }
}

/// Stops what a figure trains; what it has learnt is kept.
pub fn stop(shared: &Shared) {
    let wanted = shared.borrow().job().cloned();
    match wanted {
        Some(Wanted::Run(job)) => runs::stop(&job),
        Some(Wanted::Study(study)) => studies::stop(&study),
        None => {}
    }
}

/// Stops the run under way, whatever its kind.
fn halt() {
    runs::halt();
    studies::halt();
}
