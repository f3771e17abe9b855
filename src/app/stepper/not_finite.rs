//! Told where numbers stop being finite: the first equation of the first step that gives such a number.

use leptos::prelude::*;

use super::state::use_stepper;
use crate::app::language::{say, say_with};
use crate::view::stepper::finite::first_not_finite;

/// The notice; nothing while all numbers are finite.
#[component]
pub fn NotFinite() -> impl IntoView {
    let stepper = use_stepper();
    let place = Memo::new(move |_| stepper.with_model(|model| first_not_finite(&model.0)).flatten());
    move || {
        place.get().map(|place| {
            view! {
                <div class="notice bad" role="status" data-testid="not-finite">
                    <p>{say_with!(stepper.not_finite; "step" => place.step, "line" => place.equation + 1)}</p>
                    <button class="ghost small" type="button" on:click=move |_| stepper.go(place)>
                        {say!(stepper.not_finite_go)}
                    </button>
                </div>
            }
        })
    }
}
