//! Saved work: what is kept, the list of it, several tabs.

use serde_json::{Value, json};

use super::lab::{SECOND, clear, offers, open, pause, press, results, step, text, wait_action, wait_step};
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "runs are kept, renamed, deleted, put back and opened again" => list,
    "all that is kept goes into a file and comes back without writing over anything" => file,
    "two tabs have runs of their own and neither takes the other's" => two_tabs,
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

/// Waits until the list is closed.
async fn closed(session: &Session<'_>) -> Outcome {
    let script = "return !document.querySelector('[data-testid=saved]').open";
    session.wait_js(script, vec![], "the list to close").await.map(drop)
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
    if offers(session, "train").await? {
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
    for part in ["LSTM", "24 units", "update 60", "loss", "finished"] {
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
    closed(session).await?;
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
    closed(session).await?;
    press(session, "train-on").await?;
    wait_step(session, 80).await?;
    pause(session).await?;
    session.reload().await?;
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
        const [file, done] = arguments;
        const input = document.querySelector('[data-testid=saved-import]'), data = new DataTransfer();
        const said = document.querySelector('[data-testid=saved-said]');
        // The answer, or after ten seconds what stands there.
        const answer = () => { if (said.textContent) done(said.textContent); };
        new MutationObserver(answer).observe(said, { childList: true, characterData: true, subtree: true });
        setTimeout(() => done(said.textContent), 10000);
        data.items.add(new File([file], 'work.json', { type: 'application/json' }));
        input.files = data.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));";
    Ok(session.js_async(script, vec![json!(file)]).await?.as_str().unwrap_or_default().to_owned())
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
        (file.replacen("\"hidden\":24", "\"hidden\":2400", 1), "1 to 1,024"),
    ] {
        let said = hand_in(session, &bad).await?;
        ensure(said.contains(word), || format!("`{word}` is not in: {said}"))?;
    }
    count(session, 2).await?;
    // Deleted and come back from the file: there is nothing to be put back any more.
    click_in(session, 0, "saved-delete").await?;
    count(session, 1).await?;
    session.wait_visible("saved-undo").await?;
    hand_in(session, &file).await?;
    count(session, 2).await?;
    session
        .wait_js("return !document.querySelector('[data-testid=saved-undo]')", vec![], "the notice to go")
        .await?;
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
        .wait_text("saved-state", "how far it is kept", 10 * SECOND, |said| said.contains("up to update"))
        .await?;
    let first = session.driver.window().await?;
    let second = session.new_tab().await?;
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
    closed(session).await?;
    // An own text and a run of its own.
    let own = "here is another text, here is another text. ".repeat(20);
    session.paste("text", &own).await?;
    session.wait_text("text-facts", "the text's size", 10 * SECOND, |facts| facts.starts_with("880")).await?;
    session.paste("steps", "60").await?;
    press(session, "train").await?;
    let shown = results(session).await?;
    // Both come back with what is theirs.
    session.reload().await?;
    let again = results(session).await?;
    ensure(again == shown, || format!("before: {shown}\n        again:  {again}"))?;
    ensure(session.value("text").await? == own, || "the second tab has another text".into())?;
    session.driver.switch_to_window(first).await?;
    let trained = step(session).await?;
    session.reload().await?;
    wait_step(session, trained).await?;
    ensure(session.value("text").await? == text(), || "the first tab has another text".into())?;
    session.click("saved-open").await?;
    count(session, 2).await
}
