//! The step after Trunk's build: one HTML page a route and language, the book's chapters, the worker's folder.
//!
//! Trunk leaves `index.html` (the template), the app's hashed files, `trainer.js`, `segmenter.js` and their wasm in a
//! staging folder. This step never touches the app's files; it
//! - joins `style/*.css`, in the order of their names, into two files with a hash in their names: all pages', and the tools';
//! - copies `public/`, gives `start.js` and `root.js` a hash, and moves the trainer's files with
//!   the workers' loader into `w/<hash>/`, the segmenter's into `words/<hash>/`;
//! - turns `content/<language>/*.md` into articles, which the app takes out of these pages;
//! - writes every route's `index.html`, `404.html` and the root, which sends on to a language;
//! - names the build and lists its files for the worker that keeps the site for use without a network.

mod chapter;
mod figures;
mod frame;
mod markdown;
mod math;
mod offline;
mod preview;
mod style;
mod symbols;
mod top;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

pub use chapter::{Chapter, read_chapters};
pub use offline::{keep_site, worker};
pub use preview::renew;
pub use words::{Site, read_site};

/// The languages, in the order in which a page lists them.
pub const LANGUAGES: [&str; 2] = ["en", "zh"];

/// The pages that are an app of their own; the others come from `content/`.
pub const APP_PAGES: [&str; 5] = ["home", "book", "stepper", "lab", "cell"];

/// Why the pages cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// A file that cannot be read or written.
    #[error("{path}: {error}")]
    File { path: PathBuf, error: io::Error },
    /// A mistake in a text: where, and what.
    #[error("{path}:{line}:{column}: {what}")]
    Text { path: PathBuf, line: usize, column: usize, what: String },
    /// A mistake that has no line.
    #[error("{path}: {what}")]
    Whole { path: PathBuf, what: String },
}

/// The folders of one run.
pub struct Places<'a> {
    /// The project.
    pub project: &'a Path,
    /// Trunk's staging folder.
    pub staging: &'a Path,
    /// The base of all addresses, with a slash at both ends.
    pub base: &'a str,
    /// Whether browsers keep the site for use without a network.
    pub is_kept: bool,
}

/// Runs the whole step.
///
/// # Errors
/// The first mistake in a text, or a file that cannot be read or written.
pub fn write_pages(places: &Places) -> Result<(), PagesError> {
    let template_path = places.staging.join("index.html");
    let mut chapters_of = BTreeMap::new();
    let mut rules = math::Rules::new();
    for language in LANGUAGES {
        chapters_of.insert(language, read_chapters(places.project, places.base, language, &mut rules)?);
    }
    same_chapters(&chapters_of)?;

    let template = style::put_style(places, &read(&template_path)?, &rules)?;
    copy_public(places)?;
    let trainer = move_worker(
        places,
        "w",
        &[
            ("worker-loader.js", "loader.js"),
            ("trainer.js", "trainer.js"),
            ("trainer_bg.wasm", "trainer_bg.wasm"),
        ],
    )?;
    remove_shim(places, "trainer_loader.js")?;
    let segmenter = move_worker(
        places,
        "words",
        &[("segmenter.js", "segmenter.js"), ("segmenter_bg.wasm", "segmenter_bg.wasm")],
    )?;
    remove_shim(places, "segmenter_loader.js")?;
    let files =
        move_worker(places, "files", &[("files.js", "files.js"), ("files_bg.wasm", "files_bg.wasm")])?;
    remove_shim(places, "files_loader.js")?;
    let front = hash_app(places, "front")?;
    let book = hash_app(places, "book")?;
    hide_name(places, "figures")?;
    let figures = hash_app(places, "figures")?;
    let offline = add_script(places.staging, "offline.js")?;
    let start = add_script(places.staging, "start.js")?;
    let root = add_script(places.staging, "root.js")?;
    let template = template.replace(
        &format!("src=\"{}start.js\"", places.base),
        &format!(
            "src=\"{}{start}\" data-trainer=\"{trainer}\" data-segmenter=\"{segmenter}\" data-front=\"{front}\" data-book=\"{book}\" data-figures=\"{figures}\" data-files=\"{files}\" data-offline=\"{offline}\" data-build=\"\"",
            places.base
        ),
    );

    for language in LANGUAGES {
        let site = read_site(places.project, language)?;
        frame::write_language(places, &template, &site, &chapters_of[language])?;
        top::write_manifest(places, &site)?;
    }
    top::write_not_found(places, &template)?;
    top::write_root(places, &template, &root)?;
    keep_site(places.staging, &worker(places.project)?, places.is_kept).map(drop)
}

/// Both languages must have the same chapters in the same order.
fn same_chapters(chapters_of: &BTreeMap<&str, Vec<Chapter>>) -> Result<(), PagesError> {
    let list = |language: &str| -> Vec<(&str, Option<u32>)> {
        chapters_of[language].iter().map(|chapter| (chapter.id.as_str(), chapter.order)).collect()
    };
    let (first, rest) = (LANGUAGES[0], &LANGUAGES[1..]);
    for language in rest {
        if list(first) != list(language) {
            return Err(PagesError::Whole {
                path: PathBuf::from("content").join(language),
                what: format!(
                    "the pages (id, order) differ between languages: {first} has {:?}, {language} has {:?}",
                    list(first),
                    list(language)
                ),
            });
        }
    }
    Ok(())
}

