//! Headings, and what links may point at.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::options;
use crate::pages::APP_PAGES;

/// A heading of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Its id in the page.
    pub id: String,
    /// Its words, plain.
    pub title: String,
    /// 2 for a section, 3 for a part of one.
    pub level: u8,
}

/// What links may point at, by the page's id.
pub struct Links {
    base: String,
    language: String,
    pages: BTreeMap<String, (bool, Vec<Heading>)>,
}

impl Links {
    /// Nothing yet; `base` has a slash at both ends.
    #[must_use]
    pub fn new(base: &str, language: &str) -> Self {
        Self { base: base.to_owned(), language: language.to_owned(), pages: BTreeMap::new() }
    }

    /// Adds a page of `content/`.
    pub fn add(&mut self, id: &str, is_chapter: bool, headings: Vec<Heading>) {
        self.pages.insert(id.to_owned(), (is_chapter, headings));
    }

    /// The address a link of this book stands for.
    pub(super) fn resolve(&self, link: &str, here: &str) -> Result<String, String> {
        let home = format!("{}{}/", self.base, self.language);
        if let Some(heading) = link.strip_prefix('#') {
            self.check_heading(here, heading)?;
            return Ok(link.to_owned());
        }
        if let Some(rest) = link.strip_prefix("chapter:") {
            let (rest, heading) =
                rest.split_once('#').map_or((rest, None), |(rest, heading)| (rest, Some(heading)));
            // `chapter:gru?present=1#reset` is presented.
            let (id, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
            if !self.pages.get(id).is_some_and(|(is_chapter, _)| *is_chapter) {
                return Err(format!("there is no chapter `{id}`"));
            }
            if let Some(heading) = heading {
                self.check_heading(id, heading)?;
            }
            let heading = heading.map(|heading| format!("#{heading}")).unwrap_or_default();
            return Ok(format!("{home}book/{id}/{query}{heading}"));
        }
        if let Some(rest) = link.strip_prefix("page:") {
            let end = rest.find(['?', '#']).unwrap_or(rest.len());
            let (id, more) = rest.split_at(end);
            let known =
                APP_PAGES.contains(&id) || self.pages.get(id).is_some_and(|(is_chapter, _)| !is_chapter);
            if !known {
                return Err(format!("there is no page `{id}`"));
            }
            if let Some((_, heading)) = more.split_once('#').filter(|_| self.pages.contains_key(id)) {
                self.check_heading(id, heading)?;
            }
            let folder = if id == "home" { String::new() } else { format!("{id}/") };
            return Ok(format!("{home}{folder}{more}"));
        }
        if link.starts_with("https://") {
            return Ok(link.to_owned());
        }
        Err(format!("`{link}` is neither chapter:, page:, symbol:, # nor https://"))
    }

    fn check_heading(&self, page: &str, heading: &str) -> Result<(), String> {
        let found = self.pages.get(page).is_some_and(|(_, all)| all.iter().any(|one| one.id == heading));
        if found { Ok(()) } else { Err(format!("`{page}` has no heading `#{heading}`")) }
    }
}

/// The headings of a text, in order.
#[must_use]
pub fn headings(text: &str) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    let mut open: Option<Heading> = None;
    for event in Parser::new_ext(text, options()) {
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                let id = id.map(|id| id.to_string()).unwrap_or_default();
                open = Some(Heading { id, title: String::new(), level: level as u8 });
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some(mut heading) = open.take() {
                    if heading.id.is_empty() {
                        heading.id = slug(&heading.title, found.len() + 1);
                    }
                    found.push(heading);
                }
            }
            Event::Text(words) | Event::Code(words) | Event::InlineMath(words) => {
                if let Some(heading) = &mut open {
                    heading.title.push_str(&words);
                }
            }
            _ => {}
        }
    }
    found
}

/// An id from a title: its letters and digits, small, joined by hyphens; without any, the heading's number.
fn slug(title: &str, number: usize) -> String {
    let words: String = title
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' })
        .collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join("-");
    if words.is_empty() { format!("section-{number}") } else { words }
}
