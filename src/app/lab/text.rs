//! The text: samples, the box, files.

use std::rc::Rc;

use leptos::task::spawn_local;
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, InputEvent};

use super::cutting::{CutLines, Cutting, Facts};
use super::files::opens_stepper;
use super::keep;
use super::paste::Pasting;
use super::refusal::{Place, place_of, sentence};
use super::state::{Lab, Notice};
use super::texts::{choose, read_later, read_now, typed};
use crate::app::files::{is_a_network, is_of_this_page, take, use_files};
use crate::app::language::say;
use crate::app::parts::{FieldError, Menu, MenuItem};
use crate::language::text::MAX_TEXT_BYTES;
use crate::training::settings::TextSource;
use crate::view::run::{clean_text, looks_binary};

/// The box is read this long after the last key, milliseconds; a large text later, so that typing stays fluent.
const READ_AFTER: i32 = 60;
/// See [`READ_AFTER`].
const READ_LARGE_AFTER: i32 = 220;

/// The card.
#[component]
pub fn TextCard(lab: Lab) -> impl IntoView {
    let area = NodeRef::<html::Textarea>::new();
    let is_dragged = RwSignal::new(false);
    // A text from outside goes into the box; what is typed never comes back into it.
    Effect::new(move |_| {
        lab.text_revision.track();
        if let Some(area) = area.get() {
            area.set_value(&lab.text());
        }
    });
    let read: Rc<dyn Fn()> = Rc::new(move || {
        if let Some(area) = area.try_get_untracked().flatten() {
            let text: String = area.value();
            if text.len() > MAX_TEXT_BYTES {
                lab.notice.set(Some(Notice::TooLarge(text.len())));
            }
            typed(lab, clean_text(&text));
        }
    });
    let changed = move || {
        let wait = if lab.text().len() > 100_000 { READ_LARGE_AFTER } else { READ_AFTER };
        read_later(lab, wait, &read);
    };
    let composed = changed.clone();
    let pasted = changed.clone();
    // Text that an input method is still composing is not read.
    let on_input = move |event: ev::Event| {
        if !event.dyn_ref::<InputEvent>().is_some_and(InputEvent::is_composing) {
            changed();
        }
    };
    let pasting = Pasting::new(lab, area, Rc::new(pasted));
    let keys = pasting.clone();
    // What was typed a moment before the page is left is read at once.
    let leave = window_event_listener(ev::pagehide, move |_| {
        if read_now(lab) {
            keep::save_now(lab);
            lab.storage.hurry();
        }
    });
    on_cleanup(move || {
        leave.remove();
        read_now(lab);
    });
    let (files, opens_stepper) = (use_files(), opens_stepper());
    let on_drop = move |event: ev::DragEvent| {
        event.prevent_default();
        is_dragged.set(false);
        let file = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
        match file {
            // A network is not a text: it goes to the Stepper.
            Some(file) if is_a_network(&file.name()) => take(files, file, opens_stepper),
            Some(file) => {
                spawn_local(take_file(lab, file, move |file| take(files, file, opens_stepper)));
            }
            None => {}
        }
    };
    let items = Memo::new(move |_| {
        lab.samples.with(|samples| {
            samples
                .iter()
                .map(|sample| MenuItem {
                    value: sample.id.clone(),
                    text: sample.title().to_owned(),
                    note: sample.reason().to_owned(),
                })
                .collect::<Vec<_>>()
        })
    });
    let chosen = Memo::new(move |_| {
        lab.settings.with(|settings| match &settings.text.source {
            TextSource::Sample(id) => id.clone(),
            TextSource::Own(_) => String::new(),
        })
    });
    let error = Signal::derive(move || {
        lab.refusal.with(|refusal| refusal.as_ref().filter(|r| place_of(r) == Place::Text).map(sentence))
    });
    let reason = move || {
        let chosen = chosen.get();
        items.with(|items| items.iter().find(|item| item.value == chosen).map(|item| item.note.clone()))
    };
    view! {
        <section class="card" aria-labelledby="lab-text" data-part="text">
            <div class="row">
                <h2 id="lab-text" class="grow">{say!(lab.text)}</h2>
                <Menu
                    label=say!(lab.samples)
                    items=items
                    value=chosen
                    testid="samples"
                    on_choose=move |id: String| {
                        let sample = lab.samples.with_untracked(|samples| samples.iter().find(|s| s.id == id).cloned());
                        if let Some(sample) = sample {
                            choose(lab, &sample);
                        }
                    }
                />
            </div>
            <textarea
                class="lab-text"
                class:dragged=is_dragged
                node_ref=area
                spellcheck="false"
                autocomplete="off"
                aria-label=say!(lab.text_label)
                aria-describedby="text-error text-facts"
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                placeholder=say!(lab.text_placeholder)
                data-testid="text"
                on:input=on_input
                on:paste=move |event| pasting.paste(&event)
                on:keydown=move |event| keys.key(&event)
                on:compositionend=move |_| composed()
                on:dragover=move |event| { event.prevent_default(); is_dragged.set(true); }
                on:dragleave=move |_| is_dragged.set(false)
                on:drop=on_drop
            ></textarea>
            <FieldError id="text-error" sentence=error/>
            <p class="label lab-reason">{reason}</p>
            <Cutting lab/>
            <Facts lab/>
            <CutLines lab/>
        </section>
    }
}

/// Takes a dropped file; a file of this page is no text, whatever it is called.
async fn take_file(lab: Lab, file: File, network: impl FnOnce(File)) {
    let size = file.size() as usize;
    if size > MAX_TEXT_BYTES {
        lab.notice.set(Some(Notice::TooLarge(size)));
        return;
    }
    let Ok(buffer) = JsFuture::from(file.array_buffer()).await else {
        lab.notice.set(Some(Notice::NotText(file.name())));
        return;
    };
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    if is_of_this_page(&bytes) {
        return network(file);
    }
    if looks_binary(&bytes) {
        lab.notice.set(Some(Notice::NotText(file.name())));
        return;
    }
    lab.notice.set(None);
    typed(lab, clean_text(&String::from_utf8_lossy(&bytes)));
    lab.text_revision.update(|revision| *revision = revision.wrapping_add(1));
}
