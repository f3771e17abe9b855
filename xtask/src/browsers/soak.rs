//! `cargo xtask soak`: what is too long for every change. Run before a release.

use std::time::{Duration, Instant};

use xtask::server::Site;
use xtask::site::dist;

use crate::driver::{Browser, Driver};
use crate::e2e;
use crate::e2e::lab::{open, press, step, wait_step};
use crate::memory::megabytes_below;
use crate::session::Session;
use crate::{Failure, Outcome, fail};

/// Random sequences of faults in each browser.
const SEQUENCES: u64 = 200;
/// Sequences between two fresh windows.
const A_WINDOW: u64 = 10;
/// Reloads in a row.
const RELOADS: usize = 30;
/// Runs of the whole suite in a row.
const RUNS: usize = 20;
/// By how much memory may grow after the first minute.
const GROWTH: f64 = 1.05;

/// One part, or all with an empty name; training goes on for so many minutes.
///
/// # Errors
/// What was lost, or what grew.
pub async fn run(site: &Site, part: &str, minutes: u64) -> Outcome {
    let is_wanted = |name: &str| part.is_empty() || part == name;
    let mut failures = Vec::new();
    for browser in [Browser::Chromium, Browser::Firefox] {
        if is_wanted("training") {
            note(&mut failures, "training", browser, training(site, browser, minutes).await);
        }
        if is_wanted("reloads") {
            note(&mut failures, "reloads", browser, reloads(site, browser).await);
        }
        if is_wanted("faults") {
            note(&mut failures, "faults", browser, faults(site, browser).await);
        }
        if is_wanted("suite") {
            note(&mut failures, "suite", browser, suite(browser).await);
        }
    }
    if failures.is_empty() { Ok(()) } else { fail(failures.join("\n")) }
}

fn note(failures: &mut Vec<String>, part: &str, browser: Browser, outcome: Outcome<String>) {
    match outcome {
        Ok(said) => println!("ok      {:9} {part}: {said}", browser.name()),
        Err(Failure(what)) => {
            println!("FAILED  {:9} {part}: {what}", browser.name());
            failures.push(format!("{part} in {}: {what}", browser.name()));
        }
    }
}

/// The middle of some numbers; zero of none.
fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

/// Compares the memory late with the memory early.
fn is_flat(early: &[f64], late: &[f64], what: &str) -> Outcome<String> {
    let (early, late) = (median(early), median(late));
    let said = format!("{what}; memory of the browser {early:.0} MB early, {late:.0} MB late");
    if early == 0.0 {
        return fail(format!("{what}; this system does not say how much memory a browser holds"));
    }
    if late > early * GROWTH { fail(said) } else { Ok(said) }
}

/// Trains, and looks at the memory every ten seconds; the first minute does not count.
async fn training(site: &Site, browser: Browser, minutes: u64) -> Outcome<String> {
    let driver = Driver::start(browser)?;
    let session = Session::start(&driver, site).await?;
    open(&session).await?;
    session.paste("steps", "100000000").await?;
    press(&session, "train").await?;
    wait_step(&session, 20).await?;
    let (mut held, began) = (Vec::new(), Instant::now());
    while began.elapsed() < Duration::from_secs(60 * (minutes + 1)) {
        tokio::time::sleep(Duration::from_secs(10)).await;
        if began.elapsed() > Duration::from_secs(60) {
            held.push(megabytes_below(driver.process()));
        }
        // A run that is over goes on.
        if e2e::lab::offers(&session, "train-on").await? {
            press(&session, "train-on").await?;
        }
    }
    let updates = step(&session).await?;
    session.end(&driver, false).await;
    let part = (held.len() / 5).max(1);
    is_flat(
        &held[..part],
        &held[held.len() - part..],
        &format!("{minutes} minutes of training, {updates} updates"),
    )
}

/// Loads the page again and again while it trains.
async fn reloads(site: &Site, browser: Browser) -> Outcome<String> {
    let driver = Driver::start(browser)?;
    let session = Session::start(&driver, site).await?;
    open(&session).await?;
    session.paste("steps", "100000000").await?;
    press(&session, "train").await?;
    let (mut held, mut took) = (Vec::new(), Vec::new());
    for _ in 0..RELOADS {
        let at = step(&session).await?;
        wait_step(&session, at + 20).await?;
        let began = Instant::now();
        session.reload().await?;
        took.push(began.elapsed().as_secs_f64());
        held.push(megabytes_below(driver.process()));
    }
    session.end(&driver, false).await;
    let third = RELOADS / 3;
    let said = format!(
        "{RELOADS} reloads, {:.1} s each early and {:.1} s late",
        median(&took[..third]),
        median(&took[RELOADS - third..])
    );
    is_flat(&held[third..2 * third], &held[RELOADS - third..], &said)
}

async fn faults(site: &Site, browser: Browser) -> Outcome<String> {
    let driver = Driver::start(browser)?;
    for first in (0..SEQUENCES).step_by(A_WINDOW as usize) {
        let session = Session::start(&driver, site).await?;
        let outcome = e2e::faults::many_sequences(&session, first..first + A_WINDOW).await;
        session.end(&driver, outcome.is_ok()).await;
        outcome?;
    }
    Ok(format!("{SEQUENCES} sequences, no edit lost"))
}

async fn suite(browser: Browser) -> Outcome<String> {
    for run in 1..=RUNS {
        e2e::run(&dist(), "", browser.name())
            .await
            .map_err(|_| Failure(format!("run {run} of {RUNS} was not green")))?;
    }
    Ok(format!("green {RUNS} times in a row"))
}
