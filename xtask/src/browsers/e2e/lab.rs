//! The main job, and what may go wrong on the way: paste a text, train, step through that very network.

use std::time::Duration;

use serde_json::json;

use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure, fail};

tests! {
    "paste a text, train on it, and step through that very network while it goes on" => main_job,
    "the same run gives the same numbers in both browsers" => same_numbers,
    "a link to a run gives its numbers again" => link_to_a_run,
    "loss and newest sample are in view while it trains" => in_view,
    "pause, one step and resume" => pause_and_step,
    "text, settings and the trained network survive a reload" => reload,
    "no task of the page is long while it trains" => long_tasks,
}

/// The place of 24 hidden units on their slider.
pub const SLIDER_PLACE: &str = "6";

pub const SECOND: Duration = Duration::from_secs(1);

/// Something with structure: after each digit the next one in words.
pub fn text() -> String {
    let words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    (0..200)
        .map(|i| format!("after {} comes {}.\n", words[i % 10], words[(i * 3 + i / 10 + 1) % 10]))
        .collect()
}

/// Opens the lab with that text and a small network, so that it learns at once.
pub async fn open(session: &Session<'_>) -> Outcome {
    open_with(session, "en", &text()).await?;
    // A place of the slider: 24 hidden units.
    session.paste("hidden", SLIDER_PLACE).await?;
    session
        .wait_js(
            "return document.querySelector('[data-testid=hidden]').getAttribute('aria-valuetext') === '24'",
            vec![],
            "24 units",
        )
        .await
        .map(drop)
}

/// Opens the lab and pastes a text over the sample that it begins with.
pub async fn open_with(session: &Session<'_>, language: &str, text: &str) -> Outcome {
    session.open_app(&format!("{language}/lab/")).await?;
    session.wait_visible("main-button").await?;
    let sample = session
        .wait_text("text-facts", "a sample's size", 10 * SECOND, |facts| facts.contains("V = "))
        .await?;
    session.paste("text", text).await?;
    session
        .wait_text("text-facts", "the text's size", 10 * SECOND, |facts| {
            facts.contains("V = ") && facts != sample
        })
        .await?;
    Ok(())
}

/// Presses the main button when it offers `action`.
pub async fn press(session: &Session<'_>, action: &str) -> Outcome {
    wait_action(session, action).await?;
    session.click("main-button").await
}

/// Waits until the main button offers `action`.
pub async fn wait_action(session: &Session<'_>, action: &str) -> Outcome {
    let script =
        "return document.querySelector('[data-testid=main-button]')?.dataset.action === arguments[0]";
    session
        .wait_js_for(script, vec![json!(action)], &format!("the button to offer {action}"), 60 * SECOND)
        .await
        .map(drop)
}

/// Pauses the run.
pub async fn pause(session: &Session<'_>) -> Outcome {
    press(session, "pause").await?;
    wait_action(session, "resume").await
}

/// Pauses the run and makes one more update: one and no other is made. Gives the update it is at then.
pub async fn one_more(session: &Session<'_>) -> Outcome<u64> {
    pause(session).await?;
    let paused = step(session).await?;
    session.click("one-step").await?;
    wait_step(session, paused + 1).await?;
    wait_action(session, "resume").await?;
    let stepped = step(session).await?;
    ensure(stepped == paused + 1, || format!("one step went from {paused} to {stepped}"))?;
    Ok(stepped)
}

/// Whether the main button offers `action` now.
pub async fn offers(session: &Session<'_>, action: &str) -> Outcome<bool> {
    let script = "return document.querySelector('[data-testid=main-button]')?.dataset.action";
    Ok(session.js(script, vec![]).await? == json!(action))
}

/// Updates done, as the page shows them.
pub async fn step(session: &Session<'_>) -> Outcome<u64> {
    let step = session
        .js("return Number(document.querySelector('[data-testid=step]')?.dataset.step || 0)", vec![])
        .await?;
    Ok(step.as_u64().unwrap_or(0))
}

pub async fn wait_step(session: &Session<'_>, least: u64) -> Outcome<u64> {
    wait_step_for(session, least, 60 * SECOND).await
}

pub async fn wait_step_for(session: &Session<'_>, least: u64, limit: Duration) -> Outcome<u64> {
    let script = "const n = Number(document.querySelector('[data-testid=step]')?.dataset.step || 0); return n >= arguments[0] && n";
    let step = session.wait_js_for(script, vec![json!(least)], &format!("update {least}"), limit).await?;
    Ok(step.as_u64().unwrap_or(0))
}

