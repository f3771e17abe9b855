//! `cargo xtask`: see `cargo xtask help`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::pages::{Places, write_pages};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Sets up, builds, serves, tests and measures Unrolled")]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// The step after Trunk's build (Trunk calls it).
    Pages,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().verb {
        Verb::Pages => pages(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("{what}");
            ExitCode::FAILURE
        }
    }
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

fn pages() -> Result<(), String> {
    let variable = |name: &str| {
        std::env::var(name)
            .map_err(|_| format!("{name} is not set: Trunk calls this step, not you (cargo xtask build)"))
    };
    let staging = PathBuf::from(variable("TRUNK_STAGING_DIR")?);
    let base = variable("TRUNK_PUBLIC_URL")?;
    write_pages(&Places { project: &project(), staging: &staging, base: &base })
        .map_err(|error| error.to_string())
}
