//! The list of everything that is kept, and what can be done with all of it.

use js_sys::Reflect;
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::row::Row;
use super::{begin, file, words};
use crate::app::browser::window;
use crate::app::lab::state::Lab;
use crate::app::lab::{keep, shelf};
use crate::app::language::{paragraph, say, say_with};
use crate::app::parts::use_announcer;
use crate::app::storage::StorageState;
use crate::app::storage::tabs::{self, Hearing};
use crate::training::settings::TextSource;
use crate::view::number::{count, data_size};
use crate::view::saved::{Deleted, Entry, KEPT_RUNS, has_text, next_order};

/// What was deleted, to be put back.
pub struct Undoable {
    /// What it was called.
    pub name: String,
    /// What it was.
    pub deleted: Deleted,
    /// Its records by key.
    pub records: Vec<(String, JsValue)>,
}

/// What the rows share.
#[derive(Clone, Copy)]
pub struct Shown {
    /// The Lab.
    pub lab: Lab,
    /// Closes the dialog when something is opened.
    pub open: RwSignal<bool>,
    /// The entries, newest first; none: not read yet.
    pub entries: RwSignal<Option<Vec<Entry>>>,
    /// Runs that some tab has open.
    pub in_use: RwSignal<Vec<String>>,
    /// What was deleted last, to be put back.
    pub deleted: RwSignal<Option<Undoable>, LocalStorage>,
}

impl Shown {
    /// Reads the list anew.
    pub fn refresh(self) {
        begin(async move {
            let entries = shelf::entries(self.lab.storage).await;
            let in_use = tabs::held(tabs::RUN).await;
            self.entries.try_set(Some(entries));
            self.in_use.try_set(in_use);
        });
    }

    /// Reads the list anew, here and in other tabs.
    pub fn changed(self) {
        tabs::tell();
        self.refresh();
    }
}

/// What the browser says of its room: bytes used, bytes allowed, and whether it has promised to keep them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Room {
    used: f64,
    allowed: f64,
    is_promised: bool,
}

/// The browser's storage; none where it has none to speak of.
fn manager() -> Option<web_sys::StorageManager> {
    let storage = Reflect::get(&window().navigator(), &"storage".into()).ok().filter(JsValue::is_object)?;
    Some(wasm_bindgen::JsCast::unchecked_into(storage))
}

async fn room() -> Option<Room> {
    let manager = manager()?;
    let estimate = JsFuture::from(manager.estimate().ok()?).await.ok()?;
    let number = |name: &str| Reflect::get(&estimate, &name.into()).ok().and_then(|value| value.as_f64());
    let is_promised = match manager.persisted() {
        Ok(promise) => JsFuture::from(promise).await.is_ok_and(|value| value.is_truthy()),
        Err(_) => false,
    };
    Some(Room { used: number("usage")?, allowed: number("quota")?, is_promised })
}

/// Asks the browser not to clear this by itself: after something that the reader wants kept. Some browsers ask the reader.
pub async fn ask_to_keep() {
    if let Some(Ok(promise)) = manager().map(|manager| manager.persist()) {
        let _ = JsFuture::from(promise).await;
    }
}

/// The list.
#[component]
pub fn List(lab: Lab, open: RwSignal<bool>) -> impl IntoView {
    let shown = Shown {
        lab,
        open,
        entries: RwSignal::new(None),
        in_use: RwSignal::new(Vec::new()),
        deleted: RwSignal::new_local(None),
    };
    shown.refresh();
    let hearing = StoredValue::new_local(Hearing::new(move || shown.refresh()));
    on_cleanup(move || drop(hearing.try_update_value(Option::take)));
    let count_of = Memo::new(move |_| shown.entries.with(|entries| entries.as_ref().map(Vec::len)));
    let ids = move || {
        shown
            .entries
            .with(|entries| entries.iter().flatten().map(|entry| entry.id.clone()).collect::<Vec<_>>())
    };
    let rule = move || match lab.storage.state.get() {
        StorageState::Absent | StorageState::TakenOver => {
            say_with!(storage.rule_in_memory; "n" => KEPT_RUNS)
        }
        _ => say_with!(storage.rule; "n" => KEPT_RUNS),
    };
    view! {
        <p data-testid="saved-rule">{rule}</p>
        <div>
            <Undo shown/>
            <ul class="saved-list" data-testid="saved-list">
                <For each=ids key=String::clone children=move |id| view! { <Row shown id/> }/>
            </ul>
        </div>
        <p class="muted" hidden=move || count_of.get() != Some(0) data-testid="saved-empty">{say!(storage.nothing_yet)}</p>
        <All shown/>
    }
}

