//! `cargo xtask test`: every check and test, and one line at the end with how many passed and failed.
//!
//! A step that cannot run counts as failed, so that a green end means that everything was looked at; only where the
//! toolchain has no clippy for wasm32 is that one left out, and said to be.

mod steps;

use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use self::steps::Counts;
use crate::setup::{self, Purpose, SetupError, Tools};

/// Which of the two set-ups a step needs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    Build,
    Browsers,
}

/// Steps of one lane take turns, and the first two lanes go on side by side, from the moment that what they need is
/// installed: a release build keeps one processor busy most of the time, and neither of the two compiles into a folder
/// of the other's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lane {
    Checks,
    Release,
    /// After both, with the machine to itself.
    Browsers,
}

struct Step {
    name: &'static str,
    lane: Lane,
    needs: Needs,
    run: fn(&Tools) -> Counts,
}

/// What a set-up came to, once it is through.
type SetUp = OnceLock<Result<Tools, SetupError>>;

/// What came of a step, and how long it took.
type Done = (&'static str, Counts, Duration);

const STEPS: [Step; 11] = [
    Step { name: "formatting", lane: Lane::Checks, needs: Needs::Nothing, run: steps::formatting },
    Step { name: "clippy on all code", lane: Lane::Checks, needs: Needs::Nothing, run: steps::clippy_all },
    Step { name: "documentation", lane: Lane::Checks, needs: Needs::Nothing, run: steps::documentation },
    Step { name: "native tests", lane: Lane::Checks, needs: Needs::Nothing, run: steps::native },
    Step {
        name: "the program that drives browsers",
        lane: Lane::Checks,
        needs: Needs::Nothing,
        run: steps::browsers_program,
    },
    Step { name: "clippy on wasm32", lane: Lane::Checks, needs: Needs::Build, run: steps::clippy_wasm32 },
    Step {
        name: "release build below /unrolled/",
        lane: Lane::Release,
        needs: Needs::Build,
        run: steps::release,
    },
    Step { name: "size budget", lane: Lane::Release, needs: Needs::Build, run: steps::size },
    Step {
        name: "browser tests in Chromium",
        lane: Lane::Release,
        needs: Needs::Browsers,
        run: steps::unit_chromium,
    },
    Step {
        name: "browser tests in Firefox",
        lane: Lane::Release,
        needs: Needs::Browsers,
        run: steps::unit_firefox,
    },
    Step {
        name: "end to end in Chromium and Firefox",
        lane: Lane::Browsers,
        needs: Needs::Browsers,
        run: steps::end_to_end,
    },
];

/// Runs all steps, or those whose name holds `only`.
///
/// # Errors
/// Something failed.
pub fn run(only: Option<&str>) -> Result<(), String> {
    let began = Instant::now();
    let steps: Vec<&Step> =
        STEPS.iter().filter(|step| only.is_none_or(|only| step.name.contains(only))).collect();
    if steps.is_empty() {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        return Err(format!("No step is called so. There are: {}.", names.join("; ")));
    }
    let built = SetUp::new();
    let browsers = SetUp::new();
    let plain = Ok(Tools::default());

    let along = |lane: Lane| -> Vec<Done> {
        let of_lane = steps.iter().filter(|step| step.lane == lane);
        of_lane
            .map(|step| match step.needs {
                Needs::Nothing => done(step, &plain),
                Needs::Build => done(step, built.wait()),
                Needs::Browsers => done(step, browsers.wait()),
            })
            .collect()
    };
    let mut all = thread::scope(|scope| {
        scope.spawn(|| {
            set_up(&built, &steps, Needs::Build, Purpose::Build);
            set_up(&browsers, &steps, Needs::Browsers, Purpose::Browsers);
        });
        let release = scope.spawn(|| along(Lane::Release));
        let mut all = along(Lane::Checks);
        let failed = |_| vec![("release", Counts::one(Err(String::new())), Duration::ZERO)];
        all.extend(release.join().unwrap_or_else(failed));
        all
    });
    all.extend(along(Lane::Browsers));

    let passed: usize = all.iter().map(|(_, counts, _)| counts.passed).sum();
    let failed: usize = all.iter().map(|(_, counts, _)| counts.failed).sum();
    eprintln!();
    for (name, _, taken) in &all {
        eprintln!("{:>6} s  {name}", taken.as_secs());
    }
    eprintln!("{:>6} s  in all", began.elapsed().as_secs());
    println!("{passed} passed, {failed} failed");
    if failed == 0 && passed > 0 { Ok(()) } else { Err(String::new()) }
}

/// Takes a step, and says how it went.
fn done(step: &Step, tools: &Result<Tools, SetupError>) -> Done {
    eprintln!("{} …", step.name);
    let began = Instant::now();
    let counts = match tools {
        Ok(tools) => (step.run)(tools),
        Err(error) => Counts::one(Err(format!("This step could not run. {error}"))),
    };
    if counts.failed > 0 {
        eprintln!("{}", counts.message);
    }
    let taken = began.elapsed();
    let (passed, failed) = (counts.passed, counts.failed);
    eprintln!("{}: {passed} passed, {failed} failed ({} s)", step.name, taken.as_secs());
    (step.name, counts, taken)
}

/// Installs what a kind of step needs, if there is such a step, and lets those go on that wait for it.
fn set_up(place: &SetUp, steps: &[&Step], needs: Needs, purpose: Purpose) {
    let is_needed = steps.iter().any(|step| step.needs == needs);
    let _ = place.set(if is_needed { setup::ready(purpose) } else { Ok(Tools::default()) });
}
