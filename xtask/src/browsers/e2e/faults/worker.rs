//! Faults of the worker: ended from outside, asked before it is ready, of another build.

use serde_json::json;
use xtask::server::Fault;

use super::super::lab::{
    SECOND, WATCH_WORKERS, clear, offers, one_more, open, press, step, text, wait_action, wait_step,
};
use super::super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "a worker that is ended loses nothing of the run's numbers" => ended,
    "commands given before the worker is ready are not lost" => early_commands,
    "a worker of another build is not talked to" => other_build,
}

/// Enough updates for something to happen in the middle of them.
const UPDATES: &str = "3000";

/// What a run of that length shows at its end.
async fn shown_at_the_end(session: &Session<'_>) -> Outcome<String> {
    wait_action(session, "train-on").await?;
    let mut shown = format!("update {}", step(session).await?);
    for id in ["loss", "held-out", "perplexity"] {
        shown += &format!(" | {id}: {}", session.text(id).await?);
    }
    Ok(shown)
}

async fn ended(session: &Session<'_>) -> Outcome {
    session.before_each_page(WATCH_WORKERS).await?;
    open(session).await?;
    session.paste("steps", UPDATES).await?;
    press(session, "train").await?;
    let wanted = shown_at_the_end(session).await?;
    clear(session).await?;
    open(session).await?;
    session.paste("steps", UPDATES).await?;
    press(session, "train").await?;
    wait_step(session, 300).await?;
    ensure(offers(session, "pause").await?, || "the run was over before its worker was ended".into())?;
    session.js("window.__workers.at(-1).terminate()", vec![]).await?;
    session.wait_visible("notice").await?;
    let again = shown_at_the_end(session).await?;
    ensure(again == wanted, || format!("uninterrupted: {wanted}\n        ended:         {again}"))?;
    ensure(session.value("text").await? == text(), || "the text is gone".into())
}

async fn early_commands(session: &Session<'_>) -> Outcome {
    session.before_each_page(WATCH_WORKERS).await?;
    // The worker comes late: what is pressed until then waits for it.
    session.site.fault("/w/", Fault::Slow(SECOND));
    session.open_app("en/lab/").await?;
    session.wait_visible("main-button").await?;
    session.paste("text", &text()).await?;
    let presses = "const button = document.querySelector('[data-testid=main-button]'); \
                   for (let i = 0; i < 3; i += 1) button.click();";
    session.js(presses, vec![]).await?;
    session.site.heal();
    let at = wait_step(session, 3).await?;
    wait_step(session, at + 3).await?;
    // Two runs at once would make more than one update.
    one_more(session).await?;
    ensure(session.value("text").await? == text(), || "the text is gone".into())
}

async fn other_build(session: &Session<'_>) -> Outcome {
    // A worker that names another protocol, as one of another build would.
    session
        .before_each_page(
            "() => { const Made = window.Worker; window.Worker = class extends Made { \
               constructor(...all) { super(...all); \
                 this.addEventListener('message', (event) => { \
                   const text = JSON.stringify(event.data ?? null); \
                   if (text.includes('\"Ready\"') && !event.__changed) { event.stopImmediatePropagation(); \
                     const data = JSON.parse(text, (key, value) => key === 'protocol' ? 999999 : value); \
                     const again = new MessageEvent('message', { data }); again.__changed = true; this.dispatchEvent(again); } }); } }; }",
        )
        .await?;
    session.open_app("en/lab/").await?;
    session.wait_visible("main-button").await?;
    session.paste("text", &text()).await?;
    session.click("main-button").await?;
    session.wait_visible("worker-other-build").await?;
    let kept = session.value("text").await?;
    ensure(kept == text(), || format!("the text is now {kept:.60}"))?;
    let step = session
        .js("return Number(document.querySelector('[data-testid=step]')?.dataset.step || 0)", vec![])
        .await?;
    ensure(step == json!(0), || "it trains with a worker of another build".into())
}
