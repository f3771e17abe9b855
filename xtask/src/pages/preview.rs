//! A quick look while writing: articles, style and figures into a site that is built already, under the same names.

use std::path::Path;

use super::style::{style, tools_style};
use super::{LANGUAGES, PagesError, entries, hidden, math, read, read_chapters, worker, write};

/// Puts the articles, the style sheet and the figures' wasm file of `figures` (what wasm-bindgen wrote) into `dist`.
///
/// # Errors
/// The first mistake in a text, or a file that cannot be read or written.
pub fn renew(project: &Path, dist: &Path, base: &str, figures: &Path) -> Result<(), PagesError> {
    let mut rules = math::Rules::new();
    for language in LANGUAGES {
        for chapter in read_chapters(project, base, language, &mut rules)? {
            let path = dist.join(language).join(chapter.path()).join("index.html");
            let page = read(&path)?;
            if let (Some(start), Some(end)) = (page.find("<article>"), page.find("</article>")) {
                write(&path, &format!("{}<article>\n{}{}", &page[..start], chapter.html, &page[end..]))?;
            }
        }
    }
    for path in entries(dist)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("style-") {
            write(&path, &style(project, &rules)?)?;
        } else if name.starts_with("tools-") && name.ends_with(".css") {
            write(&path, &tools_style(project)?)?;
        } else if name.starts_with("figures-") && name.ends_with(".js") {
            write(&path, &hidden(&read(&figures.join("figures.js"))?))?;
        } else if name.starts_with("figures-") && name.ends_with(".wasm") {
            let from = figures.join("figures_bg.wasm");
            std::fs::copy(&from, &path).map_err(super::at(&from))?;
        }
    }
    // What is looked at must come from here, not from what a browser has kept of the build before.
    let none = "const site = {\"build\":\"\",\"files\":[]};\n";
    write(&dist.join("sw.js"), &format!("{none}{}", worker(project)?))
}
