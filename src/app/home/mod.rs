//! What this is in one sentence, at work at once, and the ways on.

mod learner;
mod live;

use leptos::prelude::*;

use super::book::ChapterList;
use super::language::{gap, say};
use super::to;
use crate::view::address::Page;

/// The page.
#[component]
pub fn Home() -> impl IntoView {
    let door =
        |page: Page, name: &'static str, text: &'static str, go: &'static str, testid: &'static str| {
            view! {
                <section class="card door">
                    <h2>{name}</h2>
                    <p>{text}</p>
                    <a href=to(&page) data-testid=testid>{go}</a>
                </section>
            }
        };
    view! {
        <div class="home">
            <h1>{say!(home.title)}</h1>
            <p class="lead">{say!(home.lead)}</p>
            <live::Live/>
            <div class="doors">
                {door(Page::Book, say!(shell.book), say!(home.book_text), say!(home.book_go), "door-book")}
                {door(Page::Stepper, say!(shell.stepper), say!(home.stepper_text), say!(home.stepper_go), "door-stepper")}
                {door(Page::Lab, say!(shell.lab), say!(home.lab_text), say!(home.lab_go), "door-lab")}
            </div>
            <nav aria-label=say!(home.chapters)><ChapterList/></nav>
            <p class="foot">
                {say!(home.foot)}{gap()}<a href=to(&Page::About)>{say!(home.about)}</a>" · "
                <a href=to(&Page::Teachers)>{say!(classroom.teachers)}</a>
            </p>
        </div>
    }
}
