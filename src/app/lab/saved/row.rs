//! One line of the list: what it is, and what can be done with it.

use leptos::{ev, html, prelude::*};

use super::list::{Shown, Undoable, ask_to_keep};
use super::{begin, file, open, words};
use crate::app::handover::use_handover;
use crate::app::lab::{before, shelf};
use crate::app::language::{say, say_with};
use crate::app::parts::use_announcer;
use crate::app::to;
use crate::view::address::Page;
use crate::view::saved::{Deleted, Entry, Kind, NAME_LIMIT, clean_name};

/// The line. It follows its entry, so that the focus stays where it is when something changes.
#[component]
pub fn Row(shown: Shown, id: String) -> impl IntoView {
    let lab = shown.lab;
    let announcer = use_announcer();
    let handover = use_handover();
    let navigate = leptos_router::hooks::use_navigate();
    let own = id.clone();
    let entry = Memo::new(move |before: Option<&Entry>| {
        let found =
            shown.entries.with(|entries| entries.iter().flatten().find(|entry| entry.id == own).cloned());
        found.or_else(|| before.cloned()).unwrap_or_default()
    });
    let name = Memo::new(move |_| entry.with(|entry| words::name(lab, entry)));
    let is_run = Memo::new(move |_| entry.with(|entry| entry.kind == Kind::Run));
    let own = StoredValue::new(id.clone());
    let is_here = Memo::new(move |_| {
        lab.entry.with(|entry| entry.as_ref().is_some_and(|entry| own.with_value(|own| entry.id == *own)))
    });
    let is_elsewhere = Memo::new(move |_| {
        !is_here.get() && shown.in_use.with(|in_use| own.with_value(|own| in_use.contains(own)))
    });
    let renaming = RwSignal::new(false);
    let rename_button = NodeRef::<html::Button>::new();

    let open_here = move |_| {
        begin(async move {
            if open::in_lab(lab, &own.get_value()).await {
                shown.open.try_set(false);
            } else {
                shown.refresh();
            }
        });
    };
    let step_through = move |_| {
        let navigate = navigate.clone();
        begin(async move {
            let model = open::model(lab, &entry.get_untracked()).await;
            match model {
                Some(model) => {
                    handover.set(Some(model));
                    shown.open.try_set(false);
                    let options = leptos_router::NavigateOptions { resolve: false, ..Default::default() };
                    navigate(&to(&Page::Stepper), options);
                }
                None => announcer.say(say!(storage.entry_damaged)),
            }
        });
    };
    let as_file = move |_| {
        begin(async move {
            file::export(lab.storage, &[entry.get_untracked()], &name.get_untracked()).await;
        });
    };
    let delete = move |_| {
        let name = name.get_untracked();
        begin(async move {
            let id = own.get_value();
            let records = shelf::raw(lab.storage, &id).await;
            if is_here.get_untracked() {
                lab.clear_run();
            }
            before::forget(lab, &id);
            shelf::remove(lab.storage, &id);
            let deleted = shown.entries.with_untracked(|entries| {
                Deleted::from(entries.as_deref().unwrap_or_default(), entry.get_untracked())
            });
            shown.deleted.try_set(Some(Undoable { name, deleted, records }));
            shown.changed();
        });
    };
    let end_renaming = move || {
        renaming.set(false);
        if let Some(button) = rename_button.get_untracked() {
            let _ = button.focus();
        }
    };
    let rename = move |typed: Option<String>| {
        end_renaming();
        let mut entry = entry.get_untracked();
        let Some(name) = typed.map(|typed| clean_name(&typed)).filter(|name| *name != entry.name) else {
            return;
        };
        entry.name.clone_from(&name);
        lab.storage.write([shelf::entry_record(&entry)]);
        // The run under way is stored again and again with what it is called.
        if is_here.get_untracked() {
            lab.entry.update(|current| {
                if let Some(current) = current {
                    current.name = name;
                }
            });
        }
        announcer.say(say!(storage.renamed));
        shown.changed();
        begin(ask_to_keep());
    };
    let heading = move || {
        if renaming.get() {
            view! { <NameField name=entry.with_untracked(|entry| entry.name.clone()) on_done=rename/> }
                .into_any()
        } else {
            view! { <b class="saved-name" data-testid="saved-name">{name}</b> }.into_any()
        }
    };
    let badge = move || match (is_here.get(), is_elsewhere.get()) {
        (true, _) => Some(say!(storage.open_here)),
        (_, true) => Some(say!(storage.in_another_tab)),
        _ => None,
    };
    // Buttons of several lines are told apart by what they act on.
    let of = move |action: &'static str| move || say_with!(storage.action_of; "action" => action, "name" => name.get());
    view! {
        <li class="saved-item" data-testid="saved-item" data-id=id>
            <div class="row wrap">
                {heading}
                {move || badge().map(|badge| view! { <span class="saved-badge" data-testid="saved-badge">{badge}</span> })}
            </div>
            <p class="label" data-testid="saved-facts">{move || entry.with(words::facts)}</p>
            <div class="row wrap saved-actions">
                <button class="ghost small" data-testid="saved-lab" aria-label=of(say!(storage.open)) disabled=move || is_here.get() || is_elsewhere.get() on:click=open_here>
                    {say!(storage.open)}
                </button>
                <button class="ghost small" data-testid="saved-stepper" aria-label=of(say!(storage.step_through)) hidden=move || !is_run.get() on:click=step_through>
                    {say!(storage.step_through)}
                </button>
                <button class="ghost small" node_ref=rename_button data-testid="saved-rename" aria-label=of(say!(storage.rename)) disabled=is_elsewhere on:click=move |_| renaming.set(true)>
                    {say!(storage.rename)}
                </button>
                <button class="ghost small" data-testid="saved-file" aria-label=of(say!(storage.as_file)) on:click=as_file>{say!(storage.as_file)}</button>
                <button class="ghost small" data-testid="saved-delete" aria-label=of(say!(storage.delete)) disabled=is_elsewhere on:click=delete>
                    {say!(storage.delete)}
                </button>
            </div>
        </li>
    }
}

/// The name as it is written: Enter or leaving the field takes it, Escape leaves it as it was.
#[component]
fn NameField(name: String, on_done: impl Fn(Option<String>) + Copy + Send + Sync + 'static) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let is_done = StoredValue::new(false);
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
            field.select();
        }
    });
    // Leaving the field is also what taking it away looks like.
    let done = move |name: Option<String>| {
        if is_done.try_get_value() == Some(false) {
            is_done.set_value(true);
            on_done(name);
        }
    };
    let typed = move || field.get_untracked().map(|field| field.value());
    let on_key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        // An Enter that ends a composition is the input method's.
        "Enter" if !event.is_composing() => {
            // The focus goes to a button, which must not take this Enter as its own.
            event.prevent_default();
            done(typed());
        }
        "Escape" => {
            // Not the dialog's.
            event.prevent_default();
            event.stop_propagation();
            done(None);
        }
        _ => {}
    };
    view! {
        <input
            class="wide saved-name-field"
            type="text"
            maxlength=NAME_LIMIT.to_string()
            aria-label=say!(storage.name)
            node_ref=field
            value=name
            data-testid="saved-name-field"
            on:keydown=on_key
            on:blur=move |_| done(typed())
        />
    }
}
