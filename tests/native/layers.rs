//! The layers know nothing of those below them: the project's rules as a test over its own sources.

use std::fs;
use std::path::{Path, PathBuf};

use unrolled::engine::presets::presets;

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of sources").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source file");
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} holds no source");
    found
}

/// Lines of code that name one of these words, comments left out.
fn offenders(folder: &str, words: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    for (path, text) in sources(folder) {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if words.iter().any(|word| code.contains(word)) {
                lines.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    lines
}

#[track_caller]
fn check_layer(folder: &str, forbidden: &[&str]) {
    let found = offenders(folder, forbidden);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

const BROWSER: [&str; 5] = ["leptos", "web_sys", "js_sys", "wasm_bindgen", "crate::app"];

#[test]
fn the_engine_knows_no_text_training_file_view_or_browser() {
    check_layer("src/engine", &BROWSER);
    let above = ["crate::language", "crate::training", "crate::formats", "crate::view", "crate::protocol"];
    check_layer("src/engine", &above);
}

#[test]
fn training_files_and_views_know_no_browser() {
    for folder in ["src/language", "src/training", "src/formats", "src/view", "src/protocol"] {
        check_layer(folder, &BROWSER);
    }
    check_layer("src/language", &["crate::training", "crate::formats", "crate::view", "crate::protocol"]);
    check_layer("src/view", &["crate::protocol", "crate::worker"]);
    check_layer("src/formats", &["crate::view", "crate::protocol"]);
    check_layer("src/training", &["crate::view", "crate::formats", "crate::protocol", "crate::worker"]);
}

#[test]
fn the_worker_knows_no_page() {
    check_layer("src/worker", &["leptos", "crate::app", "crate::view"]);
}

#[test]
fn a_cells_name_decides_nothing_below_the_page() {
    let ids: Vec<String> = presets().iter().map(|preset| format!("\"{}\"", preset.id)).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    // Where a name is only a name.
    let may = [
        // The list itself, and which of its facts an own cell's letters are taken from, by its states.
        "engine/presets.rs",
        "engine/kin.rs",
        // What a new run, and a link that says nothing, begins with; what a link may say.
        "training/settings.rs",
        "view/link/state.rs",
        "view/link/values.rs",
        // The activations of the RNN as a control shows them.
        "view/run.rs",
        // Names of chapters, and of PyTorch's modules.
        "view/address.rs",
        "formats/safetensors/ours.rs",
        "formats/safetensors/write.rs",
        // Each figure says which cell it shows.
        "view/figures/",
    ];
    for folder in ["engine", "language", "training", "formats", "view", "protocol", "worker"] {
        let mut named = offenders(&format!("src/{folder}"), &ids);
        named.retain(|line| !may.iter().any(|place| line.contains(&format!("/src/{place}"))));
        assert!(named.is_empty(), "{}", named.join("\n"));
    }
}

#[test]
fn nothing_draws_random_numbers_but_from_an_explicit_seed() {
    for folder in ["src/engine", "src/language", "src/training", "src/formats", "src/view", "src/worker"] {
        check_layer(
            folder,
            &["thread_rng", "rand::rng()", "StdRng", "SmallRng", "getrandom", "SystemTime", "mul_add("],
        );
    }
}
