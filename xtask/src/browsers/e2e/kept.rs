//! Saved work: what is kept, the list of it, several tabs, storage that fails.

use serde_json::{Value, json};

use super::lab::{
    SECOND, WATCH_WORKERS, clear, loss, open, press, results, step, text, wait_action, wait_step,
};
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "runs are kept, renamed, deleted, put back and opened again" => list,
    "all that is kept goes into a file and comes back without writing over anything" => file,
    "two tabs have runs of their own and neither takes the other's" => two_tabs,
    "a reload in the middle of training loses at most a second" => reload_while_training,
    "a crash of the worker loses at most a second" => crash,
    "storage that is closed, taken over or cleared is met without a loss or said" => storage_fails,
}

async fn count(session: &Session<'_>, rows: usize) -> Outcome {
    let script = "return document.querySelectorAll('[data-testid=saved-item]').length === arguments[0]";
    session.wait_js(script, vec![json!(rows)], &format!("{rows} entries")).await.map(drop)
}

/// Clicks a button of the row at this place, from 0.
async fn click_in(session: &Session<'_>, row: usize, id: &str) -> Outcome {
    let script = "
        const button = document.querySelectorAll('[data-testid=saved-item]')[arguments[0]]
            ?.querySelector(`[data-testid=\"${arguments[1]}\"]`);
        if (!button || button.disabled) return false;
        button.click();
        return true;";
    session.wait_js(script, vec![json!(row), json!(id)], &format!("{id} of row {row}")).await.map(drop)
}

async fn names(session: &Session<'_>) -> Outcome<Value> {
    session
        .js(
            "return [...document.querySelectorAll('[data-testid=saved-name]')].map((e) => e.textContent)",
            vec![],
        )
        .await
}

/// Trains 60 updates, and gives what is shown then.
async fn short_run(session: &Session<'_>, cell: &str) -> Outcome<String> {
    session.paste("steps", "60").await?;
    session.click("cell").await?;
    session.click(&format!("cell-{cell}")).await?;
    let script = "return document.querySelector('[data-testid=main-button]').dataset.action";
    if session.js(script, vec![]).await? == json!("train") {
        press(session, "train").await?;
    } else {
        session.click("start-again").await?;
        session
            .wait_js("return !document.querySelector('[data-testid=settings-changed]')", vec![], "a new run")
            .await?;
    }
    results(session).await
}

async fn list(session: &Session<'_>) -> Outcome {
    open(session).await?;
    let gru = short_run(session, "gru").await?;
    let lstm = short_run(session, "lstm").await?;
    ensure(gru != lstm, || format!("both show {gru}"))?;
    session.wait_text("saved-state", "how far it is kept", 5 * SECOND, |said| said.contains("60")).await?;
    session.click("saved-open").await?;
    count(session, 2).await?;
    let facts = session.text("saved-facts").await?;
    for part in ["LSTM", "24 units", "step 60", "loss", "finished"] {
        ensure(facts.contains(part), || format!("{part} is not in: {facts}"))?;
    }
    session
        .wait_text("saved-room", "the room", 5 * SECOND, |said| {
            said.contains("MB") || said.contains("KB") || said.contains("GB")
        })
        .await?;
    // The older one gets a name; the keyboard does it, and the focus stays.
    click_in(session, 1, "saved-rename").await?;
    session.wait_visible("saved-name-field").await?;
    session.paste("saved-name-field", "my gru <b>").await?;
    session.keys("\u{e007}").await?;
    session
        .wait_js("return [...document.querySelectorAll('[data-testid=saved-name]')].some((e) => e.textContent === 'my gru <b>')", vec![], "the name")
        .await?;
    let focus = session.js("return document.activeElement?.dataset.testid || ''", vec![]).await?;
    ensure(focus == json!("saved-rename"), || format!("the focus is on {focus}"))?;
    // Deleted and put back, as it was.
    click_in(session, 1, "saved-delete").await?;
    count(session, 1).await?;
    let focus = session.js("return document.activeElement?.dataset.testid || ''", vec![]).await?;
    ensure(focus == json!("saved-undo"), || format!("the focus is on {focus}"))?;
    session.click("saved-undo").await?;
    count(session, 2).await?;
    let listed = names(session).await?;
    ensure(listed[1] == json!("my gru <b>"), || format!("the list is {listed}"))?;
    // Opened: the same numbers, its settings, and it is the newest now.
    click_in(session, 1, "saved-lab").await?;
    session
        .wait_js("return !document.querySelector('[data-testid=saved]').open", vec![], "the list to close")
        .await?;
    let again = results(session).await?;
    ensure(again == gru, || format!("kept:   {gru}\n        opened: {again}"))?;
    ensure(session.value("text").await? == text(), || "the text is gone".into())?;
    session.click("saved-open").await?;
    count(session, 2).await?;
    let badges = session
        .js("return [...document.querySelectorAll('[data-testid=saved-item]')].map((e) => e.querySelector('[data-testid=saved-badge]')?.textContent || '')", vec![])
        .await?;
    ensure(badges == json!(["open here", ""]), || format!("the badges are {badges}"))?;
    // It trains on as the entry that it is.
    session.keys("\u{e00c}").await?;
    session
        .wait_js("return !document.querySelector('[data-testid=saved]').open", vec![], "the list to close")
        .await?;
    press(session, "train-on").await?;
    wait_step(session, 80).await?;
    press(session, "pause").await?;
    wait_action(session, "resume").await?;
    session.driver.refresh().await?;
    session.wait_for("app-ready").await?;
    wait_step(session, 80).await?;
    session.click("saved-open").await?;
    count(session, 2).await?;
    let listed = names(session).await?;
    ensure(listed[0] == json!("my gru <b>"), || format!("the list is {listed}"))?;
    // The model of the other one, stepped through without opening it here.
    click_in(session, 1, "saved-stepper").await?;
    session.wait_js("return location.pathname === '/unrolled/en/stepper/'", vec![], "the stepper").await?;
    session.wait_visible("stepper-open").await
}

