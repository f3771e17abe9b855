//! Light, dark, or what the system says.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use super::browser::{THEME_KEY, document, matches, remember, remembered, window};

const DARK: &str = "(prefers-color-scheme: dark)";

/// What a reader chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// As the system.
    Auto,
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
}

impl Choice {
    /// The one that the button goes on to.
    pub fn next(self) -> Choice {
        match self {
            Choice::Auto => Choice::Light,
            Choice::Light => Choice::Dark,
            Choice::Dark => Choice::Auto,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Choice::Auto => "auto",
            Choice::Light => "light",
            Choice::Dark => "dark",
        }
    }
}

/// The choice, for the whole page.
#[derive(Clone, Copy)]
pub struct ThemeChoice(pub RwSignal<Choice>);

/// Provides the choice and keeps the document's `data-theme` with it.
pub fn provide_theme() {
    let choice = RwSignal::new(match remembered(THEME_KEY).as_deref() {
        Some("light") => Choice::Light,
        Some("dark") => Choice::Dark,
        _ => Choice::Auto,
    });
    provide_context(ThemeChoice(choice));
    let system_dark = RwSignal::new(matches(DARK));
    if let Ok(Some(list)) = window().match_media(DARK) {
        let changed = Closure::<dyn FnMut()>::new(move || system_dark.set(matches(DARK)));
        let _ = list.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
        // The listener lives as long as the page.
        changed.forget();
    }
    Effect::new(move |before: Option<Choice>| {
        let choice = choice.get();
        let dark = choice == Choice::Dark || choice == Choice::Auto && system_dark.get();
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-theme", if dark { "dark" } else { "light" });
        }
        if before.is_some_and(|before| before != choice) {
            remember(THEME_KEY, choice.code());
        }
        choice
    });
}

/// The choice.
pub fn use_theme() -> RwSignal<Choice> {
    expect_context::<ThemeChoice>().0
}
