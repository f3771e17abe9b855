//! A page of `content/`: its front matter and its text as an HTML fragment.
//!
//! ```text
//! ---
//! id: gru
//! order: 7
//! title: Gated recurrent unit
//! lead: A cell that can decide to change nothing.
//! ---
//! Markdown …
//! ```
//! A page with an `order` is a chapter of the book (`/<language>/book/<id>/`), one without stands by itself (`/<language>/<id>/`).

use std::path::{Path, PathBuf};

use super::math::Rules;
use super::{PagesError, entries, read};
use super::{figures, markdown};

/// One page of `content/`.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// Its name in addresses.
    pub id: String,
    /// Its number in the book.
    pub order: Option<u32>,
    /// Its title, plain text.
    pub title: String,
    /// The sentence under the title, plain text.
    pub lead: String,
    /// The article's inner HTML: title, lead and text.
    pub html: String,
}

impl Chapter {
    /// Its address below the language's folder, with a slash at the end.
    #[must_use]
    pub fn path(&self) -> String {
        if self.order.is_some() { format!("book/{}/", self.id) } else { format!("{}/", self.id) }
    }
}

/// Front matter and where the text begins.
struct Source {
    path: PathBuf,
    id: String,
    order: Option<u32>,
    title: String,
    lead: String,
    text: String,
    /// Lines before the text.
    offset: usize,
}

/// Reads a language's pages: chapters first, by their number, then the others by their id.
///
/// # Errors
/// The first mistake in a page, with its line and column.
pub fn read_chapters(
    project: &Path,
    base: &str,
    language: &str,
    rules: &mut Rules,
) -> Result<Vec<Chapter>, PagesError> {
    let folder = project.join("content").join(language);
    let sections = super::read_site(project, language)?.sections;
    let mut sources = Vec::new();
    for path in entries(&folder)? {
        if path.extension().is_some_and(|extension| extension == "md") {
            sources.push(read_source(&path)?);
        }
    }
    sources.sort_by(|a, b| (a.order.is_none(), a.order, &a.id).cmp(&(b.order.is_none(), b.order, &b.id)));

    // Links are checked against all pages, so the headings are collected first.
    let mut links = markdown::Links::new(base, language);
    for source in &sources {
        links.add(&source.id, source.order.is_some(), markdown::headings(&source.text));
    }
    let finish = |source| finish(project, language, source, (&links, &sections), rules);
    sources.iter().map(finish).collect()
}

fn finish(
    project: &Path,
    language: &str,
    source: &Source,
    (links, sections): (&markdown::Links, &str),
    rules: &mut Rules,
) -> Result<Chapter, PagesError> {
    let place = markdown::Place { path: &source.path, offset: source.offset };
    let body = markdown::to_html(&source.text, links, &source.id, place, rules)?;
    let words = figures::words(project, language, &source.id)?;
    let escape = super::frame::escape;
    let html = format!(
        "<h1>{}</h1>\n<p class=\"lead\">{}</p>\n{}{body}{words}",
        escape(&source.title),
        escape(&source.lead),
        if source.order.is_some() { contents(&source.text, sections) } else { String::new() }
    );
    Ok(Chapter {
        id: source.id.clone(),
        order: source.order,
        title: source.title.clone(),
        lead: source.lead.clone(),
        html,
    })
}

/// A chapter's sections as links, folded up below its lead: where there is no room for the contents at its left, and
/// without scripts.
fn contents(text: &str, name: &str) -> String {
    let escape = super::frame::escape;
    let sections = markdown::headings(text).into_iter().filter(|heading| heading.level == 2);
    let lines: String = sections
        .map(|heading| format!("<li><a href=\"#{}\">{}</a></li>\n", heading.id, escape(&heading.title)))
        .collect();
    let name = escape(name);
    format!(
        "<nav class=\"sections\" aria-label=\"{name}\">\n<details>\n<summary>{name}</summary>\n<ol>\n{lines}</ol>\n</details>\n</nav>\n"
    )
}

fn read_source(path: &Path) -> Result<Source, PagesError> {
    let whole = read(path)?.replace("\r\n", "\n");
    let mistake =
        |line: usize, what: String| PagesError::Text { path: path.to_path_buf(), line, column: 1, what };
    let mut lines = whole.lines();
    if lines.next() != Some("---") {
        return Err(mistake(1, "a page begins with a line --- and its front matter".into()));
    }
    let (mut id, mut order, mut title, mut lead) = (None, None, None, None);
    let mut offset = 1;
    loop {
        let Some(line) = lines.next() else {
            return Err(mistake(offset, "the front matter has no closing line ---".into()));
        };
        offset += 1;
        if line == "---" {
            break;
        }
        let Some((key, value)) = line.split_once(':') else {
            return Err(mistake(offset, "a line of the front matter is `key: value`".into()));
        };
        let value = value.trim().to_owned();
        match key.trim() {
            "id" => id = Some(value),
            "title" => title = Some(value),
            "lead" => lead = Some(value),
            "order" => {
                order = Some(
                    value
                        .parse()
                        .map_err(|_| mistake(offset, format!("`{value}` is not a chapter's number")))?,
                );
            }
            other => return Err(mistake(offset, format!("`{other}` is not one of id, order, title, lead"))),
        }
    }
    let need =
        |value: Option<String>, name: &str| value.ok_or_else(|| mistake(1, format!("`{name}` is missing")));
    let id = need(id, "id")?;
    if !id.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-') {
        return Err(mistake(1, format!("`{id}`: an id has small letters, digits and hyphens only")));
    }
    let text = lines.collect::<Vec<_>>().join("\n") + "\n";
    Ok(Source {
        path: path.to_path_buf(),
        id,
        order,
        title: need(title, "title")?,
        lead: need(lead, "lead")?,
        text,
        offset,
    })
}

#[cfg(test)]
mod tests {
    use super::super::math::Rules;
    use super::*;

    #[test]
    fn every_section_of_a_chapter_has_a_link_below_its_lead() {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the project");
        for language in crate::pages::LANGUAGES {
            let chapters = read_chapters(project, "/unrolled/", language, &mut Rules::new()).expect("pages");
            for chapter in &chapters {
                let (before, text) = chapter.html.split_once("</nav>").unwrap_or(("", &chapter.html));
                assert_eq!(chapter.order.is_some(), !before.is_empty(), "{}", chapter.id);
                let sections = text.split("<h2 id=\"").skip(1).filter_map(|rest| rest.split('"').next());
                for id in sections.filter(|_| chapter.order.is_some()) {
                    assert!(before.contains(&format!("<a href=\"#{id}\">")), "{}#{id}", chapter.id);
                }
            }
        }
    }
}
