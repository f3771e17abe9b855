//! An exported program in view: to be copied, or saved.

use leptos::task::spawn_local;
use leptos::{html, prelude::*};

use crate::app::browser::{after, copy_text};
use crate::app::language::{say, say_with};
use crate::app::parts::{Dialog, use_announcer};
use crate::app::save::save;
use crate::formats::parcel::Export;

/// A text that was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// What it is.
    pub what: Export,
    /// The name of its file.
    pub name: String,
    /// The text.
    pub text: String,
}

/// The dialog with the text.
#[component]
pub fn Code(
    /// What is shown; the dialog is open while there is something.
    written: RwSignal<Option<Written>>,
    /// For tests.
    #[prop(into)]
    testid: String,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(written.with(Option::is_some)));
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true) && !now {
            written.set(None);
        }
        now
    });
    let text_id = format!("{testid}-text");
    view! {
        <Dialog open title=say!(files.code_label) testid=testid.clone()>
            {
                let (testid, text_id) = (testid.clone(), text_id.clone());
                move || written.get().map(|written| view! { <Shown written testid=testid.clone() text_id=text_id.clone()/> })
            }
        </Dialog>
    }
}

#[component]
fn Shown(written: Written, testid: String, text_id: String) -> impl IntoView {
    let Written { what, name, text } = written;
    let copied = RwSignal::new(false);
    let refused = RwSignal::new(false);
    let announcer = use_announcer();
    let area = NodeRef::<html::Textarea>::new();
    let is_short = text.lines().count() < 4;
    let text = StoredValue::new(text);
    let copy = move |_| {
        let copying = text.with_value(|text| copy_text(text));
        spawn_local(async move {
            let done = copying.await;
            refused.try_set(!done);
            if done {
                copied.try_set(true);
                announcer.say(say!(files.copied));
                after(2_000, move || {
                    copied.try_set(false);
                });
            } else if let Some(area) = area.try_get_untracked().flatten() {
                let _ = area.focus();
                area.select();
            }
        });
    };
    let file = name.clone();
    let keep = move |_| {
        text.with_value(|text| save(&file, what.media_type(), text.as_bytes()));
        announcer.say(say_with!(files.downloaded; "name" => file));
    };
    view! {
        <div class="row wrap code-actions">
            <button class="solid small" type="button" data-testid=format!("{testid}-copy") on:click=copy>
                {move || if copied.get() { say!(files.copied) } else { say!(files.copy) }}
            </button>
            <button class="ghost small" type="button" data-testid=format!("{testid}-save") on:click=keep>
                {say_with!(files.download; "name" => name)}
            </button>
        </div>
        <p class="muted" role="status" hidden=move || !refused.get()>{say!(files.copy_by_hand)}</p>
        <textarea
            class="code-text"
            class:short=is_short
            readonly
            spellcheck="false"
            wrap="off"
            aria-label=say!(files.code_label)
            node_ref=area
            prop:value=text.get_value()
            data-testid=text_id
        ></textarea>
    }
}
