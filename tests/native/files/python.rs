//! Runs exported programs in Python.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What a program printed: a name, and its numbers.
pub type Printed = BTreeMap<String, Vec<f64>>;

/// A Python with NumPy. `cargo xtask test` says which one; else it is looked for.
///
/// A machine without one fails these tests: what a program prints cannot be known without running it.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let named = std::env::var_os("UNROLLED_PYTHON").map(PathBuf::from);
        let usual = ["python3", "/usr/bin/python3", "python"].map(PathBuf::from);
        let has_numpy = |path: &PathBuf| {
            let output = Command::new(path).args(["-c", "import numpy"]).output();
            output.is_ok_and(|output| output.status.success())
        };
        named.into_iter().chain(usual).find(has_numpy).unwrap_or_else(|| {
            panic!(
                "There is no Python with NumPy here. `cargo xtask test` installs it; by hand: apt-get install \
                 python3-numpy, or pip install numpy. UNROLLED_PYTHON may name the program."
            )
        })
    })
}

/// Runs programs as they are, with `folder` on the path for imports, and reads what each printed.
#[track_caller]
pub fn run(programs: &[(String, String)], folder: Option<&Path>, test: &str) -> Vec<Printed> {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    std::fs::create_dir_all(&place).expect("a folder for programs");
    let files: Vec<PathBuf> = programs
        .iter()
        .enumerate()
        .map(|(number, (_, text))| {
            let file = place.join(format!("program_{number}.py"));
            std::fs::write(&file, text).expect("a program on the disk");
            file
        })
        .collect();
    // One interpreter for all of them: each starts from nothing, as if it had been called by itself.
    let all = "import runpy, sys\nfor file in sys.argv[1:]:\n    print('===')\n    runpy.run_path(file, run_name='__main__')\n";
    let mut command = Command::new(python());
    command.args(["-W", "error", "-c", all]).args(&files).env("PYTHONIOENCODING", "ascii");
    if let Some(folder) = folder {
        command.env("PYTHONPATH", folder);
    }
    let output = command.output().expect("Python starts");
    let out = String::from_utf8_lossy(&output.stdout);
    let parts: Vec<&str> = out.split("===\n").skip(1).collect();
    if !output.status.success() {
        let (name, _) = &programs[parts.len().saturating_sub(1)];
        panic!("{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(parts.len(), programs.len());
    parts.into_iter().map(read).collect()
}

fn read(text: &str) -> Printed {
    let line = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let named = if words[0] == "layer" { 3 } else { 1 };
        let numbers = words[named..].iter().map(|word| word.parse().unwrap_or_else(|_| panic!("{line}")));
        (words[..named].join(" "), numbers.collect())
    };
    text.lines().map(line).collect()
}
