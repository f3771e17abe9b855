//! Debian's and Ubuntu's package manager, where it is there and may be used.

use std::process::Command;
use std::sync::{Mutex, Once, PoisonError};

use super::{MINUTE, log};
use crate::run::{self, capture, find};

/// Whether packages can be installed without asking anyone.
pub fn usable() -> bool {
    find("apt-get").is_some() && prefix().is_some()
}

/// Nothing for root, `sudo` where it asks for no password.
fn prefix() -> Option<Vec<&'static str>> {
    if capture(Command::new("id").arg("-u")).as_deref() == Some("0") {
        return Some(Vec::new());
    }
    capture(Command::new("sudo").args(["-n", "true"])).map(|_| vec!["sudo", "-n"])
}

/// Whether a package is on offer.
pub fn offers(package: &str) -> bool {
    update();
    capture(Command::new("apt-cache").args(["policy", package]))
        .is_some_and(|text| text.contains("Candidate:") && !text.contains("Candidate: (none)"))
}

/// Fetches the list of packages, once a run.
fn update() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = apt(&["update"], "apt-update");
    });
}

/// Installs packages.
///
/// # Errors
/// In words: no apt-get, no right to use it, or what it said.
pub fn install(packages: &[&str]) -> Result<(), String> {
    if find("apt-get").is_none() {
        return Err("there is no apt-get here".into());
    }
    update();
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    apt(&arguments, "apt-install")
}

fn apt(arguments: &[&str], name: &str) -> Result<(), String> {
    let Some(mut words) = prefix() else {
        return Err(format!("apt-get needs root: sudo apt-get {}", arguments.join(" ")));
    };
    words.push("apt-get");
    // The package manager refuses to be run twice at a time.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    run::watch(&mut command, &log(name), 15 * MINUTE).map_err(|error| error.to_string())
}
