//! The bar at the top.

use leptos::prelude::*;

use super::copy_link::CopyLink;
use crate::app::browser::window;
use crate::app::classroom::PresentButton;
use crate::app::language::say;
use crate::app::theme::{Choice, use_theme};
use crate::app::{to, to_in};
use crate::view::address::{Language, Page};

/// Mark, pages, link, language, theme.
#[component]
pub fn TopBar(
    /// The language in use.
    language: Language,
    /// The page in view.
    page: Page,
) -> impl IntoView {
    let is_book = matches!(page, Page::Book | Page::Chapter(_) | Page::Worksheets | Page::Glossary);
    let tab = |target: Page, name: &'static str, testid: &'static str, is_on: bool| {
        view! {
            <a href=to(&target) class:on=is_on aria-current=is_on.then_some("page") data-testid=testid>{name}</a>
        }
    };
    let has_link = !matches!(page, Page::Home | Page::About | Page::Teachers | Page::Unknown);
    let can_present = matches!(page, Page::Chapter(_) | Page::Stepper | Page::Lab | Page::Cell);
    let share = share(&page);
    let same_page = page.clone();
    view! {
        <header class="top">
            <a class="mark" href=to(&Page::Home) aria-label=say!(shell.home_name) data-testid="nav-home">
                <Mark/>
                <span class="mark-name">"Unrolled"</span>
            </a>
            <nav aria-label=say!(shell.navigation) data-part="navigation">
                {tab(Page::Book, say!(shell.book), "nav-book", is_book)}
                {tab(Page::Stepper, say!(shell.stepper), "nav-stepper", page == Page::Stepper)}
                {tab(Page::Lab, say!(shell.lab), "nav-lab", page == Page::Lab)}
                {tab(Page::Cell, say!(shell.cell), "nav-cell", page == Page::Cell)}
            </nav>
            {can_present.then(|| view! { <PresentButton/> })}
            {share}
            {has_link.then(|| view! { <CopyLink/> })}
            <LanguageSwitch language page=same_page/>
            <ThemeSwitch/>
        </header>
    }
}

/// What else can be done with a link: of the pages whose state is all in it.
#[cfg(feature = "tools")]
fn share(page: &Page) -> Option<AnyView> {
    use crate::app::classroom::ShareButton;
    use crate::view::link::Tool;
    match page {
        Page::Stepper => Some(view! { <ShareButton tool=Tool::Stepper/> }.into_any()),
        Page::Lab => Some(view! { <ShareButton tool=Tool::Lab/> }.into_any()),
        Page::Cell => Some(view! { <ShareButton tool=Tool::Cell/> }.into_any()),
        _ => None,
    }
}

#[cfg(not(feature = "tools"))]
fn share(_: &Page) -> Option<AnyView> {
    None
}

/// Three boxes on a line.
#[component]
fn Mark() -> impl IntoView {
    view! {
        <svg width="34" height="16" viewBox="0 0 34 16" aria-hidden="true">
            <g fill="none" stroke="currentColor" stroke-width="1.6">
                <rect x="1" y="3" width="8" height="10" rx="2"/>
                <rect x="13" y="3" width="8" height="10" rx="2"/>
                <rect x="25" y="3" width="8" height="10" rx="2"/>
                <path d="M9 8h4M21 8h4"/>
            </g>
        </svg>
    }
}

/// The same page in the other language; its state in query and fragment goes along.
#[component]
fn LanguageSwitch(language: Language, page: Page) -> impl IntoView {
    let other = language.other();
    let path = to_in(other, &page);
    let name = match other {
        Language::En => "English",
        Language::Zh => "中文",
    };
    let navigate = leptos_router::hooks::use_navigate();
    let target = path.clone();
    view! {
        <a
            class="ghost"
            href=path
            lang=other.tag()
            hreflang=other.tag()
            data-testid="language"
            // The router would drop query and fragment.
            rel="external"
            on:click=move |event| {
                if event.ctrl_key() || event.meta_key() || event.shift_key() || event.button() != 0 {
                    return;
                }
                event.prevent_default();
                let here = window().location();
                let rest = here.search().unwrap_or_default() + &here.hash().unwrap_or_default();
                navigate(&format!("{target}{rest}"), leptos_router::NavigateOptions {
                    resolve: false,
                    scroll: false,
                    ..Default::default()
                });
            }
        >{name}</a>
    }
}

/// Automatic, light, dark.
#[component]
fn ThemeSwitch() -> impl IntoView {
    let choice = use_theme();
    let name = move || match choice.get() {
        Choice::Auto => say!(shell.theme_auto),
        Choice::Light => say!(shell.theme_light),
        Choice::Dark => say!(shell.theme_dark),
    };
    let sign = move || match choice.get() {
        Choice::Auto => "◐",
        Choice::Light => "○",
        Choice::Dark => "●",
    };
    view! {
        <button
            class="ghost icon"
            aria-label=name
            title=name
            data-testid="theme"
            on:click=move |_| choice.update(|choice| *choice = choice.next())
        >
            <span aria-hidden="true">{sign}</span>
        </button>
    }
}
