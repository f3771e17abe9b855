//! The standard library for `wasm32-unknown-unknown`: rustup's, else built once from the source that Debian ships.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{MINUTE, Outcome, Report, SetupError, Tools, apt, host_in, log, version, write_script};
use crate::run::{self, cache, capture, find};

const TARGET: &str = "wasm32-unknown-unknown";
const RUSTC: &str = "/usr/bin/rustc";
const LINKER: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER";
/// What Cargo.toml asks for.
const OLDEST: [u32; 3] = [1, 95, 0];

/// Finds or installs it.
pub fn step(tools: &mut Tools, report: &Report) -> Result<Outcome, SetupError> {
    if has_library(Path::new("rustc")) {
        tools.clippy_for_wasm32 = true;
        return Ok(Outcome::There);
    }
    // A distribution's own compiler may have it, beside another one that rustup manages.
    if let Some(version) = system_compiler().filter(|_| has_library(Path::new(RUSTC))) {
        tools.variables.push(("RUSTC".into(), RUSTC.into()));
        if let Some(linker) = linker(&version).filter(|linker| find(linker).is_some()) {
            tools.variables.push((LINKER.into(), linker.into()));
        }
        return Ok(Outcome::There);
    }
    if let Some(private) = Private::ready() {
        private.put_into(tools);
        return Ok(Outcome::There);
    }
    report.begin();
    let mut why = Vec::new();

    if find("rustup").is_some() {
        report.way("rustup target add");
        let mut command = Command::new("rustup");
        command.args(["target", "add", TARGET]).env("RUSTUP_MAX_RETRIES", "1");
        match run::watch(&mut command, &log("rustup"), 3 * MINUTE) {
            Ok(()) if has_library(Path::new("rustc")) => {
                tools.clippy_for_wasm32 = true;
                return Ok(Outcome::Installed("by rustup".into()));
            }
            Ok(()) => why.push("rustup installed it for another toolchain than the one in use".to_owned()),
            Err(error) => why.push(error.to_string()),
        }
    } else {
        why.push("rustup is not here".into());
    }

    report.way("rustup has no way to it; building it from Debian's source instead");
    match Private::build(report) {
        Ok(private) => {
            private.put_into(tools);
            Ok(Outcome::Installed(format!("built from Debian's source into {}", folder().display())))
        }
        Err(what) => {
            why.push(what);
            Err(SetupError {
                step: report.name.to_owned(),
                why: why.join("\n"),
                try_this: vec![
                    format!("where the network allows it: rustup target add {TARGET}"),
                    "on Debian: apt-get install rustc-web cargo-web rust-web-src, then this command again".into(),
                    "with a Rust of the system's own: install its package for wasm32 (Fedora: rust-std-static-wasm32-unknown-unknown, Alpine: rust-wasm)".into(),
                ],
            })
        }
    }
}

/// Whether this compiler has the library.
fn has_library(rustc: &Path) -> bool {
    let Some(folder) = capture(Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]))
    else {
        return false;
    };
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

/// What the system's own compiler says of itself, if it is new enough.
fn system_compiler() -> Option<String> {
    let text = capture(Command::new(RUSTC).arg("-vV"))?;
    version(&text).is_some_and(|version| version >= OLDEST).then_some(text)
}

fn folder() -> PathBuf {
    cache().join("wasm32")
}

/// Debian's compiler with a sysroot of the project's own: nothing is written below /usr.
struct Private {
    linker: String,
}

impl Private {
    fn rustc() -> PathBuf {
        folder().join("rustc")
    }

    /// There, and of the compiler that is installed now.
    fn ready() -> Option<Self> {
        let stamp = fs::read_to_string(folder().join("version")).ok()?;
        let now = system_compiler()?;
        let linker = linker(&now)?;
        (stamp.trim() == now && find(&linker).is_some() && has_library(&Self::rustc()))
            .then_some(Self { linker })
    }