/// On a laptop without scrolling.
async fn in_view(session: &Session<'_>) -> Outcome {
    session.viewport(1280, 800).await?;
    open(session).await?;
    press(session, "train").await?;
    wait_step(session, 150).await?;
    let seen = "const parts = ['[data-testid=loss]', '[data-testid=loss-chart]', '[data-testid=newest-sample] .says-text'].map((part) => \
                document.querySelector(part)?.getBoundingClientRect()); \
                return scrollY === 0 && parts.every((place) => place && place.top >= 0 && place.bottom <= innerHeight)";
    session.wait_js(seen, vec![], "loss, its curve and the newest sample in the window").await?;
    pause(session).await?;
    session.open_app("zh/lab/").await?;
    wait_action(session, "resume").await?;
    session.wait_js(seen, vec![], "the same in Chinese").await.map(drop)
}

/// The training loss, as the page shows it.
pub async fn loss(session: &Session<'_>) -> Outcome<f64> {
    let text = session.wait_text("loss", "a number", 20 * SECOND, |text| text.parse::<f64>().is_ok()).await?;
    text.parse().or_else(|_| fail(format!("`{text}` is no loss")))
}

async fn main_job(session: &Session<'_>) -> Outcome {
    open(session).await?;
    // A fast machine would be done before the Stepper has been looked at, and the run is to go on meanwhile.
    session.paste("steps", "500000").await?;
    press(session, "train").await?;
    wait_step(session, 5).await?;
    let early = loss(session).await?;
    session
        .wait_text("speed", "a speed", 20 * SECOND, |text| text.chars().any(|c| c.is_ascii_digit()))
        .await?;
    wait_step(session, 300).await?;
    let late = loss(session).await?;
    ensure(late < early - 0.5, || format!("the loss went from {early} to {late}"))?;
    let samples = "return document.querySelectorAll('.says .says-text').length";
    session.wait_js(samples, vec![], "samples").await?;

    let before = step(session).await?;
    session.click("step-through").await?;
    session.wait_js("return location.pathname === '/unrolled/en/stepper/'", vec![], "the stepper").await?;
    session.wait_visible("stepper-open").await?;
    session.wait_visible("stepper-step-5").await?;
    let opened = session.text("stepper-open").await?;
    ensure(opened.chars().filter(char::is_ascii_digit).count() > 10, || format!("no numbers in {opened}"))?;
    session.click("stepper-direction-backward").await?;
    session.wait_visible("stepper-open").await?;

    session.click("nav-lab").await?;
    session.wait_visible("main-button").await?;
    wait_step(session, before + 20).await.map(drop)
}

/// What a finished run of 60 updates shows: all of it must be the same everywhere.
pub async fn results(session: &Session<'_>) -> Outcome<String> {
    wait_action(session, "train-on").await?;
    ensure(step(session).await? == 60, || "the run has not 60 updates".into())?;
    let mut shown = Vec::new();
    for id in ["loss", "held-out", "perplexity", "newest-sample", "samples-written"] {
        shown.push(format!("{id}: {}", session.text(id).await?));
    }
    Ok(shown.join(" | "))
}

async fn same_numbers(session: &Session<'_>) -> Outcome {
    for cell in ["lstm", "gru"] {
        open(session).await?;
        session.paste("steps", "60").await?;
        session.click("cell").await?;
        session.click(&format!("cell-{cell}")).await?;
        press(session, "train").await?;
        let shown = results(session).await?;
        session.agree(&format!("a run of {cell}"), &shown)?;
        clear(session).await?;
    }
    Ok(())
}

/// Forgets what the page has stored.
pub async fn clear(session: &Session<'_>) -> Outcome {
    // What was being fetched when the page is left.
    session.expect_error("AbortError");
    session.open("404.html").await?;
    session.expect_error("404");
    session.open("samples/rhymes-en.txt").await?;
    let script = "const done = arguments[arguments.length - 1]; localStorage.clear(); \
                  indexedDB.databases().then((all) => Promise.all(all.map((one) => new Promise((resolve) => { \
                  const r = indexedDB.deleteDatabase(one.name); r.onsuccess = r.onerror = r.onblocked = resolve; }))))\
                  .then(() => done(true), () => done(false));";
    session.js_async(script, vec![]).await.map(drop)
}

