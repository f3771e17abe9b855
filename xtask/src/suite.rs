//! `cargo xtask test`: every check and test, and one line at the end with how many passed and failed.
//!
//! A step that cannot run counts as failed, so that a green end means that everything was looked at.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::run::{self, RunError, cache, project};
use crate::setup::{self, Purpose, SetupError, Tools};
use crate::site;

/// What one step found.
struct Counts {
    passed: usize,
    failed: usize,
    /// What to show when something failed.
    message: String,
}

impl Counts {
    fn one(result: Result<(), String>) -> Self {
        match result {
            Ok(()) => Self { passed: 1, failed: 0, message: String::new() },
            Err(message) => Self { passed: 0, failed: 1, message },
        }
    }
}

/// Which of the two set-ups a step needs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    Build,
    Browsers,
}

struct Step {
    name: &'static str,
    needs: Needs,
    run: fn(&Tools) -> Counts,
}

const MINUTE: Duration = Duration::from_secs(60);

const STEPS: [Step; 10] = [
    Step { name: "formatting", needs: Needs::Nothing, run: formatting },
    Step { name: "clippy on the host", needs: Needs::Nothing, run: clippy_host },
    Step { name: "clippy on browser code", needs: Needs::Nothing, run: clippy_browser },
    Step { name: "documentation", needs: Needs::Nothing, run: documentation },
    Step { name: "native tests", needs: Needs::Nothing, run: native },
    Step { name: "browser tests in Chromium", needs: Needs::Browsers, run: unit_chromium },
    Step { name: "browser tests in Firefox", needs: Needs::Browsers, run: unit_firefox },
    Step { name: "release build below /unrolled/", needs: Needs::Build, run: release },
    Step { name: "size budget", needs: Needs::Build, run: size },
    Step { name: "end to end in Chromium and Firefox", needs: Needs::Browsers, run: end_to_end },
];

/// Runs all steps, or those whose name holds `only`.
///
/// # Errors
/// Something failed.
pub fn run(only: Option<&str>) -> Result<(), String> {
    let began = Instant::now();
    let steps: Vec<&Step> =
        STEPS.iter().filter(|step| only.is_none_or(|only| step.name.contains(only))).collect();
    let built = prepare(&steps, Needs::Build, Purpose::Build);
    let browsers = prepare(&steps, Needs::Browsers, Purpose::Browsers);
    let plain = Tools::default();
    let setting_up = began.elapsed();

    let (mut passed, mut failed) = (0, 0);
    let mut durations = vec![("set-up", setting_up)];
    for (index, step) in steps.iter().enumerate() {
        eprintln!("{}/{} {} …", index + 1, steps.len(), step.name);
        let step_began = Instant::now();
        let tools = match step.needs {
            Needs::Nothing => built.as_ref().or(Ok(&plain)),
            Needs::Build => built.as_ref().or(browsers.as_ref()),
            Needs::Browsers => browsers.as_ref(),
        };
        let counts = match tools {
            Ok(tools) => (step.run)(tools),
            Err(error) => Counts::one(Err(format!("This step could not run. {error}"))),
        };
        if counts.failed > 0 {
            eprintln!("{}", counts.message);
        }
        let taken = step_began.elapsed();
        eprintln!("      {} passed, {} failed ({} s)", counts.passed, counts.failed, taken.as_secs());
        durations.push((step.name, taken));
        passed += counts.passed;
        failed += counts.failed;
    }

    eprintln!();
    for (name, taken) in durations {
        eprintln!("{:>6} s  {name}", taken.as_secs());
    }
    eprintln!("{:>6} s  in all", began.elapsed().as_secs());
    println!("{passed} passed, {failed} failed");
    if failed == 0 && passed > 0 { Ok(()) } else { Err(String::new()) }
}

fn prepare(steps: &[&Step], needs: Needs, purpose: Purpose) -> Result<Tools, SetupError> {
    if steps.iter().any(|step| step.needs == needs) { setup::ready(purpose) } else { Ok(Tools::default()) }
}

fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
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

/// The end of what a failed command printed.
fn explain(error: &RunError, log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let end = lines[lines.len().saturating_sub(80)..].join("\n");
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

fn formatting(_: &Tools) -> Counts {
    check(cargo().args(["fmt", "--all", "--check"]), "fmt", 2 * MINUTE)
}

fn clippy_host(_: &Tools) -> Counts {
    check(&mut clippy("--workspace --all-targets --features xtask/browsers"), "clippy", 20 * MINUTE)
}

fn clippy_browser(tools: &Tools) -> Counts {
    if tools.clippy_for_wasm32 {
        eprintln!("      on wasm32 itself");
        let mut command =
            clippy("--target wasm32-unknown-unknown --all-targets --features segmenter,figures,files");
        return check(command.env_remove("RUSTFLAGS"), "clippy-wasm32", 20 * MINUTE);
    }
    eprintln!("      on the host, with --cfg lint_web: this machine's toolchain has no clippy for wasm32");
    let mut command = clippy("--target-dir target/lint-web --features segmenter,figures,files");
    check(command.env("RUSTFLAGS", "--cfg lint_web"), "clippy-web", 20 * MINUTE)
}

/// Clippy with these words, every warning an error.
fn clippy(words: &str) -> Command {
    let mut command = cargo();
    command.arg("clippy").args(words.split(' ')).args(["--locked", "--", "-D", "warnings"]);
    command
}

fn documentation(_: &Tools) -> Counts {
    let packages = ["--package", "unrolled", "--package", "unrolled-kernels", "--package", "xtask"];
    let words = ["doc", "--no-deps", "--locked", "--lib"].into_iter().chain(packages);
    check(cargo().args(words).env("RUSTDOCFLAGS", "-D warnings"), "doc", 15 * MINUTE)
}

fn native(_: &Tools) -> Counts {
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

fn unit_chromium(tools: &Tools) -> Counts {
    let driver = tools.browsers.as_ref().map(|browsers| &browsers.chromedriver);
    unit(tools, "CHROMEDRIVER", driver, "chromium")
}

fn unit_firefox(tools: &Tools) -> Counts {
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
        // Without the page, which the tests from end to end look at: it would take minutes to compile here.
        .args([
            "test",
            "--target",
            "wasm32-unknown-unknown",
            "--no-default-features",
            "--test",
            "browser",
            "--locked",
        ])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300")
        .env(variable, driver);
    tests(&mut command, &format!("browser-{name}"), 25 * MINUTE)
}

fn release(tools: &Tools) -> Counts {
    if site::is_fresh(site::BASE) {
        eprintln!("      dist is newer than everything that goes into it");
        return Counts::one(Ok(()));
    }
    Counts::one(site::build(tools, site::BASE))
}

fn size(_: &Tools) -> Counts {
    Counts::one(site::size().map(|table| eprintln!("{table}")))
}

fn end_to_end(tools: &Tools) -> Counts {
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
