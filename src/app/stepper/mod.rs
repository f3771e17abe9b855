//! Walk through every equation: the sentence unrolled above, the cell's drawing and the equations below, the transport
//! at the bottom. Everything shown is a function of [`state::Stepper`]'s one shareable state.

mod away;
mod bars;
mod blocks;
mod check;
mod choices;
pub mod drawing;
mod edit;
mod equations;
mod files;
mod growth;
mod helper;
mod keys;
pub mod letters;
mod not_finite;
mod opening;
mod player;
mod present;
mod retrain;
mod room;
mod said;
mod share;
mod spelled;
mod stages;
mod state;
mod step_box;
mod strip;
mod sums;
mod transport;
mod weights;
mod weights_menu;
pub mod words;

use leptos::{ev, prelude::*};

use self::check::Check;
use self::choices::Choices;
use self::drawing::Drawing;
pub use self::edit::provide_kept;
use self::edit::{Bar, provide_editing};
use self::equations::Equations;
use self::files::FileTools;
use self::said::Said;
use self::stages::{Stage, provide_stages};
use self::state::{Stepper as Signals, provide_stepper};
use self::strip::Strip;
use self::transport::Transport;
use self::weights::Source;
pub use self::weights::trained;
use crate::app::language::say;

/// The page.
#[component]
pub fn Stepper() -> impl IntoView {
    let is_whole = provide_stages().reached(Stage::Opening);
    let opened = share::open();
    let state = RwSignal::new(opened.state.stepper.clone());
    let source = Source::provide(
        state,
        (opened.state.run.clone(), opened.state.trained),
        opened.state.weights.clone(),
    );
    let stepper = Signals::new(state, source);
    provide_stepper(stepper);
    room::provide_room();
    player::provide_player();
    provide_editing(stepper);
    keys::listen(stepper, player::use_player());
    present::offer(stepper, player::use_player());
    let errors = share::keep(stepper, source, opened);
    let dropping = RwSignal::new(false);
    let on_drop = files::on_drop(stepper);
    view! {
        <div
            class="stepper"
            // The numbers of before stay until the new ones are there.
            class:stale=move || stepper.is_computing()
            class:opening=move || !is_whole.get()
            class:without=move || stepper.is_without()
            aria-busy=move || (stepper.is_computing() || !is_whole.get()).then_some("true")
            data-testid="stepper"
            class:dropping=dropping
            on:click=keys::give_back
            on:dragover=move |event: ev::DragEvent| {
                event.prevent_default();
                dropping.set(true);
            }
            on:dragleave=move |_| dropping.set(false)
            on:drop=move |event: ev::DragEvent| {
                dropping.set(false);
                on_drop(event);
            }
        >
            <h1 class="sr-only">{say!(stepper.title)}</h1>
            <Choices source/>
            {errors}
            <Strip/>
            <not_finite::NotFinite/>
            <div class="stepper-tools">
                <Bar/>
                <span class="file-tools"><FileTools/></span>
            </div>
            <div class="stepper-grid">
                <section class="card cell-card">
                    <Drawing/>
                    <Said/>
                </section>
                <Equations/>
            </div>
            <Check/>
            <Transport/>
        </div>
    }
}
