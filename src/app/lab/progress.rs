//! The buttons of a run, its numbers, how far it is.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

use super::refusal::{Place, place_of, sentence};
use super::state::{Lab, Status};
use super::texts::read_now;
use crate::app::browser::document;
use crate::app::language::{gap, say, say_with};
use crate::app::parts::use_announcer;
use crate::language::Unit;
use crate::training::report::RECENT;
use crate::training::session::RUNAWAY_LOSS;
use crate::training::settings::RunSettings;
use crate::view::controls::{is_other, updates_of};
use crate::view::number::{count, fixed};
use crate::view::run::tensor_place;

/// Updates that "train on" adds.
const MORE: u32 = 1_000;

/// The card.
#[component]
pub fn ProgressCard(lab: Lab) -> impl IntoView {
    let announcer = use_announcer();
    // The states of a run are said, not its numbers.
    Effect::new(move |before: Option<Status>| {
        let status = lab.status.get();
        if before.is_some_and(|before| before != status) {
            match &status {
                // What it said last is not true any more; the reason is said by its own place.
                Status::Empty => announcer.say(""),
                Status::Preparing => announcer.say(say!(lab.preparing)),
                Status::Running => announcer.say(say!(lab.said_running)),
                Status::Paused => announcer.say(say!(lab.said_paused)),
                Status::Finished => announcer.say(say!(lab.said_finished)),
                Status::Diverged { .. } => announcer.say(say!(lab.said_diverged)),
            }
        }
        status
    });
    let button_error = move || {
        lab.refusal
            .with(|refusal| refusal.as_ref().filter(|r| place_of(r) == Place::Button).map(sentence))
            .map(|sentence| {
                view! { <p class="field-error" role="alert" data-testid="start-error">{sentence}</p> }
            })
    };
    // A field holds what cannot be: it was pressed all the same. With the next change that is forgotten.
    let is_refused = RwSignal::new(false);
    Effect::new(move |_| {
        lab.settings.track();
        is_refused.set(false);
    });
    let elsewhere = move || {
        let is_elsewhere =
            lab.refusal.with(|refusal| refusal.as_ref().is_some_and(|r| place_of(r) != Place::Button));
        (is_elsewhere || is_refused.get()).then(|| {
            view! {
                <p class="field-error" data-testid="start-refused">{say!(lab.refused_elsewhere)}</p>
            }
        })
    };
    view! {
        <section class="card lab-progress" aria-label=say!(lab.run)>
            <div class="row wrap lab-buttons">
                <Buttons lab is_refused/>
                <span class="grow"></span>
                <Numbers lab/>
            </div>
            {button_error}
            {elsewhere}
            <Bar lab/>
            <Explanation lab/>
        </section>
    }
}

/// The first field within a place that holds what cannot be.
pub(super) fn wrong_field(place: &str) -> Option<web_sys::HtmlElement> {
    let field = document().query_selector(&format!("{place} [aria-invalid=true]")).ok().flatten()?;
    field.dyn_into().ok()
}

/// What can be done in each state.
#[component]
fn Buttons(
    lab: Lab,
    /// Set where a setting holds what cannot be.
    is_refused: RwSignal<bool>,
) -> impl IntoView {
    let node = NodeRef::<html::Button>::new();
    let is_stale = stale(lab);
    // What is in the controls is what the reader of a run that is over wants next, once it differs from the run.
    // Where the first weights already give no number, going on is of no use.
    let is_new = Memo::new(move |_| match lab.status.get() {
        Status::Finished => is_stale.get(),
        Status::Diverged { step, good_step, .. } => is_stale.get() || is_at_once(step, good_step),
        _ => false,
    });
    let main = move || match lab.status.get() {
        _ if is_new.get() => (say!(lab.train), "train"),
        Status::Empty => (say!(lab.train), "train"),
        Status::Preparing => (say!(lab.preparing), "preparing"),
        Status::Running => (say!(lab.pause), "pause"),
        Status::Paused => (say!(lab.resume), "resume"),
        Status::Finished => (say!(lab.train_on), "train-on"),
        Status::Diverged { .. } => (say!(lab.go_back), "go-back"),
    };
    // What is in a box counts: a number that cannot be is not replaced by another one without a word.
    let train = move || match wrong_field(".lab-rows") {
        Some(field) => {
            is_refused.set(true);
            let _ = field.focus();
        }
        None => {
            is_refused.set(false);
            lab.train();
        }
    };
    let press = move |_| {
        // A text that was typed a moment before asks for another run.
        read_now(lab);
        match lab.status.get_untracked() {
            _ if is_new.get_untracked() => train(),
            Status::Empty => train(),
            Status::Preparing => {}
            Status::Running => lab.pause(),
            Status::Paused => lab.resume(),
            Status::Finished => lab.train_on(MORE),
            Status::Diverged { .. } => lab.go_back(),
        }
    };
    let may_step =
        Memo::new(move |_| lab.status.with(|status| matches!(status, Status::Paused | Status::Running)));
    let has_run = Memo::new(move |_| lab.status.with(|status| *status != Status::Empty));
    view! {
        <button
            class="solid"
            node_ref=node
            // One button whose name changes keeps the focus where it is, and so it is never disabled.
            data-testid="main-button"
            data-action=move || main().1
            aria-disabled=move || lab.status.with(|status| *status == Status::Preparing).to_string()
            on:click=press
        >{move || main().0}</button>
        <button
            class="ghost"
            data-testid="one-step"
            hidden=move || !has_run.get()
            disabled=move || !may_step.get()
            on:click=move |_| lab.step_once()
        >{say!(lab.one_step)}</button>
        <button class="ghost" data-testid="train-on" hidden=move || !is_new.get() || lab.status.with(|status| *status != Status::Finished) on:click=move |_| lab.train_on(MORE)>
            {say!(lab.train_on)}
        </button>
        <button class="ghost" data-testid="start-again" hidden=move || !has_run.get() || is_new.get() on:click=move |_| train()>
            {say!(lab.start_again)}
        </button>
    }
}

