//! Building the site, serving it, and what it weighs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::SystemTime;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::run::{cache, project};
use crate::server::Site;
use crate::setup::Tools;

/// The base that the site is built for unless another one is named: the repository's name, as on GitHub Pages.
pub const BASE: &str = "/unrolled/";

/// Set for Trunk's hook where browsers shall keep the site for use without a network.
pub const KEPT: &str = "UNROLLED_KEPT";

/// Largest first visit to Home or a chapter, gzipped bytes, without the worker. With its live figures a chapter shall
/// keep to it as well: a goal that is not reached yet.
pub const PAGE_BUDGET: usize = 350 * 1024;
/// What the live figures may weigh until then, gzipped bytes. They load once a chapter can be read.
pub const FIGURES_BUDGET: usize = 632 * 1024;
/// What the worker shall weigh, gzipped bytes: a goal that is not reached yet.
pub const WORKER_GOAL: usize = 100 * 1024;
/// What it may weigh until then, gzipped bytes: it must not grow.
pub const WORKER_BUDGET: usize = 178 * 1024;

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
    let status = command.status().map_err(|error| format!("Trunk cannot be started: {error}"))?;
    ended_well(status, "The site could not be built; Trunk's message stands above.")?;
    // The compiler's own folder may be elsewhere.
    let _ = fs::create_dir_all(project().join("target"));
    // One that no browser keeps is only for publishing: tests and `serve` want the other.
    fs::write(stamp(), if kept { base } else { "" }).map_err(|error| error.to_string())
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
        "build.rs",
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

/// One file that ships.
struct Shipped {
    name: String,
    raw: usize,
    gzipped: usize,
}

/// What ships, as a table, and whether it keeps to the budget.
///
/// # Errors
/// `dist` is missing or over the budget; in both cases in words.
pub fn size() -> Result<String, String> {
    let mut files = Vec::new();
    collect(&dist(), "", &mut files)
        .map_err(|error| format!("dist cannot be read (cargo xtask build): {error}"))?;
    let sum = |which: &dyn Fn(&str) -> bool| -> (usize, usize) {
        files
            .iter()
            .filter(|file| which(&file.name))
            .fold((0, 0), |sum, file| (sum.0 + file.raw, sum.1 + file.gzipped))
    };
    let of_every_page = |name: &str| {
        (name.starts_with("start-") || name.starts_with("style-")) && !name.contains('/')
            || name.ends_with(".woff2")
            || name == "icon.svg"
    };
    // Three apps, each with more in it: see start.js.
    let is_tool = |page: &str| ["/stepper/", "/lab/", "/cell/"].iter().any(|tool| page.contains(tool));
    let is_home = |page: &str| page == "en/index.html" || page == "zh/index.html";
    let app_of = |page: &str| match page {
        page if is_tool(page) => "app-",
        page if is_home(page) => "front-",
        _ => "book-",
    };
    let of_app = |name: &str| {
        ["app-", "front-", "book-", "figures-", "tools-"].iter().any(|app| name.starts_with(app))
            || of_every_page(name)
    };
    let worker = sum(&|name| name.starts_with("w/"));
    let mut table = format!("{:<46} {:>10} {:>10}\n", "file", "bytes", "gzipped");
    let mut line = |name: &str, size: (usize, usize)| {
        let _ = writeln!(table, "{name:<46} {:>10} {:>10}", size.0, size.1);
    };
    for file in files.iter().filter(|file| of_app(&file.name) || file.name.starts_with("w/")) {
        line(&file.name, (file.raw, file.gzipped));
    }
    line("every page and fragment of the book", sum(&|name| name.ends_with(".html")));
    line("everything", sum(&|_| true));

    // A first visit: the page's own HTML, the app, style, fonts, and what the page fetches at once.
    let mut first_visits = BTreeMap::new();
    for file in files.iter().filter(|file| file.name.ends_with("/index.html")) {
        let app = app_of(&file.name);
        // A browser loads the math font where there is a formula.
        let text = fs::read_to_string(dist().join(&file.name)).unwrap_or_default();
        let has_formulas = is_tool(&file.name) || text.contains("<math");
        let fetched = sum(&|name| {
            let is_needed = of_every_page(name) && (has_formulas || !name.ends_with(".woff2"));
            let is_tools_sheet = is_tool(&file.name) && name.starts_with("tools-");
            name.starts_with(app) || is_needed || is_tools_sheet || name == file.name
        });
        first_visits.insert(file.name.clone(), fetched);
    }
    let heaviest = first_visits.iter().filter(|(name, _)| !is_tool(name)).max_by_key(|(_, size)| size.1);
    for name in [
        "en/index.html",
        "zh/index.html",
        "en/book/lstm/index.html",
        "en/stepper/index.html",
        "en/lab/index.html",
    ] {
        if let Some(size) = first_visits.get(name) {
            line(&format!("first visit to {}", name.replace("index.html", "")), *size);
        }
    }
    let mut over = Vec::new();
    if let Some((name, size)) = heaviest {
        line(
            &format!("heaviest first visit to Home or a chapter: {}", name.replace("index.html", "")),
            *size,
        );
        if size.1 > PAGE_BUDGET {
            over.push(format!("a first visit is {} bytes gzipped, more than {PAGE_BUDGET}", size.1));
        }
    }
    let figures = sum(&|name| name.starts_with("figures-"));
    line("the live figures, loaded once a chapter can be read", figures);
    if figures.1 > FIGURES_BUDGET {
        over.push(format!("the figures are {} bytes gzipped, more than {FIGURES_BUDGET}", figures.1));
    }
    let exchange = sum(&|name| name.starts_with("files/"));
    line("what reads and writes files, loaded when it is first asked", exchange);
    line("the worker", worker);
    line("the worker's goal", (0, WORKER_GOAL));
    line("words of Chinese, loaded when asked for", sum(&|name| name.starts_with("words/")));
    if worker.1 > WORKER_BUDGET {
        over.push(format!("the worker is {} bytes gzipped, more than {WORKER_BUDGET}", worker.1));
    }
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

fn collect(folder: &Path, prefix: &str, files: &mut Vec<Shipped>) -> std::io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            let bytes = fs::read(entry.path())?;
            files.push(Shipped { name, raw: bytes.len(), gzipped: gzipped(&bytes)? });
        }
    }
    Ok(())
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
