//! How much memory a browser holds, all of its processes together. Linux only: elsewhere it is zero.

use std::collections::BTreeMap;
use std::fs;

/// Megabytes of the processes below `root`, each page of memory counted once among those that share it.
pub fn megabytes_below(root: u32) -> f64 {
    let mut parents = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        if let Some(parent) = fs::read_to_string(entry.path().join("stat")).ok().as_deref().and_then(parent) {
            parents.insert(id, parent);
        }
    }
    let is_below = |mut id: u32| {
        while let Some(&parent) = parents.get(&id) {
            if parent == root {
                return true;
            }
            id = parent;
        }
        false
    };
    let kilobytes: f64 = parents.keys().filter(|id| is_below(**id)).map(|id| kilobytes(*id)).sum();
    kilobytes / 1024.0
}

/// The parent's number in a line of `/proc/ID/stat`; the program's name in it may hold spaces and brackets.
fn parent(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// The proportional set size.
fn kilobytes(id: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok()).unwrap_or(0.0)
}
