//! "Copy link": the state in view as an address.

use leptos::task::spawn_local;
use leptos::{html, prelude::*};

use crate::app::browser::{after, copy_text};
use crate::app::language::say;
use crate::app::link::{Written, use_link};
use crate::app::parts::{Dialog, use_announcer};
use crate::view::link::LONG;

/// The button. Where the clipboard is refused, the address is shown to be copied by hand.
#[component]
pub fn CopyLink() -> impl IntoView {
    let copied = RwSignal::new(false);
    let shown = RwSignal::new(false);
    let link = RwSignal::new(String::new());
    let note = RwSignal::new(None::<&'static str>);
    let current = use_link();
    let announcer = use_announcer();
    let copy = move |_| {
        let Written { address, note: new_note, .. } = current.link();
        link.set(address.clone());
        note.set(new_note);
        let copying = copy_text(&address);
        spawn_local(async move {
            let done = copying.await;
            if done && address.len() <= LONG && new_note.is_none() {
                copied.set(true);
                announcer.say(say!(shell.link_copied));
                after(2_000, move || {
                    copied.try_set(false);
                });
            } else {
                copied.set(done);
                shown.set(true);
            }
        });
    };
    let field = NodeRef::<html::Textarea>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            field.select();
        }
    });
    view! {
        <button class="ghost copy-link" data-testid="copy-link" on:click=copy>
            {move || if copied.get() { say!(shell.link_copied) } else { say!(shell.copy_link) }}
        </button>
        <Dialog open=shown title=say!(shell.link_title) testid="link-dialog">
            <p>
                {move || match (copied.get(), note.get()) {
                    (false, _) => say!(shell.link_by_hand),
                    (true, Some(note)) => note,
                    (true, None) => say!(shell.link_long),
                }}
            </p>
            <textarea
                class="link-text"
                readonly
                aria-label=say!(shell.link_title)
                node_ref=field
                prop:value=link
                data-testid="link-text"
            ></textarea>
        </Dialog>
    }
}
