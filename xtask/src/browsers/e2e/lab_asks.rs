//! What a reader asks of the Lab: another text, other updates, a sample, what cannot be trained.

use serde_json::json;
use xtask::server::Fault;

use super::lab::{SECOND, open, open_with, press, step, wait_action, wait_step};
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "another text after a run is what the button trains next, and the focus stays on it" => another_text,
    "updates that are asked for beside another text are that text's, and a finished run keeps its total" => other_updates,
    "a run that is told to go on right after one update goes on and can be paused" => on_after_one,
    "lines longer than the steps back through time are said to be cut" => cut_lines,
    "a text is continued by the rules in view or not at all, and what the network has never seen is said" => sampled,
    "why a start was refused is said once, and no more once it does not hold" => refused_once,
    "a link to a sample that is not there says so and opens the usual one" => no_such_sample,
    "a lab in Chinese trains on Chinese" => chinese,
    "a text pasted at once is not replaced by the sample that comes late" => paste_at_once,
}

async fn another_text(session: &Session<'_>) -> Outcome {
    open(session).await?;
    session.paste("steps", "30").await?;
    // By the keyboard: the button changes its name under the focus, and keeps it.
    session.js("document.querySelector('[data-testid=main-button]').focus()", vec![]).await?;
    session.keys("\u{e007}").await?;
    wait_action(session, "train-on").await?;
    let focused = session.js("return document.activeElement.dataset.testid", vec![]).await?;
    ensure(focused == json!("main-button"), || format!("the focus is on {focused}"))?;
    session.paste("text", &"the moon is round and the sun is far. ".repeat(12)).await?;
    session.wait_visible("settings-changed").await?;
    press(session, "train").await?;
    wait_action(session, "train-on").await?;
    ensure(!session.is_visible("settings-changed").await?, || "the run is not of the new text".into())
}

async fn other_updates(session: &Session<'_>) -> Outcome {
    open(session).await?;
    session.paste("steps", "40").await?;
    press(session, "train").await?;
    wait_action(session, "train-on").await?;
    session.paste("steps", "20").await?;
    let said = session.text("step").await?;
    ensure(said.contains("40 of 40"), || format!("of a finished run it says {said}"))?;
    session.paste("text", &"the moon is round and the sun is far. ".repeat(12)).await?;
    session.wait_visible("settings-changed").await?;
    session.paste("steps", "60").await?;
    wait_action(session, "train").await?;
    ensure(step(session).await? == 40, || "the run before was trained on".into())?;
    press(session, "train").await?;
    wait_action(session, "train-on").await?;
    ensure(step(session).await? == 60, || "it is not the new text's run".into())?;
    ensure(!session.is_visible("settings-changed").await?, || "the run is not of the new text".into())?;
    // Text and updates in one breath: what is not read from the box yet counts.
    let at_once = "const box = document.querySelector('[data-testid=text]'); box.value = 'the sun is round, the moon is far. '.repeat(12); \
        box.dispatchEvent(new InputEvent('input', { bubbles: true })); \
        const steps = document.querySelector('[data-testid=steps]'); steps.value = '90'; \
        steps.dispatchEvent(new Event('change', { bubbles: true }))";
    session.js(at_once, vec![]).await?;
    session.wait_visible("settings-changed").await?;
    wait_action(session, "train").await?;
    ensure(step(session).await? == 60, || "the run before was trained on".into())?;
    let text = session.text("step").await?;
    ensure(text.contains("60 of 60"), || format!("the run before got the new text's updates: {text}"))?;
    press(session, "train").await?;
    wait_action(session, "train-on").await?;
    ensure(step(session).await? == 90, || "it is not the new text's run".into())?;
    // The same run can go on: more updates than it has done.
    session.paste("steps", "100").await?;
    press(session, "resume").await?;
    wait_step(session, 100).await.map(drop)
}

async fn on_after_one(session: &Session<'_>) -> Outcome {
    open(session).await?;
    session.paste("steps", "100000").await?;
    press(session, "train").await?;
    wait_step(session, 20).await?;
    press(session, "pause").await?;
    wait_action(session, "resume").await?;
    let at = step(session).await?;
    // Both before the trainer has answered the first.
    session
        .js("for (const id of ['one-step', 'main-button']) document.querySelector(`[data-testid=${id}]`).click()", vec![])
        .await?;
    wait_step(session, at + 20).await?;
    press(session, "pause").await?;
    wait_action(session, "resume").await?;
    let at = step(session).await?;
    session.click("one-step").await?;
    ensure(wait_step(session, at + 1).await? == at + 1, || "one update was more than one".into())?;
    wait_action(session, "resume").await
}

