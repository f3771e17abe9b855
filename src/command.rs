//! The command line. An error is one line on standard error; exit status 2, or 3 where numbers ran away.

use std::io::{Read, Write};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::engine::trace::trace;
use crate::formats::code::{Subject, keras, numpy, pytorch};
use crate::formats::import::import;
use crate::formats::{FormatError, csv, draw, experiment, latex, safetensors, training_run};

/// See, step through, change and train recurrent neural networks: the engine without its page.
#[derive(Parser)]
#[command(name = "unrolled", version)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
    /// Numbers that trace, train and draw compute in; default f64, for train f32 (what the page trains in).
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
    /// An experiment in; the network as code, weights, equations or a table out.
    Export {
        #[command(flatten)]
        what: What,
        /// An experiment file, or - for standard input.
        file: String,
    },
    /// Somebody's weights in (safetensors of PyTorch, .weights.h5 and .keras of Keras, an experiment), an experiment out.
    Import {
        /// A file, or - for standard input.
        file: String,
    },
}

/// What an export writes.
#[derive(Args, Clone, Copy)]
#[group(required = true, multiple = false)]
struct What {
    /// A program in NumPy: forward and backward by hand.
    #[arg(long)]
    numpy: bool,
    /// A program in PyTorch.
    #[arg(long)]
    pytorch: bool,
    /// A program in Keras.
    #[arg(long)]
    keras: bool,
    /// Weights in PyTorch's names and gate order.
    #[arg(long)]
    safetensors: bool,
    /// Every equation, forward and backward.
    #[arg(long)]
    latex: bool,
    /// Every number of the trace with its gradient.
    #[arg(long)]
    csv: bool,
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
        Ok(bytes) => {
            // A reader that has gone away is not an error of ours.
            let _ = std::io::stdout().lock().write_all(&bytes);
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

type Failed = (String, u8);

fn run(arguments: &Arguments) -> Result<Vec<u8>, Failed> {
    let is_exact = matches!(arguments.verb, Verb::Export { .. } | Verb::Import { .. });
    if is_exact && arguments.precision.is_some() {
        return Err(("--precision: export and import take every number as it is, in f64".into(), 2));
    }
    let (file, usual) = match &arguments.verb {
        Verb::Trace { file } | Verb::Draw { file } => (file, Precision::F64),
        Verb::Train { file } => (file, Precision::F32),
        Verb::Export { what, file } => return export(*what, file),
        Verb::Import { file } => return take(file),
    };
    let text = read(file)?;
    let precision = arguments.precision.unwrap_or(usual);
    let result = match (&arguments.verb, precision) {
        (Verb::Trace { .. }, Precision::F32) => experiment::run::<f32>(&text),
        (Verb::Trace { .. }, Precision::F64) => experiment::run::<f64>(&text),
        (Verb::Train { .. }, Precision::F32) => training_run::run::<f32>(&text),
        (Verb::Train { .. }, Precision::F64) => training_run::run::<f64>(&text),
        (_, Precision::F32) => draw::run::<f32>(&text),
        (_, Precision::F64) => draw::run::<f64>(&text),
    };
    result.map(|text| (text + "\n").into_bytes()).map_err(failed)
}

fn failed(error: FormatError) -> Failed {
    (one_line(&error.to_string()), error.exit_status())
}

fn export(what: What, file: &str) -> Result<Vec<u8>, Failed> {
    let experiment = experiment::read::<f64>(&read(file)?).map_err(failed)?;
    let subject = Subject { model: &experiment.model, input: &experiment.input };
    let text = match what {
        What { numpy: true, .. } => numpy(&subject),
        What { pytorch: true, .. } => pytorch(&subject),
        What { keras: true, .. } => keras(&subject),
        What { latex: true, .. } => Ok(latex::document(&experiment.model, latex::Letters::Notes)),
        What { safetensors: true, .. } => {
            return safetensors::write(&experiment.model, experiment.vocabulary.as_deref()).map_err(failed);
        }
        _ => {
            let traced =
                trace(&experiment.model, &experiment.input).map_err(|error| (error.to_string(), 2))?;
            Ok(csv::trace(&experiment.model, &traced))
        }
    };
    text.map(String::into_bytes).map_err(failed)
}

/// What was done on the way in goes to standard error, a line each.
fn take(file: &str) -> Result<Vec<u8>, Failed> {
    let bytes = read_bytes(file)?;
    let imported = import(file, &bytes).map_err(|error| (one_line(&error.to_string()), 2))?;
    for note in &imported.notes {
        let arguments = note.arguments().into_iter().map(|(name, value)| format!(" {name}={value}"));
        eprintln!("{}", one_line(&format!("note: {}{}", note.code(), arguments.collect::<String>())));
    }
    let text = experiment::write_experiment(&imported.experiment()).map_err(failed)?;
    Ok((text + "\n").into_bytes())
}

fn read(file: &str) -> Result<String, Failed> {
    String::from_utf8(read_bytes(file)?).map_err(|_| (format!("{file}: not UTF-8 text"), 2))
}

fn read_bytes(file: &str) -> Result<Vec<u8>, Failed> {
    let mut bytes = Vec::new();
    if file == "-" {
        let read = std::io::stdin().read_to_end(&mut bytes);
        read.map_err(|error| (format!("standard input: {error}"), 2))?;
    } else {
        bytes = std::fs::read(file).map_err(|error| (format!("{file}: {error}"), 2))?;
    }
    Ok(bytes)
}