/// Copies `public/` as it is. What starts with a dot is left out.
fn copy_public(places: &Places) -> Result<(), PagesError> {
    copy_folder(&places.project.join("public"), places.staging)
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), PagesError> {
    fs::create_dir_all(to).map_err(at(to))?;
    for path in entries(from)? {
        let name = path.file_name().unwrap_or_default();
        if name.to_string_lossy().starts_with('.') {
            continue;
        }
        let target = to.join(name);
        if path.is_dir() {
            copy_folder(&path, &target)?;
        } else {
            fs::copy(&path, &target).map_err(at(&path))?;
        }
    }
    Ok(())
}

/// Moves files that belong together (name now, name then) into `<name>/<hash>/`, so that a page never meets a worker of
/// another build. Returns that folder, with a slash at its end.
fn move_worker(places: &Places, name: &str, files: &[(&str, &str)]) -> Result<String, PagesError> {
    let mut hash = Hash::new();
    for (name, _) in files {
        let path = places.staging.join(name);
        hash.add(&fs::read(&path).map_err(at(&path))?);
    }
    let folder = format!("{name}/{}/", hash.text());
    fs::create_dir_all(places.staging.join(&folder)).map_err(at(places.staging))?;
    for (name, new) in files {
        let path = places.staging.join(name);
        fs::rename(&path, places.staging.join(&folder).join(new)).map_err(at(&path))?;
    }
    Ok(folder)
}

/// Gives the two files of one of the smaller apps a hash, as Trunk does for the largest.
/// Returns their name without its ending.
fn hash_app(places: &Places, app: &str) -> Result<String, PagesError> {
    let endings = [".js", "_bg.wasm"];
    let mut hash = Hash::new();
    for ending in endings {
        let path = places.staging.join(format!("{app}{ending}"));
        hash.add(&fs::read(&path).map_err(at(&path))?);
    }
    let new = format!("{app}-{}", hash.text());
    for ending in endings {
        let path = places.staging.join(format!("{app}{ending}"));
        fs::rename(&path, places.staging.join(format!("{new}{ending}"))).map_err(at(&path))?;
    }
    remove_shim(places, &format!("{app}_loader.js"))?;
    Ok(new)
}

/// The figures stand beside one of the apps, whose script has the same global name: theirs becomes one of a block. In a
/// worker, where they train, they stand alone.
fn hide_name(places: &Places, app: &str) -> Result<(), PagesError> {
    let path = places.staging.join(format!("{app}.js"));
    let script = read(&path)?;
    write(&path, &hidden(&script))
}

fn hidden(script: &str) -> String {
    format!("{{\n{script}\n(self.unrolled ??= {{}}).startFigures = wasm_bindgen;\n}}\n")
}

/// Trunk's own start of a worker, which this page does not use.
fn remove_shim(places: &Places, name: &str) -> Result<(), PagesError> {
    let shim = places.staging.join(name);
    if shim.exists() {
        fs::remove_file(&shim).map_err(at(&shim))?;
    }
    Ok(())
}

/// Renames a script like [`add_hash`]. Lines that hold nothing but a comment stay in the project.
fn add_script(folder: &Path, name: &str) -> Result<String, PagesError> {
    let path = folder.join(name);
    write(&path, &without_comments(&read(&path)?))?;
    add_hash(folder, name)
}

fn without_comments(script: &str) -> String {
    let code = script.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| [line, "\n"]).collect()
}

/// Renames `name.ext` to `name-<hash>.ext` and returns the new name.
fn add_hash(folder: &Path, name: &str) -> Result<String, PagesError> {
    let path = folder.join(name);
    let mut hash = Hash::new();
    hash.add(&fs::read(&path).map_err(at(&path))?);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let new = format!("{stem}-{}.{extension}", hash.text());
    fs::rename(&path, folder.join(&new)).map_err(at(&path))?;
    Ok(new)
}

/// FNV-1a over 64 bits: names files by what is in them, guards nothing.
struct Hash(u64);

impl Hash {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn text(&self) -> String {
        format!("{:016x}", self.0)
    }
}

/// A folder's entries, in the order of their names.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, PagesError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        paths.push(entry.map_err(at(folder))?.path());
    }
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<String, PagesError> {
    fs::read_to_string(path).map_err(at(path))
}

fn write(path: &Path, text: &str) -> Result<(), PagesError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(at(folder))?;
    }
    fs::write(path, text).map_err(at(path))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> PagesError + '_ {
    move |error| PagesError::File { path: path.to_path_buf(), error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_comments_do_not_reach_browsers() {
        let script = "// Why.\nconst a = 1; // one\n  // How.\n  go('//');\n";
        assert_eq!(without_comments(script), "const a = 1; // one\n  go('//');\n");
    }
}