/// The word about what was deleted, and the way back.
#[component]
fn Undo(shown: Shown) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    // The row with the focus is gone: the focus goes to where it can be undone.
    Effect::new(move |_| {
        if let Some(button) = button.get() {
            let _ = button.focus();
        }
    });
    let undo = move |_| {
        if let Some(undoable) = shown.deleted.try_update(Option::take).flatten() {
            shown.lab.storage.write(undoable.records);
            shown.changed();
        }
    };
    // What came back from a file meanwhile needs no way back.
    let name = Memo::new(move |_| {
        shown.deleted.with(|undoable| {
            let undoable = undoable.as_ref()?;
            let is_missing = shown
                .entries
                .with(|entries| undoable.deleted.is_missing(entries.as_deref().unwrap_or_default()));
            is_missing.then(|| undoable.name.clone())
        })
    });
    view! {
        <div role="status">
            {move || name.get().map(|name| view! {
                <div class="notice" data-testid="saved-deleted">
                    <p>{say_with!(storage.deleted; "name" => name)}</p>
                    <button class="ghost small" node_ref=button data-testid="saved-undo" on:click=undo>{say!(storage.undo)}</button>
                </div>
            })}
        </div>
    }
}

/// What is done with all of it: a file out, a file in, the room that it takes.
#[component]
fn All(shown: Shown) -> impl IntoView {
    let lab = shown.lab;
    let announcer = use_announcer();
    let said = RwSignal::new(Vec::<String>::new());
    let space = RwSignal::new(None::<Room>);
    let look = move || {
        begin(async move {
            let room = room().await;
            space.try_set(room);
        });
    };
    Effect::new(move |_| {
        shown.entries.track();
        look();
    });
    let has_entries =
        move || shown.entries.with(|entries| entries.as_ref().is_some_and(|entries| !entries.is_empty()));
    let export = move |_| {
        begin(async move {
            let entries = shelf::entries(lab.storage).await;
            file::export(lab.storage, &entries, "").await;
        });
    };
    let import = move |event: ev::Event| {
        let input = event_target::<web_sys::HtmlInputElement>(&event);
        let chosen = input.files().and_then(|files| files.get(0));
        let Some(chosen) = chosen else { return };
        begin(async move {
            let outcome = file::import(lab.storage, &chosen).await;
            // The same file can be chosen again.
            input.set_value("");
            let sentences = match &outcome {
                Err(error) => vec![words::file_error(error)],
                Ok(taken) => {
                    let mut sentences = vec![say_with!(storage.taken; "n" => count(taken.taken as u64))];
                    if taken.same > 0 {
                        sentences.push(say_with!(storage.same; "n" => count(taken.same as u64)));
                    }
                    sentences
                        .extend(taken.refused.iter().map(|(name, error)| words::entry_error(name, error)));
                    sentences
                }
            };
            announcer.say(paragraph(&sentences));
            said.try_set(sentences);
            shown.refresh();
            if outcome.is_ok_and(|taken| taken.taken > 0) {
                ask_to_keep().await;
                look();
            }
        });
    };
    // The box's own text, where nothing that is kept has it.
    let new_text = Memo::new(move |_| {
        lab.text_revision.track();
        lab.facts.track();
        let is_own = lab.settings.with(|settings| matches!(settings.text.source, TextSource::Own(_)));
        let text = lab.text();
        is_own
            && !text.trim().is_empty()
            && shown
                .entries
                .with(|entries| entries.as_deref().is_some_and(|entries| !has_text(entries, &text)))
    });
    let keep_text = move |_| {
        let order = shown.entries.with_untracked(|entries| entries.as_deref().map_or(1, next_order));
        keep::keep_text(lab, &lab.text(), order);
        shown.changed();
        begin(async move {
            ask_to_keep().await;
            look();
        });
    };
    let sentence = move || {
        space.get().map(|room| {
            let promise = if room.is_promised { say!(storage.promised) } else { say!(storage.not_promised) };
            let (used, allowed) = (data_size(room.used as u64), data_size(room.allowed as u64));
            say_with!(storage.room; "used" => used, "allowed" => allowed, "promise" => promise)
        })
    };
    view! {
        <div class="row wrap">
            <button class="ghost" data-testid="saved-export" disabled=move || !has_entries() on:click=export>
                {say!(storage.export_all)}
            </button>
            <label class="ghost file">
                <input type="file" class="sr-only" accept=".json,application/json" data-testid="saved-import" on:change=import/>
                {say!(storage.import)}
            </label>
            <button class="ghost" data-testid="saved-keep-text" hidden=move || !new_text.get() on:click=keep_text>
                {say!(storage.keep_text)}
            </button>
        </div>
        <div data-testid="saved-said" hidden=move || said.with(Vec::is_empty)>
            {move || said.get().into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view()}
        </div>
        <p class="label" data-testid="saved-room">{sentence}</p>
    }
}
