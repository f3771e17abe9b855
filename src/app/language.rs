//! The language in use, and the words of the interface.
//!
//! A change of language draws the page anew, so the words are plain strings; what must survive it lives in contexts.

use std::cell::Cell;

use super::generated::i18n::Locale;
use crate::view::address::Language;
use crate::view::words;

thread_local! {
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::En) };
}

/// The words of a key in the language in use: `say!(lab.train)`. Keys are checked when the page is built.
macro_rules! say {
    ($($key:tt)*) => { ::leptos_i18n::td_string!($crate::app::language::locale(), $($key)*) };
}
pub(crate) use say;

/// The words of a key with values in their places: `say_with!(shell.steps; "n" => 3, "total" => total)`.
#[allow(unused_macros, unused_imports, reason = "used as pages come")]
macro_rules! say_with {
    ($($key:ident).+; $($name:literal => $value:expr),+ $(,)?) => {
        $crate::view::words::fill($crate::app::language::say!($($key).+), &[$(($name, &($value).to_string())),+])
    };
}
#[allow(unused_imports, reason = "used as pages come")]
pub(crate) use say_with;

/// The language in use.
pub fn language() -> Language {
    LANGUAGE.get()
}

/// Changes it; the router does so before it draws a page.
pub fn set_language(language: Language) {
    LANGUAGE.set(language);
}

/// What stands between two sentences in the language in use.
pub fn gap() -> &'static str {
    words::gap(language())
}

/// Sentences one after another, as the language in use writes them.
pub fn paragraph<S: AsRef<str>>(sentences: &[S]) -> String {
    sentences.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(gap())
}

/// The language in use, as the words' macro names it.
pub fn locale() -> Locale {
    match language() {
        Language::En => Locale::en,
        Language::Zh => Locale::zh,
    }
}
