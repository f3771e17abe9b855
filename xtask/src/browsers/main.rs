//! What drives browsers: the tests from end to end, the measurements, the pictures. `cargo xtask` starts it.

mod bench;
mod driver;
mod e2e;
mod memory;
mod session;
mod shots;
mod soak;

use std::process::ExitCode;

use xtask::server::Site;
use xtask::site::{BASE, dist};

/// Words for whatever went wrong.
#[derive(Debug)]
pub struct Failure(pub String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// What a test or a helper ends with.
pub type Outcome<T = ()> = Result<T, Failure>;

/// A failure in the given words.
pub fn fail<T>(what: impl Into<String>) -> Outcome<T> {
    Err(Failure(what.into()))
}

/// Fails with the words unless the condition holds.
pub fn ensure(condition: bool, what: impl FnOnce() -> String) -> Outcome {
    if condition { Ok(()) } else { Err(Failure(what())) }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |index: usize| arguments.get(index).map(String::as_str).unwrap_or_default();
    // The drivers are asked without encryption, but the client wants to know how it would encrypt.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(async {
        let site = Site::start(&dist(), BASE, 0).map_err(Failure)?;
        match argument(0) {
            "e2e" => e2e::run(&dist(), argument(1), argument(2)).await,
            "shots" => shots::run(&site, argument(1)).await,
            "bench" => bench::run(argument(1), argument(2)).await,
            "faults" => {
                e2e::faults::print();
                e2e::faults::check()
            }
            "soak" => soak::run(&site, argument(1), argument(2).parse().unwrap_or(60), argument(3)).await,
            other => fail(format!("`{other}` is none of e2e, faults, shots, bench, soak")),
        }
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(what)) => {
            eprintln!("{what}");
            ExitCode::FAILURE
        }
    }
}