async fn cut_lines(session: &Session<'_>) -> Outcome {
    open(session).await?;
    session.paste("text", &"a short line\na line that is longer than the others by far\n".repeat(20)).await?;
    session.click("reading-lines").await?;
    session.paste("window", "16").await?;
    session.paste("steps", "20").await?;
    press(session, "train").await?;
    session
        .wait_text("cut-lines", "how many lines are cut", 10 * SECOND, |said| {
            said.contains("16 steps") && said.chars().any(|sign| sign.is_ascii_digit() && sign != '0')
        })
        .await?;
    session.paste("window", "64").await?;
    press(session, "train").await?;
    let gone = "return !document.querySelector('[data-testid=cut-lines]')";
    session.wait_js(gone, vec![], "no word about lines").await.map(drop)
}

async fn sampled(session: &Session<'_>) -> Outcome {
    open(session).await?;
    session.paste("steps", "20").await?;
    press(session, "train").await?;
    wait_action(session, "train-on").await?;
    session.click("sample").await?;
    session.wait_visible("sample-prompt").await?;
    session.paste("sample-prompt", "after one 中").await?;
    for (id, wrong) in
        [("top-k", "abc"), ("top-k", "0"), ("top-p", "2"), ("sample-seed", "-4"), ("sample-seed", "")]
    {
        session.paste(id, wrong).await?;
        session.click("sample-draw").await?;
        session.wait_visible(&format!("{id}-error")).await?;
        let focus = session.js("return document.activeElement?.dataset.testid || ''", vec![]).await?;
        ensure(focus == json!(id), || format!("{id} “{wrong}”: the focus is on {focus}"))?;
        ensure(!session.is_visible("sampled").await?, || format!("{id} “{wrong}”: it was drawn"))?;
        session.paste(id, "1").await?;
    }
    session.click("sample-draw").await?;
    session.wait_visible("sampled").await?;
    session
        .wait_text("sampled-unseen", "the symbol that is unknown", 5 * SECOND, |said| said.contains('中'))
        .await?;
    session.paste("sample-prompt", "after one").await?;
    session.click("sample-draw").await?;
    session
        .wait_js("return !document.querySelector('[data-testid=sampled-unseen]') && !!document.querySelector('[data-testid=sampled]')", vec![], "no word about symbols")
        .await
        .map(drop)
}

async fn refused_once(session: &Session<'_>) -> Outcome {
    open(session).await?;
    session.js("document.querySelector('[data-testid=options]').open = true", vec![]).await?;
    session.click("residual-on").await?;
    press(session, "train").await?;
    session.wait_visible("start-refused").await?;
    session.wait_visible("options-error").await?;
    let alerts = "return [...document.querySelectorAll('.lab [role=alert]')].filter((e) => e.getClientRects().length).length";
    let count = session.js(alerts, vec![]).await?;
    ensure(count == json!(1), || format!("the reason stands {count} times"))?;
    session.click("layers-2").await?;
    session
        .wait_js(
            "return !document.querySelector('[data-testid=start-refused]') && document.querySelector('[data-testid=options-error]').hidden",
            vec![],
            "the refusal to go",
        )
        .await
        .map(drop)
}

async fn no_such_sample(session: &Session<'_>) -> Outcome {
    session.open_app("en/lab/?text=nosuch").await?;
    session
        .wait_text("notice", "a word about the sample", 10 * SECOND, |said| said.contains("nosuch"))
        .await?;
    session.wait_text("text-facts", "a sample's size", 10 * SECOND, |facts| facts.contains("V = ")).await?;
    ensure(session.value("text").await?.len() > 100, || "the box is empty".into())
}

async fn chinese(session: &Session<'_>) -> Outcome {
    open_with(session, "zh", &"今天有风，明天有雨。\n后天天晴，我们去爬山。\n".repeat(30)).await?;
    press(session, "train").await?;
    wait_step(session, 50).await.map(drop)
}

async fn paste_at_once(session: &Session<'_>) -> Outcome {
    session.site.fault("samples/", Fault::Slow(2 * SECOND));
    session.open_app("en/lab/").await?;
    session.paste("text", "my own words, my own words, my own words again. ").await?;
    session.wait_js("return performance.getEntriesByType('resource').some((e) => e.name.includes('samples/') && e.name.endsWith('.txt')) || performance.now() > 6000", vec![], "the sample").await?;
    session.wait_text("text-facts", "the text's size", 10 * SECOND, |facts| facts.contains("V = ")).await?;
    let text = session.value("text").await?;
    ensure(text.starts_with("my own words"), || format!("the text is now {text:.60}"))
}
