//! What ends a run of the Lab before its time: numbers that diverge, a worker that dies or never comes.

use serde_json::json;
use xtask::server::Fault;

use super::lab::{SECOND, WATCH_WORKERS, open, press, step, text, wait_step};
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure, fail};

tests! {
    "a run that diverges stops with its reason and goes on from good weights" => diverge,
    "a worker that crashes is replaced and loses little" => crash,
    "a worker that cannot be loaded is said, and a retry helps" => no_worker,
}

async fn diverge(session: &Session<'_>) -> Outcome {
    // A state without bounds, no clipping and a rate far too large: the run that the book shows.
    session.open_app("en/lab/?cell=rnn-relu&rule=sgd&rate=5&clip=none").await?;
    session.wait_text("text-facts", "a sample's size", 10 * SECOND, |facts| facts.contains("V = ")).await?;
    press(session, "train").await?;
    session.wait_visible("diverged").await?;
    let said = session.text("diverged").await?;
    ensure(said.chars().any(|c| c.is_ascii_digit()), || format!("it does not say when: {said}"))?;
    let has_model =
        session.js("return !document.querySelector('[data-testid=step-through]').disabled", vec![]).await?;
    ensure(has_model == json!(true), || "the good weights are gone".into())?;
    // A smaller rate that is chosen now is the one that it goes on with.
    session.paste("learning-rate", "0.001").await?;
    press(session, "go-back").await?;
    wait_step(session, 40).await?;
    let rate = session.value("learning-rate").await?;
    ensure(rate == "0.001", || format!("it goes on with {rate}"))?;
    session.click("start-again").await?;
    session.paste("learning-rate", "5").await?;
    session.click("start-again").await?;
    session.wait_visible("diverged").await?;
    // Each time it goes on with a third of the rate. It may run into the same wall a few times, and then trains.
    let state = "return [document.querySelector('[data-testid=learning-rate]').value, \
                 document.querySelector('[data-testid=main-button]').dataset.action, \
                 document.querySelector('[data-testid=step]').dataset.step].map(String)";
    for _ in 0..8 {
        let before = session.js(state, vec![]).await?[0].clone();
        press(session, "go-back").await?;
        let settled = format!(
            "const [rate, action, step] = (() => {{ {state} }})(); \
             return Number(rate) < Number(arguments[0]) && (action === 'go-back' || step > 100) && action"
        );
        let action = session.wait_js(&settled, vec![before], "the run to go on more gently").await?;
        if action != json!("go-back") {
            return Ok(());
        }
    }
    fail("it never trains, however small its rate")
}

async fn crash(session: &Session<'_>) -> Outcome {
    session.expect_error("crash");
    session.expect_error("panicked at src/worker");
    session.expect_error("closure invoked recursively");
    session.expect_error("Crash");
    session.expect_error("Uncaught");
    session.before_each_page(WATCH_WORKERS).await?;
    open(session).await?;
    press(session, "train").await?;
    wait_step(session, 60).await?;
    // A checkpoint comes about once a second: let one come.
    let early = step(session).await?;
    wait_step(session, early + 200).await?;
    session.js("window.__workers.at(-1).postMessage({ message: 'Crash' })", vec![]).await?;
    session.wait_visible("notice").await?;
    let at = step(session).await?;
    wait_step(session, at + 20).await?;
    ensure(session.value("text").await? == text(), || "the text is gone".into())?;
    let workers = session.js("return window.__workers.length", vec![]).await?;
    ensure(workers.as_u64().is_some_and(|count| count >= 2), || format!("{workers} workers were made"))
}

async fn no_worker(session: &Session<'_>) -> Outcome {
    session.expect_error("");
    open(session).await?;
    session.site.fault("/w/", Fault::Missing);
    press(session, "train").await?;
    session.wait_visible("worker-silent").await?;
    ensure(session.value("text").await? == text(), || "the text is gone".into())?;
    session.site.heal();
    session.click("worker-retry").await?;
    wait_step(session, 5).await.map(drop)
}
