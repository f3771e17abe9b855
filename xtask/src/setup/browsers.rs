//! Chromium and Firefox with their drivers: installed ones, else by apt.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::programs::{self, found, printed_version};
use super::{Outcome, Report, SetupError, Tools, apt};
use crate::run::{capture, find};

/// Where the browsers are.
#[derive(Clone, Debug)]
pub struct Browsers {
    /// Chromium or Chrome.
    pub chromium: PathBuf,
    /// Its driver, of the same main version.
    pub chromedriver: PathBuf,
    /// Firefox.
    pub firefox: PathBuf,
    /// Its driver.
    pub geckodriver: PathBuf,
}

/// Finds or installs all four.
pub fn step(tools: &mut Tools, report: &Report) -> Result<Outcome, SetupError> {
    let mut installed = Vec::new();
    if chromium().is_none() || chromedriver().is_none() || firefox().is_none() {
        report.begin();
        installed.push("browsers by apt");
        from_apt(report).map_err(|why| failed(report, &why))?;
    }
    // Its driver for Firefox is not in Debian.
    if geckodriver().is_none() {
        if installed.is_empty() {
            report.begin();
        }
        installed.push("geckodriver from crates.io");
        programs::install("geckodriver", programs::GECKODRIVER, report)?;
    }
    let browsers = look().map_err(|why| failed(report, &why))?;
    tools.browsers = Some(browsers);
    Ok(if installed.is_empty() { Outcome::There } else { Outcome::Installed(installed.join(", ")) })
}

fn look() -> Result<Browsers, String> {
    let missing = |name: &str| format!("{name} was not found");
    Ok(Browsers {
        chromium: chromium().ok_or_else(|| missing("Chromium"))?,
        chromedriver: chromedriver().ok_or_else(|| missing("chromedriver"))?,
        firefox: firefox().ok_or_else(|| missing("Firefox"))?,
        geckodriver: geckodriver().ok_or_else(|| missing("geckodriver"))?,
    })
}

fn from_apt(report: &Report) -> Result<(), String> {
    if !apt::usable() {
        return Err("there is no apt-get that may be used here".into());
    }
    // Debian's names, then Ubuntu's.
    let choose = |names: [&'static str; 2]| if apt::offers(names[0]) { names[0] } else { names[1] };
    let mut packages = Vec::new();
    if chromium().is_none() || chromedriver().is_none() {
        packages.push(choose(["chromium", "chromium-browser"]));
        packages.push(choose(["chromium-driver", "chromium-chromedriver"]));
    }
    if firefox().is_none() {
        packages.push(choose(["firefox-esr", "firefox"]));
    }
    if capture(Command::new("fc-list").arg(":lang=zh")).is_none_or(|text| text.is_empty()) {
        packages.push("fonts-noto-cjk");
    }
    if packages.is_empty() {
        return Ok(());
    }
    report.way(&format!("apt-get install {}", packages.join(" ")));
    apt::install(&packages)
}

fn failed(report: &Report, why: &str) -> SetupError {
    SetupError {
        step: report.name.to_owned(),
        why: why.to_owned(),
        try_this: vec![
            "Debian: apt-get install chromium chromium-driver firefox-esr".into(),
            "Ubuntu: apt-get install chromium-browser chromium-chromedriver firefox".into(),
            "Fedora: dnf install chromium chromedriver firefox; Arch: pacman -S chromium firefox geckodriver".into(),
            "macOS: brew install --cask google-chrome firefox chromedriver, brew install geckodriver".into(),
            "elsewhere: install Chromium and Firefox, and put chromedriver and geckodriver on PATH (or set CHROMIUM, CHROMEDRIVER, FIREFOX, GECKODRIVER)".into(),
        ],
    }
}

/// The variable's file, else the first name on PATH, else the first of some usual places.
fn one(variable: &str, names: &[&str], places: &[&str]) -> Option<PathBuf> {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_file())
        .or_else(|| names.iter().find_map(|name| find(name)))
        .or_else(|| places.iter().map(PathBuf::from).find(|path| path.is_file()))
}

fn chromium() -> Option<PathBuf> {
    one(
        "CHROMIUM",
        &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
        &[
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
        ],
    )
}

fn chromedriver() -> Option<PathBuf> {
    one("CHROMEDRIVER", &["chromedriver"], &["/usr/lib/chromium-browser/chromedriver"])
}

fn firefox() -> Option<PathBuf> {
    one("FIREFOX", &["firefox-esr", "firefox"], &["/Applications/Firefox.app/Contents/MacOS/firefox"])
}

fn geckodriver() -> Option<PathBuf> {
    one("GECKODRIVER", &[], &[]).or_else(|| {
        found("geckodriver", |path: &Path| printed_version(path).is_some_and(|version| version >= [0, 34, 0]))
    })
}
