//! What stands around every page: skip link, top bar, title, the place of the focus.

mod copy_link;
mod new_version;
mod top;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use self::new_version::NewVersion;
use self::top::TopBar;
use super::browser::{LANGUAGE_KEY, after, document, remember};
use super::classroom::{EmbedFoot, LessonBar, Presenter};
#[cfg(feature = "home")]
use super::home;
use super::language::say;
use super::{book, not_found};
#[cfg(feature = "tools")]
use super::{cell, lab, stepper};
use crate::view::address::{Language, Page};

/// A page with everything around it.
#[component]
pub fn Shell(
    /// The language of the address.
    language: Language,
    /// The page of the address.
    page: Page,
    /// Whether the reader came from another page; then the focus goes to its heading.
    is_navigation: bool,
) -> impl IntoView {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", language.tag());
    }
    remember(LANGUAGE_KEY, language.code());
    set_title(&page);
    Effect::new(move |_| {
        if is_navigation {
            // After the page is drawn.
            after(0, focus_heading);
        }
    });
    let content = match page.clone() {
        Page::Unknown => view! { <not_found::NotFound/> }.into_any(),
        #[cfg(feature = "home")]
        Page::Home => view! { <home::Home/> }.into_any(),
        Page::Book => view! { <book::Contents/> }.into_any(),
        Page::Chapter(_) | Page::Worksheets | Page::Glossary | Page::About | Page::Teachers => {
            view! { <book::Chapter language page=page.clone()/> }.into_any()
        }
        #[cfg(feature = "tools")]
        Page::Stepper => view! { <stepper::Stepper/> }.into_any(),
        #[cfg(feature = "tools")]
        Page::Lab => view! { <lab::Lab/> }.into_any(),
        #[cfg(feature = "tools")]
        Page::Cell => view! { <cell::CellPage/> }.into_any(),
        // The router came here by itself, over the browser's history; another wasm file draws this page.
        #[cfg(not(feature = "tools"))]
        elsewhere => {
            debug_assert!(super::elsewhere::is_elsewhere(&elsewhere));
            super::elsewhere::load();
            ().into_any()
        }
    };
    view! {
        <a class="skip" href="#main" rel="external" on:click=move |event| {
            event.prevent_default();
            focus_heading();
        }>{say!(shell.skip)}</a>
        <TopBar language page/>
        <LessonBar/>
        <main id="main" tabindex="-1">{content}</main>
        <EmbedFoot/>
        <Presenter/>
        <NewVersion/>
    }
}

/// The page's title is set here, or by a chapter once its text is there.
fn set_title(page: &Page) {
    let name = match page {
        Page::Home => return document().set_title(say!(shell.title_home)),
        Page::Book | Page::Chapter(_) => say!(shell.book),
        Page::Stepper => say!(shell.stepper),
        Page::Lab => say!(shell.lab),
        Page::Cell => say!(shell.cell_title),
        Page::Worksheets => say!(shell.worksheets),
        Page::About => say!(shell.about),
        Page::Glossary => say!(shell.glossary),
        Page::Teachers => say!(classroom.teachers),
        Page::Unknown => say!(shell.not_found_short),
    };
    title_of(name);
}

/// Sets the title from a page's name.
pub fn title_of(name: &str) {
    document().set_title(&format!("{name} · Unrolled"));
}

/// Puts the focus on the page's heading, else on the page.
fn focus_heading() {
    let heading = document().query_selector("main h1").ok().flatten();
    let place = heading.or_else(|| document().get_element_by_id("main"));
    if let Some(place) = place.and_then(|place| place.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = place.set_attribute("tabindex", "-1");
        let _ = place.focus();
    }
}
