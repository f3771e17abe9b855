//! Building the site, serving it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::SystemTime;

use crate::run::{cache, project};
use crate::server::Site;
use crate::setup::Tools;

/// The base that the site is built for unless another one is named: the repository's name, as on GitHub Pages.
pub const BASE: &str = "/unrolled/";

/// Set for Trunk's hook where browsers shall keep the site for use without a network.
pub const KEPT: &str = "UNROLLED_KEPT";

/// Where the site is built.
#[must_use]
pub fn dist() -> PathBuf {
    project().join("dist")
}

/// Builds the release site into `dist`, to be kept by browsers for use without a network.
///
/// # Errors
/// In words: what Trunk ended with.
pub fn build(tools: &Tools, base: &str) -> Result<(), String> {
    build_to_be(tools, base, true)
}

/// Builds the release site into `dist`, to be kept by browsers or not.
///
/// # Errors
/// In words: what Trunk ended with.
pub fn build_to_be(tools: &Tools, base: &str, kept: bool) -> Result<(), String> {
    if !base.starts_with('/') || !base.ends_with('/') {
        return Err(format!("--public-url begins and ends with a slash: /unrolled/ and not {base}"));
    }
    let mut command = tools.command("trunk");
    command.args(["build", "--release", "--offline", "--locked", "--public-url", base]);
    if let Some(own) = own_program() {
        command.env("UNROLLED_XTASK", own);
    }
    if kept {
        command.env(KEPT, "yes");
    } else {
        command.env_remove(KEPT);
    }
    let began = SystemTime::now();
    let status = command.status().map_err(|error| format!("Trunk cannot be started: {error}"))?;
    ended_well(status, "The site could not be built; Trunk's message stands above.")?;
    // The compiler's own folder may be elsewhere.
    let _ = fs::create_dir_all(project().join("target"));
    // One that no browser keeps is only for publishing: tests and `serve` want the other.
    fs::write(stamp(), if kept { base } else { "" }).map_err(|error| error.to_string())?;
    // What is saved while it is built is newer than the site.
    let stamp = fs::File::options().write(true).open(stamp());
    stamp.and_then(|stamp| stamp.set_modified(began)).map_err(|error| error.to_string())
}

/// This program, for Trunk's hook. It may have been built anew since it was started.
fn own_program() -> Option<PathBuf> {
    let own = std::env::current_exe().ok()?;
    let name = own.to_string_lossy().trim_end_matches(" (deleted)").to_owned();
    Some(PathBuf::from(name)).filter(|path| path.is_file())
}

fn ended_well(status: ExitStatus, otherwise: &str) -> Result<(), String> {
    if status.success() { Ok(()) } else { Err(otherwise.to_owned()) }
}

/// Says for which base `dist` was last built; its time says when.
fn stamp() -> PathBuf {
    project().join("target").join("site-base")
}

/// Whether `dist` holds the site for this base, built after everything that goes into it was last changed.
#[must_use]
pub fn is_fresh(base: &str) -> bool {
    let built = fs::metadata(stamp()).and_then(|data| data.modified());
    let (Ok(built), Ok(for_base)) = (built, fs::read_to_string(stamp())) else { return false };
    let sources = [
        "Cargo.toml",
        "Cargo.lock",
        "Trunk.toml",
        "index.html",
        ".cargo",
        "src",
        "style",
        "public",
        "content",
        "locales",
        "xtask/src/pages",
    ];
    let newest = sources.iter().filter_map(|name| newest(&project().join(name))).max();
    for_base == base && dist().join("index.html").is_file() && newest.is_some_and(|newest| newest < built)
}

fn newest(path: &Path) -> Option<SystemTime> {
    let own = fs::metadata(path).and_then(|data| data.modified()).ok()?;
    let Ok(entries) = fs::read_dir(path) else { return Some(own) };
    entries.flatten().filter_map(|entry| newest(&entry.path())).chain([own]).max()
}

/// Builds the site unless it is fresh, and serves it until it is stopped.
///
/// # Errors
/// It cannot be built, or no port is free.
pub fn serve(tools: &Tools, base: &str, port: u16) -> Result<(), String> {
    if is_fresh(base) {
        eprintln!("The site is built already.");
    } else {
        eprintln!("Building the site (about 4 minutes the first time) …");
        build(tools, base)?;
    }
    let site = (port..port.saturating_add(20))
        .find_map(|port| Site::start(&dist(), base, port).ok())
        .ok_or_else(|| format!("no port from {port} on is free; try --port"))?;
    println!("Unrolled runs at {}", site.url(""));
    println!("Stop it with Ctrl+C.");
    loop {
        std::thread::park();
    }
}

/// Puts figures (not optimised), articles and style as they are now into the site that stands in `dist`: seconds, not
/// minutes, and only for looking.
///
/// # Errors
/// In words: something does not compile, or `dist` has no site.
pub fn figures(tools: &Tools, base: &str) -> Result<(), String> {
    if !dist().join("index.html").is_file() {
        return Err("There is no site yet to put the figures into: cargo xtask build".into());
    }
    let compile = "build --locked --target wasm32-unknown-unknown --bin figures --no-default-features --features figures";
    // What is looked at needs no debug information, which would be most of the file.
    let mut command = tools.command("cargo");
    command.args(compile.split(' ')).env("CARGO_PROFILE_DEV_DEBUG", "false");
    let status = command.status().map_err(|error| error.to_string())?;
    ended_well(status, "The figures do not compile; the message stands above.")?;
    // What is put in now is not the site that tests and `serve` want.
    let _ = fs::remove_file(stamp());
    let out = project().join("target").join("preview");
    let wasm = project().join("target").join("wasm32-unknown-unknown").join("debug").join("figures.wasm");
    let mut command = tools.command("wasm-bindgen");
    command
        .args(["--target", "no-modules", "--no-typescript", "--out-name", "figures", "--out-dir"])
        .arg(&out)
        .arg(&wasm);
    let status = command.status().map_err(|error| format!("wasm-bindgen cannot be started: {error}"))?;
    ended_well(status, "wasm-bindgen's message stands above.")?;
    crate::pages::renew(&project(), &dist(), base, &out).map_err(|error| error.to_string())
}

/// Runs the program that drives browsers: tests from end to end, measurements, pictures.
///
/// # Errors
/// It cannot be built or started, or it ended with an error.
pub fn with_browsers(tools: &Tools, arguments: &[&str]) -> Result<(), String> {
    let status = browsers_command(tools, arguments).status().map_err(|error| error.to_string())?;
    ended_well(status, "That did not work; the message stands above.")
}

/// The command of [`with_browsers`].
#[must_use]
pub fn browsers_command(tools: &Tools, arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(project())
        .args([
            "run",
            "--quiet",
            "--locked",
            "--package",
            "xtask",
            "--features",
            "browsers",
            "--bin",
            "xtask-browsers",
            "--",
        ])
        .args(arguments)
        .env("UNROLLED_AXE", cache().join("npm").join("node_modules").join("axe-core").join("axe.min.js"));
    if let Some(browsers) = &tools.browsers {
        command
            .env("CHROMIUM", &browsers.chromium)
            .env("CHROMEDRIVER", &browsers.chromedriver)
            .env("FIREFOX", &browsers.firefox)
            .env("GECKODRIVER", &browsers.geckodriver);
    }
    command
}
