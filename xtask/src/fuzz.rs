//! `cargo xtask soak fuzz`: what comes from outside (cells, links, files) is fuzzed by libFuzzer.
//!
//! The targets are a package of their own, `fuzz`. No sanitizer is used: there is no unsafe code to watch, and so the
//! stable compiler will do.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::run::{cache, find, project, watch};

/// Seeds of a target: a folder of the project, the files' ending.
struct Target {
    name: &'static str,
    seeds: &'static [(&'static str, &'static str)],
    /// Bytes of the longest input.
    longest: usize,
}

const TARGETS: [Target; 4] = [
    Target { name: "cell", seeds: &[("src/engine/cells", "cell")], longest: 2_000 },
    Target { name: "link", seeds: &[("fuzz/seeds/link", "txt")], longest: 4_000 },
    Target { name: "experiment", seeds: &[("fuzz/seeds/experiment", "json")], longest: 8_000 },
    Target {
        name: "import",
        seeds: &[
            ("tests/files/models", "safetensors"),
            ("tests/files/models", "keras"),
            ("tests/files/models", "h5"),
            ("fuzz/seeds/experiment", "json"),
        ],
        longest: 32_000,
    },
];

/// Fuzzes each target for so many minutes.
///
/// # Errors
/// A target crashed: the input that did it is named; or cargo-fuzz is not there and cannot be installed.
pub fn run(minutes: u64) -> Result<(), String> {
    let program = installed()?;
    for target in &TARGETS {
        eprintln!("fuzzing {} for {minutes} minutes …", target.name);
        let corpus = project().join("fuzz").join("corpus").join(target.name);
        fs::create_dir_all(&corpus).map_err(|error| error.to_string())?;
        plant(target, &corpus)?;
        let mut command = Command::new(&program);
        command
            .current_dir(project())
            .args(["fuzz", "run", "--sanitizer", "none", target.name, "--"])
            .arg(format!("-max_total_time={}", minutes * 60))
            .arg(format!("-max_len={}", target.longest))
            .args(["-timeout=20", "-rss_limit_mb=4096"]);
        let log = cache().join("log").join(format!("fuzz-{}.log", target.name));
        watch(&mut command, &log, Duration::from_secs(minutes * 60 + 1_800)).map_err(|error| {
            format!("{}: {error}\nThe input stands in fuzz/artifacts/{}.", target.name, target.name)
        })?;
        println!("ok      fuzz {}: {}", target.name, last_word(&log));
    }
    Ok(())
}

/// What libFuzzer says at its end: how many inputs it tried.
fn last_word(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let done = text.lines().rev().find(|line| line.starts_with("Done ")).unwrap_or("done");
    done.to_owned()
}

/// Copies the seeds into the corpus, under names that say where they come from.
fn plant(target: &Target, corpus: &Path) -> Result<(), String> {
    for (folder, ending) in target.seeds {
        for entry in
            fs::read_dir(project().join(folder)).map_err(|error| format!("{folder}: {error}"))?.flatten()
        {
            let path = entry.path();
            if path.extension().is_some_and(|own| own == *ending) {
                fs::copy(&path, corpus.join(entry.file_name())).map_err(|error| error.to_string())?;
            }
        }
    }
    Ok(())
}

/// `cargo-fuzz`, installed into the project's cache if it is nowhere.
fn installed() -> Result<std::path::PathBuf, String> {
    let own = cache().join("tools").join("bin").join("cargo-fuzz");
    if own.exists() {
        return Ok(own);
    }
    if let Some(path) = find("cargo-fuzz") {
        return Ok(path);
    }
    eprintln!("installing cargo-fuzz …");
    let mut command = Command::new("cargo");
    command
        .args(["install", "--locked", "cargo-fuzz", "--version", "0.13.1", "--root"])
        .arg(cache().join("tools"));
    watch(&mut command, &cache().join("log").join("cargo-fuzz.log"), Duration::from_secs(1_800))
        .map_err(|error| format!("{error}\nTry: cargo install cargo-fuzz"))?;
    Ok(own)
}
