//! What is stepped through: cell, sentence, hidden units, weights.

use leptos::{ev, prelude::*};

use super::edit::use_editing;
use super::letters::Letters;
use super::state::{Trouble, use_stepper};
use super::weights::{MOST_HIDDEN, Source};
use super::weights_menu::WeightsMenu;
use super::words;
use crate::app::cell::{OwnName, cell_segments, choice_of};
use crate::app::files::FileNotices;
use crate::app::lab::spaces_among_words;
use crate::app::language::{say, say_with};
use crate::app::parts::{Field, FieldError, Segment, Segmented};
use crate::engine::presets::family_of;
use crate::language::visible::visible;
use crate::training::settings::CellChoice;
use crate::view::link::WeightsFrom;
use crate::view::stepper::sequence::has_spaces_among_words;

/// The bar.
#[component]
pub fn Choices(source: Source) -> impl IntoView {
    let stepper = use_stepper();
    let is_trained =
        Memo::new(move |_| stepper.state.with(|state| matches!(state.weights, WeightsFrom::Trained)));
    let is_file = Memo::new(move |_| stepper.state.with(|state| state.weights == WeightsFrom::File));
    // Weights that are there already are those of one cell of one size.
    let is_fixed = Memo::new(move |_| {
        stepper.state.with(|state| {
            matches!(state.weights, WeightsFrom::Trained | WeightsFrom::Given | WeightsFrom::File)
        })
    });
    let chosen = Memo::new(move |_| {
        let chosen = stepper.state.with(|state| state.cell.clone());
        // Trained weights bring their own cell.
        let own = if is_trained.get() {
            source.trained().map(|trained| trained.sizes.cell.clone())
        } else if is_file.get() {
            source.file.with(|file| file.as_ref().map(|file| file.sizes.cell.clone()))
        } else {
            None
        };
        own.unwrap_or(chosen)
    });
    let cell = Memo::new(move |_| match chosen.get() {
        CellChoice::Preset(id) => id,
        CellChoice::Own(_) => "own".to_owned(),
    });
    let pick = choice_of(chosen);
    let family = Signal::derive(move || {
        let cell = cell.get();
        family_of(&cell).to_owned()
    });
    let choose_cell = Callback::new(move |id: String| {
        let cell = pick(&id);
        stepper.state.update(|state| {
            state.cell = cell;
            state.equation = 1;
        })
    });
    let activations = StoredValue::new(vec![
        Segment::new("rnn", say!(stepper.activation_tanh)),
        Segment::new("rnn-relu", say!(stepper.activation_relu)),
        Segment::new("rnn-leaky-relu", say!(stepper.activation_leaky_relu)),
        Segment::new("rnn-swish", say!(stepper.activation_swish)),
    ]);
    let is_rnn = move || family.get() == "rnn" && !is_fixed.get();
    view! {
        <div class="choices" role="group" aria-label=say!(stepper.choices)>
            <Segmented label=say!(stepper.cell) options=cell_segments() value=family on_change=choose_cell testid="stepper-cell" disabled=is_fixed part="cell"/>
            <OwnName cell=chosen/>
            <Show when=is_rnn>
                <Segmented
                    label=say!(stepper.activation) options=activations.get_value() value=cell
                    on_change=choose_cell testid="stepper-activation" part="cell"
                />
            </Show>
            <Sentence/>
            <Hidden is_fixed/>
            // What a lesson link may put away.
            <span class="choice-part" data-part="weights"><WeightsMenu source/></span>
            <span class="choice-part" data-part="notation"><Letters/></span>
        </div>
        <FileNotices/>
        <Notes is_trained source/>
    }
}

/// The sentence. What is being composed by an input method is never read nor written before it is done.
#[component]
fn Sentence() -> impl IntoView {
    let stepper = use_stepper();
    let sentence = Memo::new(move |_| stepper.state.with(|state| state.sentence.clone()));
    let composing = StoredValue::new(false);
    let editing = use_editing();
    let take = move |text: String| {
        if stepper.state.with_untracked(|state| state.sentence != text) {
            editing.before_other_symbols(true);
            stepper.state.update(|state| state.sentence = text);
        }
    };
    view! {
        <label class="choice" data-part="text">
            <span class="sr-only">{say!(stepper.sentence)}</span>
            <input
                class="sentence"
                type="text"
                maxlength="2000"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                placeholder=say!(stepper.sentence_hint)
                aria-describedby="stepper-notes"
                data-testid="stepper-sentence"
                // Written only from outside (a link, a handed-over model); what is typed is already there.
                prop:value=sentence
                on:compositionstart=move |_| composing.set_value(true)
                on:compositionend=move |event| {
                    composing.set_value(false);
                    take(event_target_value(&event));
                }
                on:input=move |event: ev::Event| {
                    if !composing.get_value() {
                        take(event_target_value(&event));
                    }
                }
                // What is typed later is another step back.
                on:change=move |_| editing.close_step()
                on:blur=move |_| editing.close_step()
            />
        </label>
    }
}

