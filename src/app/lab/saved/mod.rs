//! Saved work: what is kept of the run under way, and the list of everything that is kept.

mod file;
mod list;
mod open;
mod row;
mod words;

use leptos::prelude::*;
use leptos::task::spawn_local;

use self::list::List;
use super::keep;
use super::state::{Lab, Status};
use crate::app::language::{say, say_with};
use crate::app::parts::Dialog;
use crate::app::storage::StorageState;
use crate::view::number::count;

pub use self::file::export_current;

/// The card: whether the run under way is kept, and the way to the list.
#[component]
pub fn SavedCard(lab: Lab) -> impl IntoView {
    let open = RwSignal::new(false);
    let stored_step = Memo::new(move |_| {
        lab.entry.with(|entry| entry.as_ref().map(|entry| entry.step).filter(|step| *step > 0))
    });
    let is_link = Memo::new(move |_| !lab.is_kept.get() && lab.status.with(Status::has_model));
    let sentence = move || match (lab.storage.state.get(), stored_step.get()) {
        (StorageState::Absent | StorageState::TakenOver, _) => say!(storage.in_memory).to_owned(),
        (StorageState::Full, _) => say!(storage.no_room).to_owned(),
        _ if is_link.get() => say!(storage.from_link).to_owned(),
        (_, Some(step)) => say_with!(storage.kept_up_to; "step" => count(u64::from(step))),
        _ => say!(storage.kept_by_itself).to_owned(),
    };
    view! {
        <section class="card saved-card" aria-labelledby="lab-saved">
            <div class="row">
                <h2 id="lab-saved" class="grow">{say!(storage.saved_work)}</h2>
                <button class="ghost small" data-testid="saved-open" on:click=move |_| open.set(true)>{say!(storage.show_all)}</button>
            </div>
            <p class="label lab-reason" data-testid="saved-state">{sentence}</p>
            <button
                class="ghost small"
                data-testid="saved-keep"
                hidden=move || !is_link.get()
                on:click=move |_| {
                    keep::edited(lab);
                    keep::save_checkpoint(lab);
                }
            >{say!(storage.keep_this)}</button>
            <Dialog open title=say!(storage.saved_work) testid="saved">
                <List lab open/>
            </Dialog>
        </section>
    }
}

/// Does something that takes its time, from a click.
fn begin(work: impl Future<Output = ()> + 'static) {
    spawn_local(work);
}
