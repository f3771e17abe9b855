//! Serves a built site the way GitHub Pages does: below a base, folders by their `index.html`, `404.html` for the rest.
//! Tests can make it misbehave and see what was asked for.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use tiny_http::{Method, Server, StatusCode};

/// How a file is made to misbehave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not there.
    Missing,
    /// It comes late.
    Slow(Duration),
    /// Something else comes instead.
    Replaced(Vec<u8>),
}

/// Requests and faults, shared between the server's threads and a test.
struct State {
    /// What is served.
    folder: PathBuf,
    /// What listens; none while the server is down.
    server: Option<Arc<Server>>,
    /// Faults by a part of the path.
    faults: BTreeMap<String, Fault>,
    /// Paths asked for, in order, with the status they got.
    log: Vec<(String, u16)>,
}

/// Answers at the same time.
const THREADS: usize = 8;

/// A server that runs until the program ends.
#[derive(Clone)]
pub struct Site {
    /// Where it listens.
    pub address: SocketAddr,
    /// The base of all addresses, with a slash at both ends.
    pub base: String,
    /// What is served where nothing else is asked for.
    folder: PathBuf,
    state: Arc<Mutex<State>>,
}

impl Site {
    /// Serves `folder` below `base` on 127.0.0.1; port 0 lets the system choose.
    ///
    /// # Errors
    /// The port is taken.
    pub fn start(folder: &Path, base: &str, port: u16) -> Result<Self, String> {
        let server = Server::http((Ipv4Addr::LOCALHOST, port)).map_err(|error| error.to_string())?;
        let address = server.server_addr().to_ip().ok_or("the server has no address")?;
        let state =
            State { folder: folder.to_path_buf(), server: None, faults: BTreeMap::new(), log: Vec::new() };
        let folder = folder.to_path_buf();
        let site = Self { address, base: base.to_owned(), folder, state: Arc::new(Mutex::new(state)) };
        site.listen(server);
        Ok(site)
    }

    fn listen(&self, server: Server) {
        let server = Arc::new(server);
        lock(&self.state).server = Some(Arc::clone(&server));
        for _ in 0..THREADS {
            let (server, state, base) = (Arc::clone(&server), Arc::clone(&self.state), self.base.clone());
            thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    let path = request.url().to_owned();
                    let (folder, fault) = {
                        let state = lock(&state);
                        let fault = state.faults.iter().find(|(part, _)| path.contains(part.as_str()));
                        (state.folder.clone(), fault.map(|(_, fault)| fault.clone()))
                    };
                    let answer = answer(&folder, &base, &path, request.method(), fault);
                    lock(&state).log.push((path, answer.status));
                    let with_body = *request.method() != Method::Head;
                    let _ = write(&mut request.into_writer(), &answer, with_body);
                }
            });
        }
    }

    /// From now on nothing answers, as if the network were gone.
    pub fn stop(&self) {
        if let Some(server) = lock(&self.state).server.take() {
            for _ in 0..THREADS {
                server.unblock();
            }
        }
    }

    /// The server is there again, at the same address.
    ///
    /// # Errors
    /// Something else has taken the port.
    pub fn go_on(&self) -> Result<(), String> {
        if lock(&self.state).server.is_some() {
            return Ok(());
        }
        let mut refused = String::new();
        // The last of the old threads may hold the port for a moment.
        for _ in 0..100 {
            match Server::http(self.address) {
                Ok(server) => {
                    self.listen(server);
                    return Ok(());
                }
                Err(error) => refused = error.to_string(),
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err(refused)
    }

    /// From now on another folder is served: a new build.
    pub fn serve_from(&self, folder: &Path) {
        lock(&self.state).folder = folder.to_path_buf();
    }

    /// The address of something below the base.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{}{}", self.address, self.base, path)
    }

    /// From now on, every file whose path holds `part` misbehaves.
    pub fn fault(&self, part: &str, fault: Fault) {
        lock(&self.state).faults.insert(part.to_owned(), fault);
    }

    /// Everything behaves again.
    pub fn heal(&self) {
        let mut state = lock(&self.state);
        state.faults.clear();
        state.folder.clone_from(&self.folder);
    }

    /// What was asked for since the last call.
    #[must_use]
    pub fn take_log(&self) -> Vec<(String, u16)> {
        std::mem::take(&mut lock(&self.state).log)
    }
}

/// A thread that panicked while it held the lock leaves nothing half done.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Writes an answer and asks the browser to close the connection after it.
///
/// tiny_http keeps a thread for each open connection and may queue a new one although no thread is free; it would then
/// wait until a browser lets go of an idle connection, which Firefox does after two minutes.
fn write(to: &mut dyn Write, answer: &Answer, with_body: bool) -> std::io::Result<()> {
    let reason = StatusCode(answer.status).default_reason_phrase();
    write!(to, "HTTP/1.1 {} {reason}\r\n", answer.status)?;
    for (name, value) in &answer.headers {
        write!(to, "{name}: {value}\r\n")?;
    }
    write!(to, "Content-Length: {}\r\nConnection: close\r\n\r\n", answer.body.len())?;
    if with_body {
        to.write_all(&answer.body)?;
    }
    to.flush()
}

struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

fn answer(folder: &Path, base: &str, url: &str, method: &Method, fault: Option<Fault>) -> Answer {
    let plain = |status: u16, text: &str| Answer {
        status,
        headers: vec![("Content-Type", "text/plain; charset=utf-8".into())],
        body: text.as_bytes().to_vec(),
    };
    if !matches!(method, Method::Get | Method::Head) {
        return plain(405, "Only GET and HEAD.");
    }
    let (path, query) = url.split_once('?').map_or((url, ""), |(path, query)| (path, query));
    let Some(below) = path.strip_prefix(base) else {
        if path == "/" || format!("{path}/") == base {
            return Answer { status: 302, headers: vec![("Location", base.to_owned())], body: Vec::new() };
        }
        return plain(404, "Nothing here.");
    };
    let file = |status: u16, path: &Path| match fs::read(path) {
        Ok(body) => {
            let headers = vec![("Content-Type", kind(path).to_owned()), ("Cache-Control", "no-cache".into())];
            Answer { status, headers, body }
        }
        Err(_) => plain(404, "Nothing here."),
    };
    match fault {
        Some(Fault::Missing) => return file(404, &folder.join("404.html")),
        Some(Fault::Slow(delay)) => thread::sleep(delay),
        Some(Fault::Replaced(body)) => {
            let headers = vec![("Content-Type", kind(Path::new(below)).to_owned())];
            return Answer { status: 200, headers, body };
        }
        None => {}
    }
    match resolve(folder, below) {
        Found::File(path) => file(200, &path),
        Found::Folder => {
            let query = if query.is_empty() { String::new() } else { format!("?{query}") };
            Answer { status: 301, headers: vec![("Location", format!("{path}/{query}"))], body: Vec::new() }
        }
        Found::Nothing => file(404, &folder.join("404.html")),
    }
}

enum Found {
    File(PathBuf),
    /// A folder asked for without its slash.
    Folder,
    Nothing,
}

fn resolve(folder: &Path, below: &str) -> Found {
    let Ok(below) = percent_decode_str(below).decode_utf8() else { return Found::Nothing };
    let is_below = Path::new(&*below).components().all(|part| matches!(part, Component::Normal(_)));
    if !is_below || below.contains('\\') {
        return Found::Nothing;
    }
    let path = folder.join(&*below);
    if path.is_dir() {
        let index = path.join("index.html");
        return match (below.is_empty() || below.ends_with('/'), index.is_file()) {
            (true, true) => Found::File(index),
            (false, true) => Found::Folder,
            _ => Found::Nothing,
        };
    }
    if path.is_file() && !below.ends_with('/') { Found::File(path) } else { Found::Nothing }
}

/// The media type of a file by its name.
fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_its_connection_and_a_head_has_no_body() {
        let answer = Answer {
            status: 200,
            headers: vec![("Content-Type", "text/plain".into())],
            body: b"abc".to_vec(),
        };
        let mut sent = Vec::new();
        write(&mut sent, &answer, true).unwrap();
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: close\r\n\r\n";
        assert_eq!(String::from_utf8(sent).unwrap(), format!("{head}abc"));
        let mut sent = Vec::new();
        write(&mut sent, &answer, false).unwrap();
        assert_eq!(String::from_utf8(sent).unwrap(), head);
    }

    fn site() -> PathBuf {
        let folder = std::env::temp_dir().join(format!("unrolled-server-{}", std::process::id()));
        fs::create_dir_all(folder.join("en/lab")).unwrap();
        for (name, text) in [("en/lab/index.html", "lab"), ("404.html", "none"), ("a.wasm", "w")] {
            fs::write(folder.join(name), text).unwrap();
        }
        folder
    }

    #[test]
    fn folders_files_and_unknown_addresses_are_answered_like_github_pages() {
        let folder = site();
        let get = |url: &str| answer(&folder, "/unrolled/", url, &Method::Get, None);
        assert_eq!(get("/unrolled/en/lab/?x=1").status, 200);
        let moved = get("/unrolled/en/lab?x=1");
        assert_eq!((moved.status, moved.headers[0].1.as_str()), (301, "/unrolled/en/lab/?x=1"));
        let unknown = get("/unrolled/en/nowhere/");
        assert_eq!((unknown.status, unknown.body.as_slice()), (404, b"none".as_slice()));
        assert_eq!(get("/unrolled/a.wasm").headers[0].1, "application/wasm");
        assert_eq!(get("/unrolled/../Cargo.toml").status, 404);
        assert_eq!(get("/unrolled/%2e%2e/Cargo.toml").status, 404);
        let outside = folder.join("a.wasm").display().to_string();
        assert_eq!(get(&format!("/unrolled/{outside}")).status, 404, "{outside}");
        assert_eq!(get(&format!("/unrolled/{}", outside.replace('/', "%2f"))).status, 404, "{outside}");
        assert_eq!(get("/unrolled").status, 302);
        assert_eq!(get("/elsewhere").status, 404);
    }
}
