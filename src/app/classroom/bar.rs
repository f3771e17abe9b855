//! What stands around a presentation: the button that begins it, the quiet bar at the bottom, the dark screen, the list of keys.

use leptos::prelude::*;

use super::spotlight::Spotlight;
use super::{Classroom, use_classroom};
use crate::app::language::say;
use crate::app::parts::{Dialog, use_announcer};
use crate::view::present::Move;

/// Pictures of the buttons, path data on 16 × 16.
const SCREEN: &str = "M1 2h14v10H1zM3 4v6h10V4zM6 14h4v1H6z";
const BACK: &str = "M11 2v12L4 8z";
const ON: &str = "M5 2v12l7-6z";
const FULL: &str = "M2 6V2h4v1.6H3.6V6zM10 2h4v4h-1.6V3.6H10zM2 10h1.6v2.4H6V14H2zM12.4 10H14v4h-4v-1.6h2.4z";
const LIGHT: &str =
    "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 2a5 5 0 1 1 0 10A5 5 0 0 1 8 3zm0 3a2 2 0 1 0 0 4 2 2 0 0 0 0-4z";
const DARK: &str = "M1 3h14v10H1z";

/// Begins to present.
#[component]
pub fn PresentButton() -> impl IntoView {
    let classroom = use_classroom();
    view! {
        <button
            class="ghost present-button"
            aria-label=say!(classroom.present_name)
            title=say!(classroom.present_name)
            data-testid="present"
            on:click=move |_| classroom.present()
        >
            {picture(SCREEN)}
            <span class="present-word">{say!(classroom.present)}</span>
        </button>
    }
}

/// The presentation's own things, while it lasts.
#[component]
pub fn Presenter() -> impl IntoView {
    let classroom = use_classroom();
    let announcer = use_announcer();
    let is_on = Memo::new(move |_| classroom.is_presenting());
    Effect::new(move |before: Option<bool>| {
        let is_on = is_on.get();
        match (before, is_on) {
            (_, true) if before != Some(true) => announcer.say(say!(classroom.begun)),
            (Some(true), false) => announcer.say(say!(classroom.ended)),
            _ => {}
        }
        is_on
    });
    Effect::new(move |before: Option<bool>| {
        let is_blank = classroom.is_blank.get();
        if is_blank && before == Some(false) {
            announcer.say(say!(classroom.is_blank));
        }
        is_blank
    });
    view! {
        <Show when=move || is_on.get()>
            <Bar classroom/>
            <Spotlight classroom/>
            <div
                class="blank-screen"
                hidden=move || !classroom.is_blank.get()
                data-testid="blank-screen"
                on:click=move |_| classroom.is_blank.set(false)
            ></div>
            <Keys classroom/>
        </Show>
    }
}

/// A few buttons for whoever has no clicker, and where one stands.
#[component]
fn Bar(classroom: Classroom) -> impl IntoView {
    let go = |name: &'static str, path: &'static str, to: Move, testid: &'static str| {
        view! {
            <button class="ghost icon" aria-label=name title=name data-testid=testid on:click=move |_| classroom.go(to)>
                {picture(path)}
            </button>
        }
    };
    view! {
        <div class="present-bar" role="region" aria-label=say!(classroom.bar) data-testid="present-bar">
            {go(say!(classroom.previous), BACK, Move::Previous, "present-previous")}
            <span class="present-place" data-testid="present-place">{classroom.place}</span>
            {go(say!(classroom.next), ON, Move::Next, "present-next")}
            <span class="present-gap"></span>
            <button
                class="ghost icon" aria-label=say!(classroom.spotlight) title=say!(classroom.spotlight)
                aria-pressed=move || if classroom.has_spotlight.get() { "true" } else { "false" }
                data-testid="present-spotlight"
                on:click=move |_| classroom.has_spotlight.update(|on| *on = !*on)
            >{picture(LIGHT)}</button>
            <button
                class="ghost icon" aria-label=say!(classroom.blank) title=say!(classroom.blank) data-testid="present-blank"
                on:click=move |_| classroom.is_blank.set(true)
            >{picture(DARK)}</button>
            <button
                class="ghost icon" aria-label=say!(classroom.full_screen) title=say!(classroom.full_screen) data-testid="present-full"
                on:click=move |_| classroom.turn_screen()
            >{picture(FULL)}</button>
            <button
                class="ghost icon" aria-label=say!(classroom.keys) title=say!(classroom.keys) data-testid="present-help"
                on:click=move |_| classroom.asks_help.set(true)
            ><span aria-hidden="true">"?"</span></button>
            <button
                class="ghost icon" aria-label=say!(classroom.leave) title=say!(classroom.leave) data-testid="present-leave"
                on:click=move |_| classroom.leave()
            ><span aria-hidden="true">"×"</span></button>
        </div>
    }
}

/// Which key does what.
#[component]
fn Keys(classroom: Classroom) -> impl IntoView {
    let line = |keys: &'static [&'static str], words: &'static str| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd>" " }).collect_view();
        view! { <tr><td class="keys-list">{keys}</td><td>{words}</td></tr> }
    };
    view! {
        <Dialog open=classroom.asks_help title=say!(classroom.keys) testid="keys-dialog">
            <table class="keys-table">
                <thead><tr><th scope="col">{say!(classroom.key)}</th><th scope="col">{say!(classroom.does)}</th></tr></thead>
                <tbody>
                    {line(&["Page ↓", "→", "N"], say!(classroom.key_next))}
                    {line(&["Page ↑", "←"], say!(classroom.key_previous))}
                    {line(&["↓", "↑"], say!(classroom.key_large))}
                    {line(&["Home", "End"], say!(classroom.key_ends))}
                    {line(&["D"], say!(classroom.key_turn))}
                    {line(&["B", "."], say!(classroom.key_blank))}
                    {line(&["P", "L"], say!(classroom.key_spotlight))}
                    {line(&["F", "F5"], say!(classroom.key_full))}
                    {line(&["?"], say!(classroom.key_help))}
                    {line(&["Esc"], say!(classroom.key_leave))}
                </tbody>
            </table>
            <p class="muted">{say!(classroom.clicker)}</p>
        </Dialog>
    }
}

fn picture(path: &'static str) -> impl IntoView {
    view! { <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path fill-rule="evenodd" d=path></path></svg> }
}
