//! `cargo xtask`: see `cargo xtask help`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::pages::{Places, write_pages};
use xtask::run::project;
use xtask::setup::{Purpose, numpy, ready, tensorflow};
use xtask::{fuzz, site, suite, weight};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Sets up, builds, serves, tests and measures Unrolled")]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Installs what is missing, builds the site and serves it on 127.0.0.1.
    Serve {
        /// The base of all addresses.
        #[arg(long, default_value = site::BASE)]
        public_url: String,
        /// The first port to try.
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Installs what is missing and builds the release site into `dist`.
    Build {
        /// The base of all addresses: `/` for a site of its own, `/name/` for a project's pages.
        #[arg(long, default_value = site::BASE)]
        public_url: String,
        /// Browsers keep nothing for use without a network, and drop what they have kept of earlier builds.
        #[arg(long)]
        not_kept: bool,
    },
    /// Installs what is missing and runs every check and test there is.
    Test {
        /// Only the steps whose name holds this.
        #[arg(long)]
        only: Option<String>,
    },
    /// Runs the tests from end to end against `dist` as it is.
    E2e {
        /// Only the tests whose name holds this.
        #[arg(default_value = "")]
        only: String,
        /// Only this browser: chromium or firefox.
        #[arg(long, default_value = "")]
        browser: String,
    },
    /// Which test causes which fault of real life.
    Faults,
    /// Trains the standard models in Chromium, beside TensorFlow.js.
    Bench {
        /// Only the models whose name holds this.
        #[arg(default_value = "")]
        only: String,
    },
    /// Puts the book's texts, styles and figures as they are now into the site that is built: quick, for looking.
    Figures,
    /// What ships, raw and gzipped.
    Size,
    /// Pictures of every page into `shots`.
    Shots {
        /// Only the pages whose name holds this.
        #[arg(default_value = "")]
        only: String,
    },
    /// What is too long for every change: training, reloads, editing, faults, the suite again and again, fuzzing. Hours; before a release.
    Soak {
        /// Only this part: training, reloads, editing, faults, suite or fuzz.
        #[arg(default_value = "")]
        part: String,
        /// How long to train in each browser, and to fuzz each target.
        #[arg(long, default_value_t = 60)]
        minutes: u64,
        /// Only this browser: chromium or firefox.
        #[arg(long, default_value = "")]
        browser: String,
    },
    /// Only installs what is missing, browsers too.
    Setup,
    /// The step after Trunk's build (Trunk calls it).
    Pages,
}

fn main() -> ExitCode {
    match run(Arguments::parse().verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("{what}");
            ExitCode::FAILURE
        }
    }
}

fn run(verb: Verb) -> Result<(), String> {
    let tools = |purpose| ready(purpose).map_err(|error| error.to_string());
    match verb {
        Verb::Serve { public_url, port } => site::serve(&tools(Purpose::Build)?, &public_url, port),
        Verb::Build { public_url, not_kept } => {
            site::build_to_be(&tools(Purpose::Build)?, &public_url, !not_kept)?;
            println!("The site is in {}.", site::dist().display());
            Ok(())
        }
        Verb::Test { only } => suite::run(only.as_deref()),
        Verb::E2e { only, browser } => {
            site::with_browsers(&tools(Purpose::Browsers)?, &["e2e", &only, &browser])
        }
        Verb::Faults => site::with_browsers(&tools(Purpose::Browsers)?, &["faults"]),
        Verb::Bench { only } => {
            let tools = tools(Purpose::Browsers)?;
            let packages = tensorflow().map_err(|error| error.to_string())?;
            built(&tools)?;
            site::with_browsers(&tools, &["bench", &packages.to_string_lossy(), &only])
        }
        Verb::Figures => site::figures(&tools(Purpose::Build)?, site::BASE),
        Verb::Size => {
            if !site::is_fresh(site::BASE) {
                site::build(&tools(Purpose::Build)?, site::BASE)?;
            }
            println!("{}", weight::size()?);
            Ok(())
        }
        Verb::Shots { only } => {
            let tools = tools(Purpose::Browsers)?;
            built(&tools)?;
            site::with_browsers(&tools, &["shots", &only])
        }
        Verb::Soak { part, minutes, browser } => {
            if ["", "fuzz"].contains(&part.as_str()) {
                fuzz::run(minutes)?;
            }
            if part == "fuzz" {
                return Ok(());
            }
            let tools = tools(Purpose::Browsers)?;
            built(&tools)?;
            site::with_browsers(&tools, &["soak", &part, &minutes.to_string(), &browser])
        }
        Verb::Setup => {
            tools(Purpose::Browsers)?;
            let python = numpy().map_err(|error| error.to_string())?;
            println!("Everything is there.");
            if python.starts_with(xtask::run::cache()) {
                println!("For cargo test by itself: export UNROLLED_PYTHON={}", python.display());
            }
            Ok(())
        }
        Verb::Pages => pages(),
    }
}

fn built(tools: &xtask::setup::Tools) -> Result<(), String> {
    if site::is_fresh(site::BASE) { Ok(()) } else { site::build(tools, site::BASE) }
}

fn pages() -> Result<(), String> {
    let variable = |name: &str| {
        std::env::var(name)
            .map_err(|_| format!("{name} is not set: Trunk calls this step, not you (cargo xtask build)"))
    };
    let staging = PathBuf::from(variable("TRUNK_STAGING_DIR")?);
    let base = variable("TRUNK_PUBLIC_URL")?;
    // Only what is built to be published is kept by browsers, not what `trunk serve` shows while one works.
    let is_kept = std::env::var_os(site::KEPT).is_some();
    write_pages(&Places { project: &project(), staging: &staging, base: &base, is_kept })
        .map_err(|error| error.to_string())
}
