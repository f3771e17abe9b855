//! What is kept when something breaks in the middle: a reload, a crash, storage that closes, is taken over or cleared.

use serde_json::json;

use super::lab::{SECOND, WATCH_WORKERS, clear, loss, open, press, step, text, wait_action, wait_step};
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "a reload in the middle of training loses at most a second" => reload_while_training,
    "a crash of the worker loses at most a second" => crash,
    "storage that is closed, taken over or cleared is met without a loss or said" => storage_fails,
}

/// Notes ten times a second how far the run is, and leaves the notes where a reload does not reach them.
const NOTE_STEPS: &str = "
    const notes = [];
    const note = () => {
        const step = Number(document.querySelector('[data-testid=step]')?.dataset.step || 0);
        notes.push([performance.now(), step]);
        setTimeout(note, 20);
    };
    note();
    window.__notes = notes;
    addEventListener('pagehide', () => {
        const now = performance.now();
        const before = notes.filter(([at]) => at <= now - 1000).at(-1);
        sessionStorage.setItem('notes', JSON.stringify({ before: before ? before[1] : 0, last: notes.at(-1)[1] }));
    });";

/// A run whose steps are noted, for at least two checkpoints.
async fn noted_run(session: &Session<'_>) -> Outcome {
    open(session).await?;
    session.paste("steps", "500000").await?;
    press(session, "train").await?;
    wait_step(session, 5).await?;
    session.js(NOTE_STEPS, vec![]).await?;
    let script = "return window.__notes.at(-1)[0] - window.__notes[0][0] > 2500";
    session.wait_js(script, vec![], "some training").await.map(drop)
}

/// From which update the page says that it goes on.
async fn goes_on_from(session: &Session<'_>) -> Outcome<u64> {
    let said =
        session.wait_text("notice", "where it goes on", 10 * SECOND, |said| said.contains("update")).await?;
    let digits: String = said.chars().filter(char::is_ascii_digit).collect();
    Ok(digits.parse().unwrap_or(0))
}

async fn reload_while_training(session: &Session<'_>) -> Outcome {
    noted_run(session).await?;
    session.reload().await?;
    let from = goes_on_from(session).await?;
    let notes = session.js("return JSON.parse(sessionStorage.getItem('notes'))", vec![]).await?;
    let (before, last) = (notes["before"].as_u64().unwrap_or(0), notes["last"].as_u64().unwrap_or(0));
    ensure(before > 0 && from >= before, || {
        format!("it was at {last}, a second earlier at {before}, and goes on from {from}")
    })?;
    wait_step(session, last + 10).await.map(drop)
}

async fn crash(session: &Session<'_>) -> Outcome {
    for part in ["crash", "Crash", "Uncaught", "panicked", "closure invoked recursively"] {
        session.expect_error(part);
    }
    session.before_each_page(WATCH_WORKERS).await?;
    noted_run(session).await?;
    let script = "
        window.__at = performance.now();
        window.__workers.at(-1).postMessage({ message: 'Crash' });
        return window.__notes.filter(([at]) => at <= window.__at - 1000).at(-1)[1];";
    let before = session.js(script, vec![]).await?.as_u64().unwrap_or(0);
    let from = goes_on_from(session).await?;
    ensure(before > 0 && from >= before, || {
        format!("a second before it was at {before}, and it goes on from {from}")
    })?;
    wait_step(session, from + 20).await?;
    let took = session.js("return performance.now() - window.__at", vec![]).await?;
    ensure(took.as_f64().is_some_and(|took| took < 10_000.0), || format!("it took {took} ms"))
}

async fn storage_fails(session: &Session<'_>) -> Outcome {
    // A connection that the browser has closed throws at the next transaction, once.
    session
        .before_each_page(
            "() => { const real = IDBDatabase.prototype.transaction; window.__closed = 0; \
             IDBDatabase.prototype.transaction = function (...all) { \
                 if (window.__close) { window.__close = false; window.__closed += 1; throw new DOMException('closing', 'InvalidStateError'); } \
                 return real.apply(this, all); }; }",
        )
        .await?;
    open(session).await?;
    session.js("window.__close = true", vec![]).await?;
    let own = text() + "and one line more, written after the connection was closed.\n";
    session.paste("text", &own).await?;
    session.wait_js("return window.__closed === 1", vec![], "the closed connection").await?;
    ensure(!session.is_visible("storage-notice").await?, || "it says that nothing is kept".into())?;
    let stored = "
        const [wanted, done] = arguments;
        const open = indexedDB.open('unrolled');
        open.onsuccess = () => {
            const all = open.result.transaction('records').objectStore('records').getAll();
            all.onsuccess = () => { open.result.close(); done(all.result.includes(wanted)); };
        };";
    session.wait_js_async(stored, vec![json!(own)], "the edit to be stored").await?;
    session.reload().await?;
    session.wait_text("text-facts", "the text's size", 10 * SECOND, |facts| facts.contains("V = ")).await?;
    ensure(session.value("text").await? == own, || "the edit is gone".into())?;

    // Cleared while the page is open: said, and what is here is stored again.
    let delete = "
        const done = arguments[arguments.length - 1];
        const gone = indexedDB.deleteDatabase('unrolled');
        gone.onsuccess = () => done('gone');
        gone.onerror = () => done(String(gone.error));";
    let outcome = session.js_async(delete, vec![]).await?;
    ensure(outcome == json!("gone"), || format!("clearing: {outcome}"))?;
    session.wait_text("notice", "that it was cleared", 10 * SECOND, |said| said.contains("cleared")).await?;
    session.wait_js_async(stored, vec![json!(own)], "what is open to be stored again").await?;

    // A newer page in another tab takes the storage over.
    press(session, "train").await?;
    wait_step(session, 20).await?;
    let upgrade = "
        const done = arguments[arguments.length - 1];
        const open = indexedDB.open('unrolled', 99);
        open.onsuccess = () => { open.result.close(); done('taken'); };
        open.onblocked = () => done('blocked');
        open.onerror = () => done(String(open.error));";
    let outcome = session.js_async(upgrade, vec![]).await?;
    ensure(outcome == json!("taken"), || format!("taking it over: {outcome}"))?;
    session
        .wait_text("storage-notice", "a newer page", 10 * SECOND, |said| said.contains("newer version"))
        .await?;
    let before = step(session).await?;
    wait_step(session, before + 20).await?;

    // Cleared between two visits: a first visit, without an error.
    clear(session).await?;
    session.open_app("en/lab/").await?;
    session.wait_text("text-facts", "a sample's size", 10 * SECOND, |facts| facts.contains("V = ")).await?;
    ensure(!session.is_visible("storage-notice").await?, || "an empty storage is taken for none".into())?;
    wait_action(session, "train").await?;
    press(session, "train").await?;
    wait_step(session, 20).await?;
    loss(session).await.map(drop)
}
