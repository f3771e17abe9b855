//! Opening what is kept: a run or a text in the Lab, a model in the Stepper.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use crate::app::handover::TrainedModel;
use crate::app::lab::restore::show_run;
use crate::app::lab::state::{Lab, Notice};
use crate::app::lab::{before, counting, keep, shelf, texts};
use crate::app::storage::tabs;
use crate::training::checkpoint::Checkpoint;
use crate::training::settings::TextSource;
use crate::view::saved::{Entry, Kind, next_order};

/// Opens an entry in the Lab: a run with its settings and text, paused; a text in the box. What was there stays kept.
/// A run that another tab has open is not opened.
pub async fn in_lab(lab: Lab, id: &str) -> bool {
    before::forget(lab, id);
    let Some(mut entry) = shelf::entry(lab.storage, id).await else { return false };
    let parts = shelf::parts(lab.storage, id).await;
    let lock = match entry.kind {
        Kind::Text => None,
        Kind::Run => match tabs::take(&format!("{}{id}", tabs::RUN)).await {
            Some(lock) => Some(lock),
            None => {
                lab.notice.set(Some(Notice::OpenElsewhere));
                return false;
            }
        },
    };
    let was_put_aside = keep::put_text_aside(lab).await;
    keep::may_store(lab);
    lab.notice.set(was_put_aside.then_some(Notice::TextPutAside));
    let text = match &entry.settings.text.source {
        TextSource::Own(_) => Some(parts.text.clone()),
        TextSource::Sample(sample) => texts::sample_text(sample).await,
    };
    let since = texts::Moment::now(lab);
    match entry.kind {
        Kind::Text => lab.settings.update(|settings| settings.text = entry.settings.text.clone()),
        Kind::Run => {
            keep::leave_run(lab);
            entry.order = next_order(&shelf::entries(lab.storage).await);
            lab.storage.write([shelf::entry_record(&entry)]);
            lab.settings.set(entry.settings.clone());
            lab.settings.update(|settings| settings.changes.clear());
            if !show_run(lab, entry, parts, lock).await {
                lab.clear_run();
            }
        }
    }
    texts::replace(lab, Rc::from(text.unwrap_or_default()), since);
    lab.control().borrow_mut().text_changed = true;
    counting::count(lab);
    keep::save_now(lab);
    tabs::tell();
    true
}

/// The model of a run, for the Stepper; none where its weights cannot be read.
pub async fn model(lab: Lab, entry: &Entry) -> Option<Arc<TrainedModel>> {
    let parts = shelf::parts(lab.storage, &entry.id).await;
    let header = Checkpoint::from_bytes(&parts.weights).ok()?.header;
    let mut settings = entry.settings.clone();
    let text = match &mut settings.text.source {
        TextSource::Own(own) => {
            own.clone_from(&parts.text);
            parts.text.clone()
        }
        TextSource::Sample(id) => texts::sample_text(id).await.unwrap_or_default(),
    };
    Some(Arc::new(TrainedModel {
        settings,
        step: header.step,
        vocabulary: header.vocabulary,
        checkpoint: Arc::new(parts.weights),
        sentence: crate::app::lab::results::first_words(&text),
        time_step: None,
    }))
}
