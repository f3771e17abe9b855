//! The stepper's state in the address: read when the page opens, rewritten as one moves.

use std::sync::Arc;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsValue;

use super::edit::{Scene, use_kept};
use super::files::put;
use super::state::Stepper;
use super::weights::Source;
use crate::app::browser::{after, cancel, window};
use crate::app::cell::use_own_cell;
use crate::app::classroom::use_classroom;
use crate::app::files::{OpenedFile, of_link, use_files};
use crate::app::handover::{Left, TrainedModel, use_handover, use_left};
use crate::app::language::{say, say_with};
use crate::app::link::{Written, set_link_with_note};
use crate::view::link::{
    Beyond, LeftOut, Lesson, Link, LinkError, Network, OPENING_STEP, Opened, Shared, Tool, WeightsFrom,
    beyond, held, holds_state, read, trains_again, write,
};

/// Milliseconds without a move after which the address is rewritten: browsers allow only so many rewritings a minute.
const QUIET: i32 = 300;

/// What the address says. Where it says nothing, a model that was handed over is opened.
pub fn open() -> Opened {
    // A cell that was just written is opened as it is.
    let mut written = None;
    use_own_cell().for_stepper.update_untracked(|state| written = state.take());
    match written {
        Some(stepper) => {
            use_kept().forget();
            Opened { state: Shared { stepper, ..Shared::default() }, errors: Vec::new() }
        }
        None => of_address(),
    }
}

/// What was changed before can be taken back where the Stepper shows what it showed last, or a file in its place.
fn of_address() -> Opened {
    let location = window().location();
    let search = location.search().unwrap_or_default();
    let mut opened = read(&search, &location.hash().unwrap_or_default());
    let (files, handover, kept) = (use_files(), use_handover(), use_kept());
    let has_state = holds_state(&search);
    let left = use_left().get_value();
    // The network of the file that is open already stays as it is.
    let is_open = |network: &Network| files.opened.with_untracked(small_network).as_ref() == Some(network);
    let other_network = opened.state.network.take().filter(|network| !is_open(network));
    let has_other_network = other_network.is_some();
    match other_network.map(of_link) {
        Some(Ok(file)) => files.opened.set(Some(Arc::new(file))),
        Some(Err(_)) => opened.errors.push(LinkError::Damaged),
        None => {}
    }
    // Who comes back finds it as it was left.
    let come_back =
        left.as_ref().filter(|left| !has_state && is_same(&left.model, &handover.get_untracked()));
    if let Some(left) = come_back {
        opened.state = Shared { lesson: opened.state.lesson, ..left.state.clone() };
    } else if !has_state {
        // Where nothing is said, the sentence is of the page's language.
        opened.state.stepper.sentence = say!(stepper.sentence_first).to_owned();
        opened.state.stepper.step = OPENING_STEP;
    }
    if let Some(file) = files.opened.get_untracked().filter(|_| files.is_next.get_untracked()) {
        files.is_next.set(false);
        // It takes the place of what the Stepper showed last, which can be brought back.
        match come_back {
            Some(Left { state, model }) => kept.replace(Scene {
                state: state.stepper.clone(),
                file: files.before.get_untracked(),
                model: model.clone(),
            }),
            None => kept.forget(),
        }
        put(&mut opened.state.stepper, &file);
        return opened;
    }
    if come_back.is_some() {
        return opened;
    }
    let model = handover.get_untracked();
    if let Some(model) = model.as_ref().filter(|_| !has_state) {
        let state = &mut opened.state;
        state.stepper.weights = WeightsFrom::Trained;
        state.stepper.sentence = model.sentence.clone();
        state.stepper.step = model.time_step.unwrap_or(1);
        state.run = model.settings.clone();
        state.trained = model.step;
    }
    // A link to another run does not show the network that the Lab handed over before.
    let is_other = |model: &TrainedModel| !opened.state.is_of_run(&model.settings, model.step);
    if opened.state.stepper.weights == WeightsFrom::Trained && model.is_some_and(|model| is_other(&model)) {
        handover.set(None);
    }
    let is_as_left = left.is_some_and(|Left { state, model }| {
        // The address speaks of the run in view. Where the page had a run of its own, what can be taken back may ask for that.
        let run = model.as_ref().filter(|_| state.trained == 0);
        let state = state.with_shown_run(run.map(|model| (&model.settings, model.step)));
        let is_same = is_same(&model, &handover.get_untracked()) && !has_other_network;
        is_same && opened.state.shows_the_same_as(&state)
    });
    if !is_as_left {
        kept.forget();
    }
    opened
}

