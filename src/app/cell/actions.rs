//! What can be done with the cell: step through it, train it.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::faults::square;
use super::keep::OwnCell;
use super::link::stepper_state;
use super::reading::Reading;
use crate::app::lab::{choose_cell, use_lab};
use crate::app::language::{paragraph, say};
use crate::app::to;
use crate::view::address::Page;
use crate::view::link::{Shared, write};

/// The buttons. While the text has errors they cannot be pressed.
#[component]
pub fn Actions(own: OwnCell, reading: Reading) -> impl IntoView {
    let lab = use_lab();
    let navigate = use_navigate();
    let go = move |address: &str| {
        navigate(address, NavigateOptions { resolve: false, ..NavigateOptions::default() });
    };
    let step = {
        let go = go.clone();
        move |_| {
            let stepper = stepper_state(own);
            let link = write(&Shared { stepper: stepper.clone(), ..Shared::default() });
            own.for_stepper.set(Some(stepper));
            go(&format!("{}{}{}", to(&Page::Stepper), link.query, link.fragment));
        }
    };
    let train = move |_| {
        choose_cell(lab, own.choice());
        go(&to(&Page::Lab));
    };
    let square = Memo::new(move |_| square(reading));
    let cannot = Memo::new(move |_| reading.is_wrong.get() || square.with(Option::is_some));
    let why = move || {
        let reason = square.get()?;
        Some(view! {
            <p class="notice" data-testid="cell-square">{paragraph(&[reason.as_str(), say!(cell.square)])}</p>
        })
    };
    view! {
        {why}
        <div class="row wrap cell-actions">
            <button class="solid" type="button" data-testid="cell-step" disabled=cannot on:click=step>{say!(cell.step)}</button>
            <button class="solid" type="button" data-testid="cell-train" disabled=cannot on:click=train>{say!(cell.train)}</button>
        </div>
    }
}
