//! A quiet word when a newer build is there. Nothing is loaded before the reader asks for it.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::app::browser::{facts, facts_object};
use crate::app::language::say;

/// The event by which `offline.js` says so; it also leaves [`IS_NEW`] for pages that are drawn later.
const EVENT: &str = "unrolled-new";
const IS_NEW: &str = "isNew";

/// The notice: load now, or later.
#[component]
pub fn NewVersion() -> impl IntoView {
    let is_new = RwSignal::new(facts(IS_NEW).is_some_and(|is_new| is_new.is_truthy()));
    let heard = window_event_listener_untyped(EVENT, move |_| is_new.set(true));
    on_cleanup(move || heard.remove());
    let renew = move |_| {
        if let Some(renew) = facts("renew").and_then(|renew| renew.dyn_into::<Function>().ok()) {
            let _ = renew.call0(&JsValue::NULL);
        }
    };
    let later = move |_| {
        is_new.set(false);
        if let Some(facts) = facts_object() {
            let _ = Reflect::set(&facts, &IS_NEW.into(), &false.into());
        }
    };
    view! {
        // The region is there before its words, so that they are read out.
        <div class="new-version" role="status" data-testid="new-version">
            {move || is_new.get().then(|| view! {
                <div class="new-version-in">
                    <p>{say!(storage.new_version)}</p>
                    <div class="row">
                        <button class="solid small" data-testid="new-version-load" on:click=renew>{say!(storage.load_now)}</button>
                        <button class="ghost small" data-testid="new-version-later" on:click=later>{say!(storage.later)}</button>
                    </div>
                </div>
            })}
        </div>
    }
}
