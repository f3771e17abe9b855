//! The tests from end to end: the built site, served below a base, in both browsers.

mod access;
mod bad_input;
mod book;
pub mod faults;
pub mod lab;
mod large;
mod policy;
mod routes;
mod stepper;
mod words;

pub use routes::pages;

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use xtask::run::project;
use xtask::server::Site;

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
        policy::TESTS,
        access::TESTS,
        book::TESTS,
        stepper::TESTS,
        lab::TESTS,
        words::TESTS,
        large::TESTS,
        bad_input::TESTS,
    ];
    groups.into_iter().chain(faults::GROUPS).flatten()
}

/// Runs all tests whose name holds `only`, in both browsers or in the one named.
pub async fn run(site: &Site, only: &str, browser: &str) -> Outcome {
    faults::check()?;
    let (mut passed, mut failed) = (0, 0);
    for which in [Browser::Chromium, Browser::Firefox] {
        if !browser.is_empty() && browser != which.name() {
            continue;
        }
        let driver = Driver::start(which)?;
        for test in all().filter(|test| test.name.contains(only)) {
            let began = Instant::now();
            let result = one(&driver, site, test).await;
            let seconds = began.elapsed().as_secs_f32();
            match result {
                Ok(()) => {
                    passed += 1;
                    println!("ok      {:9} {} ({seconds:.1} s)", which.name(), test.name);
                }
                Err(Failure(what)) => {
                    failed += 1;
                    println!("FAILED  {:9} {} ({seconds:.1} s)\n        {what}", which.name(), test.name);
                }
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 && passed > 0 { Ok(()) } else { fail("") }
}

/// One test in a fresh window; a picture of it when it fails.
async fn one(driver: &Driver, site: &Site, test: &Test) -> Outcome {
    site.heal();
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
    session.end().await;
    result
}
