//! The worker that keeps the site for use without a network: its list of files, and the name of the build.

use std::path::{Path, PathBuf};
use std::{fs, io};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Hash, PagesError, at, entries, read, write};

/// Where pages say which build they are of; filled in once everything else is written.
const PLACE: &str = " data-build=\"\"";
/// The worker's file.
const WORKER: &str = "sw.js";

/// What the worker is told: see `public/sw.js`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    /// The build's name; empty: nothing is kept.
    build: String,
    files: Vec<File>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct File {
    /// Below the base; a folder stands for its page.
    path: String,
    /// As in an `integrity` attribute.
    integrity: String,
    /// Whether the name changes with what is in the file.
    is_fixed: bool,
    /// Whether it is fetched only when it is needed.
    is_later: bool,
}

/// Names the build of `folder`, writes the name into its pages and the list of its files in front of the worker's text.
/// A site that is not kept gets a worker that takes itself away, and pages that ask for none.
///
/// Returns the build's name.
///
/// # Errors
/// A file that cannot be read or written.
pub fn keep_site(folder: &Path, worker: &str, is_kept: bool) -> Result<String, PagesError> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    let name_of = |path: &Path| {
        let below = path.strip_prefix(folder).unwrap_or(path);
        below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    };
    let build = if is_kept { name_build(&paths, &name_of)? } else { String::new() };
    let mut files = Vec::new();
    for path in &paths {
        let name = name_of(path);
        if name == WORKER {
            continue;
        }
        if Path::new(&name).extension().is_some_and(|ending| ending == "html") {
            let attribute = if is_kept { format!(" data-build=\"{build}\"") } else { String::new() };
            let page = read(path)?;
            if page.contains(PLACE) {
                write(path, &page.replace(PLACE, &attribute))?;
            }
        }
        if is_kept {
            files.push(describe(&name, &fs::read(path).map_err(at(path))?));
        }
    }
    let kept = Kept { build, files };
    let list = serde_json::to_string(&kept)
        .map_err(|error| PagesError::File { path: folder.join(WORKER), error: io::Error::other(error) })?;
    write(&folder.join(WORKER), &format!("const site = {list};\n{worker}"))?;
    Ok(kept.build)
}

/// The text of the worker.
///
/// # Errors
/// It cannot be read.
pub fn worker(project: &Path) -> Result<String, PagesError> {
    read(&project.join("public").join(WORKER))
}

fn name_build(paths: &[PathBuf], name_of: &impl Fn(&Path) -> String) -> Result<String, PagesError> {
    let mut hash = Hash::new();
    for path in paths.iter().filter(|path| name_of(path) != WORKER) {
        hash.add(name_of(path).as_bytes());
        hash.add(&[0]);
        hash.add(&fs::read(path).map_err(at(path))?);
    }
    Ok(hash.text())
}

fn describe(name: &str, bytes: &[u8]) -> File {
    let path = match name.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder.to_owned(),
        _ => name.to_owned(),
    };
    File {
        integrity: format!("sha256-{}", STANDARD.encode(Sha256::digest(bytes))),
        is_fixed: has_hash(name),
        // The dictionary: 2 MB that few readers need.
        is_later: name.starts_with("words/"),
        path,
    }
}

/// Whether a part of the name is a hash of what is in the file, Trunk's or ours.
fn has_hash(name: &str) -> bool {
    let is_hash = |part: &str| part.len() >= 12 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    name.split(['/', '-', '.', '_']).any(is_hash)
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), PagesError> {
    for path in entries(folder)? {
        if path.is_dir() {
            collect(&path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("unrolled-offline-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("en/lab")).unwrap();
        fs::create_dir_all(folder.join("words/0123456789abcdef")).unwrap();
        for (name, text) in [
            ("index.html", "<p>root</p>"),
            ("en/lab/index.html", "<script data-build=\"\"></script>"),
            ("app-0123456789abcdef_bg.wasm", "w"),
            ("words/0123456789abcdef/segmenter.js", "s"),
            ("sw.js", "whatever stood here"),
        ] {
            fs::write(folder.join(name), text).unwrap();
        }
        folder
    }

    fn text(folder: &Path, name: &str) -> String {
        fs::read_to_string(folder.join(name)).unwrap()
    }

    #[test]
    fn a_kept_site_names_its_build_in_pages_and_worker() {
        let folder = site("kept");
        let build = keep_site(&folder, "work();", true).unwrap();
        assert_eq!(build.len(), 16);
        assert_eq!(text(&folder, "en/lab/index.html"), format!("<script data-build=\"{build}\"></script>"));
        let worker = text(&folder, "sw.js");
        let (list, rest) = worker.split_once(";\n").unwrap();
        assert_eq!(rest, "work();");
        let list: serde_json::Value =
            serde_json::from_str(list.strip_prefix("const site = ").unwrap()).unwrap();
        assert_eq!(list["build"], build.as_str());
        let files: Vec<(&str, bool, bool)> = list["files"]
            .as_array()
            .unwrap()
            .iter()
            .map(|file| {
                (
                    file["path"].as_str().unwrap(),
                    file["isFixed"].as_bool().unwrap(),
                    file["isLater"].as_bool().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            files,
            [
                ("app-0123456789abcdef_bg.wasm", true, false),
                ("en/lab/", false, false),
                ("", false, false),
                ("words/0123456789abcdef/segmenter.js", true, true),
            ]
        );
        // Of "<p>root</p>", as `openssl dgst -sha256 -binary | base64` says it.
        assert_eq!(list["files"][2]["integrity"], "sha256-1R1eYPG8pel7jqhSx/BLIxc1+z/sEx8ZI5HmsNdG/zI=");
    }

    #[test]
    fn the_worker_asks_for_nothing_but_the_site_s_own_files_and_evaluates_nothing() {
        // No policy of a page reaches this worker, so its text is held to one here.
        let worker = worker(&crate::run::project()).unwrap();
        for forbidden in
            ["eval", "Function(", "import(", "importScripts", "http:", "https:", "//cdn", "WebSocket"]
        {
            assert!(!worker.contains(forbidden), "{forbidden}");
        }
        // Other sites at the same origin are none of its business.
        assert!(worker.contains("request.url.startsWith(scope)"));
    }

    #[test]
    fn whatever_changes_gives_the_build_another_name() {
        let folder = site("one");
        let first = keep_site(&folder, "", true).unwrap();
        let folder = site("two");
        fs::write(folder.join("index.html"), "<p>another root</p>").unwrap();
        assert_ne!(keep_site(&folder, "", true).unwrap(), first);
        let folder = site("three");
        assert_eq!(keep_site(&folder, "", true).unwrap(), first);
    }

    #[test]
    fn a_site_that_is_not_kept_takes_its_worker_away() {
        let folder = site("not");
        assert_eq!(keep_site(&folder, "work();", false).unwrap(), "");
        assert_eq!(text(&folder, "en/lab/index.html"), "<script></script>");
        assert_eq!(text(&folder, "sw.js"), "const site = {\"build\":\"\",\"files\":[]};\nwork();");
    }
}
