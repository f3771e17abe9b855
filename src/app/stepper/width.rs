//! The room for an opened equation, kept up with the window.

use leptos::{ev, prelude::*};

use crate::app::classroom::use_classroom;
use crate::view::stepper::width::Width;

/// Provides the width.
pub fn provide_width() {
    let classroom = use_classroom();
    let is_presenting = Memo::new(move |_| classroom.is_presenting());
    let width = RwSignal::new(now(is_presenting.get_untracked()));
    let renew = move |is_presenting| {
        let now = now(is_presenting);
        if width.get_untracked() != now {
            width.set(now);
        }
    };
    let listener = window_event_listener(ev::resize, move |_| renew(is_presenting.get_untracked()));
    Effect::new(move |_| renew(is_presenting.get()));
    on_cleanup(move || listener.remove());
    provide_context(width);
}

fn now(is_presenting: bool) -> Width {
    let page = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(1280.0);
    Width::of(page, is_presenting)
}

/// The width.
pub fn use_width() -> RwSignal<Width> {
    expect_context()
}