/// Keeps what would be downloaded.
const CATCH_FILES: &str = "() => { const make = URL.createObjectURL.bind(URL); \
     URL.createObjectURL = (blob) => { if (blob.type === 'application/json') window.__file = blob; return make(blob); }; \
     const click = HTMLAnchorElement.prototype.click; \
     HTMLAnchorElement.prototype.click = function () { if (!this.download) click.call(this); }; }";

/// Hands a file to the list.
async fn hand_in(session: &Session<'_>, file: &str) -> Outcome<String> {
    let script = "
        const input = document.querySelector('[data-testid=saved-import]'), data = new DataTransfer();
        document.querySelector('[data-testid=saved-said]').dataset.before = document.querySelector('[data-testid=saved-said]').textContent;
        data.items.add(new File([arguments[0]], 'work.json', { type: 'application/json' }));
        input.files = data.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));";
    session.js("document.querySelector('[data-testid=saved-said]').replaceChildren()", vec![]).await?;
    session.js(script, vec![json!(file)]).await?;
    session.wait_text("saved-said", "a word about the file", 10 * SECOND, |said| !said.is_empty()).await
}

async fn file(session: &Session<'_>) -> Outcome {
    session.before_each_page(CATCH_FILES).await?;
    open(session).await?;
    let shown = short_run(session, "gru").await?;
    // The run's text is kept with the run: only another one can be kept by itself.
    session.paste("text", &"a text to be kept by itself. ".repeat(8)).await?;
    session.click("saved-open").await?;
    count(session, 1).await?;
    session.click("saved-keep-text").await?;
    count(session, 2).await?;
    session.click("saved-export").await?;
    session.wait_js("return !!window.__file", vec![], "a file").await?;
    let file = session.js_async("window.__file.text().then(arguments[arguments.length - 1])", vec![]).await?;
    let file = file.as_str().unwrap_or_default().to_owned();
    ensure(file.starts_with("{\"format\":\"unrolled-saved/1\""), || format!("the file begins {file:.60}"))?;
    clear(session).await?;

    session.open_app("en/lab/").await?;
    session.wait_visible("main-button").await?;
    session.click("saved-open").await?;
    session.wait_visible("saved-empty").await?;
    let said = hand_in(session, &file).await?;
    ensure(said.contains("Added: 2"), || said.clone())?;
    count(session, 2).await?;
    let open_run = "
        const rows = [...document.querySelectorAll('[data-testid=saved-item]')];
        return rows.findIndex((row) => row.textContent.includes('GRU'));";
    let row = session.js(open_run, vec![]).await?.as_u64().unwrap_or(9) as usize;
    click_in(session, row, "saved-lab").await?;
    let again = results(session).await?;
    ensure(again == shown, || format!("before: {shown}\n        again:  {again}"))?;
    // Once more: nothing is there twice, nothing is written over.
    session.click("saved-open").await?;
    count(session, 2).await?;
    let said = hand_in(session, &file).await?;
    ensure(said.contains("Added: 0") && said.contains("Already here: 2"), || said.clone())?;
    count(session, 2).await?;
    for (bad, word) in [
        ("no file of ours".to_owned(), "no file of saved work"),
        (file.replace("unrolled-saved/1", "unrolled-saved/9"), "newer version"),
        (file.replacen("\"weights\":\"V", "\"weights\":\"W", 1), "damaged"),
        (file.replacen("\"hidden\":24", "\"hidden\":2400", 1), "1 to 1024"),
    ] {
        let said = hand_in(session, &bad).await?;
        ensure(said.contains(word), || format!("`{word}` is not in: {said}"))?;
    }
    count(session, 2).await?;
    let made =
        session.js("return document.querySelectorAll('[data-testid=saved] img').length", vec![]).await?;
    ensure(made == json!(0), || format!("{made} elements were made of a file"))
}

