//! Everything that can be done with a link to Stepper, Lab and own cell: copy it, put controls away for a lesson, put it into another page,
//! show it as a QR code.

use leptos::task::spawn_local;
use leptos::{html, prelude::*};

use super::qr::Qr;
use super::use_classroom;
use crate::app::browser::{after, copy_text};
use crate::app::language::{say, say_with};
use crate::app::link::use_link;
use crate::app::parts::{Dialog, use_announcer};
use crate::view::embed::iframe;
use crate::view::link::{Held, LONG, LeftOut, Lesson, Part, Tool};
use crate::view::number::count;

/// An arrow that leaves a box, path data on 16 × 16.
const SIGN: &str =
    "M8.7 1 13 5.3l-1.1 1.1-2.4-2.4V10H7.9V4L5.5 6.4 4.4 5.3zM3 7h2v1.6H4v5h9.4v-5H12V7h3v8.2H2.4V7z";
/// Height of an embedded page, CSS pixels.
const HEIGHT: u32 = 720;

/// The button and its dialog.
#[component]
pub fn ShareButton(tool: Tool) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <button
            class="ghost share-button" data-testid="share" aria-haspopup="dialog"
            aria-label=say!(classroom.share) title=say!(classroom.share_title)
            on:click=move |_| open.set(true)
        >
            // A phone's bar has room for the sign alone.
            <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d=SIGN></path></svg>
            <span class="share-word">{say!(classroom.share)}</span>
        </button>
        <Dialog open=open title=say!(classroom.share_title) testid="share-dialog">
            <Share tool/>
        </Dialog>
    }
}

#[component]
fn Share(tool: Tool) -> impl IntoView {
    let current = use_link();
    let now = use_classroom().lesson.get_untracked();
    let draft = RwSignal::new(Lesson { present: false, embed: false, ..now });
    let written = Memo::new(move |_| draft.with(|lesson| current.link_with(lesson)));
    let address = Signal::derive(move || written.with(|written| written.address.clone()));
    let embed = Signal::derive(move || {
        let lesson = Lesson { embed: true, present: false, ..draft.get() };
        let title = match tool {
            Tool::Stepper => say!(classroom.embed_title_stepper),
            Tool::Lab => say!(classroom.embed_title_lab),
            Tool::Cell => say!(classroom.embed_title_cell),
        };
        iframe(&current.link_with(&lesson).address, title, HEIGHT)
    });
    let facts = move || {
        written.with(|written| {
            let held: Vec<String> = written.holds.iter().map(words).collect();
            let length = written.address.chars().count();
            let held = held.join(say!(classroom.and_so_on));
            say_with!(classroom.holds; "n" => count(length as u64), "held" => held)
        })
    };
    let lacks = move || {
        let left_out = written.with(|written| written.left_out);
        let note = left_out.map(|part| match part {
            LeftOut::Text => say!(classroom.no_room_text),
            LeftOut::Weights => say!(classroom.no_room_file),
            LeftOut::Cell | LeftOut::Changes => say!(classroom.no_room),
        });
        let is_long = written.with(|written| written.address.len() > LONG);
        note.or_else(|| is_long.then(|| say!(classroom.long)))
            .map(|note| view! { <p data-testid="share-note">{note}</p> })
    };
    let never = move || {
        let sentence = match tool {
            Tool::Stepper if !written.with(|written| written.trains_again) => return None,
            Tool::Stepper => say!(classroom.never_stepper),
            Tool::Lab => say!(classroom.never_lab),
            Tool::Cell => say!(classroom.never_cell),
        };
        Some(view! { <p class="muted" data-testid="share-never">{sentence}</p> })
    };
    let parts = Part::ALL.into_iter().filter(|part| part.is_in(tool)).map(|part| {
        let is_on = Memo::new(move |_| draft.with(|lesson| lesson.hide.contains(&part)));
        let turn = move |is_on| draft.update(|lesson| lesson.set(part, is_on));
        view! { <Tick text=part_name(part, tool) is_on turn testid=format!("hide-{}", part.id())/> }
    });
    let is_presenting = Memo::new(move |_| draft.with(|lesson| lesson.present));
    view! {
        <section class="share-part">
            <CopyText text=address label=say!(classroom.link) button=say!(classroom.copy) testid="share-link"/>
            <p class="muted" data-testid="share-holds">{facts}</p>
            {lacks}
            {never}
        </section>
        <fieldset class="share-hide">
            <legend>{say!(classroom.hide)}</legend>
            <p class="muted">{say!(classroom.hide_text)}</p>
            <div class="share-ticks">{parts.collect_view()}</div>
            <Tick
                text=say!(classroom.open_presented)
                is_on=is_presenting
                turn=move |is_on| draft.update(|lesson| lesson.present = is_on)
                testid="share-present"
            />
            <p><a href=address target="_blank" rel="external noopener" data-testid="share-preview">{say!(classroom.preview)}</a></p>
        </fieldset>
        <section class="share-part" aria-labelledby="share-qr">
            <h3 id="share-qr">{say!(classroom.qr)}</h3>
            <Qr link=address/>
        </section>
        <section class="share-part" aria-labelledby="share-embed">
            <h3 id="share-embed">{say!(classroom.embed)}</h3>
            <p class="muted">{say!(classroom.embed_text)}</p>
            <CopyText text=embed label=say!(classroom.embed_label) button=say!(classroom.copy) testid="share-iframe"/>
        </section>
    }
}