/// Loss, held out, perplexity, speed.
#[component]
fn Numbers(lab: Lab) -> impl IntoView {
    let is_characters =
        Memo::new(move |_| lab.running.with(|r| r.as_ref().is_none_or(|r| r.text.unit == Unit::Character)));
    let show = |value: Option<f64>, decimals: usize| {
        value.map_or_else(|| "–".to_owned(), |value| fixed(value, decimals))
    };
    let loss = move || show(lab.with_history(|history| history.loss()), 3);
    let held_out = move || show(lab.with_history(|history| history.held_out_loss()), 3);
    let perplexity = move || {
        lab.with_history(|history| history.perplexity()).map_or_else(
            || "–".to_owned(),
            |value| {
                if value < 100.0 {
                    fixed(value, 1)
                } else if value < 1e6 {
                    count(value as u64)
                } else {
                    "∞".to_owned()
                }
            },
        )
    };
    let speed = move || {
        let speed = lab.with_history(|history| history.symbols_per_second);
        if speed > 0.0 { count(speed.round() as u64) } else { "–".to_owned() }
    };
    let has_run = Memo::new(move |_| lab.status.with(|status| *status != Status::Empty));
    let loss_name = Signal::derive(move || {
        if is_characters.get() {
            say_with!(lab.loss_characters; "n" => RECENT)
        } else {
            say_with!(lab.loss_words; "n" => RECENT)
        }
    });
    let perplexity_name = Signal::derive(move || {
        if lab.with_history(|history| history.held_out.is_empty()) {
            say!(lab.perplexity).to_owned()
        } else {
            say!(lab.perplexity_held_out).to_owned()
        }
    });
    let speed_name = Signal::derive(move || {
        if is_characters.get() { say!(lab.speed_characters) } else { say!(lab.speed_words) }.to_owned()
    });
    let kpi = |name: Signal<String>, testid: &'static str, value: Signal<String>, is_soft: bool| {
        view! {
            <div class="kpi">
                <dt class="label">{name}</dt>
                <dd class="big" class:soft=is_soft data-testid=testid>{value}</dd>
            </div>
        }
    };
    view! {
        <dl class="kpis" hidden=move || !has_run.get()>
            {kpi(loss_name, "loss", Signal::derive(loss), false)}
            {kpi(Signal::derive(|| say!(lab.held_out).to_owned()), "held-out", Signal::derive(held_out), true)}
            {kpi(perplexity_name, "perplexity", Signal::derive(perplexity), false)}
            {kpi(speed_name, "speed", Signal::derive(speed), false)}
        </dl>
    }
}

/// The bar, the step, the time left.
#[component]
fn Bar(lab: Lab) -> impl IntoView {
    let steps = Memo::new(move |_| lab.running.with(|running| running.as_ref().map_or(0, updates_of)));
    let step = move || lab.with_history(|history| history.step);
    let left = move || {
        if lab.status.with(|status| *status != Status::Running) {
            return String::new();
        }
        let symbols = lab.prepared.with(|prepared| prepared.as_ref().map_or(0, |p| p.batch * p.window));
        let left = lab.with_history(|history| history.seconds_left(steps.get(), symbols));
        left.map(time_left).unwrap_or_default()
    };
    let has_run = Memo::new(move |_| lab.status.with(|status| *status != Status::Empty));
    view! {
        <div hidden=move || !has_run.get()>
            <progress class="bar" aria-label=say!(lab.progress) max=move || steps.get().max(1).to_string() value=move || step().to_string()></progress>
            <div class="row num muted lab-steps">
                <span class="grow" data-testid="step" data-step=move || step().to_string()>
                    {move || say_with!(lab.step_of; "n" => count(u64::from(step())), "total" => count(u64::from(steps.get())))}
                </span>
                <span>{left}</span>
            </div>
        </div>
    }
}