    fn put_into(&self, tools: &mut Tools) {
        tools.variables.push(("RUSTC".into(), Self::rustc().into()));
        tools
            .variables
            .push(("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER".into(), self.linker.clone().into()));
    }

    fn build(report: &Report) -> Result<Self, String> {
        if !Path::new(RUSTC).exists()
            || source().is_none()
            || find("apt-get").is_some() && !Path::new("/usr/bin/cargo").exists()
        {
            report.way("apt-get install rustc-web cargo-web rust-web-src");
            apt::install(&["rustc-web", "cargo-web", "rust-web-src"])?;
        }
        let version = system_compiler().ok_or("/usr/bin/rustc is missing or older than 1.95")?;
        let linker = linker(&version).ok_or("/usr/bin/rustc does not say its LLVM version")?;
        if find(&linker).is_none() {
            let package = linker.replace("wasm-ld", "lld");
            report.way(&format!("apt-get install {package}"));
            apt::install(&[&package])?;
        }
        let source =
            source().ok_or("the source of the standard library is not in /usr/lib/rustlib/src/rust")?;
        report.way("compiling the standard library");
        let words = |error: std::io::Error| error.to_string();
        let place = folder();
        let library = place.join("library");
        let _ = fs::remove_dir_all(&place);
        fs::create_dir_all(&place).map_err(words)?;
        copy(&source.join("library"), &library).map_err(words)?;
        let target = place.join("target");
        let mut command = Command::new("/usr/bin/cargo");
        command
            .current_dir(library.join("sysroot"))
            .args(["build", "--release", "--target", TARGET])
            .env("RUSTC", RUSTC)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("__CARGO_DEFAULT_LIB_METADATA", "rustbuild")
            .env("RUSTFLAGS", "-Zforce-unstable-if-unmarked -Cembed-bitcode=yes")
            .env("CARGO_TARGET_DIR", &target)
            .env_remove("RUSTUP_TOOLCHAIN")
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        run::watch(&mut command, &log("std"), 20 * MINUTE).map_err(|error| error.to_string())?;

        let sysroot = place.join("sysroot");
        let rustlib = sysroot.join("lib").join("rustlib");
        let libraries = rustlib.join(TARGET).join("lib");
        fs::create_dir_all(&libraries).map_err(words)?;
        for entry in fs::read_dir(target.join(TARGET).join("release").join("deps")).map_err(words)?.flatten()
        {
            if entry.path().extension().is_some_and(|extension| extension == "rlib") {
                fs::copy(entry.path(), libraries.join(entry.file_name())).map_err(words)?;
            }
        }
        let host = host_in(&version).ok_or("no host in rustc -vV")?;
        link(Path::new("/usr/lib/rustlib").join(host).as_path(), &rustlib.join(host)).map_err(words)?;
        let script = format!("#!/bin/sh\nexec {RUSTC} --sysroot \"{}\" \"$@\"\n", sysroot.display());
        write_script(&Self::rustc(), &script).map_err(words)?;
        let _ = fs::remove_dir_all(&target);
        let _ = fs::remove_dir_all(&library);
        if !has_library(&Self::rustc()) {
            return Err("the standard library was built, but the compiler does not find it".into());
        }
        fs::write(place.join("version"), version).map_err(words)?;
        Ok(Self { linker })
    }
}

/// Where Debian puts the source of the compiler it ships.
fn source() -> Option<PathBuf> {
    let linked = Path::new("/usr/lib/rustlib/src/rust");
    if linked.join("library/sysroot").is_dir() {
        return Some(linked.to_path_buf());
    }
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/src")
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join("library/sysroot").is_dir())
        .collect();
    found.sort();
    found.pop()
}

/// The linker that goes with a compiler: LLVM's, of the same version.
fn linker(version: &str) -> Option<String> {
    let llvm = version.lines().find_map(|line| line.strip_prefix("LLVM version: "))?;
    Some(format!("wasm-ld-{}", llvm.split('.').next()?))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    copy(from, to)
}
