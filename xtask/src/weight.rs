//! `cargo xtask size`: what ships, what a first visit fetches of it, and whether that keeps to the budget.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::site::dist;

/// Largest first visit to Home or a chapter, gzipped bytes, without the worker. With its live figures a chapter shall
/// keep to it as well: a goal that is not reached yet.
pub const PAGE_BUDGET: usize = 350 * 1024;
/// What the live figures may weigh until then, gzipped bytes. They load once a chapter can be read.
pub const FIGURES_BUDGET: usize = 640 * 1024;
/// What the worker shall weigh, gzipped bytes: a goal that is not reached yet.
pub const WORKER_GOAL: usize = 100 * 1024;
/// What it may weigh until then, gzipped bytes: it must not grow.
pub const WORKER_BUDGET: usize = 178 * 1024;

/// Bytes as they are, and gzipped.
type Size = (usize, usize);

/// One file that ships.
struct Shipped {
    name: String,
    size: Size,
    /// Of a page: whether it holds a formula, for which a browser loads the math font.
    has_formulas: bool,
}

/// Everything that ships.
struct Weights(Vec<Shipped>);

/// What ships, as a table, and whether it keeps to the budget.
///
/// # Errors
/// `dist` is missing or over the budget; in both cases in words.
pub fn size() -> Result<String, String> {
    let weights = Weights::measure(&dist())
        .map_err(|error| format!("dist cannot be read (cargo xtask build): {error}"))?;
    let (table, over) = (weights.table(), weights.over_budget());
    if over.is_empty() { Ok(table) } else { Err(format!("{table}\nOver the budget: {}", over.join("; "))) }
}

/// How many bytes these are after gzip, as a static host sends them.
///
/// # Errors
/// None in practice: nothing is written outside of memory.
pub fn gzipped(bytes: &[u8]) -> std::io::Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(9));
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

impl Weights {
    fn measure(folder: &Path) -> std::io::Result<Weights> {
        let mut files = Vec::new();
        collect(folder, "", &mut files)?;
        Ok(Weights(files))
    }

    fn sum(&self, which: impl Fn(&str) -> bool) -> Size {
        let files = self.0.iter().filter(|file| which(&file.name));
        files.fold((0, 0), |sum, file| (sum.0 + file.size.0, sum.1 + file.size.1))
    }

    fn worker(&self) -> Size {
        self.sum(|name| name.starts_with("w/"))
    }

    fn figures(&self) -> Size {
        self.sum(|name| name.starts_with("figures-"))
    }

    fn pages(&self) -> impl Iterator<Item = &Shipped> {
        self.0.iter().filter(|file| file.name.ends_with("/index.html"))
    }

    /// What a first visit to a page fetches at once: its own HTML, the app, style, fonts.
    fn first_visit(&self, page: &Shipped) -> Size {
        // Three apps, each with more in it: see start.js.
        let app = match page.name.as_str() {
            name if is_tool(name) => "app-",
            "en/index.html" | "zh/index.html" => "front-",
            _ => "book-",
        };
        let has_formulas = is_tool(&page.name) || page.has_formulas;
        self.sum(|name| {
            let is_needed = is_of_every_page(name) && (has_formulas || !name.ends_with(".woff2"));
            let is_tools_sheet = is_tool(&page.name) && name.starts_with("tools-");
            name.starts_with(app) || is_needed || is_tools_sheet || name == page.name
        })
    }

    /// The page of Home or the book with the heaviest first visit.
    fn heaviest(&self) -> Option<(&str, Size)> {
        let visits = self.pages().filter(|page| !is_tool(&page.name));
        visits.map(|page| (page.name.as_str(), self.first_visit(page))).max_by_key(|(_, size)| size.1)
    }