fn is_same<T>(one: &Option<Arc<T>>, other: &Option<Arc<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// Keeps the address with the state, and the state with an address that the reader changes. Gives the sentences about
/// what was wrong with the link.
pub fn keep(stepper: Stepper, source: Source, opened: Opened) -> impl IntoView {
    let errors = RwSignal::new(opened.errors);
    let handover = use_handover();
    let networks = move || (source.file.get_untracked(), handover.get_untracked());
    // Where the link leads, and the networks that were there when it was opened.
    let asks = move |state: &Shared| {
        let is_of_link = holds_state(&window().location().search().unwrap_or_default());
        is_of_link.then(|| (state.stepper.clone(), networks()))
    };
    let asked = RwSignal::new(asks(&opened.state));
    // While that is shown: what the reader does is no fault of the link.
    let too_far = Memo::new(move |_| {
        let is_there = stepper.model.with(Option::is_some) && stepper.trouble.with(Option::is_none);
        let is_of = |(file, model): &(Option<Arc<OpenedFile>>, Option<Arc<TrainedModel>>)| {
            is_there && source.file.with(|now| is_same(now, file)) && handover.with(|now| is_same(now, model))
        };
        asked.with(|asked| match asked {
            Some((link, networks)) if is_of(networks) => {
                stepper.state.with(|now| stepper.course.with(|course| beyond(link, now, course)))
            }
            _ => Vec::new(),
        })
    });
    let rest = StoredValue::new(opened.state);
    let classroom = use_classroom();
    let link = move |lesson: &Lesson| -> (Shared, Link) {
        let (place, is_there) = (stepper.position.get(), stepper.model.with(Option::is_some));
        let mut stepper = stepper.state.get();
        if is_there {
            // The place that is shown, where the sentence has become shorter than that.
            (stepper.step, stepper.equation) = (place.step, place.equation + 1);
        }
        let network =
            (stepper.weights == WeightsFrom::File).then(|| source.file.with(small_network)).flatten();
        let state = Shared { stepper, network, lesson: lesson.clone(), ..rest.get_value() };
        // The run of the weights in view, which may have been chosen after the page was opened.
        let model = handover.get();
        let state = state.with_shown_run(model.as_ref().map(|model| (&model.settings, model.step)));
        let link = write(&state).said();
        (state, link)
    };
    let address = |link: &Link| {
        let path = window().location().pathname().unwrap_or_default();
        format!("{path}{}{}", link.query, link.fragment)
    };
    set_link_with_note(move |lesson| {
        let (state, link) = untrack(|| link(lesson));
        let note = match link.left_out.first() {
            Some(LeftOut::Text) => Some(say!(errors.link_no_room_text)),
            Some(LeftOut::Weights) => Some(say!(errors.link_no_room_file)),
            Some(LeftOut::Cell | LeftOut::Changes) => Some(say!(errors.link_no_room)),
            None => None,
        };
        let origin = window().location().origin().unwrap_or_default();
        let holds = held(&state, &link, Tool::Stepper);
        let left_out = link.left_out.first().copied();
        let trains_again = trains_again(&state);
        Written { address: format!("{origin}{}", address(&link)), note, left_out, holds, trains_again }
    });
    let timer = StoredValue::new(None);
    let left = use_left();
    let was_left = left.with_value(Option::is_some);
    let leave = move || {
        if let (Some(stepper), Some(rest)) = (stepper.state.try_get_untracked(), rest.try_get_value()) {
            let state = Shared { stepper, ..rest };
            left.set_value(Some(Left { state, model: handover.get_untracked() }));
        }
    };
    on_cleanup(leave);
    Effect::new(move |before: Option<()>| {
        stepper.state.track();
        handover.track();
        // On opening the address says already what is shown, unless it is what was left.
        if before.is_none() && !was_left {
            return;
        }
        cancel(timer.get_value());
        timer.set_value(after(QUIET, move || {
            if stepper.state.is_disposed() {
                return;
            }
            // The entry is replaced, so that the back button leaves the page instead of undoing every move.
            if let Ok(history) = window().history() {
                let state = history.state().unwrap_or(JsValue::NULL);
                let lesson = classroom.lesson.get_untracked();
                let (_, link) = untrack(|| link(&lesson));
                let _ = history.replace_state_with_url(&state, "", Some(&address(&link)));
            }
        }));
    });
    on_cleanup(move || cancel(timer.try_get_value().flatten()));
    // A link that differs only behind `#` does not load the page anew.
    let changed = window_event_listener(ev::hashchange, move |_| {
        leave();
        let opened = of_address();
        errors.set(opened.errors);
        asked.set(asks(&opened.state));
        source.given.set(opened.state.weights.clone());
        stepper.state.set(opened.state.stepper.clone());
        rest.set_value(opened.state);
    });
    on_cleanup(move || changed.remove());
    move || {
        let mut sentences: Vec<String> = errors.with(|errors| errors.iter().map(sentence).collect());
        sentences.extend(too_far.get().into_iter().map(|Beyond { key, asked, last }| {
            say_with!(stepper.link_beyond; "key" => key, "asked" => asked, "last" => last)
        }));
        (!sentences.is_empty()).then(|| {
            let sentences = sentences.into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view();
            view! { <div class="notes link-errors" role="alert" data-testid="stepper-link-errors">{sentences}</div> }
        })
    }
}

/// The network of a file as a link carries it; none where it is too large for one.
fn small_network(file: &Option<Arc<OpenedFile>>) -> Option<Network> {
    let file = file.as_ref()?;
    let inputs = file.sequence.as_ref().map(|sequence| sequence.inputs.as_slice()).unwrap_or_default();
    Network::new(&file.name, &file.parcel, inputs, &file.model)
}

fn sentence(error: &LinkError) -> String {
    match error {
        LinkError::WrongValue { key, value, .. } => {
            say_with!(stepper.link_wrong; "key" => key, "value" => value)
        }
        LinkError::Cut => say!(stepper.link_cut).to_owned(),
        LinkError::Newer { .. } => say!(stepper.link_newer).to_owned(),
        LinkError::Missing { what: LeftOut::Changes } => say!(stepper.link_missing_changes).to_owned(),
        LinkError::Missing { .. } => say!(stepper.link_missing).to_owned(),
        LinkError::Damaged => say!(stepper.link_damaged).to_owned(),
        LinkError::TooLarge { .. } => say!(stepper.link_too_large).to_owned(),
    }
}
