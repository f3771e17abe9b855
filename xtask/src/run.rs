//! Runs other programs: quietly with the outcome, or with a line that shows how far they are.

use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// The project's folder.
#[must_use]
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// What this project keeps outside of its folder: tools, a standard library for WebAssembly, packages of npm.
/// `UNROLLED_CACHE` names another place.
#[must_use]
pub fn cache() -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(place) = variable("UNROLLED_CACHE") {
        return place;
    }
    let home = || variable("HOME").or_else(|| variable("USERPROFILE"));
    variable("XDG_CACHE_HOME")
        .or_else(|| variable("LOCALAPPDATA"))
        .or_else(|| home().map(|home| home.join(".cache")))
        .map_or_else(|| project().join(".cache"), |place| place.join("unrolled"))
}

/// A program on PATH.
#[must_use]
pub fn find(name: &str) -> Option<PathBuf> {
    let names = if cfg!(windows) {
        vec![format!("{name}.exe"), format!("{name}.cmd")]
    } else {
        vec![name.to_owned()]
    };
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)).collect::<Vec<_>>())
        .find(|file| file.is_file())
}

/// What a program printed, when it ended well.
#[must_use]
pub fn capture(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Why a program did not end well.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It could not be started.
    #[error("{program} cannot be started: {error}")]
    NotStarted { program: String, error: std::io::Error },
    /// It ended with an error; the last lines it printed.
    #[error("{program} ended with an error:\n{last}\n(everything it printed: {log})")]
    Failed { program: String, last: String, log: String },
    /// It did not end in time.
    #[error("{program} did not end within {seconds} s")]
    TooSlow { program: String, seconds: u64 },
}

/// Runs a program while one line shows how far it is; all it prints goes into `log`.
///
/// # Errors
/// It cannot be started, fails, or takes longer than `limit`.
pub fn watch(command: &mut Command, log: &Path, limit: Duration) -> Result<(), RunError> {
    let program = name_of(command);
    if let Some(folder) = log.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    let not_started = |error| RunError::NotStarted { program: program.clone(), error };
    let mut file = File::create(log).map_err(not_started)?;
    let mut child = own_group(command)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| RunError::NotStarted { program: program.clone(), error })?;
    let (sender, lines) = mpsc::channel::<String>();
    if let Some(out) = child.stdout.take() {
        pass_on(out, sender.clone());
    }
    if let Some(out) = child.stderr.take() {
        pass_on(out, sender);
    }

    let began = Instant::now();
    let mut progress = Progress::new(began);
    let mut last: Vec<String> = Vec::new();
    loop {
        match lines.recv_timeout(Duration::from_millis(500)) {
            Ok(line) => {
                let _ = writeln!(file, "{line}");
                progress.show(&line);
                if !line.trim().is_empty() {
                    last.push(line);
                }
                if last.len() > 15 {
                    last.remove(0);
                }
            }
            Err(mpsc::RecvTimeoutError::Timeout) => progress.tick(),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
        if began.elapsed() > limit {
            stop(&mut child);
            progress.end();
            return Err(RunError::TooSlow { program, seconds: limit.as_secs() });
        }
    }
    progress.end();
    let status = child.wait().map_err(|error| RunError::NotStarted { program: program.clone(), error })?;
    if status.success() {
        Ok(())
    } else {
        Err(RunError::Failed { program, last: last.join("\n"), log: log.display().to_string() })
    }
}

fn name_of(command: &Command) -> String {
    let program =
        Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let first: Vec<_> = command.get_args().take(2).map(|word| word.to_string_lossy().into_owned()).collect();
    format!("{program} {}", first.join(" ")).trim().to_owned()
}

fn pass_on(out: impl std::io::Read + Send + 'static, sender: mpsc::Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(out).split(b'\n') {
            let Ok(line) = line else { break };
            if sender.send(String::from_utf8_lossy(&line).trim_end().to_owned()).is_err() {
                break;
            }
        }
    });
}

/// Gives the program a process group of its own, so that stopping it stops what it has started.
pub fn own_group(command: &mut Command) -> &mut Command {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        command.process_group(0);
    }
    command
}

/// Stops a program started with [`own_group`], and what it has started.
pub fn stop(child: &mut Child) {
    #[cfg(unix)]
    {
        let group = format!("-{}", child.id());
        let _ = Command::new("kill").args(["-TERM", "--", &group]).stderr(Stdio::null()).status();
        for _ in 0..20 {
            if matches!(child.try_wait(), Ok(Some(_))) {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// One line that is written over on a terminal; elsewhere a line every half minute.
struct Progress {
    began: Instant,
    terminal: bool,
    last: String,
    shown: Instant,
}

impl Progress {
    fn new(began: Instant) -> Self {
        Self { began, terminal: std::io::stderr().is_terminal(), last: String::new(), shown: began }
    }

    fn show(&mut self, line: &str) {
        let line = line.trim();
        if !line.is_empty() {
            self.last = line.chars().take(70).collect();
        }
        self.tick();
    }

    fn tick(&mut self) {
        let pause = Duration::from_millis(if self.terminal { 200 } else { 30_000 });
        if self.shown.elapsed() < pause {
            return;
        }
        self.shown = Instant::now();
        let seconds = self.began.elapsed().as_secs();
        if self.terminal {
            eprint!("\r\x1b[K      {seconds} s · {}", self.last);
            let _ = std::io::stderr().flush();
        } else {
            eprintln!("      {seconds} s · {}", self.last);
        }
    }

    fn end(&self) {
        if self.terminal {
            eprint!("\r\x1b[K");
        }
    }
}