/// A time as people say it.
fn time_left(seconds: f64) -> String {
    let seconds = seconds.ceil();
    if seconds < 90.0 {
        say_with!(lab.seconds_left; "n" => fixed(seconds, 0))
    } else if seconds < 5_400.0 {
        say_with!(lab.minutes_left; "n" => fixed((seconds / 60.0).ceil(), 0))
    } else {
        say_with!(lab.hours_left; "n" => fixed(seconds / 3600.0, 1))
    }
}

/// A sentence about the state: from its numbers, never from an interpretation.
#[component]
fn Explanation(lab: Lab) -> impl IntoView {
    let is_stale = stale(lab);
    let by_heart = Memo::new(move |_| lab.with_history(|history| history.by_heart()));
    let symbols = move || {
        lab.prepared.with(|prepared| prepared.as_ref().map_or(0, |prepared| prepared.vocabulary.len()))
    };
    let lost = Memo::new(move |_| {
        let symbols = symbols();
        let loss = lab.with_history(|history| history.worse_than_guessing(symbols))?;
        Some((fixed(loss, 2), fixed(libm::log(symbols as f64), 2)))
    });
    move || {
        match lab.status.get() {
        Status::Empty => Some(view! { <p class="muted lab-say">{say!(lab.empty)}</p> }.into_any()),
        Status::Diverged { step, tensor, good_step } => Some(view! {
            <div class="notice bad lab-say" data-testid="diverged">
                <p>
                    <b>{ended(step, tensor)}</b>{gap()}
                    {say_with!(lab.diverged_kept; "step" => count(u64::from(good_step)))}{gap()}
                    {if is_at_once(step, good_step) { say!(lab.diverged_at_once) } else { say!(lab.diverged_try) }}
                </p>
                {is_stale.get().then(|| view! {
                    <p data-testid="settings-changed">{say!(lab.settings_changed_finished)}</p>
                })}
            </div>
        }.into_any()),
        _ if is_stale.get() => Some(view! {
            <p class="muted lab-say" data-testid="settings-changed">
                {if lab.status.with(|status| *status == Status::Finished) {
                    say!(lab.settings_changed_finished)
                } else {
                    say!(lab.settings_changed)
                }}
            </p>
        }.into_any()),
        _ if lost.with(Option::is_some) => lost.get().map(|(loss, guess)| view! {
            <div class="notice bad lab-say" role="status" data-testid="worse-than-guessing">
                <p>{say_with!(lab.worse_than_guessing; "loss" => loss, "guess" => guess)}</p>
            </div>
        }.into_any()),
        _ => by_heart.get().map(|by_heart| view! {
            <p class="muted lab-say" data-testid="by-heart">
                {say_with!(lab.by_heart; "step" => count(u64::from(by_heart.since)), "loss" => fixed(f64::from(by_heart.lowest), 2))}
            </p>
        }.into_any()),
    }
    }
}

/// Whether a run ended before its first update: no learning rate can mend that.
fn is_at_once(step: u32, good_step: u32) -> bool {
    good_step == 0 && step <= 1
}

/// What ended a run at an update.
fn ended(step: u32, tensor: String) -> String {
    let step = count(u64::from(step));
    if tensor == RUNAWAY_LOSS {
        return say_with!(lab.ran_away; "step" => step);
    }
    let tensor = match tensor_place(&tensor) {
        _ if tensor == "loss" => say!(lab.tensor_loss).to_owned(),
        Some((0, name)) => name.to_owned(),
        Some((layer, name)) => say_with!(lab.tensor_of_layer; "name" => name, "layer" => layer + 1),
        None => tensor,
    };
    say_with!(lab.diverged; "step" => step, "tensor" => tensor)
}

/// Whether "Start again" would train something else than the run.
fn stale(lab: Lab) -> Memo<bool> {
    Memo::new(move |_| {
        // They change with every text that is read.
        lab.facts.track();
        let settings = lab.settings.get();
        lab.running.with(|running| running.as_ref().is_some_and(|run| asks_for_another(lab, &settings, run)))
    })
}

/// Whether settings and the text in the box ask for another run than this one.
pub(super) fn asks_for_another(lab: Lab, settings: &RunSettings, run: &RunSettings) -> bool {
    let control = lab.control();
    let control = control.borrow();
    control.text != control.run_text || is_other(settings, run)
}