    fn table(&self) -> String {
        let mut table = format!("{:<46} {:>10} {:>10}\n", "file", "bytes", "gzipped");
        let mut line = |name: &str, size: Size| {
            let _ = writeln!(table, "{name:<46} {:>10} {:>10}", size.0, size.1);
        };
        let is_listed = |name: &str| {
            let begins = ["app-", "front-", "book-", "figures-", "tools-", "w/"];
            begins.iter().any(|one| name.starts_with(one)) || is_of_every_page(name)
        };
        for file in self.0.iter().filter(|file| is_listed(&file.name)) {
            line(&file.name, file.size);
        }
        line("every page and fragment of the book", self.sum(|name| name.ends_with(".html")));
        line("everything", self.sum(|_| true));
        let shown = |name: &str| name.replace("index.html", "");
        for name in ["en/", "zh/", "en/book/lstm/", "en/stepper/", "en/lab/"] {
            if let Some(page) = self.pages().find(|page| shown(&page.name) == name) {
                line(&format!("first visit to {name}"), self.first_visit(page));
            }
        }
        if let Some((name, size)) = self.heaviest() {
            line(&format!("heaviest first visit to Home or a chapter: {}", shown(name)), size);
        }
        line("the live figures, loaded once a chapter can be read", self.figures());
        let files = self.sum(|name| name.starts_with("files/"));
        line("what reads and writes files, loaded when it is first asked", files);
        line("the worker", self.worker());
        line("the worker's goal", (0, WORKER_GOAL));
        line("words of Chinese, loaded when asked for", self.sum(|name| name.starts_with("words/")));
        table
    }

    /// What is heavier than it may be, in words.
    fn over_budget(&self) -> Vec<String> {
        let visit = self.heaviest().map_or((0, 0), |(_, size)| size);
        let parts = [
            ("a first visit is", visit, PAGE_BUDGET),
            ("the figures are", self.figures(), FIGURES_BUDGET),
            ("the worker is", self.worker(), WORKER_BUDGET),
        ];
        let over = parts.into_iter().filter(|(_, size, most)| size.1 > *most);
        over.map(|(what, size, most)| format!("{what} {} bytes gzipped, more than {most}", size.1)).collect()
    }
}

fn is_of_every_page(name: &str) -> bool {
    (name.starts_with("start-") || name.starts_with("style-")) && !name.contains('/')
        || name.ends_with(".woff2")
        || name == "icon.svg"
}

fn is_tool(page: &str) -> bool {
    ["/stepper/", "/lab/", "/cell/"].iter().any(|tool| page.contains(tool))
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<Shipped>) -> std::io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            let bytes = fs::read(entry.path())?;
            let has_formulas = name.ends_with(".html") && String::from_utf8_lossy(&bytes).contains("<math");
            files.push(Shipped { name, size: (bytes.len(), gzipped(&bytes)?), has_formulas });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(figures: usize, worker: usize) -> Weights {
        let file = |name: &str, gzipped: usize, has_formulas: bool| Shipped {
            name: name.to_owned(),
            size: (2 * gzipped, gzipped),
            has_formulas,
        };
        Weights(vec![
            file("app-1.wasm", 1_000_000, false),
            file("book-1.wasm", 100_000, false),
            file("front-1.wasm", 300_000, false),
            file("figures-1.wasm", figures, false),
            file("tools-1.css", 7, false),
            file("math-1.woff2", 40_000, false),
            file("start-1.js", 10, false),
            file("w/trainer-1.wasm", worker, false),
            file("en/index.html", 5, false),
            file("en/lab/index.html", 3, false),
            file("en/book/lstm/index.html", 20, true),
        ])
    }

    #[test]
    fn a_first_visit_fetches_its_own_app_and_a_font_only_for_formulas() {
        let weights = weights(1, 1);
        let visit = |name: &str| {
            let page = weights.pages().find(|page| page.name == name).unwrap();
            weights.first_visit(page).1
        };
        assert_eq!(visit("en/index.html"), 300_000 + 10 + 5);
        assert_eq!(visit("en/book/lstm/index.html"), 100_000 + 40_000 + 10 + 20);
        assert_eq!(visit("en/lab/index.html"), 1_000_000 + 7 + 40_000 + 10 + 3);
        assert_eq!(weights.heaviest().map(|(name, _)| name), Some("en/index.html"));
    }

    #[test]
    fn what_is_too_heavy_is_named_with_its_limit() {
        assert_eq!(weights(1, 1).over_budget(), [""; 0]);
        let over = weights(FIGURES_BUDGET + 1, WORKER_BUDGET + 1).over_budget();
        assert_eq!(over.len(), 2, "{over:?}");
        assert!(over[0].starts_with("the figures are") && over[1].ends_with(&WORKER_BUDGET.to_string()));
    }
}
