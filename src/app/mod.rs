//! The page: shell, book, stepper, lab. Leptos, drawn in the browser only.
//!
//! Contexts hold what outlives a page ([`theme`], [`link`], [`handover`], the announcer of [`parts`]); a change of page or language
//! draws everything else anew.

mod article;
mod book;
pub mod browser;
#[cfg(feature = "tools")]
pub mod cell;
pub mod classroom;
#[cfg(not(feature = "tools"))]
mod elsewhere;
#[cfg(feature = "figures")]
pub mod figures;
#[cfg(feature = "tools")]
pub mod files;
#[allow(deprecated, missing_docs, clippy::all)]
mod generated {
    leptos_i18n::load_locales!();
}
#[cfg(feature = "tools")]
pub mod handover;
#[cfg(feature = "home")]
mod home;
#[cfg(feature = "tools")]
pub mod lab;
pub mod language;
pub mod link;
mod not_found;
mod panic;
pub mod parts;
#[cfg(any(feature = "figures", feature = "tools"))]
mod patch;
#[cfg(any(feature = "figures", feature = "tools"))]
mod picture;
#[cfg(any(feature = "figures", feature = "home"))]
mod port;
#[cfg(any(feature = "figures", feature = "tools"))]
mod save;
pub mod shell;
#[cfg(feature = "tools")]
pub mod stepper;
#[cfg(feature = "tools")]
pub mod storage;
pub mod theme;

#[cfg(any(feature = "home", feature = "figures"))]
pub mod trainer;

use leptos::mount::mount_to_body;
use leptos::prelude::*;
use leptos_router::components::Router;
use leptos_router::hooks::use_location;
use leptos_router::location::{BrowserUrl, LocationProvider};

use self::language::set_language;
use crate::view::address::{self, Language, Page};

/// Starts the page: takes the article over that stands in the document, and draws the rest.
pub fn start() {
    panic::install();
    article::take_over();
    #[cfg(not(feature = "tools"))]
    elsewhere::install();
    mount_to_body(|| {
        let base = browser::base().trim_end_matches('/');
        view! { <Router base=base><App/></Router> }
    });
}

/// Contexts, and the page of the address.
#[component]
fn App() -> impl IntoView {
    theme::provide_theme();
    classroom::provide_classroom();
    link::provide_link();
    #[cfg(feature = "tools")]
    provide_tools();
    let announcer = parts::provide_announcer();
    let location = use_location();
    // An address without a language is shown in the one that the reader wants.
    let place = Memo::new(move |_| {
        let (language, page) = location.pathname.with(|path| address::parse(browser::base(), path));
        (language.unwrap_or_else(browser::wanted_language), page)
    });
    // The router waits for this word before it writes the new address into the browser's bar.
    Effect::new(move |_| {
        place.track();
        if let Some(provider) = use_context::<BrowserUrl>() {
            provider.ready_to_complete();
        }
    });
    let drawn_before = StoredValue::new(false);
    view! {
        {move || {
            let (language, page) = place.get();
            set_language(language);
            let is_navigation = drawn_before.get_value();
            drawn_before.set_value(true);
            view! { <shell::Shell language page is_navigation/> }
        }}
        <parts::Announcements announcer/>
        // Present once everything is drawn; tests wait for it.
        <div hidden data-testid="app-ready"></div>
    }
}

/// What outlives a change between Stepper and Lab: a model on its way, storage, the run.
#[cfg(feature = "tools")]
fn provide_tools() {
    handover::provide_handover();
    stepper::provide_kept();
    cell::provide_own_cell();
    files::provide_files();
    let storage = storage::provide_storage();
    lab::provide_lab(storage);
    lab::open_lab(lab::use_lab());
}

/// The address of a page in the language in use.
pub fn to(page: &Page) -> String {
    address::address(browser::base(), language::language(), page)
}

/// The address of the same page in a language.
pub fn to_in(language: Language, page: &Page) -> String {
    address::address(browser::base(), language, page)
}
