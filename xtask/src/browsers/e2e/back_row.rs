//! For a class: what is presented can be read from the back row of a room.

use serde_json::json;

use super::book::figures_alive;
use super::lab::{press, wait_action};
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "nothing that a class is shown is too small for the back row" => legible,
}

/// The texts in view below a size: their pixels, and how they begin. What stands above or below a letter is smaller by
/// rule; text of a drawing is as large as the drawing is shown.
const SMALL_TEXTS: &str = r#"
    const [selector, least] = arguments;
    const apart = '.sr-only, [data-away], msub > :nth-child(n+2), msup > :nth-child(n+2), msubsup > :nth-child(n+2), '
        + 'mover > :nth-child(n+2), .index, .fig-math-index, sub, sup, option, title';
    const scale = (element) => {
        const svg = element.closest('svg');
        if (svg && svg.viewBox.baseVal && svg.viewBox.baseVal.width) {
            const [place, box] = [svg.getBoundingClientRect(), svg.viewBox.baseVal];
            return Math.min(place.width / box.width, place.height / box.height);
        }
        let zoom = 1;
        for (let one = element; one; one = one.parentElement) zoom *= parseFloat(getComputedStyle(one).zoom) || 1;
        return zoom;
    };
    const small = [];
    let seen = 0;
    for (const place of document.querySelectorAll(selector)) {
        const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const [text, element] = [walker.currentNode, walker.currentNode.parentElement];
            if (!text.data.trim() || element.closest(apart)) continue;
            const range = document.createRange();
            range.selectNodeContents(text);
            if (!range.getClientRects().length) continue;
            seen += 1;
            const size = parseFloat(getComputedStyle(element).fontSize) * scale(element);
            if (size < least) small.push(`${size.toFixed(1)} “${text.data.trim().slice(0, 20)}”`);
        }
    }
    return [seen, small.slice(0, 8).join(', ')];
"#;
/// A little below 18 pixels, for rounding.
const LEAST: f64 = 17.9;
const PAGE_DOWN: &str = "\u{e00f}";

async fn is_legible(session: &Session<'_>, selector: &str, what: &str) -> Outcome {
    let found = session.js(SMALL_TEXTS, vec![json!(selector), json!(LEAST)]).await?;
    ensure(found[0].as_u64().is_some_and(|seen| seen > 0), || format!("{what}: no text in {selector}"))?;
    ensure(found[1] == json!(""), || format!("{what}: too small: {}", found[1]))
}

async fn legible(session: &Session<'_>) -> Outcome {
    session.viewport(1280, 720).await?;
    for (cell, units, direction) in
        [("rnn", 4, "forward"), ("lstm", 24, "forward"), ("lstm", 24, "backward"), ("gru", 64, "forward")]
    {
        let what = format!("{cell} with {units} units, {direction}");
        let address = format!(
            "en/stepper/?show={cell}&units={units}&sentence=the+cat+sat&step=3&row=2&direction={direction}&present=1"
        );
        session.open_app(&address).await?;
        session.wait_visible("present-bar").await?;
        session.wait_visible("stepper-open").await?;
        session
            .wait_js(
                "return !document.querySelector('.stepper.stale') && !!document.querySelector('.drawing .shape text')",
                vec![],
                "the numbers and the drawing",
            )
            .await?;
        // The digits in the cells of the matrices, and then everything else that is in view.
        is_legible(session, "[data-testid=stepper-matrix]", &what).await?;
        is_legible(session, "[data-testid=stepper], [data-testid=present-bar]", &what).await?;
        let wide = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
        ensure(session.js(wide, vec![]).await? == json!(true), || format!("{what}: wider than the screen"))?;
        let chosen = "return !!document.querySelector('.matrix-chosen > rect')";
        ensure(session.js(chosen, vec![]).await? == json!(true), || {
            format!("{what}: the chosen row is out of the window")
        })?;
    }
    the_lab(session).await?;
    session.open_app("en/book/gru/?present=1#reset").await?;
    figures_alive(session).await?;
    is_legible(session, "article", "a chapter").await
}

/// The curves of a run, then how far its gradient reaches: letters of one size.
async fn the_lab(session: &Session<'_>) -> Outcome {
    session.open_app("en/lab/?present=1&steps=30&hidden=8").await?;
    session.wait_visible("present-bar").await?;
    press(session, "train").await?;
    wait_action(session, "train-on").await?;
    is_legible(session, ".lab-progress, [aria-labelledby=lab-loss]", "the Lab's loss").await?;
    let size = "
        const svg = document.querySelector(arguments[0]);
        const [place, box] = [svg.getBoundingClientRect(), svg.viewBox.baseVal];
        const letter = parseFloat(getComputedStyle(svg.querySelector('.tick')).fontSize);
        return letter * Math.min(place.width / box.width, place.height / box.height);";
    let loss = session.js(size, vec![json!("[data-testid=loss-chart]")]).await?.as_f64().unwrap_or_default();
    session.keys(PAGE_DOWN).await?;
    session.keys(PAGE_DOWN).await?;
    session.wait_visible("reach-chart").await?;
    is_legible(session, "[aria-labelledby=lab-reach]", "the Lab's gradient").await?;
    let reach =
        session.js(size, vec![json!("[data-testid=reach-chart]")]).await?.as_f64().unwrap_or_default();
    ensure((loss - reach).abs() < 1.0 && reach < 21.0, || {
        format!("letters of {loss:.1} and {reach:.1} pixels")
    })
}
