//! What stands around a page's article: head, the plain navigation that works without scripts, start-up sentences.

use std::fmt::Write as _;
use std::path::Path;

use super::style::with_tools;
use super::words::{Page, Site};
use super::{Chapter, LANGUAGES, PagesError, Places, write};

/// Writes all routes of a language.
pub fn write_language(
    places: &Places,
    template: &str,
    site: &Site,
    chapters: &[Chapter],
) -> Result<(), PagesError> {
    let folder = places.staging.join(&site.folder);
    for (id, page) in &site.pages {
        let chapter = chapters.iter().find(|chapter| chapter.order.is_none() && &chapter.id == id);
        let path = if id == "home" { String::new() } else { format!("{id}/") };
        let article = match (id.as_str(), chapter) {
            (_, Some(chapter)) => chapter.html.clone(),
            ("book" | "home", None) => heading(page) + &contents(places, site, chapters),
            _ => heading(page),
        };
        let needs_script = chapter.is_none() && id != "book";
        let filled = Filled {
            title: &page.title,
            description: &page.description,
            article: &article,
            path: &path,
            needs_script,
        };
        write_page(&folder.join(&path).join("index.html"), &fill(places, template, site, &filled))?;
    }
    let in_order: Vec<&Chapter> = chapters.iter().filter(|chapter| chapter.order.is_some()).collect();
    for chapter in chapters {
        let folder = folder.join(chapter.path());
        if chapter.order.is_some() {
            let place = in_order.iter().position(|other| other.id == chapter.id).unwrap_or_default();
            let before = place.checked_sub(1).and_then(|place| in_order.get(place));
            let after = in_order.get(place + 1);
            let article = format!("{}{}", chapter.html, neighbours(places, site, before, after));
            let filled = Filled {
                title: &site.chapter_title.replace("{chapter}", &chapter.title),
                description: &chapter.lead,
                article: &article,
                path: &chapter.path(),
                needs_script: false,
            };
            write_page(&folder.join("index.html"), &fill(places, template, site, &filled))?;
        }
    }
    Ok(())
}

/// The chapters before and after, at the end of one.
fn neighbours(places: &Places, site: &Site, before: Option<&&Chapter>, after: Option<&&Chapter>) -> String {
    let link = |chapter: Option<&&Chapter>, rel: &str, word: &str| {
        chapter.map_or(String::new(), |chapter| {
            let address = format!("{}{}/{}", places.base, site.folder, chapter.path());
            let title = escape(&chapter.title);
            format!("<a rel=\"{rel}\" href=\"{address}\"><span>{}</span> {title}</a>", escape(word))
        })
    };
    format!(
        "<div class=\"neighbours\">{}{}</div>\n",
        link(before, "prev", &site.previous),
        link(after, "next", &site.next)
    )
}

fn heading(page: &Page) -> String {
    format!("<h1>{}</h1>\n<p class=\"lead\">{}</p>\n", escape(&page.heading), escape(&page.description))
}

/// The book's chapters as a plain list.
fn contents(places: &Places, site: &Site, chapters: &[Chapter]) -> String {
    let mut items = String::new();
    for chapter in chapters.iter().filter(|chapter| chapter.order.is_some()) {
        let address = format!("{}{}/{}", places.base, site.folder, chapter.path());
        let _ = writeln!(
            items,
            "<li><a href=\"{address}\">{}</a> {}</li>",
            escape(&chapter.title),
            escape(&chapter.lead)
        );
    }
    if items.is_empty() {
        return String::new();
    }
    format!("<h2>{}</h2>\n<ol>\n{items}</ol>\n", escape(&site.contents))
}

/// What a page puts into the template.
struct Filled<'a> {
    title: &'a str,
    description: &'a str,
    article: &'a str,
    /// Below the language's folder.
    path: &'a str,
    /// The page says so without scripts.
    needs_script: bool,
}

fn fill(places: &Places, template: &str, site: &Site, page: &Filled) -> String {
    let mut alternates = String::new();
    for language in LANGUAGES {
        let tag = if language == site.folder { &site.language } else { &site.other.tag };
        let _ = writeln!(
            alternates,
            "<link rel=\"alternate\" hreflang=\"{tag}\" href=\"{}{language}/{}\">",
            places.base, page.path
        );
    }
    let home = format!("{}{}/", places.base, site.folder);
    let navigation = &site.navigation;
    let body = format!(
        "<div id=\"static\">\n<a class=\"skip\" href=\"#content\">{skip}</a>\n\
         <header class=\"top\"><a class=\"mark\" href=\"{home}\">{name}</a>\n\
         <nav aria-label=\"{label}\"><a href=\"{home}book/\">{book}</a> <a href=\"{home}stepper/\">{stepper}</a> \
         <a href=\"{home}lab/\">{lab}</a> <a href=\"{home}cell/\">{cell}</a></nav>\n\
         <a class=\"ghost\" href=\"{base}{other}/{path}\" hreflang=\"{tag}\" lang=\"{tag}\">{other_label}</a></header>\n\
         <main id=\"content\">\n<div id=\"start-message\" role=\"alert\"></div>\n{noscript}\
         <article>\n{article}</article>\n</main>\n\
         <footer><a href=\"{home}about/\">{about}</a> <a href=\"{home}glossary/\">{glossary}</a> <a href=\"{home}teachers/\">{teachers}</a></footer>\n</div>\n{words}",
        skip = escape(&navigation.skip),
        name = escape(&site.name),
        label = escape(&navigation.label),
        book = escape(&navigation.book),
        stepper = escape(&navigation.stepper),
        lab = escape(&navigation.lab),
        cell = escape(&navigation.cell),
        about = escape(&navigation.about),
        glossary = escape(&navigation.glossary),
        teachers = escape(&navigation.teachers),
        base = places.base,
        other = site.other.language,
        path = page.path,
        tag = site.other.tag,
        other_label = escape(&site.other.label),
        noscript = if page.needs_script {
            let sentence = site.start.get("no-script").map(|text| escape(text)).unwrap_or_default();
            format!("<noscript><p>{sentence}</p></noscript>\n")
        } else {
            String::new()
        },
        article = page.article,
        words = start_words(site),
    );
    put(&with_tools(template, page.path), site, (page.title, page.description), &alternates, &body)
}

/// The sentences that `start.js` may have to say, in the page's own language.
pub(super) fn start_words(site: &Site) -> String {
    let mut words = String::from("<template id=\"start-words\">");
    for (key, sentence) in site.start.iter().filter(|(key, _)| key.as_str() != "no-script") {
        let _ = write!(words, "<p data-key=\"{key}\">{}</p>", escape(sentence));
    }
    words + "</template>"
}

/// Title and description in front of the page's own.
pub(super) fn put(
    template: &str,
    site: &Site,
    (title, description): (&str, &str),
    alternates: &str,
    body: &str,
) -> String {
    template
        .replace("{{language}}", &site.language)
        .replace("{{folder}}", &site.folder)
        .replace("{{title}}", &escape(title))
        .replace("{{description}}", &escape(description))
        .replace("<meta name=\"alternates\">", alternates.trim_end())
        .replace("{{body}}", body)
}

/// Escapes text for HTML, inside of attributes too.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// Writes a page after checking that nothing was left to fill in and that it holds nothing its policy would drop.
pub(super) fn write_page(path: &Path, html: &str) -> Result<(), PagesError> {
    for forbidden in ["{{", " style=\"", " onclick=", " onerror="] {
        if html.contains(forbidden) {
            return Err(PagesError::Whole { path: path.to_path_buf(), what: format!("holds `{forbidden}`") });
        }
    }
    write(path, html)
}
