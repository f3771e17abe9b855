//! What the reader is told above the page: about storage, the worker, links, files.

use leptos::prelude::*;

use super::saved;
use super::state::{Lab, Notice};
use crate::app::browser::window;
use crate::app::files::FileNotices;
use crate::app::language::{say, say_with};
use crate::app::storage::StorageState;
use crate::app::trainer::WorkerState;
use crate::language::text::MAX_TEXT_BYTES;
use crate::view::number::{count, data_sizes};

/// The notices.
#[component]
pub fn Notices(lab: Lab) -> impl IntoView {
    let storage = move || {
        let sentence = match lab.storage.state.get() {
            StorageState::Absent => say!(lab.storage_absent),
            StorageState::Full => say!(lab.storage_full),
            StorageState::TakenOver => say!(lab.storage_taken_over),
            StorageState::Opening | StorageState::Ready => return None,
        };
        // What cannot be kept here can be kept as a file.
        let file = move |_| {
            leptos::task::spawn_local(async move {
                saved::export_current(lab).await;
            })
        };
        let has_work = move || lab.entry.with(Option::is_some);
        Some(view! {
            <div class="notice" role="status" data-testid="storage-notice">
                <p>{sentence}</p>
                <button class="ghost small" data-testid="storage-file" hidden=move || !has_work() on:click=file>
                    {say!(storage.as_file)}
                </button>
            </div>
        })
    };
    let notice = move || {
        let notice = lab.notice.get()?;
        let sentence = match &notice {
            Notice::Restarted(step) => say_with!(lab.restarted; "step" => count(u64::from(*step))),
            Notice::Continued(step) => say_with!(lab.continued; "step" => count(u64::from(*step))),
            Notice::FromLink(step) => say_with!(lab.from_link; "step" => count(u64::from(*step))),
            Notice::LinkTrouble(sentence) => sentence.clone(),
            Notice::StoredDamaged(true) => say!(errors.stored_newer).to_owned(),
            Notice::StoredDamaged(false) => say!(errors.stored_damaged).to_owned(),
            Notice::OtherTab => say!(storage.other_tab).to_owned(),
            Notice::OpenElsewhere => say!(storage.open_elsewhere).to_owned(),
            Notice::Cleared => say!(storage.cleared).to_owned(),
            Notice::TextPutAside => say!(storage.text_put_aside).to_owned(),
            Notice::NotText(name) => say_with!(lab.not_text; "name" => name),
            Notice::TooLarge(bytes) => {
                let (size, limit) = data_sizes(*bytes as u64, MAX_TEXT_BYTES as u64);
                say_with!(errors.text_too_large; "size" => size, "limit" => limit)
            }
        };
        Some(view! {
            <div class="notice" role="status" data-testid="notice">
                <p>{sentence}</p>
                <button class="ghost small" data-testid="notice-close" on:click=move |_| lab.notice.set(None)>{say!(shell.close)}</button>
            </div>
        })
    };
    view! {
        <div class="notices">
            {storage}
            {notice}
            <FileNotices/>
            <WorkerNotice lab/>
        </div>
    }
}

/// A worker that does not answer, or is of another build.
#[component]
fn WorkerNotice(lab: Lab) -> impl IntoView {
    move || {
        // The trainer is made when something is first asked of it.
        lab.has_trainer.track();
        let control = lab.control();
        let state = control.borrow().trainer.as_ref().map(|trainer| trainer.state.clone())?;
        match state.get() {
            WorkerState::Silent => Some(view! {
                <div class="notice bad" role="alert" data-testid="worker-silent">
                    <p>{say!(lab.worker_silent)}</p>
                    <button class="ghost small" data-testid="worker-retry" on:click=move |_| {
                        let control = lab.control();
                        if let Some(trainer) = &control.borrow().trainer {
                            trainer.start();
                        }
                    }>{say!(shell.try_again)}</button>
                    // Where the page was renewed since, its worker is gone from the server.
                    <button class="ghost small" on:click=move |_| { let _ = window().location().reload(); }>{say!(shell.reload)}</button>
                </div>
            }.into_any()),
            WorkerState::OtherBuild => Some(view! {
                <div class="notice bad" role="alert" data-testid="worker-other-build">
                    <p>{say!(lab.worker_other_build)}</p>
                    <button class="ghost small" on:click=move |_| { let _ = window().location().reload(); }>{say!(shell.reload)}</button>
                </div>
            }.into_any()),
            _ => None,
        }
    }
}
