//! The tools that come from crates.io: wasm-bindgen, Trunk, geckodriver; and the project's own dependencies.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{MINUTE, Outcome, Report, SetupError, Tools, locked_version, log, version};
use crate::run::{self, cache, capture, find};

const TRUNK: &str = "0.21.14";
/// The version of geckodriver that is installed when there is none.
pub const GECKODRIVER: &str = "0.37.1";

/// The command line tool and the test runner, of exactly the version that the page is built with.
pub fn wasm_bindgen(_: &mut Tools, report: &Report) -> Result<Outcome, SetupError> {
    let wanted = locked_version("wasm-bindgen")?;
    let is_it = |path: &Path| {
        printed_version(path) == version(&wanted) && path.with_file_name("wasm-bindgen-test-runner").exists()
    };
    if found("wasm-bindgen", is_it).is_some() {
        return Ok(Outcome::There);
    }
    report.begin();
    install("wasm-bindgen-cli", &wanted, report).map(Outcome::Installed)
}

/// Trunk, 0.21.14 or a later 0.21.
pub fn trunk(_: &mut Tools, report: &Report) -> Result<Outcome, SetupError> {
    let is_it =
        |path: &Path| printed_version(path).is_some_and(|found| found[..2] == [0, 21] && found[2] >= 14);
    if found("trunk", is_it).is_some() {
        return Ok(Outcome::There);
    }
    report.begin();
    install("trunk", TRUNK, report).map(Outcome::Installed)
}

/// What `Cargo.lock` names, so that later steps need no network.
pub fn dependencies(tools: &mut Tools, report: &Report) -> Result<Outcome, SetupError> {
    let fetch = |offline: bool| {
        let mut command = tools.command("cargo");
        command.args(["fetch", "--locked", "--quiet"]);
        if offline {
            command.arg("--offline");
        }
        command
    };
    if capture(&mut fetch(true)).is_some() {
        return Ok(Outcome::There);
    }
    report.begin();
    run::watch(&mut fetch(false), &log("fetch"), 15 * MINUTE).map_err(|error| SetupError {
        step: report.name.to_owned(),
        why: error.to_string(),
        try_this: vec!["check the connection to crates.io".into(), "cargo fetch --locked".into()],
    })?;
    Ok(Outcome::Installed("by cargo fetch".into()))
}

/// A program in the project's cache or on PATH for which `is_it` holds.
pub fn found(name: &str, is_it: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    let own = cache().join("tools").join("bin").join(name);
    [Some(own), find(name)].into_iter().flatten().find(|path| path.exists() && is_it(path))
}

/// The version that `PROGRAM --version` prints.
pub fn printed_version(path: &Path) -> Option<[u32; 3]> {
    version(&capture(Command::new(path).arg("--version"))?)
}

/// Installs a tool of crates.io into the project's cache; returns how.
pub fn install(package: &str, wanted: &str, report: &Report) -> Result<String, SetupError> {
    let root = cache().join("tools");
    // It downloads nothing for us, and needs neither cryptography nor a look for updates.
    let features: &[&str] = if package == "trunk" { &["--no-default-features"] } else { &[] };
    let mut why = Vec::new();
    let mut ways: Vec<(&str, Vec<&str>)> = Vec::new();
    if find("cargo-binstall").is_some() {
        ways.push(("cargo binstall", vec!["binstall", "--no-confirm", "--disable-strategies", "compile"]));
    }
    ways.push(("cargo install --locked", [&["install", "--locked"], features].concat()));
    ways.push(("cargo install", [&["install"], features].concat()));
    for (name, words) in ways {
        report.way(&format!("{name} {package} {wanted}"));
        let mut command = Command::new("cargo");
        command
            .args(words)
            .args([package, "--version", wanted, "--root"])
            .arg(&root)
            .current_dir(run::cache())
            .env("CARGO_TARGET_DIR", run::cache().join("build").join(package))
            // Tools run for seconds and are compiled for minutes: their own release profiles would double that. Only
            // wasm-bindgen reads megabytes itself.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", if package == "wasm-bindgen-cli" { "1" } else { "0" })
            .env_remove("RUSTFLAGS");
        let _ = std::fs::create_dir_all(run::cache());
        match run::watch(&mut command, &log(package), 30 * MINUTE) {
            Ok(()) => {
                let _ = std::fs::remove_dir_all(run::cache().join("build").join(package));
                return Ok(format!("by {name}, into {}", root.display()));
            }
            Err(error) => why.push(error.to_string()),
        }
    }
    Err(SetupError {
        step: report.name.to_owned(),
        why: why.join("\n"),
        try_this: vec![
            format!("cargo install {package} --version {wanted}, and put it on PATH"),
            "a newer Rust, if the message above asks for one: rustup update stable".into(),
        ],
    })
}
