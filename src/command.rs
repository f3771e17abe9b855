//! The command line. An error is one line on standard error; exit status 2, or 3 where numbers ran away.

use std::io::{ErrorKind, Read, Write};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::formats::exported::exported;
use crate::formats::import::import;
use crate::formats::latex::Letters;
use crate::formats::parcel::Export;
use crate::formats::{FormatError, draw, experiment, training_run};

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
            // What is wrong stands before the first empty line, what is missing on lines of its own.
            let text = error.to_string();
            let said: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
            let said = said.join(" ");
            say(said.strip_prefix("error: ").unwrap_or(&said));
            return ExitCode::from(2);
        }
        Err(help) => {
            print!("{help}");
            return ExitCode::SUCCESS;
        }
    };
    match run(&arguments) {
        Ok(bytes) => {
            let mut out = std::io::stdout().lock();
            match out.write_all(&bytes).and_then(|()| out.flush()) {
                // A reader that has gone away is not an error of ours.
                Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                    say(&format!("standard output: {error}"));
                    ExitCode::from(2)
                }
                _ => ExitCode::SUCCESS,
            }
        }
        Err((line, status)) => {
            say(&line);
            ExitCode::from(status)
        }
    }
}

/// A line on standard error, if that is still open.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
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

impl From<What> for Export {
    fn from(what: What) -> Export {
        match what {
            What { numpy: true, .. } => Export::NumPy,
            What { pytorch: true, .. } => Export::PyTorch,
            What { keras: true, .. } => Export::Keras,
            What { latex: true, .. } => Export::Latex,
            What { safetensors: true, .. } => Export::Safetensors,
            // One of them was asked for.
            _ => Export::Csv,
        }
    }
}

fn export(what: What, file: &str) -> Result<Vec<u8>, Failed> {
    let experiment = experiment::read::<f64>(&read(file)?).map_err(failed)?;
    exported(&experiment, what.into(), Letters::Notes).map_err(failed)
}

/// What was done on the way in goes to standard error, a line each.
fn take(file: &str) -> Result<Vec<u8>, Failed> {
    let bytes = read_bytes(file)?;
    let imported = import(file, &bytes).map_err(|error| (one_line(&error.to_string()), 2))?;
    for note in &imported.notes {
        say(&one_line(&format!("note: {note}")));
    }
    let text = experiment::write_experiment(&imported.experiment()).map_err(failed)?;
    Ok((text + "\n").into_bytes())
}

fn read(file: &str) -> Result<String, Failed> {
    let text = String::from_utf8(read_bytes(file)?);
    let text = text.map_err(|_| (one_line(&format!("{file}: not UTF-8 text")), 2))?;
    if text.starts_with('\u{feff}') {
        let why = "begins with a byte-order mark, which JSON has not: save it as UTF-8 without one";
        return Err((one_line(&format!("{file}: {why}")), 2));
    }
    Ok(text)
}

/// Bytes of a file that are read; the largest experiments are far smaller.
const MOST_BYTES: u64 = 1 << 30;

fn read_bytes(file: &str) -> Result<Vec<u8>, Failed> {
    let name = if file == "-" { "standard input" } else { file };
    let failed = |why: &dyn std::fmt::Display| (one_line(&format!("{name}: {why}")), 2);
    let from: Box<dyn Read> = match file {
        "-" => Box::new(std::io::stdin()),
        file => Box::new(std::fs::File::open(file).map_err(|error| failed(&error))?),
    };
    let mut bytes = Vec::new();
    from.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(failed(&format!("more than the {MOST_BYTES} bytes that are read")));
    }
    Ok(bytes)
}
