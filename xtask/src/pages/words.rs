//! The words of a language that stand around its articles.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::{APP_PAGES, PagesError, read};

/// The words of `content/<language>/site.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// The folder's name; not in the file.
    #[serde(skip)]
    pub folder: String,
    /// The language's tag for `lang`.
    pub language: String,
    /// The site's name.
    pub name: String,
    pub(super) other: Other,
    pub(super) navigation: Navigation,
    /// Titles and descriptions by page.
    pub pages: BTreeMap<String, Page>,
    pub(super) not_found: NotFound,
    pub(super) chapter_title: String,
    pub(super) contents: String,
    pub(super) sections: String,
    pub(super) previous: String,
    pub(super) next: String,
    pub(super) start: BTreeMap<String, String>,
}

/// Where the other language is.
#[derive(Debug, Deserialize)]
pub(super) struct Other {
    pub(super) language: String,
    pub(super) tag: String,
    pub(super) label: String,
}

/// The plain navigation.
#[derive(Debug, Deserialize)]
pub(super) struct Navigation {
    pub(super) label: String,
    pub(super) skip: String,
    pub(super) book: String,
    pub(super) stepper: String,
    pub(super) lab: String,
    pub(super) cell: String,
    pub(super) about: String,
    pub(super) glossary: String,
    pub(super) teachers: String,
}

/// A page's words outside of its article.
#[derive(Debug, Deserialize)]
pub struct Page {
    /// For the window.
    pub title: String,
    /// For the page.
    pub heading: String,
    /// For search engines and link previews.
    pub description: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct NotFound {
    pub(super) title: String,
    pub(super) heading: String,
    pub(super) text: String,
}

/// Reads a language's words.
///
/// # Errors
/// A missing file, a missing or an unknown word.
pub fn read_site(project: &Path, language: &str) -> Result<Site, PagesError> {
    let path = project.join("content").join(language).join("site.json");
    let mut site: Site = serde_json::from_str(&read(&path)?)
        .map_err(|error| PagesError::Whole { path: path.clone(), what: error.to_string() })?;
    site.folder = language.to_owned();
    for page in APP_PAGES {
        if !site.pages.contains_key(page) {
            return Err(PagesError::Whole { path, what: format!("`pages` has no `{page}`") });
        }
    }
    Ok(site)
}