async fn link_to_a_run(session: &Session<'_>) -> Outcome {
    session.refuse_the_clipboard().await?;
    open(session).await?;
    session.paste("steps", "60").await?;
    press(session, "train").await?;
    let shown = results(session).await?;
    session.click("copy-link").await?;
    session.wait_visible("link-text").await?;
    let link = session.value("link-text").await?;
    ensure(link.contains("/en/lab/"), || format!("the link is {link}"))?;
    clear(session).await?;
    session.driver.goto(&link).await?;
    session.wait_for("app-ready").await?;
    let again = results(session).await?;
    ensure(again == shown, || format!("before: {shown}\n        again:  {again}"))
}

async fn pause_and_step(session: &Session<'_>) -> Outcome {
    open(session).await?;
    press(session, "train").await?;
    wait_step(session, 20).await?;
    let stepped = one_more(session).await?;
    press(session, "resume").await?;
    wait_step(session, stepped + 10).await.map(drop)
}

async fn reload(session: &Session<'_>) -> Outcome {
    open(session).await?;
    press(session, "train").await?;
    wait_step(session, 50).await?;
    pause(session).await?;
    let paused = step(session).await?;
    let shown = loss(session).await?;
    // The pause is stored at once; it is asked for in the page's own terms, by loading the page again.
    session.reload().await?;
    session.wait_text("text-facts", "the text's size", 10 * SECOND, |facts| facts.contains("V = ")).await?;
    let kept = session.value("text").await?;
    ensure(kept == text(), || format!("the text is not the same: {} bytes, {:.60}…", kept.len(), kept))?;
    ensure(session.value("hidden").await? == SLIDER_PLACE, || "the setting is not the same".into())?;
    wait_action(session, "resume").await?;
    let after = step(session).await?;
    ensure(after <= paused && after > 0, || format!("paused at {paused}, came back at {after}"))?;
    if after == paused {
        let again = loss(session).await?;
        ensure(again == shown, || format!("the loss was {shown} and is {again}"))?;
    }
    press(session, "resume").await?;
    wait_step(session, paused + 10).await.map(drop)
}

/// Remembers the page's workers, so that a test can hurt them.
pub const WATCH_WORKERS: &str = "() => { const Made = window.Worker; window.__workers = []; \
     window.Worker = class extends Made { constructor(...all) { super(...all); window.__workers.push(this); } }; }";

async fn long_tasks(session: &Session<'_>) -> Outcome {
    open(session).await?;
    press(session, "train").await?;
    wait_step(session, 50).await?;
    // Gaps between turns of the page's own loop, for four seconds.
    let script = "
        const done = arguments[arguments.length - 1];
        const began = performance.now(), channel = new MessageChannel(), gaps = [];
        let last = began;
        channel.port1.onmessage = () => {
            const now = performance.now();
            gaps.push(now - last);
            last = now;
            if (now - began < 4000) channel.port2.postMessage(0); else done(gaps.filter((gap) => gap > 50).map(Math.round));
        };
        channel.port2.postMessage(0);";
    let long = session.js_async(script, vec![]).await?;
    let long: Vec<u64> =
        long.as_array().into_iter().flatten().filter_map(serde_json::Value::as_u64).collect();
    // A busy machine may take the processor away now and then; the page itself would be late again and again.
    ensure(long.len() <= 3, || format!("turns longer than 50 ms in 4 s: {long:?}"))?;
    // Nor while the Stepper opens on the network as it is, and the run goes on. The best of some tries, for the same reason.
    let script = "
        const done = arguments[arguments.length - 1];
        const began = performance.now(), channel = new MessageChannel();
        const find = (id) => document.querySelector(`[data-testid=${id}]`);
        let last = began, longest = 0;
        channel.port1.onmessage = () => {
            const now = performance.now();
            longest = Math.max(longest, now - last);
            last = now;
            const isOpen = find('stepper-open') && !document.querySelector('.stepper.opening');
            if (isOpen || now - began > 10000) done(isOpen ? longest : 1e9);
            else channel.port2.postMessage(0);
        };
        find('step-through').click();
        channel.port2.postMessage(0);";
    let mut tries = Vec::new();
    for _ in 0..3 {
        session.wait_visible("step-through").await?;
        tries.push(session.js_async(script, vec![]).await?.as_f64().unwrap_or(f64::INFINITY).round());
        session.js("history.back()", vec![]).await?;
    }
    let best = tries.iter().copied().fold(f64::INFINITY, f64::min);
    ensure(best <= 50.0, || format!("longest turns, in ms, while the Stepper opens: {tries:?}"))
}
