//! Runs the command line program.

use std::io::Write;
use std::process::{Command, Stdio};

/// What a run of the program gave back.
pub struct Answer {
    /// Exit status; none if a signal ended it.
    pub status: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub error: String,
}

/// `unrolled VERB - [--precision P]` with `file` on standard input.
pub fn answer(verb: &str, precision: Option<&str>, file: &[u8]) -> Answer {
    match precision {
        Some(precision) => run(&[verb, "-", "--precision", precision], file),
        None => run(&[verb, "-"], file),
    }
}

/// `unrolled` with these arguments.
pub fn run(arguments: &[&str], input: &[u8]) -> Answer {
    let mut child = Command::new(env!("CARGO_BIN_EXE_unrolled"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that has seen enough may close its input early; that is no fault.
    let mut pipe = child.stdin.take().expect("a pipe");
    let bytes = input.to_vec();
    let writer = std::thread::spawn(move || {
        let _ = pipe.write_all(&bytes);
    });
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the writer ends");
    Answer {
        status: output.status.code(),
        out: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
        error: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
    }
}
