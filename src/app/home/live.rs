//! The live figure: the line unrolled, a box a step, trained before the reader's eyes.

use std::cell::Cell;
use std::rc::Rc;

use leptos::{ev, prelude::*};
use unicode_segmentation::UnicodeSegmentation;

use super::learner::{LONGEST, Learner, UNITS};
use crate::app::browser::{after, cancel, window};
use crate::app::language::{say, say_with};
use crate::app::to;
use crate::app::trainer::WorkerState;
use crate::training::settings::TextSource;
use crate::view::address::Page;
use crate::view::colour::heat_class;
use crate::view::link::{self, Shared, StepperState, WeightsFrom};
use crate::view::number::{count, fixed};

/// Units of a box that are drawn.
const SHOWN: usize = 8;
/// A new line is learnt after this pause in typing, milliseconds.
const LEARN_AFTER: i32 = 450;

/// The figure.
#[component]
pub fn Live() -> impl IntoView {
    let learner = Learner::new(say!(home.line));
    learner.begin();
    let chosen = RwSignal::new(14_usize);
    let steps = Memo::new(move |_| learner.boxes.with(Vec::len));
    // Which symbols stand in the boxes changes only with the line; the numbers change all the time.
    let symbols = Memo::new(move |_| {
        learner.boxes.with(|boxes| boxes.iter().map(|step| step.input.clone()).collect::<Vec<_>>())
    });
    let here = Memo::new(move |_| chosen.get().clamp(1, steps.get().max(1)));
    let columns = move || {
        symbols
            .get()
            .into_iter()
            .enumerate()
            .map(|(t, symbol)| {
                view! { <StepColumn learner t symbol chosen here/> }
            })
            .collect_view()
    };
    let loss = move || learner.progress.get().1.map_or_else(|| "–".to_owned(), |loss| fixed(loss, 2));
    // A language may have words on both sides of the number.
    let (before_step, after_step) = say!(home.step).split_once("{n}").unwrap_or((say!(home.step), ""));
    let step = move || count(u64::from(learner.progress.get().0));
    let trouble = move || {
        let state = learner.worker()?.get();
        matches!(state, WorkerState::Silent | WorkerState::OtherBuild)
            .then(|| view! { <p class="field-error" role="status">{say!(lab.worker_silent)}</p> })
    };
    view! {
        <section class="card live" aria-label=say!(home.learning) data-testid="live">
            <div class="row wrap">
                <Line learner/>
                <span class="grow"></span>
                <span class="num muted">
                    {say_with!(home.model; "n" => UNITS)}" · "
                    {before_step}<b data-testid="live-step">{step}</b>{after_step}" · "
                    {say!(home.loss)}" "<b data-testid="live-loss">{loss}</b>
                </span>
                <button class="ghost" data-testid="live-pause" disabled=learner.is_too_short on:click=move |_| learner.toggle()>
                    {move || if learner.is_running.get() { say!(home.pause) } else { say!(home.go_on) }}
                </button>
            </div>
            <p class="field-error" role="status" hidden=move || !learner.is_too_short.get() data-testid="live-short">
                {say!(home.too_short)}
            </p>
            {trouble}
            <div class="net" role="radiogroup" aria-label=say!(home.net_label) data-testid="live-net">{columns}</div>
            <div class="row wrap live-foot">
                <span class="muted">{say!(home.writes)}</span>
                <span class="live-writes" data-testid="live-writes">{learner.writes}</span>
                <span class="grow"></span>
                <OpenStep learner here/>
            </div>
        </section>
    }
}

