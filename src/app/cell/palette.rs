//! Signs that a keyboard does not have, as buttons: one stop for the Tab key, arrow keys move within.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::editor::Area;
use super::keep::OwnCell;
use crate::app::browser::document;
use crate::app::language::say;

/// A button: what stands on it, what it puts before and behind the caret.
type Sign = (&'static str, &'static str, &'static str);

const SIGNS: [Sign; 12] = [
    ("Γ", "Γ_", ""),
    ("σ( )", "σ(", ")"),
    ("tanh( )", "tanh(", ")"),
    ("∗", " * ", ""),
    ("~", "~", ""),
    ("⟨t⟩", "<t>", ""),
    ("⟨t−1⟩", "<t-1>", ""),
    ("[ , ]", "[a<t-1>, x<t>]", ""),
    ("W", "W_", ""),
    ("b", " + b_", ""),
    ("_", "_", ""),
    ("1 −", "(1 - ", ")"),
];

/// The buttons.
#[component]
pub fn Palette(area: Area, own: OwnCell) -> impl IntoView {
    let root = NodeRef::<html::Div>::new();
    let current = RwSignal::new(0_usize);
    let names = [
        say!(cell.sign_gate),
        say!(cell.sign_sigma),
        say!(cell.sign_tanh),
        say!(cell.sign_times),
        say!(cell.sign_tilde),
        say!(cell.sign_now),
        say!(cell.sign_previous),
        say!(cell.sign_stack),
        say!(cell.sign_matrix),
        say!(cell.sign_bias),
        say!(cell.sign_index),
        say!(cell.sign_rest),
    ];
    let on_key = move |event: ev::KeyboardEvent| {
        let last = SIGNS.len() - 1;
        let now = current.get_untracked();
        let next = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => (now + 1).min(last),
            "ArrowLeft" | "ArrowUp" => now.saturating_sub(1),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        current.set(next);
        let button = root.get_untracked().and_then(|root| {
            root.query_selector(&format!("[data-place='{next}']"))
                .ok()
                .flatten()?
                .dyn_into::<HtmlElement>()
                .ok()
        });
        if let Some(button) = button {
            let _ = button.focus();
        }
    };
    let buttons = SIGNS.iter().zip(names).enumerate().map(|(place, ((shown, before, behind), name))| {
        let (before, behind) = (*before, *behind);
        view! {
            <button
                class="ghost cell-sign"
                type="button"
                title=name
                data-place=place
                data-testid=format!("cell-sign-{place}")
                tabindex=move || if current.get() == place { "0" } else { "-1" }
                on:focus=move |_| current.set(place)
                on:click=move |_| queue_microtask(move || area.insert(before, behind))
            ><span aria-hidden="true">{*shown}</span><span class="sr-only">{name}</span></button>
        }
    });
    view! {
        <div class="row wrap cell-bar">
            <div
                class="cell-signs" role="toolbar" aria-label=say!(cell.signs) node_ref=root data-testid="cell-signs"
                // The caret and a phone's keyboard stay where they are.
                on:mousedown=move |event| event.prevent_default()
                on:keydown=on_key
            >{buttons.collect_view()}</div>
            <Undo/>
            <BringBack own/>
        </div>
    }
}

/// Undo and redo where there is no key for them: a phone.
#[component]
fn Undo() -> impl IntoView {
    let does = |command: &'static str| {
        move |_| {
            queue_microtask(move || {
                if let Ok(document) = document().dyn_into::<web_sys::HtmlDocument>() {
                    let _ = document.exec_command(command);
                }
            });
        }
    };
    view! {
        <span class="cell-undo" on:mousedown=move |event: ev::MouseEvent| event.prevent_default()>
            <button class="ghost cell-sign" type="button" aria-label=say!(cell.undo_name) title=say!(cell.undo_name) data-testid="cell-undo" on:click=does("undo")><span aria-hidden="true">"↶"</span></button>
            <button class="ghost cell-sign" type="button" aria-label=say!(cell.redo_name) title=say!(cell.redo_name) data-testid="cell-redo" on:click=does("redo")><span aria-hidden="true">"↷"</span></button>
        </span>
    }
}

/// The text whose place this one took.
#[component]
fn BringBack(own: OwnCell) -> impl IntoView {
    let offered = Memo::new(move |_| {
        let before = own.before.get()?;
        own.text.with(|text| (*text != before).then_some(before))
    });
    move || {
        offered.get().map(|before| {
            let name = crate::view::editor::title(&before).unwrap_or_else(|| say!(cell.untitled).to_owned());
            view! {
                <button class="ghost" type="button" data-testid="cell-bring-back" on:click=move |_| own.bring_back()>
                    {say!(cell.bring_back)}" "<span class="own-name">{name}</span>
                </button>
            }
        })
    }
}
