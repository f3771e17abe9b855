//! Installs what is missing, and nothing else: each step first looks, then tries the ordinary way, then another one.
//!
//! Everything goes into the project's own cache folder ([`crate::run::cache`]), except what a package manager installs.

mod apt;
mod browsers;
mod node;
mod paths;
mod programs;
mod python;
mod wasm32;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

pub use browsers::Browsers;
pub use node::tensorflow;
pub use python::{VARIABLE as PYTHON, numpy};

use crate::run;

/// A step that did not work out: which, why, and what to try.
#[derive(Debug, thiserror::Error)]
#[error("Set-up stopped at: {step}\n\nWhy: {why}\n\nWhat to try:\n{}", list(.try_this))]
pub struct SetupError {
    /// Its name.
    pub step: String,
    /// What went wrong, way by way.
    pub why: String,
    /// What a person can do.
    pub try_this: Vec<String>,
}

fn list(lines: &[String]) -> String {
    lines.iter().map(|line| format!("  - {line}")).collect::<Vec<_>>().join("\n")
}

/// What later commands need in their environment.
#[derive(Clone, Debug, Default)]
pub struct Tools {
    /// Folders that stand first on PATH.
    folders: Vec<PathBuf>,
    /// Variables for everything that compiles to WebAssembly.
    variables: Vec<(String, OsString)>,
    /// Whether clippy can be run for wasm32: it must come with the compiler that has the standard library.
    pub clippy_for_wasm32: bool,
    /// The browsers and their drivers, when asked for.
    pub browsers: Option<Browsers>,
}

impl Tools {
    /// A command that finds the tools and compiles to WebAssembly.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(run::project());
        let mut path = self.folders.clone();
        if let Some(old) = std::env::var_os("PATH") {
            path.extend(std::env::split_paths(&old));
        }
        if let Ok(path) = std::env::join_paths(path) {
            command.env("PATH", path);
        }
        // The kernels need SIMD, which .cargo/config.toml turns on and this variable would silently turn off.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        // This one is added to what stands there.
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", paths::shortened());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// What is going to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Build the site.
    Build,
    /// Build it and drive browsers.
    Browsers,
}

/// One step: its name, how long it takes when something is missing, how to look and how to install.
struct Step {
    name: &'static str,
    minutes: &'static str,
    run: fn(&mut Tools, &Report) -> Result<Outcome, SetupError>,
}

/// What a step found or did.
enum Outcome {
    /// It was there.
    There,
    /// It was installed, in the words that say how.
    Installed(String),
}

/// Tells what is going on while a step installs something.
struct Report {
    number: usize,
    total: usize,
    name: &'static str,
    minutes: &'static str,
}

impl Report {
    /// Said once, when the step turns out to have something to do.
    fn begin(&self) {
        eprintln!("{}/{} {} … (about {})", self.number, self.total, self.name, self.minutes);
    }

    /// The way that is tried now.
    fn way(&self, words: &str) {
        eprintln!("      {words}");
    }
}

/// The compiler's own target, by its name.
///
/// # Errors
/// No compiler that says it.
pub fn host() -> Result<String, String> {
    let said = run::capture(Command::new("rustc").arg("-vV")).unwrap_or_default();
    host_in(&said).map(str::to_owned).ok_or_else(|| "no host in rustc -vV".to_owned())
}

fn host_in(version: &str) -> Option<&str> {
    version.lines().find_map(|line| line.strip_prefix("host: "))
}

/// Looks for everything, installs what is missing.
///
/// # Errors
/// The first step that could be done in no way.
pub fn ready(purpose: Purpose) -> Result<Tools, SetupError> {
    let mut steps = vec![
        Step { name: "Standard library for WebAssembly", minutes: "1 to 3 minutes", run: wasm32::step },
        Step { name: "wasm-bindgen", minutes: "2 minutes", run: programs::wasm_bindgen },
        Step { name: "Trunk", minutes: "4 minutes", run: programs::trunk },
        Step { name: "wasm-opt", minutes: "half a minute", run: node::wasm_opt },
        Step { name: "Dependencies", minutes: "1 minute", run: programs::dependencies },
    ];
    if purpose == Purpose::Browsers {
        steps.push(Step {
            name: "Chromium, Firefox and their drivers",
            minutes: "2 minutes",
            run: browsers::step,
        });
        steps.push(Step { name: "axe-core", minutes: "half a minute", run: node::axe });
    }
    let began = Instant::now();
    let total = steps.len();
    let mut tools = Tools { folders: vec![run::cache().join("tools").join("bin")], ..Tools::default() };
    let mut installed = false;
    for (index, step) in steps.iter().enumerate() {
        let report = Report { number: index + 1, total, name: step.name, minutes: step.minutes };
        let step_began = Instant::now();
        if let Outcome::Installed(how) = (step.run)(&mut tools, &report)? {
            installed = true;
            eprintln!("      done in {} s: {how}", step_began.elapsed().as_secs());
        }
    }
    if installed {
        eprintln!("Everything is there ({} s).", began.elapsed().as_secs());
    }
    Ok(tools)
}

/// Where a step's output is kept.
fn log(name: &str) -> PathBuf {
    run::cache().join("log").join(format!("{name}.log"))
}

const MINUTE: Duration = Duration::from_secs(60);

/// A version as three numbers, from a text such as `trunk 0.21.14`.
fn version(text: &str) -> Option<[u32; 3]> {
    let word =
        text.split_whitespace().find(|word| word.starts_with(|letter: char| letter.is_ascii_digit()))?;
    let mut numbers = word.split('.').map(|part| {
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().unwrap_or(0)
    });
    Some([numbers.next()?, numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)])
}

/// The version in `Cargo.lock` of a package.
fn locked_version(name: &str) -> Result<String, SetupError> {
    let lock = std::fs::read_to_string(run::project().join("Cargo.lock"));
    let version = lock.ok().and_then(|lock| version_in(&lock, name));
    version.ok_or_else(|| SetupError {
        step: name.to_owned(),
        why: "Cargo.lock does not say its version".into(),
        try_this: vec!["git checkout Cargo.lock".into()],
    })
}

fn version_in(lock: &str, name: &str) -> Option<String> {
    let start = lock.find(&format!("name = \"{name}\"\n"))?;
    let line = lock[start..].lines().nth(1)?;
    Some(line.trim_start_matches("version = \"").trim_end_matches('"').to_owned())
}

/// Writes a small program that runs another one.
#[cfg(unix)]
fn write_script(path: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn write_script(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_in_what_programs_print() {
        assert_eq!(version("trunk 0.21.14"), Some([0, 21, 14]));
        assert_eq!(version("wasm-opt version 132 (version_132)"), Some([132, 0, 0]));
        assert_eq!(version("geckodriver 0.37.1 ( 2026)"), Some([0, 37, 1]));
        assert_eq!(version("nothing"), None);
    }

    #[test]
    fn a_lock_file_says_which_version_of_a_package_is_built() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.9\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.7\"\nsource = \"x\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.7"));
        assert_eq!(version_in(lock, "wasm"), None);
        assert!(locked_version("wasm-bindgen").is_ok_and(|known| version(&known).is_some()));
    }
}
