//! The Lab: paste a text, choose a cell, press Train; watch, pause, ask, and step through what was trained.

mod answers;
mod before;
mod cell_error;
mod counting;
mod cutting;
mod files;
mod keep;
mod leaving;
mod likelier;
mod link;
mod model;
mod notices;
mod options;
mod paste;
mod present;
mod progress;
mod refusal;
mod restore;
mod results;
mod run;
mod sampler;
mod saved;
mod shelf;
mod size;
pub mod state;
mod text;
mod texts;
mod training;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

pub use self::cell_error::sentence as cell_sentence;
pub use self::cutting::spaces_among_words;
pub use self::model::choose_cell;
pub use self::refusal::{link_troubles, sentence};
pub use self::results::with_snapshot;
pub use self::state::{Lab as LabState, Sample, provide_lab, use_lab};
pub use self::texts::sample_text;
use crate::app::files::{dropped, take, use_files};
use crate::app::language::say;

/// Reads what was stored, or what the address says, and fills the samples' menu; once.
pub fn open_lab(lab: LabState) {
    leaving::store_again_when_lost(lab);
    spawn_local(async move {
        let since = texts::Moment::now(lab);
        // The link first: it is marked as opened before anything is waited for.
        let is_filled = link::open(lab, since).await || restore::restore(lab, since).await;
        texts::load_menu(lab).await;
        if !is_filled {
            first_visit(lab, since).await;
        }
        leaving::save_when_left(lab);
    });
}

/// A first visit finds a sample in the box.
async fn first_visit(lab: LabState, since: texts::Moment) {
    let wanted = texts::usual_sample();
    let sample =
        lab.samples.with_untracked(|samples| samples.iter().find(|sample| sample.id == wanted).cloned());
    match sample {
        // A text that was pasted meanwhile stays.
        _ if !since.is_now(lab) => {}
        Some(sample) => texts::fill(lab, &sample, since).await,
        None => counting::count(lab),
    }
}

/// The page.
#[component]
pub fn Lab() -> impl IntoView {
    let lab = use_lab();
    link::offer(lab);
    link::follow(lab);
    let slide = present::offer();
    let (files, open) = (use_files(), files::opens_stepper());
    view! {
        <h1 class="sr-only">{say!(shell.lab)}</h1>
        <div
            class="lab"
            data-slide=slide
            on:dragover=move |event: ev::DragEvent| event.prevent_default()
            on:drop=move |event: ev::DragEvent| {
                // The box for the text takes what is dropped on it.
                if let Some(file) = dropped(&event).filter(|_| !event.default_prevented()) {
                    take(files, file, open);
                }
                event.prevent_default();
            }
        >
            <notices::Notices lab/>
            <div class="lab-settings">
                <text::TextCard lab/>
                <model::ModelCard lab/>
                <training::TrainingCard lab/>
                <saved::SavedCard lab/>
            </div>
            <div class="lab-run">
                <progress::ProgressCard lab/>
                <results::LossCard lab/>
                <div class="lab-two">
                    <results::WritesCard lab/>
                    <results::ReachCard lab/>
                </div>
            </div>
        </div>
    }
}
