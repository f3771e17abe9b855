//! Weights that are chosen after the Stepper was opened: its link speaks of them.

use super::lab::{SECOND, open, press, wait_action};
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "a link to weights that were chosen later leads to these weights" => chosen_later,
}

async fn chosen_later(session: &Session<'_>) -> Outcome {
    open(session).await?;
    session.paste("steps", "40").await?;
    press(session, "train").await?;
    wait_action(session, "train-on").await?;
    // The Stepper opens with weights of its own, and only then is the Lab's network chosen.
    session.click("nav-stepper").await?;
    session.wait_visible("stepper-open").await?;
    session.click("stepper-weights").await?;
    session.click("stepper-weights-trained").await?;
    session
        .wait_js(
            "return location.search.includes('weights=trained') && location.search.includes('trained=40')",
            vec![],
            "the run in the address",
        )
        .await?;
    session.paste("stepper-sentence", "after one").await?;
    session.wait_visible("stepper-step-9").await?;
    session.wait_js("return !document.querySelector('.stepper.stale')", vec![], "the numbers").await?;
    let shown = session.text("stepper-total-loss").await?;
    session.click("share").await?;
    session.wait_visible("share-dialog").await?;
    let holds = session.text("share-holds").await?;
    ensure(holds.contains("the update it has reached, 40"), || format!("it says: {holds}"))?;
    let link = session.value("share-link").await?;
    ensure(link.contains("trained=40"), || link.clone())?;
    // Whoever opens it trains the same network again.
    session.open_app("en/").await?;
    session.driver.goto(&link).await?;
    session.wait_for("app-ready").await?;
    session
        .wait_text("stepper-total-loss", "the same loss", 60 * SECOND, |text| text == shown)
        .await
        .map(drop)
}