#[component]
fn Hidden(is_fixed: Memo<bool>) -> impl IntoView {
    let stepper = use_stepper();
    let wrong = RwSignal::new(None::<String>);
    let value = Signal::derive(move || {
        let chosen = stepper.state.with(|state| state.hidden);
        let of_model = stepper.model.with(|model| model.as_ref().map(|model| model.0.hidden(0)));
        if is_fixed.get() { of_model.unwrap_or(chosen) } else { chosen }.to_string()
    });
    let change = Callback::new(move |typed: String| match typed.trim().parse::<usize>() {
        Ok(hidden) if (1..=MOST_HIDDEN).contains(&hidden) => {
            wrong.set(None);
            stepper.state.update(|state| state.hidden = hidden);
        }
        _ => wrong.set(Some(say_with!(stepper.hidden_wrong; "most" => MOST_HIDDEN))),
    });
    view! {
        <span class="choice" data-part="size">
            <span class="muted" aria-hidden="true">{say!(stepper.hidden)}</span>
            <Field label=say!(stepper.hidden) value=value on_change=change testid="stepper-hidden" error=wrong disabled=is_fixed width=3/>
            <FieldError id="stepper-hidden-error" sentence=wrong/>
        </span>
    }
}

/// What there is to say about the choice: nothing for most.
#[component]
fn Notes(is_trained: Memo<bool>, source: Source) -> impl IntoView {
    let stepper = use_stepper();
    let list = |symbols: &[String]| {
        symbols.iter().take(12).map(|symbol| visible(symbol).into_owned()).collect::<Vec<_>>().join(" ")
    };
    let notes = move || {
        let mut notes = Vec::new();
        if let Some(trouble) = stepper.trouble.get() {
            notes.push(words::trouble(&trouble));
        }
        if let Some(model) = stepper.model.get() {
            let sequence = &model.0.sequence;
            if sequence.symbols == 0 {
                notes.push(say!(stepper.empty).to_owned());
            }
            if sequence.cut_off > 0 {
                let shown = sequence.symbols - sequence.cut_off;
                notes.push(say_with!(stepper.cut_off; "shown" => shown, "left" => sequence.cut_off));
            }
            if !sequence.unknown.is_empty() {
                notes.push(say_with!(stepper.unknown; "symbols" => list(&sequence.unknown)));
            }
            if !sequence.left_out.is_empty() {
                notes.push(say_with!(stepper.left_out; "symbols" => list(&sequence.left_out)));
            }
            let unit = stepper.state.with(|state| source.unit(&state.weights));
            if has_spaces_among_words(&sequence.vocabulary, unit) {
                notes.push(spaces_among_words());
            }
        }
        let is_given = stepper.state.with(|state| state.weights == WeightsFrom::Given);
        if is_given && stepper.trouble.get().is_none() {
            notes.push(say!(stepper.given_sizes).to_owned());
        }
        if stepper.state.with(|state| state.weights == WeightsFrom::File) && stepper.trouble.get().is_none() {
            let said = source.file.with(|file| file.as_ref().map(|file| file.notes.clone()));
            notes.extend(said.unwrap_or_default());
            notes.push(say!(files.file_sizes).to_owned());
        }
        if is_trained.get() && stepper.trouble.get().is_none() {
            notes.push(say!(stepper.trained_sizes).to_owned());
        }
        notes.into_iter().map(|note| view! { <p>{note}</p> }).collect_view()
    };
    let may_try_again = move || {
        stepper.trouble.with(|trouble| matches!(trouble, Some(Trouble::NoDictionary | Trouble::HelperDied)))
    };
    view! {
        <div id="stepper-notes" class="notes muted" role="status" data-testid="stepper-notes">{notes}</div>
        <Show when=may_try_again>
            <button
                class="ghost small" type="button" data-testid="stepper-try-again"
                on:click=move |_| stepper.attempt.update(|attempt| *attempt = attempt.wrapping_add(1))
            >
                {say!(shell.try_again)}
            </button>
        </Show>
    }
}
