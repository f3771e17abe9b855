//! The tests from end to end: the built site, served below a base, in both browsers.

mod access;
mod back_row;
mod bad_input;
mod book;
mod cell;
mod chosen_weights;
mod classroom;
mod edit;
mod every_page;
pub mod faults;
mod files;
mod handed_out;
mod home;
mod interrupted;
mod kept;
pub mod lab;
mod lab_asks;
mod lab_breaks;
mod lab_refused;
mod large;
mod next_build;
mod offline;
mod policy;
mod routes;
mod stepper;
mod words;
mod worksheets;

pub use routes::pages;

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use xtask::run::project;
use xtask::server::Site;
use xtask::site::BASE;

use crate::driver::{Browser, Driver};
use crate::session::Session;
use crate::{Failure, Outcome, fail};

/// One test: a name that is a sentence, and what it does with a fresh window.
pub struct Test {
    name: &'static str,
    run: for<'a> fn(&'a Session<'a>) -> Pin<Box<dyn Future<Output = Outcome> + 'a>>,
}

/// A list of tests from `name => function` pairs.
macro_rules! tests {
    ($($name:literal => $function:path),+ $(,)?) => {
        pub const TESTS: &[$crate::e2e::Test] =
            &[$($crate::e2e::Test { name: $name, run: |session| Box::pin($function(session)) }),+];
    };
}
use tests;

/// No test takes longer.
const LIMIT: Duration = Duration::from_secs(180);

/// Every test, in the order in which they run.
pub fn all() -> impl Iterator<Item = &'static Test> {
    let groups = [
        routes::TESTS,
        home::TESTS,
        lab_refused::TESTS,
        policy::TESTS,
        every_page::TESTS,
        access::TESTS,
        book::TESTS,
        classroom::TESTS,
        handed_out::TESTS,
        back_row::TESTS,
        stepper::TESTS,
        edit::TESTS,
        chosen_weights::TESTS,
        lab::TESTS,
        lab_breaks::TESTS,
        lab_asks::TESTS,
        cell::TESTS,
        files::TESTS,
        words::TESTS,
        large::TESTS,
        bad_input::TESTS,
        kept::TESTS,
        interrupted::TESTS,
        offline::TESTS,
        worksheets::TESTS,
    ];
    groups.into_iter().chain(faults::GROUPS).flatten()
}

/// Tests that measure time: nothing else runs beside them.
const ALONE: [&str; 4] = [
    "a figure draws a change within a frame",
    "no task of the page is long while it trains",
    "a sentence of sixty characters goes through LSTM 2×256 without holding the page up",
    "five megabytes are taken without a freeze, six are refused",
];

/// Runs all tests whose name holds `only`, in both browsers or in the one named. The browsers work side by side, each
/// with a server of its own that it may make misbehave; what measures time comes at the end, one after the other.
pub async fn run(folder: &Path, only: &str, browser: &str) -> Outcome {
    faults::check()?;
    let wanted: Vec<&Test> = all().filter(|test| test.name.contains(only)).collect();
    let (alone, beside): (Vec<&Test>, Vec<&Test>) =
        wanted.into_iter().partition(|test| ALONE.contains(&test.name));
    let mut browsers = Vec::new();
    for which in [Browser::Chromium, Browser::Firefox] {
        if browser.is_empty() || browser == which.name() {
            let site = Site::start(folder, BASE, 0).map_err(Failure)?;
            browsers.push((Driver::start(which)?, site));
        }
    }
    let mut counts: Vec<(usize, usize)> =
        join_all(browsers.iter().map(|(driver, site)| series(driver, site, &beside))).await;
    for (driver, site) in &browsers {
        counts.push(series(driver, site, &alone).await);
        driver.rest().await;
    }
    let (passed, failed) = counts.iter().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    println!("{passed} passed, {failed} failed");
    if failed == 0 && passed > 0 { Ok(()) } else { fail("") }
}

/// Tests one after the other in one browser: how many passed, how many failed.
async fn series(driver: &Driver, site: &Site, tests: &[&Test]) -> (usize, usize) {
    let (mut passed, mut failed) = (0, 0);
    let name = driver.browser.name();
    for test in tests {
        let began = Instant::now();
        let result = one(driver, site, test).await;
        let seconds = began.elapsed().as_secs_f32();
        match result {
            Ok(()) => {
                passed += 1;
                println!("ok      {name:9} {} ({seconds:.1} s)", test.name);
            }
            Err(Failure(what)) => {
                failed += 1;
                println!("FAILED  {name:9} {} ({seconds:.1} s)\n        {what}", test.name);
            }
        }
    }
    (passed, failed)
}

/// One test in a fresh window; a picture of it when it fails.
async fn one(driver: &Driver, site: &Site, test: &Test) -> Outcome {
    site.heal();
    site.go_on().map_err(Failure)?;
    let session = Session::start(driver, site).await?;
    let result = match tokio::time::timeout(LIMIT, (test.run)(&session)).await {
        Ok(result) => result,
        Err(_) => fail(format!("not done after {} s", LIMIT.as_secs())),
    };
    let complaints = session.complaints();
    let result = match (result, complaints.is_empty()) {
        (Ok(()), true) => Ok(()),
        (Ok(()), false) => fail(complaints.join("; ")),
        (Err(Failure(what)), _) => fail([vec![what], complaints].concat().join("; ")),
    };
    if result.is_err() {
        let name: String = test
            .name
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
            .collect();
        let path =
            project().join("shots").join("failures").join(format!("{}-{name}.png", driver.browser.name()));
        let _ = session.picture(&path).await;
    }
    session.end(driver, result.is_ok()).await;
    result
}
