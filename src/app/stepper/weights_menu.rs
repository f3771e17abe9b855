//! The menu of where the weights come from, and the seed of random ones.

use std::sync::Arc;

use leptos::prelude::*;

use super::edit::use_editing;
use super::retrain::SMALL;
use super::state::use_stepper;
use super::weights::Source;
use crate::app::browser::fresh_seed;
use crate::app::handover::use_handover;
use crate::app::lab::state::Status;
use crate::app::lab::{use_lab, with_snapshot};
use crate::app::language::{say, say_with};
use crate::app::parts::{Field, FieldError, Menu, MenuItem};
use crate::training::settings::TextSource;
use crate::view::link::{StepperState, WeightsFrom};

/// The menu, and for random weights their seed with a button for another one.
#[component]
pub fn WeightsMenu(source: Source) -> impl IntoView {
    let (stepper, editing) = (use_stepper(), use_editing());
    let (lab, handover) = (use_lab(), use_handover());
    let wrong = RwSignal::new(None::<String>);
    let value = Signal::derive(move || {
        stepper.state.with(|state| match &state.weights {
            WeightsFrom::Random { .. } => "random".to_owned(),
            WeightsFrom::Preset(_) => "small".to_owned(),
            WeightsFrom::Trained => "trained".to_owned(),
            WeightsFrom::Given => "given".to_owned(),
            WeightsFrom::File => "file".to_owned(),
        })
    });
    let seed = Memo::new(move |_| {
        stepper.state.with(|state| match state.weights {
            WeightsFrom::Random { seed } => Some(seed),
            _ => None,
        })
    });
    // A sample's title is in the Lab's menu of samples, once that is loaded.
    let title = move |source: &TextSource| {
        let TextSource::Sample(id) = source else { return say!(stepper.own_text).to_owned() };
        let found = lab.samples.with(|samples| {
            samples.iter().find(|sample| sample.id == *id).map(|sample| sample.title().to_owned())
        });
        found.unwrap_or_else(|| id.clone())
    };
    let is_trained = move || stepper.state.with(|state| matches!(state.weights, WeightsFrom::Trained));
    let given_label = move || say_with!(stepper.weights_given; "count" => source.given.with(Vec::len));
    let file_label = move || {
        let name = source.file.with(|file| file.as_ref().map(|file| file.name.clone()));
        name.map_or_else(
            || say!(files.weights_file_gone).to_owned(),
            |name| say_with!(files.weights_file; "name" => name),
        )
    };
    let trained_label = move || {
        source.trained().filter(|_| is_trained()).map_or_else(
            || say!(stepper.weights_lab).to_owned(),
            |trained| say_with!(stepper.weights_trained; "steps" => trained.step, "title" => title(&trained.text)),
        )
    };
    let label = Signal::derive(move || {
        let what = match value.get().as_str() {
            "random" => say!(stepper.weights_random_short).to_owned(),
            "small" => say!(stepper.weights_small).to_owned(),
            "given" => given_label(),
            "file" => file_label(),
            _ => trained_label(),
        };
        format!("{}: {what}", say!(stepper.weights))
    });
    let items = Signal::derive(move || {
        let item = |value: &str, text: String, note: String| MenuItem { value: value.into(), text, note };
        let mut items = vec![
            item(
                "random",
                say!(stepper.weights_random_short).into(),
                say!(stepper.weights_random_note).into(),
            ),
            item("small", say!(stepper.weights_small).into(), say!(stepper.weights_small_note).into()),
        ];
        let is_there = source.handed_over.get().is_some() || lab.status.with(Status::has_model);
        let note = if is_there { say!(stepper.weights_lab_note) } else { say!(stepper.weights_none) };
        items.push(item("trained", trained_label(), note.into()));
        if source.given.with(|given| !given.is_empty()) {
            items.push(item("given", given_label(), say!(stepper.weights_given_note).into()));
        }
        if source.file.with(Option::is_some) {
            items.push(item("file", file_label(), say!(files.weights_file_note).into()));
        }
        items
    });
    let choose = Callback::new(move |value: String| {
        let weights = match value.as_str() {
            "random" => WeightsFrom::Random { seed: seed.get_untracked().unwrap_or(7) },
            "small" => WeightsFrom::Preset(SMALL.to_owned()),
            "given" => WeightsFrom::Given,
            "file" => WeightsFrom::File,
            _ => {
                // The Lab's network as it is at this moment, even while it goes on training. It may come late, and with yet
                // another vocabulary.
                if lab.status.with_untracked(Status::has_model) {
                    with_snapshot(lab, move |model| {
                        let is_shown = |state: &StepperState| state.weights == WeightsFrom::Trained;
                        if stepper.state.try_with_untracked(is_shown) == Some(true) {
                            editing.before_other_symbols(false);
                        }
                        handover.set(Some(Arc::new(model)));
                    });
                }
                WeightsFrom::Trained
            }
        };
        // Other weights may have another vocabulary.
        editing.before_other_symbols(false);
        stepper.state.update(|state| state.weights = weights);
    });
    let seed_text = Signal::derive(move || seed.get().map(|seed| seed.to_string()).unwrap_or_default());
    let change_seed = Callback::new(move |typed: String| match typed.trim().parse::<u32>() {
        Ok(seed) => {
            wrong.set(None);
            stepper.state.update(|state| state.weights = WeightsFrom::Random { seed: seed.into() });
        }
        Err(_) => wrong.set(Some(say!(stepper.seed_wrong).to_owned())),
    });
    view! {
        <Menu label items value on_choose=choose testid="stepper-weights"/>
        <Show when=move || seed.get().is_some()>
            <span class="choice">
                <span class="muted" aria-hidden="true">{say!(stepper.seed)}</span>
                <Field label=say!(stepper.seed) value=seed_text on_change=change_seed testid="stepper-seed" error=wrong width=5/>
                <button
                    class="ghost icon" type="button" data-testid="stepper-new-seed"
                    aria-label=say!(stepper.new_seed) title=say!(stepper.new_seed)
                    on:click=move |_| stepper.state.update(|state| state.weights = WeightsFrom::Random { seed: fresh_seed() })
                >
                    <span aria-hidden="true">"↻"</span>
                </button>
                <FieldError id="stepper-seed-error" sentence=wrong/>
            </span>
        </Show>
    }
}