/// A choice that is on or off.
#[component]
fn Tick(
    #[prop(into)] text: String,
    is_on: Memo<bool>,
    turn: impl Fn(bool) + 'static,
    #[prop(into)] testid: String,
) -> impl IntoView {
    view! {
        <label class="tick">
            <input
                type="checkbox"
                prop:checked=is_on
                data-testid=testid
                on:change=move |event| turn(event_target_checked(&event))
            />
            <span>{text}</span>
        </label>
    }
}

/// A text to be taken away: a field that shows it, and a button. Where the clipboard is refused, the text is selected for copying
/// by hand.
#[component]
fn CopyText(
    text: Signal<String>,
    label: &'static str,
    button: &'static str,
    testid: &'static str,
) -> impl IntoView {
    let field = NodeRef::<html::Textarea>::new();
    let copied = RwSignal::new(false);
    let refused = RwSignal::new(false);
    let announcer = use_announcer();
    let copy = move |_| {
        let done = copy_text(&text.get_untracked());
        spawn_local(async move {
            let is_done = done.await;
            refused.try_set(!is_done);
            copied.try_set(is_done);
            if is_done {
                announcer.say(say!(classroom.copied));
                after(2_000, move || {
                    copied.try_set(false);
                });
            } else if let Some(field) = field.try_get_untracked().flatten() {
                field.select();
            }
        });
    };
    // Another text is not the one that was copied.
    Effect::new(move |_| {
        text.track();
        copied.set(false);
    });
    view! {
        <label class="share-field">
            <span class="label">{label}</span>
            <textarea class="link-text" readonly node_ref=field prop:value=text data-testid=testid></textarea>
        </label>
        <p class="row">
            <button class="solid small" type="button" data-testid=format!("{testid}-copy") on:click=copy>
                {move || if copied.get() { say!(classroom.copied) } else { button }}
            </button>
            <span class="muted" role="alert">{move || refused.get().then(|| say!(classroom.by_hand))}</span>
        </p>
    }
}

/// What a link holds, in words.
fn words(held: &Held) -> String {
    match held {
        Held::Settings => say!(classroom.held_settings).to_owned(),
        Held::Sample => say!(classroom.held_sample).to_owned(),
        Held::Text(bytes) => say_with!(classroom.held_text; "bytes" => count(*bytes as u64)),
        Held::Cell => say!(classroom.held_cell).to_owned(),
        Held::Changes(changes) => say_with!(classroom.held_changes; "n" => count(*changes as u64)),
        Held::Trained(step) => say_with!(classroom.held_trained; "step" => count(u64::from(*step))),
        Held::Place => say!(classroom.held_place).to_owned(),
        Held::Edits(edits) => say_with!(classroom.held_edits; "n" => count(*edits as u64)),
        Held::Seed => say!(classroom.held_seed).to_owned(),
        Held::Weights(weights) => say_with!(classroom.held_weights; "n" => count(*weights as u64)),
    }
}

fn part_name(part: Part, tool: Tool) -> &'static str {
    match (part, tool) {
        (Part::Navigation, _) => say!(classroom.part_navigation),
        (Part::Cell, Tool::Cell) => say!(classroom.part_starts),
        (Part::Cell, _) => say!(classroom.part_cell),
        (Part::Text, Tool::Stepper) => say!(classroom.part_sentence),
        (Part::Text, _) => say!(classroom.part_text),
        (Part::Size, _) => say!(classroom.part_size),
        (Part::Weights, _) => say!(classroom.part_weights),
        (Part::Notation, _) => say!(classroom.part_notation),
        (Part::Direction, Tool::Cell) => say!(classroom.part_backward),
        (Part::Direction, _) => say!(classroom.part_direction),
        (Part::Numbers, _) => say!(classroom.part_numbers),
        (Part::Training, _) => say!(classroom.part_training),
        (Part::Options, _) => say!(classroom.part_options),
    }
}
