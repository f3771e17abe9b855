//! The steps themselves: the commands, and what is read from their output.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::run::{self, RunError, cache, project};
use crate::setup::{self, Tools};
use crate::{site, weight};

const MINUTE: Duration = Duration::from_secs(60);

/// What one step found.
pub(super) struct Counts {
    pub passed: usize,
    pub failed: usize,
    /// What to show when something failed.
    pub message: String,
}

impl Counts {
    pub fn one(result: Result<(), String>) -> Self {
        match result {
            Ok(()) => Self { passed: 1, failed: 0, message: String::new() },
            Err(message) => Self { passed: 0, failed: 1, message },
        }
    }
}

/// Cargo for the checks, which give way to the release build beside them: all that follows waits for that.
fn cargo() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = match run::find("nice") {
        Some(nice) => {
            let mut command = Command::new(nice);
            command.args(["-n", "10"]).arg(cargo);
            command
        }
        None => Command::new(cargo),
    };
    command.current_dir(project());
    command
}

fn log(name: &str) -> std::path::PathBuf {
    cache().join("log").join(format!("test-{name}.log"))
}

/// Runs a command whose success is what is tested.
fn check(command: &mut Command, name: &str, limit: Duration) -> Counts {
    Counts::one(run::watch(command, &log(name), limit).map_err(|error| explain(&error, &log(name))))
}

/// Lines of a failed command that are shown, from its end.
const SHOWN: usize = 80;

/// What failed, and the end of what a failed command printed.
fn explain(error: &RunError, log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let (before, end) = lines.split_at(lines.len().saturating_sub(SHOWN));
    let failures = before.iter().enumerate().filter(|(_, line)| line.starts_with("FAILED"));
    let failures = failures.flat_map(|(place, _)| before.iter().skip(place).take(2));
    let end = failures.chain(end).copied().collect::<Vec<_>>().join("\n");
    match error {
        RunError::Failed { program, .. } => format!("{end}\n{program} failed; all of it: {}", log.display()),
        other => format!("{end}\n{other}"),
    }
}

/// Runs a command that prints test results, and adds them up.
fn tests(command: &mut Command, name: &str, limit: Duration) -> Counts {
    let result = run::watch(command, &log(name), limit);
    let text = fs::read_to_string(log(name)).unwrap_or_default();
    let (passed, mut failed) = add_up(&text);
    let mut message = String::new();
    if let Err(error) = result {
        // Something else than a test went wrong, such as the compilation.
        failed = failed.max(1);
        message = explain(&error, &log(name));
    } else if passed + failed == 0 {
        failed = 1;
        message = "No test was run.".into();
    }
    Counts { passed, failed, message }
}

/// Adds up the lines `test result: ok. 12 passed; 0 failed; …` and `12 passed, 0 failed`.
fn add_up(text: &str) -> (usize, usize) {
    let mut sum = (0, 0);
    for line in text.lines() {
        let Some(line) = line
            .trim()
            .strip_prefix("test result:")
            .map(|rest| rest.split_once('.').map_or(rest, |(_, rest)| rest))
            .or_else(|| line.trim().ends_with(" failed").then_some(line))
        else {
            continue;
        };
        let mut numbers = line.split([';', ',']).filter_map(|part| {
            let (number, word) = part.trim().split_once(' ')?;
            Some((number.parse::<usize>().ok()?, word))
        });
        if let (Some((passed, "passed")), Some((failed, "failed"))) = (numbers.next(), numbers.next()) {
            sum = (sum.0 + passed, sum.1 + failed);
        }
    }
    sum
}

pub(super) fn formatting(_: &Tools) -> Counts {
    check(cargo().args(["fmt", "--all", "--check"]), "fmt", 2 * MINUTE)
}

/// All code in one pass: with `--cfg lint_web` the browser's compiles on the host, and nothing that both need is looked
/// at twice. The target is named so that what runs while compiling is compiled without that word, as for the tests.
pub(super) fn clippy_all(_: &Tools) -> Counts {
    let host = match setup::host() {
        Ok(host) => host,
        Err(error) => return Counts::one(Err(error)),
    };
    let features = "xtask/browsers,unrolled/figures,unrolled/segmenter,unrolled/files";
    let mut command = clippy(&format!("--target {host} --workspace --all-targets --features {features}"));
    check(command.env("RUSTFLAGS", "--cfg lint_web --cfg erase_components"), "clippy", 20 * MINUTE)
}

