//! The command line. An error is one line on standard error; exit status 2, or 3 where numbers ran away.

use std::io::{Read, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::formats::{FormatError, draw, experiment, training_run};

/// See, step through, change and train recurrent neural networks: the engine without its page.
#[derive(Parser)]
#[command(name = "unrolled", version)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
    /// Numbers to compute in; default f64, for train f32 (what the page trains in).
    #[arg(long, global = true)]
    precision: Option<Precision>,
}

#[derive(Subcommand)]
enum Verb {
    /// An experiment in, its trace out.
    Trace {
        /// A file, or - for standard input.
        file: String,
    },
    /// A training run in, its log and weights out.
    Train {
        /// A file, or - for standard input.
        file: String,
    },
    /// Logits and rules in, probabilities and choices out.
    Draw {
        /// A file, or - for standard input.
        file: String,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Precision {
    F32,
    F64,
}

/// Reads the arguments, runs, prints.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            eprintln!("{}", first.strip_prefix("error: ").unwrap_or(first));
            return ExitCode::from(2);
        }
        Err(help) => {
            print!("{help}");
            return ExitCode::SUCCESS;
        }
    };
    match run(&arguments) {
        Ok(text) => {
            // A reader that has gone away is not an error of ours.
            let _ = writeln!(std::io::stdout().lock(), "{text}");
            ExitCode::SUCCESS
        }
        Err((line, status)) => {
            eprintln!("{line}");
            ExitCode::from(status)
        }
    }
}

/// An error's text on one line that a terminal can show, whatever names a file holds.
fn one_line(text: &str) -> String {
    const MOST: usize = 500;
    let mut line: String =
        text.chars().take(MOST).map(|one| if one.is_control() { ' ' } else { one }).collect();
    if text.chars().nth(MOST).is_some() {
        line.push('…');
    }
    line
}

fn run(arguments: &Arguments) -> Result<String, (String, u8)> {
    let (file, usual) = match &arguments.verb {
        Verb::Trace { file } | Verb::Draw { file } => (file, Precision::F64),
        Verb::Train { file } => (file, Precision::F32),
    };
    let text = read(file).map_err(|line| (line, 2))?;
    let precision = arguments.precision.unwrap_or(usual);
    let result = match (&arguments.verb, precision) {
        (Verb::Trace { .. }, Precision::F32) => experiment::run::<f32>(&text),
        (Verb::Trace { .. }, Precision::F64) => experiment::run::<f64>(&text),
        (Verb::Train { .. }, Precision::F32) => training_run::run::<f32>(&text),
        (Verb::Train { .. }, Precision::F64) => training_run::run::<f64>(&text),
        (Verb::Draw { .. }, Precision::F32) => draw::run::<f32>(&text),
        (Verb::Draw { .. }, Precision::F64) => draw::run::<f64>(&text),
    };
    result.map_err(|error: FormatError| (one_line(&error.to_string()), error.exit_status()))
}

fn read(file: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    if file == "-" {
        std::io::stdin().read_to_end(&mut bytes).map_err(|error| format!("standard input: {error}"))?;
    } else {
        bytes = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    }
    String::from_utf8(bytes).map_err(|_| format!("{file}: not UTF-8 text"))
}
