//! The room for an opened equation, kept up with the window.

use leptos::{ev, prelude::*};

use crate::app::browser::window_size;
use crate::app::classroom::use_classroom;
use crate::view::stepper::room::Room;

/// Provides the room.
pub fn provide_room() {
    let classroom = use_classroom();
    let is_presenting = Memo::new(move |_| classroom.is_presenting());
    let room = RwSignal::new(now(is_presenting.get_untracked()));
    let renew = move |is_presenting| {
        let now = now(is_presenting);
        if room.get_untracked() != now {
            room.set(now);
        }
    };
    let listener = window_event_listener(ev::resize, move |_| renew(is_presenting.get_untracked()));
    Effect::new(move |_| renew(is_presenting.get()));
    on_cleanup(move || listener.remove());
    provide_context(room);
}

fn now(is_presenting: bool) -> Room {
    Room::of(window_size(), is_presenting)
}

/// The room.
pub fn use_room() -> RwSignal<Room> {
    expect_context()
}