/// What is compiled for wasm32 alone, without the page: kernels, engine, trainer, the browser's own tests.
pub(super) fn clippy_wasm32(tools: &Tools) -> Counts {
    if !tools.clippy_for_wasm32 {
        eprintln!("      left out: this machine's toolchain has no clippy for wasm32");
        return Counts { passed: 0, failed: 0, message: String::new() };
    }
    let packages = "--package unrolled --package unrolled-kernels --package trainer";
    let features = "--no-default-features --features unrolled/segmenter,unrolled/files";
    let mut command = clippy(&format!("--target wasm32-unknown-unknown {packages} {features} --all-targets"));
    check(command.env_remove("RUSTFLAGS"), "clippy-wasm32", 20 * MINUTE)
}

/// Clippy with these words, every warning an error.
fn clippy(words: &str) -> Command {
    let mut command = cargo();
    command.arg("clippy").args(words.split(' ')).args(["--locked", "--", "-D", "warnings"]);
    command
}

pub(super) fn documentation(_: &Tools) -> Counts {
    let packages = ["--package", "unrolled", "--package", "unrolled-kernels", "--package", "xtask"];
    let words = ["doc", "--no-deps", "--locked", "--lib"].into_iter().chain(packages);
    check(cargo().args(words).env("RUSTDOCFLAGS", "-D warnings"), "doc", 15 * MINUTE)
}

pub(super) fn native(_: &Tools) -> Counts {
    let words = ["test", "--workspace", "--features", "unrolled/segmenter", "--locked", "--no-fail-fast"];
    let mut command = cargo();
    // A snapshot that differs is a failure, never a new file.
    command.args(words).env("INSTA_UPDATE", "no");
    match setup::numpy() {
        Ok(python) => {
            command.env(setup::PYTHON, python);
        }
        // The tests that run exported programs fail by themselves, all others are worth running.
        Err(error) => eprintln!("{error}"),
    }
    tests(&mut command, "native", 30 * MINUTE)
}

/// Compiles what the tests from end to end are, while the other lane keeps one processor only busy.
pub(super) fn browsers_program(_: &Tools) -> Counts {
    let words = "build --quiet --locked --package xtask --features browsers --bin xtask-browsers";
    check(cargo().args(words.split(' ')), "browsers-program", 15 * MINUTE)
}

pub(super) fn unit_chromium(tools: &Tools) -> Counts {
    let driver = tools.browsers.as_ref().map(|browsers| &browsers.chromedriver);
    unit(tools, "CHROMEDRIVER", driver, "chromium")
}

pub(super) fn unit_firefox(tools: &Tools) -> Counts {
    let driver = tools.browsers.as_ref().map(|browsers| &browsers.geckodriver);
    unit(tools, "GECKODRIVER", driver, "firefox")
}

/// `tests/browser` by wasm-bindgen-test; `webdriver.json` holds the browsers' flags.
fn unit(tools: &Tools, variable: &str, driver: Option<&std::path::PathBuf>, name: &str) -> Counts {
    let Some(driver) = driver else {
        return Counts::one(Err("This step could not run: there is no driver.".into()));
    };
    let mut command = tools.command("cargo");
    for other in ["CHROMEDRIVER", "GECKODRIVER", "SAFARIDRIVER", "MSEDGEDRIVER"] {
        command.env_remove(other);
    }
    command
        // Without the page, which the tests from end to end look at, and compiled as the trainer was just before: what it
        // stands on is there already.
        .args("test --target wasm32-unknown-unknown --profile engine --no-default-features".split(' '))
        .args(["--test", "browser", "--locked"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300")
        .env(variable, driver);
    tests(&mut command, &format!("browser-{name}"), 25 * MINUTE)
}

pub(super) fn release(tools: &Tools) -> Counts {
    if site::is_fresh(site::BASE) {
        eprintln!("      dist is newer than everything that goes into it");
        return Counts::one(Ok(()));
    }
    Counts::one(site::build(tools, site::BASE))
}

pub(super) fn size(_: &Tools) -> Counts {
    Counts::one(weight::size().map(|table| eprintln!("{table}")))
}

pub(super) fn end_to_end(tools: &Tools) -> Counts {
    tests(&mut site::browsers_command(tools, &["e2e"]), "e2e", 25 * MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_several_test_programs_are_added_up() {
        let text = "running 2 tests\ntest result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                    test result: FAILED. 3 passed; 2 failed; 0 ignored\n";
        assert_eq!(add_up(text), (15, 2));
    }

    #[test]
    fn the_last_line_of_the_tests_from_end_to_end_is_read() {
        assert_eq!(add_up("ok chromium x\n7 passed, 1 failed\n"), (7, 1));
        assert_eq!(add_up("error: 3 things failed\n"), (0, 0));
    }
}
