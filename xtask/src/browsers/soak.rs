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
/// Changes of a number in a row.
const CHANGES: usize = 3000;
/// A pause of a reader in which memory comes back.
const PAUSE: Duration = Duration::from_secs(30);
/// By how much a change may take longer at their end: machines are noisy.
const SLOWER: f64 = 1.5;
/// Runs of the whole suite in a row.
const RUNS: usize = 20;
/// The place of 128 hidden units on the Lab's slider.
const LARGE_PLACE: &str = "13";
/// Most updates that a run may have.
const MOST_UPDATES: &str = "1000000";
/// By how much memory may grow after the first minute.
const GROWTH: f64 = 1.05;

/// One part, or all with an empty name, in one browser, or both with an empty name; training goes on for so many minutes.
///
/// # Errors
/// What was lost, or what grew.
pub async fn run(site: &Site, part: &str, minutes: u64, only: &str) -> Outcome {
    let is_wanted = |name: &str| part.is_empty() || part == name;
    let mut failures = Vec::new();
    let browsers = [Browser::Chromium, Browser::Firefox];
    for browser in browsers.into_iter().filter(|browser| only.is_empty() || browser.name() == only) {
        if is_wanted("training") {
            note(&mut failures, "training", browser, training(site, browser, minutes).await);
        }
        if is_wanted("reloads") {
            note(&mut failures, "reloads", browser, reloads(site, browser).await);
        }
        if is_wanted("editing") {
            note(&mut failures, "editing", browser, editing(site, browser).await);
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
    train_long(&session).await?;
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

/// Begins a run that hours do not end: as many updates as the field takes, of a network of 128 units.
async fn train_long(session: &Session<'_>) -> Outcome {
    open(session).await?;
    session.paste("hidden", LARGE_PLACE).await?;
    session.paste("steps", MOST_UPDATES).await?;
    let is_large =
        "return document.querySelector('[data-testid=hidden]').getAttribute('aria-valuetext') === '128'";
    session.wait_js(is_large, vec![], "128 units").await?;
    press(session, "train").await
}

/// Loads the page again and again while it trains.
async fn reloads(site: &Site, browser: Browser) -> Outcome<String> {
    let driver = Driver::start(browser)?;
    let session = Session::start(&driver, site).await?;
    train_long(&session).await?;
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

/// Drags a weight in the Stepper through thousands of values: what is drawn anew leaves nothing behind.
async fn editing(site: &Site, browser: Browser) -> Outcome<String> {
    let driver = Driver::start(browser)?;
    let session = Session::start(&driver, site).await?;
    session
        .open_app("en/stepper/?show=lstm&units=16&step=5&sentence=the+cat+sat+on+the+mat+with+a+h")
        .await?;
    session.wait_visible("stepper-open").await?;
    let open = "const one = document.querySelector('[data-testid=stepper-matrix]'); const { left, top } = one.getBoundingClientRect(); \
                one.dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: left + 12, clientY: top + 10 }))";
    session.js(open, vec![]).await?;
    session.wait_visible("edit-slider").await?;
    // The milliseconds from a change to the end of the frame that shows it, the middle one of fifty.
    let change = "const done = arguments[0]; (async () => { const slider = document.querySelector('[data-testid=edit-slider]'); const took = []; \
        for (let i = 0; i < 50; i += 1) { slider.value = String(-1 + (i % 20) / 10); const began = performance.now(); \
        slider.dispatchEvent(new Event('input', { bubbles: true })); \
        await new Promise((then) => requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => { c.port1.close(); then(); }; c.port2.postMessage(0); })); \
        took.push(performance.now() - began); } done(took.sort((a, b) => a - b)[25]); })()";
    let (mut held, mut took) = (Vec::new(), Vec::new());
    for batch in 1..=CHANGES / 50 {
        took.push(session.js_async(change, vec![]).await?.as_f64().unwrap_or(f64::INFINITY));
        // A collector works in pauses, which a reader makes and a loop does not: memory counts after one.
        if [CHANGES / 250, CHANGES / 50].contains(&batch) {
            tokio::time::sleep(PAUSE).await;
            held.push(megabytes_below(driver.process()));
        }
    }
    session.end(&driver, false).await;
    let fifth = took.len() / 5;
    let (early, late) = (median(&took[..fifth]), median(&took[took.len() - fifth..]));
    let said = format!("{CHANGES} changes of a weight, {early:.1} ms each early and {late:.1} ms late");
    if late > early * SLOWER {
        return fail(format!("{said}: something is left behind by each"));
    }
    is_flat(&held[..1], &held[1..], &said)
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
