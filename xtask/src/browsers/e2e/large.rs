//! Large networks in the Stepper: their trace is computed off the page's thread.

use serde_json::{Value, json};

use super::lab::{SECOND, open_with, press, text, wait_action};
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "a sentence of sixty characters goes through LSTM 2×256 without holding the page up" => large,
    "a helper that dies is replaced, one that cannot be made is said" => helper_dies,
}

/// Sixty characters of the text that it was trained on.
const SENTENCE: &str = "after one comes two. after two comes five. after six comes n";

/// Trains LSTM 2×256 for a moment and opens it in the Stepper.
async fn open(session: &Session<'_>) -> Outcome {
    open_with(session, "en", &text()).await?;
    // A place of the slider: 256 units.
    session.paste("hidden", "16").await?;
    session.click("layers").await?;
    session.click("layers-2").await?;
    session.paste("batch", "4").await?;
    session.paste("window", "16").await?;
    // A run that ends by itself has as many updates in every browser.
    session.paste("steps", "2").await?;
    press(session, "train").await?;
    wait_action(session, "train-on").await?;
    session.click("step-through").await?;
    session.wait_visible("stepper-open").await?;
    is_done(session).await
}

async fn is_done(session: &Session<'_>) -> Outcome {
    let script = "return !document.querySelector('.stepper.stale') && !!document.querySelector('[data-testid=stepper-open]')";
    session.wait_js_for(script, vec![], "the numbers", 60 * SECOND).await.map(drop)
}

async fn large(session: &Session<'_>) -> Outcome {
    open(session).await?;
    // Turns of the page's loop that took long while the trace was under way; and as long without one, on this very machine.
    let script = "
        const [sentence, done] = arguments;
        const channel = new MessageChannel();
        const isStale = () => !!document.querySelector('.stepper.stale');
        let began = performance.now(), last = began, idle = [], gaps = [], wasStale = false, seen = false, isIdle = true;
        const long = (gaps) => gaps.filter((gap) => gap > 50).map(Math.round);
        channel.port1.onmessage = () => {
            const now = performance.now(), stale = isStale();
            // Only turns that began and ended while the old numbers stood there dimmed.
            if (isIdle) idle.push(now - last);
            else if (stale && wasStale) gaps.push(now - last);
            seen ||= stale;
            wasStale = stale;
            last = now;
            if (isIdle && now - began > 2000) {
                isIdle = false;
                const field = document.querySelector('[data-testid=stepper-sentence]');
                Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, sentence);
                field.dispatchEvent(new InputEvent('input', { bubbles: true }));
                last = performance.now();
            }
            if (seen && !stale || now - began > 60000) done({ seen, took: now - began, long: long(gaps), idle: long(idle) });
            else channel.port2.postMessage(0);
        };
        channel.port2.postMessage(0);";
    let measured = session.js_async(script, vec![json!(SENTENCE)]).await?;
    ensure(measured["seen"] == json!(true), || format!("the old numbers were never dimmed: {measured}"))?;
    let count = |which: &str| measured[which].as_array().map_or(0, Vec::len);
    // A busy machine takes the processor away now and then, from an idle page too.
    ensure(count("long") <= 2 + count("idle"), || format!("turns longer than 50 ms: {measured}"))?;
    is_done(session).await?;
    session.wait_visible("stepper-step-60").await?;
    let numbers = session.text("stepper-open").await?;
    ensure(numbers.chars().filter(char::is_ascii_digit).count() > 40, || format!("no numbers in {numbers}"))?;
    session.agree("a large network", &numbers)?;
    session.click("stepper-direction-backward").await?;
    session.wait_visible("stepper-open").await?;
    let gradients = session.text("stepper-open").await?;
    session.agree("a large network's gradients", &gradients)
}

async fn helper_dies(session: &Session<'_>) -> Outcome {
    session.before_each_page(super::lab::WATCH_WORKERS).await?;
    open(session).await?;
    // A crash is an `error` event of the worker; this one comes while it computes.
    let script = "
        const field = document.querySelector('[data-testid=stepper-sentence]');
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, arguments[0]);
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
        window.__helpers = window.__workers.length;
        if (arguments[1]) setTimeout(() => window.__workers.at(-1).dispatchEvent(new Event('error', { cancelable: true })), 30);";
    session.js(script, vec![json!(SENTENCE), json!(true)]).await?;
    let more = "return window.__workers.length > window.__helpers";
    session.wait_js(more, vec![], "another worker").await?;
    is_done(session).await?;
    session.wait_visible("stepper-step-60").await?;
    // One that cannot be made, twice.
    session
        .js(
            "window.__made = window.unrolled.newHelper; window.unrolled.newHelper = () => { throw new Error('none'); }; \
             window.__workers.at(-1).dispatchEvent(new Event('error', { cancelable: true }))",
            vec![],
        )
        .await?;
    session.js(script, vec![json!("after six comes"), Value::Bool(false)]).await?;
    session.wait_visible("stepper-try-again").await?;
    let said = session.text("stepper-notes").await?;
    ensure(said.contains("does not answer"), || format!("it says: {said}"))?;
    session.wait_visible("stepper-open").await?;
    session.js("window.unrolled.newHelper = window.__made", vec![]).await?;
    session.click("stepper-try-again").await?;
    session
        .wait_js("return !document.querySelector('[data-testid=stepper-try-again]')", vec![], "the numbers")
        .await?;
    is_done(session).await
}