async fn two_tabs(session: &Session<'_>) -> Outcome {
    open(session).await?;
    session.paste("steps", "500000").await?;
    press(session, "train").await?;
    wait_step(session, 50).await?;
    session
        .wait_text("saved-state", "how far it is kept", 10 * SECOND, |said| said.contains("up to step"))
        .await?;
    let first = session.driver.window().await?;
    let second = session.driver.new_tab().await?;
    session.driver.switch_to_window(second.clone()).await?;
    session.open_app("en/lab/").await?;
    session.wait_text("notice", "another tab", 10 * SECOND, |said| said.contains("another tab")).await?;
    session.wait_text("text-facts", "the text's size", 10 * SECOND, |facts| facts.contains("V = ")).await?;
    ensure(session.value("text").await? == text(), || "the text is another one".into())?;
    wait_action(session, "train").await?;
    // The other tab's run is in the list, and cannot be opened here.
    session.click("saved-open").await?;
    count(session, 1).await?;
    session.wait_text("saved-badge", "in use", 5 * SECOND, |said| said.contains("another tab")).await?;
    let disabled = "return ['saved-lab', 'saved-rename', 'saved-delete'].every((id) => document.querySelector(`[data-testid=\"${id}\"]`).disabled)";
    ensure(session.js(disabled, vec![]).await? == json!(true), || "it can be changed here".into())?;
    session.keys("\u{e00c}").await?;
    session
        .wait_js("return !document.querySelector('[data-testid=saved]').open", vec![], "the list to close")
        .await?;
    // An own text and a run of its own.
    let own = "here is another text, here is another text. ".repeat(20);
    session.paste("text", &own).await?;
    session.wait_text("text-facts", "the text's size", 10 * SECOND, |facts| facts.starts_with("880")).await?;
    session.paste("steps", "60").await?;
    press(session, "train").await?;
    let shown = results(session).await?;
    // Both come back with what is theirs.
    session.driver.refresh().await?;
    session.wait_for("app-ready").await?;
    let again = results(session).await?;
    ensure(again == shown, || format!("before: {shown}\n        again:  {again}"))?;
    ensure(session.value("text").await? == own, || "the second tab has another text".into())?;
    session.driver.switch_to_window(first).await?;
    let trained = step(session).await?;
    session.driver.refresh().await?;
    session.wait_for("app-ready").await?;
    wait_step(session, trained).await?;
    ensure(session.value("text").await? == text(), || "the first tab has another text".into())?;
    session.click("saved-open").await?;
    count(session, 2).await
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

async fn reload_while_training(session: &Session<'_>) -> Outcome {
    open(session).await?;
    session.paste("steps", "500000").await?;
    press(session, "train").await?;
    wait_step(session, 5).await?;
    session.js(NOTE_STEPS, vec![]).await?;
    // At least two checkpoints.
    session
        .wait_js("return window.__notes.at(-1)[0] - window.__notes[0][0] > 2500", vec![], "some training")
        .await?;
    session.driver.refresh().await?;
    session.wait_for("app-ready").await?;
    let said =
        session.wait_text("notice", "where it goes on", 10 * SECOND, |said| said.contains("step")).await?;
    let notes = session.js("return JSON.parse(sessionStorage.getItem('notes'))", vec![]).await?;
    let (before, last) = (notes["before"].as_u64().unwrap_or(0), notes["last"].as_u64().unwrap_or(0));
    let digits: String = said.chars().filter(char::is_ascii_digit).collect();
    let from: u64 = digits.parse().unwrap_or(0);
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
    open(session).await?;
    session.paste("steps", "500000").await?;
    press(session, "train").await?;
    wait_step(session, 5).await?;
    session.js(NOTE_STEPS, vec![]).await?;
    session
        .wait_js("return window.__notes.at(-1)[0] - window.__notes[0][0] > 2500", vec![], "some training")
        .await?;
    let script = "
        window.__at = performance.now();
        window.__workers.at(-1).postMessage({ message: 'Crash' });
        return window.__notes.filter(([at]) => at <= window.__at - 1000).at(-1)[1];";
    let before = session.js(script, vec![]).await?.as_u64().unwrap_or(0);
    let said =
        session.wait_text("notice", "where it goes on", 10 * SECOND, |said| said.contains("step")).await?;
    let digits: String = said.chars().filter(char::is_ascii_digit).collect();
    let from: u64 = digits.parse().unwrap_or(0);
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
    let mut looks = 0;
    while session.js_async(stored, vec![json!(own)]).await? != json!(true) {
        looks += 1;
        ensure(looks < 100, || "the edit was not stored".into())?;
    }
    session.driver.refresh().await?;
    session.wait_for("app-ready").await?;
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
    let mut looks = 0;
    while session.js_async(stored, vec![json!(own)]).await? != json!(true) {
        looks += 1;
        ensure(looks < 100, || "what was open is not stored again".into())?;
    }

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
