//! What is asked for and cannot be: the run that was there stays. And a large text that is really pasted.

use serde_json::json;

use super::lab::{SECOND, open, pause, press, step, text, wait_action, wait_step};
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

const CONTROL: &str = "\u{e009}";

tests! {
    "a run stays where the next one cannot begin" => stays,
    "a megabyte that is pasted stands in the box at once" => pasted,
}

async fn stays(session: &Session<'_>) -> Outcome {
    open(session).await?;
    press(session, "train").await?;
    wait_step(session, 20).await?;
    pause(session).await?;
    let reached = step(session).await?;
    session.paste("text", "aaaaaaaaaaaaaaaaaaaa").await?;
    session.click("start-again").await?;
    let said = "const said = document.getElementById('text-error'); return said && said.textContent.trim().length > 10";
    session.wait_js(said, vec![], "why it cannot begin").await?;
    let is_there = "return !document.querySelector('[data-testid=step-through]').disabled \
                    && Number(document.querySelector('[data-testid=step]')?.dataset.step) === arguments[0]";
    session.wait_js(is_there, vec![json!(reached)], "the run that was there").await?;
    // With its text in the box again it goes on from where it was.
    session.paste("text", &text()).await?;
    press(session, "resume").await?;
    wait_step(session, reached + 5).await?;
    // The same while it trains: it comes back paused, at its last weights.
    session.paste("text", "bbbbbbbbbbbbbbbbbbbb").await?;
    session.click("start-again").await?;
    session.wait_js(said, vec![], "why it cannot begin").await?;
    session.paste("text", &text()).await?;
    wait_action(session, "resume").await?;
    let back = step(session).await?;
    ensure(back >= reached, || format!("it came back at {back}, before {reached}"))?;
    press(session, "resume").await?;
    wait_step(session, back + 5).await?;
    pause(session).await?;
    let stored = step(session).await?;
    session.reload().await?;
    wait_action(session, "resume").await?;
    session.wait_js(is_there, vec![json!(stored)], "the run after a reload").await.map(drop)
}

async fn pasted(session: &Session<'_>) -> Outcome {
    open(session).await?;
    session.paste("text", "before after").await?;
    let script = "
        const area = document.querySelector('[data-testid=text]');
        area.focus();
        area.setSelectionRange(7, 7);
        const text = 'one more line\\r\\n'.repeat(70000);
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', text);
        // Firefox fills an event of a script from the last two.
        const event = new ClipboardEvent('paste', \
            { clipboardData, bubbles: true, cancelable: true, dataType: 'text/plain', data: text });
        area.dispatchEvent(event);
        return [event.defaultPrevented, area.value.length, area.value.startsWith('before one more'), \
                area.value.endsWith('lineafter') || area.value.endsWith('line\\nafter'), area.selectionStart]";
    let found = session.js(script, vec![]).await?;
    ensure(found == json!([true, 980_012, true, true, 980_007]), || format!("{found}"))?;
    session.wait_text("text-facts", "what was pasted", 20 * SECOND, |facts| facts.contains("980 KB")).await?;
    // The browser's Undo does not know of it; the keys take it back all the same, and paste it again.
    let state = "const area = document.querySelector('[data-testid=text]'); \
                 return [area.value.length, area.value.slice(0, 12), area.selectionStart]";
    let before = json!([12, "before after", 7]);
    for (key, expected) in [("z", &before), ("y", &json!([980_012, "before one m", 980_007])), ("z", &before)]
    {
        session.chord(CONTROL, key).await?;
        let found = session.js(state, vec![]).await?;
        ensure(found == *expected, || format!("after {key}: {found}"))?;
    }
    session.wait_text("text-facts", "the text before", 20 * SECOND, |facts| facts.contains("12 ")).await?;
    // What is typed is the browser's again.
    session.keys("x").await?;
    session.chord(CONTROL, "y").await?;
    let found = session.value("text").await?;
    ensure(found == "before xafter", || format!("what was typed is {found}"))
}
