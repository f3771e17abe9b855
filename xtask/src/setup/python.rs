//! A Python with NumPy: the tests run the programs that are exported, and compare what they print.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{MINUTE, SetupError, apt, log};
use crate::run::{self, cache, capture};

/// The variable that names it to the tests.
pub const VARIABLE: &str = "UNROLLED_PYTHON";

/// A Python that has NumPy; installed by the package manager, else into a folder of the project's cache.
///
/// # Errors
/// Neither way worked out.
pub fn numpy() -> Result<PathBuf, SetupError> {
    let own = cache().join("python");
    let named = std::env::var_os(VARIABLE).map(PathBuf::from);
    let usual = ["python3", "/usr/bin/python3", "python"].map(PathBuf::from);
    let has_numpy = |path: &PathBuf| works(path, "import numpy");
    let inside = own.join("bin").join("python3");
    let mut known = named.into_iter().chain(usual.clone()).chain([inside.clone()]);
    if let Some(found) = known.find(has_numpy) {
        return Ok(found);
    }
    eprintln!("      NumPy, for the tests of exported programs … (about half a minute)");
    let mut why = Vec::new();
    if apt::usable() {
        match apt::install(&["python3-numpy"]) {
            Ok(()) if has_numpy(&usual[1]) => return Ok(usual[1].clone()),
            Ok(()) => why.push("apt-get installed it, but /usr/bin/python3 does not find it".to_owned()),
            Err(error) => why.push(error),
        }
    }
    let Some(python) = usual.iter().find(|path| works(path, "import venv, ensurepip")) else {
        why.push("there is no Python that can make an environment".to_owned());
        return Err(error(&why));
    };
    let mut make = Command::new(python);
    make.args(["-m", "venv"]).arg(&own);
    let mut install = Command::new(&inside);
    install.args(["-m", "pip", "install", "--quiet", "numpy"]);
    for mut command in [make, install] {
        if let Err(problem) = run::watch(&mut command, &log("numpy"), 5 * MINUTE) {
            why.push(problem.to_string());
            return Err(error(&why));
        }
    }
    if has_numpy(&inside) { Ok(inside) } else { Err(error(&why)) }
}

fn works(path: &Path, program: &str) -> bool {
    capture(Command::new(path).args(["-c", program])).is_some()
}

fn error(why: &[String]) -> SetupError {
    SetupError {
        step: "NumPy".to_owned(),
        why: why.join("\n"),
        try_this: vec![
            "apt-get install python3-numpy, or pip install numpy".into(),
            format!("name a Python that has it in {VARIABLE}"),
        ],
    }
}
