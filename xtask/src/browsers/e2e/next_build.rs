//! Another build of the same site, made of the one that is there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use xtask::pages::{keep_site, worker};
use xtask::run::project;
use xtask::site::dist;

use crate::{Failure, Outcome};

/// Another build of the same site: every name with a hash is another one, and one page says something else.
pub fn next_build(name: &str) -> Outcome<PathBuf> {
    let folder = project().join("target").join("e2e").join(name);
    let _ = fs::remove_dir_all(&folder);
    let mut hashes = BTreeMap::new();
    find_hashes(&dist(), &mut hashes)?;
    copy(&dist(), &folder, &hashes)?;
    let worker = worker(&project()).map_err(|error| Failure(error.to_string()))?;
    keep_site(&folder, &worker, true).map_err(|error| Failure(error.to_string()))?;
    Ok(folder)
}

/// Hashes in names, each with another one that stands for it in the next build.
fn find_hashes(folder: &Path, hashes: &mut BTreeMap<String, String>) -> Outcome {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for part in name.split(['-', '.', '_']) {
            if part.len() >= 12 && part.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                hashes.insert(part.to_owned(), part.chars().rev().collect());
            }
        }
        if path.is_dir() {
            find_hashes(&path, hashes)?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path, hashes: &BTreeMap<String, String>) -> Outcome {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let mut name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for (old, new) in hashes {
            name = name.replace(old, new);
        }
        let target = to.join(&name);
        if path.is_dir() {
            copy(&path, &target, hashes)?;
        } else if name.ends_with(".html") {
            let mut page = fs::read_to_string(&path)?;
            for (old, new) in hashes {
                page = page.replace(old, new);
            }
            if let Some((before, rest)) = page.split_once(" data-build=\"")
                && let Some((_, after)) = rest.split_once('"')
            {
                page = format!("{before} data-build=\"\"{after}");
            }
            fs::write(target, page.replace("</article>", "<p>Another build.</p></article>"))?;
        } else {
            fs::copy(&path, target)?;
        }
    }
    Ok(())
}
