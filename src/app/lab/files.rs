//! The Lab's files: the network as it is now, the curves of its run; a network that is opened goes to the Stepper.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use super::results::with_snapshot;
use super::state::{Lab, Status};
use crate::app::browser::letters;
use crate::app::files::{ExportMenu, OpenFile, OpenedFile, Reply, Subject, use_files};
use crate::app::language::{say, say_with};
use crate::app::parts::use_announcer;
use crate::app::stepper::trained;
use crate::app::to;
use crate::formats::csv;
use crate::view::address::Page;
use crate::view::stepper::model::input_for;
use crate::view::stepper::task::cut_here;

/// "Open a file" and "Export".
#[component]
pub fn LabFiles(lab: Lab) -> impl IntoView {
    let is_empty = Signal::derive(move || !lab.status.with(Status::has_model));
    let subject = Rc::new(move |reply: Reply| {
        with_snapshot(lab, move |model| {
            let subject = trained(&model).and_then(|trained| {
                // A sentence that the dictionary would cut is cut by rules here; the weights are the same.
                let sequence = cut_here(&model.sentence, trained.unit, &trained.vocabulary);
                let input = input_for(&trained.model, &sequence);
                (sequence.steps() > 0)
                    .then(|| Subject::new(&trained.model, &sequence.vocabulary, &input, letters()))
            });
            reply(subject);
        });
    });
    let run = Rc::new(move || {
        untrack(|| {
            lab.with_history(|history| {
                let names = [say!(files.training_loss), say!(files.held_out_loss)];
                let table = csv::curves(&names, &[&history.losses, &history.held_out]);
                (!history.losses.is_empty()).then(|| ("run.csv".to_owned(), table))
            })
        })
    });
    let open = opens_stepper();
    view! {
        <div class="file-tools">
            <OpenFile on_open=open testid="open-file"/>
            <ExportMenu subject run disabled=is_empty testid="export"/>
        </div>
    }
}

/// Goes to the Stepper with a network that was opened; the run goes on meanwhile.
pub fn opens_stepper() -> impl Fn(Arc<OpenedFile>) + Copy + Send + Sync + 'static {
    let files = use_files();
    let announcer = use_announcer();
    let navigate = StoredValue::new_local(leptos_router::hooks::use_navigate());
    move |file: Arc<OpenedFile>| {
        announcer.say(say_with!(files.opened; "name" => file.name));
        files.is_next.set(true);
        let options = leptos_router::NavigateOptions { resolve: false, ..Default::default() };
        navigate.try_with_value(|navigate| navigate(&to(&Page::Stepper), options));
    }
}
