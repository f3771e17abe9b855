//! Home: the small network learns its line before the reader's eyes.

use super::lab::SECOND;
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "the network on home learns its line, another line, and rests when it is told to" => learns,
}

/// Waits until so many updates are done.
async fn wait_step(session: &Session<'_>, least: u32) -> Outcome {
    let is_there = |text: &str| text.parse::<u32>().is_ok_and(|step| step >= least);
    session.wait_text("live-step", &format!("{least} or more"), 30 * SECOND, is_there).await.map(drop)
}

async fn learns(session: &Session<'_>) -> Outcome {
    session.open_app("en/").await?;
    wait_step(session, 8).await?;
    let first: f64 = session.text("live-loss").await?.parse().unwrap_or(f64::NAN);
    ensure(first.is_finite(), || "there is no loss".into())?;
    session.wait_text("live-writes", "what it writes", 30 * SECOND, |text| !text.is_empty()).await?;
    session.click("live-pause").await?;
    // One update may have been under way.
    let rests = session
        .wait_js(
            "const now = document.querySelector('[data-testid=live-step]').textContent; \
                                 const was = window.__step; window.__step = now; return was === now && now",
            vec![],
            "a rest",
        )
        .await?;
    let loss: f64 = session.text("live-loss").await?.parse().unwrap_or(f64::NAN);
    ensure(loss.is_finite() && loss <= first, || format!("the loss rose from {first} to {loss}"))?;
    session.click("live-pause").await?;
    let rested = rests.as_str().and_then(|step| step.parse().ok()).unwrap_or(0);
    wait_step(session, (rested + 2).max(100)).await?;
    // Another line is learnt from the start.
    session.paste("live-line", "one two one two").await?;
    session
        .wait_text("live-step", "a new beginning", 10 * SECOND, |text| {
            text.parse::<u32>().is_ok_and(|step| step < 90)
        })
        .await?;
    wait_step(session, 8).await
}
