//! The Stepper's files: what is exported is what is in view, and a network that is opened comes into view.

use std::rc::Rc;
use std::sync::Arc;

use leptos::{ev, prelude::*};
use unicode_segmentation::UnicodeSegmentation;

use super::blocks;
use super::edit::{Kept, Scene, use_kept};
use super::state::{Stepper, use_stepper};
use crate::app::files::{
    Code, ExportMenu, Files, OpenFile, OpenedFile, Reply, Subject, Written, dropped, take, use_files,
};
use crate::app::handover::{TrainedModel, use_handover};
use crate::app::language::{say, say_with};
use crate::app::parts::use_announcer;
use crate::app::save::save;
use crate::engine::syntax::Expr;
use crate::formats::csv;
use crate::formats::parcel::Export;
use crate::language::Unit;
use crate::language::vocabulary::Vocabulary;
use crate::view::formula::Notation;
use crate::view::link::{StepperState, WeightsFrom};
use crate::view::stepper::opening::{Block, Standing};

/// "Open a file" and "Export".
#[component]
pub fn FileTools() -> impl IntoView {
    let stepper = use_stepper();
    let is_empty = Signal::derive(move || stepper.model.with(Option::is_none));
    let subject = Rc::new(move |reply: Reply| {
        let notation = stepper.state.with_untracked(|state| state.notation);
        let model = stepper.model.get_untracked().filter(|model| model.0.steps() > 0);
        reply(model.map(|model| {
            Subject::new(&model.0.model, &model.0.sequence.vocabulary, &model.0.input(), notation)
        }));
    });
    let place = Place { stepper, files: use_files(), kept: use_kept(), handover: use_handover() };
    let on_open = move |file: Arc<OpenedFile>| show(place, &file);
    view! {
        <OpenFile on_open testid="open-file"/>
        <ExportMenu subject disabled=is_empty testid="export"/>
    }
}

/// What can be taken from the opened equation: itself as LaTeX, and its matrices as tables, every number of them, a button
/// each, by its name.
#[component]
pub fn LineFiles(
    /// What they are, and what each is in its row.
    names: Memo<Vec<(Expr, Standing)>>,
    /// The matrix at a place of the list.
    matrix: Callback<usize, Option<Block>>,
    /// The equation as LaTeX.
    latex: Callback<(), Option<String>>,
    /// The step, from 1.
    step: Signal<usize>,
) -> impl IntoView {
    let (stepper, announcer) = (use_stepper(), use_announcer());
    let written = RwSignal::new(None);
    let write = move |_| {
        let text = latex.run(());
        written.set(text.map(|text| Written { what: Export::Latex, name: "equation.tex".to_owned(), text }));
    };
    let save = move |place: usize| {
        let Some(block) = matrix.run(place) else { return };
        let letters = match stepper.notation.get_untracked() {
            Notation::Notes => block.label.to_string(),
            _ => untrack(|| stepper.typesetter(step.get()).expression(&block.label).line()),
        };
        let name: String = letters.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect();
        let name = format!("{name}.csv");
        save(&name, Export::Csv.media_type(), csv::matrix(block.values.view()).as_bytes());
        announcer.say(say_with!(files.downloaded; "name" => name));
    };
    let button = move |(place, (label, standing)): (usize, (Expr, Standing))| {
        let which = blocks::word(standing).map(|word| format!(" ({word})"));
        view! {
            <button class="matrix-csv" type="button" title=say!(files.matrix_csv) data-testid="matrix-csv" on:click=move |_| save(place)>
                {blocks::name(label, step)} {which} " " {say!(files.csv_short)}
            </button>
        }
    };
    let buttons = move || names.get().into_iter().enumerate().map(button).collect_view();
    view! {
        <div class="matrix-files">
            <button class="matrix-csv" type="button" title=say!(files.line_latex) data-testid="line-latex" on:click=write>
                "LaTeX"
            </button>
            {buttons}
        </div>
        <Code written testid="line-latex-code"/>
    }
}

/// Where a file goes, and what stands there.
#[derive(Clone, Copy)]
struct Place {
    stepper: Stepper,
    files: Files,
    kept: Kept,
    handover: RwSignal<Option<Arc<TrainedModel>>>,
}

/// Shows the network of a file, from the beginning of its sentence. What was there can be brought back.
fn show(place: Place, file: &OpenedFile) {
    let Place { stepper, files, kept, handover } = place;
    if stepper.state.is_disposed() {
        return;
    }
    let mut state = stepper.state.get_untracked();
    kept.replace(Scene {
        state: state.clone(),
        file: files.before.get_untracked(),
        model: handover.get_untracked(),
    });
    put(&mut state, file);
    stepper.state.set(state);
}

/// A state that shows the network of a file.
pub fn put(state: &mut StepperState, file: &OpenedFile) {
    state.weights = WeightsFrom::File;
    // A file of weights has no sentence of its own: the reader's stays where the network knows its symbols.
    if file.sequence.is_some() || !knows(&file.vocabulary, file.unit, &state.sentence) {
        state.sentence.clone_from(&file.sentence);
    }
    state.edits.clone_from(&file.edits);
    state.step = 1;
    state.equation = 1;
    state.row = None;
}

/// Whether a network has every symbol of a sentence; said of characters only.
fn knows(vocabulary: &Vocabulary, unit: Unit, sentence: &str) -> bool {
    let mut symbols = sentence.graphemes(true).peekable();
    unit == Unit::Character
        && symbols.peek().is_some()
        && symbols.all(|symbol| vocabulary.id(symbol).is_some())
}

/// Opens what is dropped.
pub fn on_drop(stepper: Stepper) -> impl Fn(ev::DragEvent) + Copy {
    let (files, announcer) = (use_files(), use_announcer());
    let place = Place { stepper, files, kept: use_kept(), handover: use_handover() };
    move |event| {
        event.prevent_default();
        if let Some(file) = dropped(&event) {
            take(files, file, move |file| {
                announcer.say(say_with!(files.opened; "name" => file.name));
                show(place, &file);
            });
        }
    }
}
