//! What stands above the languages: the page at the root, the one for unknown addresses, and each language's manifest.

use std::fmt::Write as _;

use super::frame::{escape, put, start_words, write_page};
use super::style::with_tools;
use super::words::{Site, read_site};
use super::{LANGUAGES, PagesError, Places, write};

/// What GitHub Pages shows for an unknown address: every language's sentence, and the app, which knows the address.
pub fn write_not_found(places: &Places, template: &str) -> Result<(), PagesError> {
    let mut sections = String::new();
    let first = read_site(places.project, LANGUAGES[0])?;
    let (title, words) = (first.not_found.title.as_str(), start_words(&first));
    for language in LANGUAGES {
        let site = read_site(places.project, language)?;
        let home = format!("{}{language}/", places.base);
        let _ = writeln!(
            sections,
            "<section lang=\"{}\"><h1>{}</h1>\n<p>{} <a href=\"{home}\">{}</a>, <a href=\"{home}book/\">{}</a>, \
             <a href=\"{home}stepper/\">{}</a>, <a href=\"{home}lab/\">{}</a></p></section>",
            site.language,
            escape(&site.not_found.heading),
            escape(&site.not_found.text),
            escape(&site.name),
            escape(&site.navigation.book),
            escape(&site.navigation.stepper),
            escape(&site.navigation.lab),
        );
    }
    let body = format!(
        "<div id=\"static\">\n<main id=\"content\">\n<div id=\"start-message\" role=\"alert\"></div>\n{sections}</main>\n</div>\n{words}"
    );
    let robots = "<meta name=\"robots\" content=\"noindex\">";
    let page = put(&with_tools(template, ""), &first, (title, title), robots, &body);
    write_page(&places.staging.join("404.html"), &page)
}

/// The root: sends on to a language; without scripts, a link to each.
pub fn write_root(places: &Places, template: &str, script: &str) -> Result<(), PagesError> {
    let site = read_site(places.project, LANGUAGES[0])?;
    let home = site.pages.get("home").ok_or_else(|| PagesError::Whole {
        path: places.project.join("content"),
        what: "`pages` has no `home`".into(),
    })?;
    let mut links = String::new();
    for language in LANGUAGES {
        let site = read_site(places.project, language)?;
        let label = if language == LANGUAGES[0] { "English" } else { "中文" };
        let description = site.pages.get("home").map(|page| page.description.as_str()).unwrap_or_default();
        let _ = writeln!(
            links,
            "<p lang=\"{tag}\"><a href=\"{base}{language}/\">{label}</a> {text}</p>",
            tag = site.language,
            base = places.base,
            text = escape(description),
        );
    }
    let body = format!("<main id=\"content\"><h1>{}</h1>\n{links}</main>", escape(&site.name));
    let page = put(&with_tools(template, ""), &site, (&home.title, &home.description), "", &body);
    // The root starts nothing: its one script sends on.
    let page = match (page.find("<script defer src="), page.find("</script>")) {
        (Some(start), Some(end)) if start < end => format!(
            "{}<script defer src=\"{}{script}\"></script>{}",
            &page[..start],
            places.base,
            &page[end + "</script>".len()..]
        ),
        _ => {
            return Err(PagesError::Whole {
                path: places.staging.join("index.html"),
                what: "the template has no start script".into(),
            });
        }
    };
    write_page(&places.staging.join("index.html"), &page)
}

/// Writes what a browser that installs the site as a program wants to know of it, in a language.
pub fn write_manifest(places: &Places, site: &Site) -> Result<(), PagesError> {
    let home = site.pages.get("home").map(|page| page.description.as_str()).unwrap_or_default();
    let icon = |name: &str, sizes: &str, kind: &str, purpose: &str| serde_json::json!({"src": format!("{}{name}", places.base), "sizes": sizes, "type": kind, "purpose": purpose});
    let manifest = serde_json::json!({
        "id": places.base,
        "name": site.name,
        "short_name": site.name,
        "description": home,
        "lang": site.language,
        "start_url": format!("{}{}/", places.base, site.folder),
        "scope": places.base,
        "display": "standalone",
        "theme_color": "#ffffff",
        "background_color": "#fbfaf7",
        "icons": [
            icon("icon.svg", "any", "image/svg+xml", "any"),
            icon("icons/192.png", "192x192", "image/png", "any"),
            icon("icons/512.png", "512x512", "image/png", "any"),
            icon("icons/maskable-512.png", "512x512", "image/png", "maskable"),
        ],
    });
    let path = places.staging.join(&site.folder).join("manifest.webmanifest");
    write(&path, &format!("{manifest:#}\n"))
}