/// The line, which can be edited.
#[component]
fn Line(learner: Learner) -> impl IntoView {
    let timer = Rc::new(Cell::new(None::<i32>));
    let is_composing = Rc::new(Cell::new(false));
    let changed = {
        let is_composing = Rc::clone(&is_composing);
        move |text: String| {
            // Composing text is neither cut nor learnt.
            if is_composing.get() {
                return;
            }
            let line: String =
                text.graphemes(true).filter(|symbol| !symbol.contains(['\n', '\r'])).take(LONGEST).collect();
            cancel(timer.take());
            timer.set(after(LEARN_AFTER, move || {
                if learner.line.try_get_untracked().is_some_and(|now| now != line) {
                    learner.line.set(line);
                    learner.begin();
                }
            }));
        }
    };
    let composed = changed.clone();
    let begins = Rc::clone(&is_composing);
    view! {
        <label class="live-label">
            <span class="muted">{say!(home.learning)}</span>
            <input
                class="live-line"
                type="text"
                maxlength=LONGEST.to_string()
                spellcheck="false"
                autocomplete="off"
                aria-label=say!(home.line_label)
                data-testid="live-line"
                value=learner.line.get_untracked()
                on:input=move |event| changed(event_target_value(&event))
                on:compositionstart=move |_| begins.set(true)
                on:compositionend=move |event: ev::CompositionEvent| {
                    is_composing.set(false);
                    composed(event_target_value(&event));
                }
            />
        </label>
    }
}

/// One step: probability above, state in the box, input below.
#[component]
fn StepColumn(
    learner: Learner,
    t: usize,
    symbol: Option<String>,
    chosen: RwSignal<usize>,
    here: Memo<usize>,
) -> impl IntoView {
    let probability =
        Memo::new(move |_| learner.boxes.with(|boxes| boxes.get(t).map_or(0.0, |step| step.probability)));
    let cells = (0..SHOWN)
        .map(|unit| {
            let class = Memo::new(move |_| {
                let value =
                    learner.boxes.with(|boxes| boxes.get(t).and_then(|step| step.state.get(unit)).copied());
                format!("cell {}", heat_class(value.unwrap_or(0.0), 1.0))
            });
            view! { <span class=class></span> }
        })
        .collect_view();
    // In steps of a twentieth: a class each, since the page's policy forbids styles in attributes.
    let bar = move || format!("bar-p p{}", (probability.get() * 20.0).round().clamp(0.0, 20.0));
    let shown = symbol
        .as_deref()
        .map_or_else(|| "·".to_owned(), |symbol| crate::language::visible::visible(symbol).into_owned());
    let spoken = shown.clone();
    let name = move || say_with!(home.choose_step; "n" => t + 1, "symbol" => spoken, "share" => fixed(probability.get() * 100.0, 0));
    let is_on = Memo::new(move |_| here.get() == t + 1);
    view! {
        <label class="step" class:on=is_on>
            <input type="radio" name="live-step" aria-label=name prop:checked=is_on on:change=move |_| chosen.set(t + 1)/>
            <span class="prob" aria-hidden="true"><span class=bar></span></span>
            <span class="box" aria-hidden="true">{cells}</span>
            <span class="symbol" class:zero=symbol.is_none() aria-hidden="true">{shown}</span>
        </label>
    }
}

/// Opens the chosen step in the Stepper with the weights of this moment: the link names the run and how far it was, and
/// the Stepper trains it again to the same numbers.
#[component]
fn OpenStep(learner: Learner, here: Memo<usize>) -> impl IntoView {
    let open = move |_| {
        let mut run = learner.settings();
        run.text.source = TextSource::Own(learner.text());
        let trained = learner.step();
        let stepper = StepperState {
            sentence: learner.line.get_untracked(),
            weights: WeightsFrom::Trained,
            step: here.get_untracked(),
            ..StepperState::default()
        };
        let link = link::write(&Shared { run, trained, stepper, ..Shared::default() });
        // Another page of the site, with a wasm file of its own.
        let _ = window().location().assign(&format!("{}{}{}", to(&Page::Stepper), link.query, link.fragment));
    };
    view! {
        <button class="solid small" data-testid="live-open" disabled=learner.is_too_short on:click=open>
            {move || say_with!(home.open_step; "n" => here.get())}
        </button>
    }
}
