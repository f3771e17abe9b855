//! There is nothing at this address.

use leptos::prelude::*;

use super::language::say;
use super::to;
use crate::view::address::Page;

/// A sentence, and the ways on.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <div class="prose narrow" data-testid="not-found">
            <h1>{say!(shell.not_found)}</h1>
            <p>{say!(shell.not_found_text)}</p>
            <ul class="ways">
                <li><a href=to(&Page::Home)>{say!(shell.home)}</a></li>
                <li><a href=to(&Page::Book)>{say!(shell.book)}</a></li>
                <li><a href=to(&Page::Stepper)>{say!(shell.stepper)}</a></li>
                <li><a href=to(&Page::Lab)>{say!(shell.lab)}</a></li>
                <li><a href=to(&Page::Cell)>{say!(shell.cell_title)}</a></li>
            </ul>
        </div>
    }
}
