//! What is stepped through: cell, sentence, hidden units, weights.

use leptos::{ev, prelude::*};

use super::files::FileTools;
use super::letters::Letters;
use super::retrain::SMALL;
use super::state::{Trouble, use_stepper};
use super::weights::{MOST_HIDDEN, Source};
use super::words;
use crate::app::browser::fresh_seed;
use crate::app::cell::{OwnName, choice_of};
use crate::app::files::FileNotices;
use crate::app::handover::use_handover;
use crate::app::lab::state::Status;
use crate::app::lab::{hand_over, use_lab};
use crate::app::language::{say, say_with};
use crate::app::parts::{Field, FieldError, Menu, MenuItem, Segment, Segmented};
use crate::language::visible::visible;
use crate::training::settings::{CellChoice, TextSource};
use crate::view::link::WeightsFrom;

/// The four activations of the RNN, each a preset of its own.
const ACTIVATIONS: [&str; 4] = ["rnn", "rnn-relu", "rnn-leaky-relu", "rnn-swish"];

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
        if ACTIVATIONS.contains(&cell.as_str()) { "rnn".to_owned() } else { cell }
    });
    let choose_cell = Callback::new(move |id: String| {
        let cell = pick(&id);
        stepper.state.update(|state| {
            state.cell = cell;
            state.equation = 1;
        })
    });
    let cells = vec![
        Segment::new("rnn", say!(stepper.cell_rnn)),
        Segment::new("gru-simplified", say!(stepper.cell_gru_simplified)),
        Segment::new("gru", say!(stepper.cell_gru)),
        Segment::new("lstm", say!(stepper.cell_lstm)),
        Segment::new("own", say!(cell.own_segment)),
    ];
    let activations = StoredValue::new(vec![
        Segment::new("rnn", say!(stepper.activation_tanh)),
        Segment::new("rnn-relu", say!(stepper.activation_relu)),
        Segment::new("rnn-leaky-relu", say!(stepper.activation_leaky_relu)),
        Segment::new("rnn-swish", say!(stepper.activation_swish)),
    ]);
    let is_rnn = move || family.get() == "rnn" && !is_fixed.get();
    view! {
        <div class="choices" role="group" aria-label=say!(stepper.choices)>
            <Segmented label=say!(stepper.cell) options=cells value=family on_change=choose_cell testid="stepper-cell" disabled=is_fixed part="cell"/>
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
            <span class="choice-part" data-part="weights"><Weights source/></span>
            <span class="choice-part" data-part="notation"><Letters/></span>
            <FileTools/>
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
    let take = move |text: String| {
        if stepper.state.with_untracked(|state| state.sentence != text) {
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

#[component]
fn Weights(source: Source) -> impl IntoView {
    let stepper = use_stepper();
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
                // The Lab's network as it is at this moment, even while it goes on training.
                if lab.status.with_untracked(Status::has_model) {
                    hand_over(lab, handover, || {});
                }
                WeightsFrom::Trained
            }
        };
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
                    class="ghost" type="button" data-testid="stepper-new-seed"
                    on:click=move |_| stepper.state.update(|state| state.weights = WeightsFrom::Random { seed: fresh_seed() })
                >
                    {say!(stepper.new_seed)}
                </button>
                <FieldError id="stepper-seed-error" sentence=wrong/>
            </span>
        </Show>
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
