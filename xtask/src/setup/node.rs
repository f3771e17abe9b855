//! What comes from npm: wasm-opt where no other is at hand, and tools that are only used in tests and measurements.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::programs::{found, printed_version};
use super::{MINUTE, Outcome, Report, SetupError, Tools, apt, log, write_script};
use crate::run::{self, cache, capture, find};

const BINARYEN: &str = "132";
/// Debian's own (108) is too old for what the compiler writes.
const OLDEST_WASM_OPT: u32 = 116;
const AXE: &str = "4.14.1";
/// What `cargo xtask bench` compares with.
pub const TENSORFLOW: &str = "4.22.0";

/// wasm-opt: on PATH, else its release from GitHub, else npm's.
pub fn wasm_opt(_: &mut Tools, report: &Report) -> Result<Outcome, SetupError> {
    let is_it = |path: &Path| printed_version(path).is_some_and(|found| found[0] >= OLDEST_WASM_OPT);
    // Asking npm's takes half a second, so the one that this project has installed is believed.
    let own = cache().join("tools").join("bin").join("wasm-opt");
    if own.exists() && cache().join("tools").join(format!("wasm-opt-{BINARYEN}")).exists() {
        return Ok(Outcome::There);
    }
    if found("wasm-opt", is_it).is_some() {
        return Ok(Outcome::There);
    }
    report.begin();
    let mut why = Vec::new();
    let mut how = None;
    match from_github(report) {
        Ok(()) => how = Some("from Binaryen's releases on GitHub"),
        Err(what) => why.push(what),
    }
    if how.is_none() {
        match from_npm(report) {
            Ok(()) => how = Some("from npm's package binaryen"),
            Err(what) => why.push(what),
        }
    }
    match how {
        Some(how) if is_it(&own) => {
            let _ = std::fs::write(cache().join("tools").join(format!("wasm-opt-{BINARYEN}")), how);
            Ok(Outcome::Installed(how.into()))
        }
        _ => Err(SetupError {
            step: report.name.to_owned(),
            why: why.join("\n"),
            try_this: vec![
                format!(
                    "install Binaryen {OLDEST_WASM_OPT} or later (brew install binaryen, pacman -S binaryen)"
                ),
                "install Node.js and npm, then this command again".into(),
            ],
        }),
    }
}

fn from_github(report: &Report) -> Result<(), String> {
    let system = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "x86_64-linux",
        ("linux", "aarch64") => "aarch64-linux",
        ("macos", "x86_64") => "x86_64-macos",
        ("macos", "aarch64") => "arm64-macos",
        (system, machine) => return Err(format!("Binaryen has no release for {machine} {system}")),
    };
    report.way("downloading Binaryen's release");
    let archive = cache().join("binaryen.tar.gz");
    let name = format!("version_{BINARYEN}");
    let address = format!(
        "https://github.com/WebAssembly/binaryen/releases/download/{name}/binaryen-{name}-{system}.tar.gz"
    );
    let mut download = Command::new("curl");
    download.args(["-fsSL", "--connect-timeout", "8", "--max-time", "180", "-o"]).arg(&archive).arg(address);
    run::watch(&mut download, &log("binaryen"), 4 * MINUTE).map_err(|error| error.to_string())?;
    let place = cache().join("binaryen");
    std::fs::create_dir_all(&place).map_err(|error| error.to_string())?;
    let mut unpack = Command::new("tar");
    unpack.arg("-xzf").arg(&archive).arg("-C").arg(&place).args(["--strip-components", "1"]);
    run::watch(&mut unpack, &log("binaryen"), MINUTE).map_err(|error| error.to_string())?;
    let program = place.join("bin").join("wasm-opt");
    script(&format!("exec \"{}\" \"$@\"", program.display()))
}

fn from_npm(report: &Report) -> Result<(), String> {
    let place = npm(&[&format!("binaryen@{BINARYEN}")], report)?;
    let program = place.join("binaryen").join("bin").join("wasm-opt");
    script(&format!("exec node \"{}\" \"$@\"", program.display()))
}

fn script(line: &str) -> Result<(), String> {
    let path = cache().join("tools").join("bin").join("wasm-opt");
    write_script(&path, &format!("#!/bin/sh\n{line}\n")).map_err(|error| error.to_string())
}

/// axe-core, which the tests put into the pages they check.
pub fn axe(_: &mut Tools, report: &Report) -> Result<Outcome, SetupError> {
    package("axe-core", AXE, report)
}

/// TensorFlow.js with its WebAssembly backend, for the comparison in `cargo xtask bench`.
///
/// # Errors
/// npm is missing or fails.
pub fn tensorflow() -> Result<PathBuf, SetupError> {
    let report = Report { number: 1, total: 1, name: "TensorFlow.js", minutes: "1 minute" };
    for name in ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"] {
        package(name, TENSORFLOW, &report)?;
    }
    Ok(cache().join("npm").join("node_modules"))
}

fn package(name: &str, version: &str, report: &Report) -> Result<Outcome, SetupError> {
    let manifest = cache().join("npm").join("node_modules").join(name).join("package.json");
    if std::fs::read_to_string(&manifest)
        .is_ok_and(|text| text.contains(&format!("\"version\": \"{version}\"")))
    {
        return Ok(Outcome::There);
    }
    report.begin();
    npm(&[&format!("{name}@{version}")], report).map_err(|why| SetupError {
        step: report.name.to_owned(),
        why,
        try_this: vec!["install Node.js and npm, then this command again".into()],
    })?;
    Ok(Outcome::Installed("from npm".into()))
}

/// Installs packages into the project's cache; returns its `node_modules`.
fn npm(packages: &[&str], report: &Report) -> Result<PathBuf, String> {
    if find("npm").is_none() || capture(Command::new("node").arg("--version")).is_none() {
        report.way("apt-get install nodejs npm");
        apt::install(&["nodejs", "npm"]).map_err(|why| format!("npm is not here, and {why}"))?;
    }
    report.way(&format!("npm install {}", packages.join(" ")));
    let place = cache().join("npm");
    std::fs::create_dir_all(&place).map_err(|error| error.to_string())?;
    let manifest = place.join("package.json");
    if !manifest.exists() {
        std::fs::write(&manifest, "{ \"private\": true }\n").map_err(|error| error.to_string())?;
    }
    let mut command = Command::new("npm");
    command
        .current_dir(&place)
        .args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"])
        .args(packages);
    run::watch(&mut command, &log("npm"), 10 * MINUTE).map_err(|error| error.to_string())?;
    Ok(place.join("node_modules"))
}
