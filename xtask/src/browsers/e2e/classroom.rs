//! For a class: presenting by the keys of a clicker.

use std::time::Duration;

use serde_json::json;
use thirtyfour::prelude::*;

use super::access::{choose_theme, violations};
use super::book::figures_alive;
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "a class is shown what is large, a clicker moves it, and Escape ends it" => presented,
    "a teacher's plan opens a chapter at its section, and links within the book keep presenting" => led,
    "a Lab within another page has no card without something in it" => bare_lab,
    "axe finds nothing in what a class is shown, light in Chromium and dark in Firefox" => axe,
}

pub const SECOND: Duration = Duration::from_secs(1);
const PAGE_UP: &str = "\u{e00e}";
pub const PAGE_DOWN: &str = "\u{e00f}";
pub const ESCAPE: &str = "\u{e00c}";
const DOWN: &str = "\u{e015}";

/// Whether something that a selector names can be seen.
pub async fn sees(session: &Session<'_>, selector: &str) -> Outcome<bool> {
    let script =
        "return [...document.querySelectorAll(arguments[0])].some((e) => e.getClientRects().length > 0)";
    Ok(session.js(script, vec![json!(selector)]).await? == json!(true))
}

pub async fn wait_seen(session: &Session<'_>, selector: &str, is_seen: bool) -> Outcome {
    let script = "return [...document.querySelectorAll(arguments[0])].some((e) => e.getClientRects().length > 0) === arguments[1]";
    let what = format!("{selector} to be {}", if is_seen { "seen" } else { "away" });
    session.wait_js(script, vec![json!(selector), json!(is_seen)], &what).await.map(drop)
}

pub async fn place(session: &Session<'_>, what: &str, is_it: impl Fn(&str) -> bool) -> Outcome<String> {
    session.wait_text("present-place", what, 10 * SECOND, is_it).await
}

async fn presented(session: &Session<'_>) -> Outcome {
    session.viewport(1280, 720).await?;
    // The whole screen is the browser's to give; a refusal changes nothing else, and Escape stays the page's own.
    session
        .before_each_page(
            "() => { Element.prototype.requestFullscreen = () => Promise.reject(new TypeError('refused')); }",
        )
        .await?;
    in_the_stepper(session).await?;
    in_a_chapter(session).await?;
    in_the_lab(session).await
}

async fn in_the_stepper(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/?show=rnn&sentence=abc").await?;
    session.wait_visible("stepper-open").await?;
    session.click("present").await?;
    session.wait_visible("present-bar").await?;
    ensure(!sees(session, ".top, .choices, .transport").await?, || "there is clutter".into())?;
    session.wait_js("return location.search.includes('present=1')", vec![], "the link to say so").await?;
    // The formula and the sum spelled out are the smallest that a class must read: a thirty-sixth of the height.
    let sizes = session
        .js(
            "return ['.eq-item.on math', '.spell'].map((s) => parseFloat(getComputedStyle(document.querySelector(s)).fontSize))",
            vec![],
        )
        .await?;
    let large = |at: usize| sizes[at].as_f64().is_some_and(|size| size >= 20.0);
    ensure(large(0) && large(1), || format!("the type is {sizes}"))?;
    let wide = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
    ensure(session.js(wide, vec![]).await? == json!(true), || "it is wider than the screen".into())?;

    let first = place(session, "the first place", |text| text.contains("step 1")).await?;
    session.keys(PAGE_DOWN).await?;
    let second = place(session, "the second equation", |text| text != first).await?;
    session.keys(PAGE_UP).await?;
    place(session, "the first place again", |text| text == first).await?;
    session.keys(DOWN).await?;
    place(session, "the second step", |text| text.contains("step 2") && text != second).await?;

    // The light.
    let formula = session.driver.find(By::Css(".eq-item.on math mi")).await?;
    session.keys("p").await?;
    session.driver.action_chain().move_to_element_center(&formula).perform().await?;
    wait_seen(session, "[data-testid=spotlight]", true).await?;
    session
        .wait_js("return !!document.querySelector('.under-pointer')", vec![], "a mark under the pointer")
        .await?;
    session.keys("l").await?;
    wait_seen(session, "[data-testid=spotlight]", false).await?;
    session.wait_js("return !document.querySelector('.under-pointer')", vec![], "no mark").await?;

    // The dark screen: the key that ends it does nothing else.
    let here = session.text("present-place").await?;
    session.keys(".").await?;
    wait_seen(session, "[data-testid=blank-screen]", true).await?;
    session.keys(PAGE_DOWN).await?;
    wait_seen(session, "[data-testid=blank-screen]", false).await?;
    ensure(session.text("present-place").await? == here, || "the press was not swallowed".into())?;

    // The list of keys closes by itself, and the presentation goes on.
    session.keys("?").await?;
    session.wait_visible("keys-dialog").await?;
    session.keys(ESCAPE).await?;
    wait_seen(session, "[data-testid=keys-dialog]", false).await?;
    session.wait_visible("present-bar").await?;
    // A reload brings the same view and place.
    session
        .wait_js(
            "return location.search.includes('step=2') && location.search.includes('present=1')",
            vec![],
            "the link",
        )
        .await?;
    session.driver.refresh().await?;
    place(session, "the second step after a reload", |text| text.contains("step 2")).await?;
    session.keys(ESCAPE).await?;
    wait_seen(session, "[data-testid=present-bar]", false).await?;
    wait_seen(session, ".top", true).await?;
    session.wait_js("return !location.search.includes('present')", vec![], "the link to forget it").await?;
    ensure(!session.is_visible("stepper-link-errors").await?, || "the link is said to be wrong".into())
}

async fn in_a_chapter(session: &Session<'_>) -> Outcome {
    session.open_app("en/book/gru/?present=1#reset").await?;
    figures_alive(session).await?;
    let reset = place(session, "the section of the link", |text| text.contains("reset gate")).await?;
    let shown = "return [...document.querySelectorAll('article h2')].filter((e) => e.getClientRects().length).map((e) => e.id)";
    ensure(session.js(shown, vec![]).await? == json!(["reset"]), || "not this section alone".into())?;
    // Every press shows something new, answers are opened on the way, and then comes the next section.
    let open = "return document.querySelectorAll('details.reveal[open]').length";
    let mut presses = 0;
    while session.text("present-place").await? == reset {
        ensure(presses < 40, || "40 presses lead nowhere".into())?;
        session.keys(PAGE_DOWN).await?;
        presses += 1;
    }
    let opened = session.js(open, vec![]).await?;
    ensure(presses > 3 && opened.as_u64().is_some_and(|opened| opened >= 1), || {
        format!("{presses} presses, {opened} answers")
    })?;
    session.wait_js("return location.hash === '#letters'", vec![], "the next section in the address").await?;
    session.keys(ESCAPE).await?;
    wait_seen(session, ".top", true).await?;
    let sections = session.js(shown, vec![]).await?;
    ensure(sections.as_array().is_some_and(|all| all.len() > 4), || format!("only {sections} came back"))
}

/// Presses a link to an address from the section that is shown, as a chapter's own text has such links.
async fn follow(session: &Session<'_>, address: &str) -> Outcome {
    let press = "const link = document.createElement('a'); link.href = arguments[0]; link.textContent = 'there'; \
                 [...document.querySelectorAll('article p')].find((p) => p.getClientRects().length).append(link); link.click()";
    session.js(press, vec![json!(address)]).await.map(drop)
}

/// Waits until a section alone is shown, and the address names it.
async fn shown(session: &Session<'_>, chapter: &str, section: &str) -> Outcome {
    let script = "const seen = [...document.querySelectorAll('article h2')].filter((e) => e.getClientRects().length).map((e) => e.id); \
                  return seen.length === 1 && seen[0] === arguments[1] && location.hash === '#' + arguments[1] && \
                  location.pathname.endsWith(`/book/${arguments[0]}/`) && document.documentElement.hasAttribute('data-present')";
    let what = format!("{section} of {chapter} to be presented");
    session.wait_js(script, vec![json!(chapter), json!(section)], &what).await.map(drop)
}

async fn led(session: &Session<'_>) -> Outcome {
    session.viewport(1280, 720).await?;
    session.open_app("en/teachers/").await?;
    let plan = "document.querySelector('article a[href*=\"/book/lstm/\"][href$=\"#gates\"]')";
    session.wait_js(&format!("return {plan} !== null"), vec![], "the plan").await?;
    session.js(&format!("{plan}.click()"), vec![]).await?;
    shown(session, "lstm", "gates").await?;
    figures_alive(session).await?;
    shown(session, "lstm", "gates").await?;
    // Another place in the address, a link within the chapter, one from chapter to chapter.
    session.js("location.hash = '#cell'", vec![]).await?;
    shown(session, "lstm", "cell").await?;
    session.keys(PAGE_UP).await?;
    follow(session, "#backward").await?;
    shown(session, "lstm", "backward").await?;
    let other = session.js("return location.pathname.replace('/lstm/', '/gru/')", vec![]).await?;
    let other = other.as_str().unwrap_or_default();
    follow(session, &format!("{other}#reset")).await?;
    shown(session, "gru", "reset").await?;
    session.wait_js("return location.search === '?present=1'", vec![], "the address to say so").await?;
    follow(session, &format!("{other}?present=1#letters")).await?;
    shown(session, "gru", "letters").await?;
    session.keys(ESCAPE).await?;
    wait_seen(session, ".top", true).await
}

async fn in_the_lab(session: &Session<'_>) -> Outcome {
    session.open_app("en/lab/?present=1").await?;
    session.wait_visible("present-bar").await?;
    ensure(!sees(session, ".lab-settings").await?, || "the settings are in view".into())?;
    ensure(sees(session, "[data-testid=main-button], [data-testid=loss-chart]").await?, || "no run".into())?;
    session.keys(PAGE_DOWN).await?;
    wait_seen(session, "[aria-labelledby=lab-writes]", true).await?;
    ensure(!sees(session, "[aria-labelledby=lab-loss]").await?, || "two slides at once".into())
}

/// A Lab that is part of another page, with everything put away that can be: no empty card stands beside the run.
async fn bare_lab(session: &Session<'_>) -> Outcome {
    session.viewport(1280, 800).await?;
    session.open_app("en/lab/?embed=1&hide=text,cell,size,training,options").await?;
    session.wait_visible("main-button").await?;
    let left = "const cards = [...document.querySelectorAll('.lab-settings .card')].filter((e) => e.checkVisibility()); \
                const run = document.querySelector('.lab-run').getBoundingClientRect(); return [cards.length, run.width > 1100]";
    let found = session.js(left, vec![]).await?;
    ensure(found == json!([0, true]), || format!("cards and width: {found}"))?;
    session.open_app("en/lab/?embed=1&hide=text,training").await?;
    session.wait_visible("main-button").await?;
    let found = session.js(left, vec![]).await?;
    ensure(found == json!([1, false]), || format!("with the model's card: {found}"))
}

async fn axe(session: &Session<'_>) -> Outcome {
    let mut found: Vec<String> = Vec::new();
    let theme = choose_theme(session).await?;
    for (path, ready, opens) in [
        ("en/stepper/?present=1", "stepper-open", Some("present-help")),
        ("zh/book/recurrent/?present=1#state", "present-bar", None),
        ("zh/lab/?present=1", "present-bar", None),
        ("en/lab/?hide=text,options", "lesson-bar", Some("share")),
        ("zh/stepper/?hide=direction,numbers", "lesson-bar", Some("share")),
        ("en/stepper/?embed=1", "embed-whole", None),
        ("zh/cell/?present=1&from=minimal-gated-unit", "present-bar", None),
    ] {
        session.open_app(path).await?;
        session.wait_visible(ready).await?;
        figures_alive(session).await?;
        found.extend(violations(session).await?.iter().map(|what| format!("{path} ({theme}): {what}")));
        if let Some(button) = opens {
            session.click(button).await?;
            session.wait_js("return !!document.querySelector('dialog[open]')", vec![], "the dialog").await?;
            found.extend(
                violations(session).await?.iter().map(|what| format!("{path} {button} ({theme}): {what}")),
            );
        }
    }
    ensure(found.is_empty(), || found.join("\n        "))
}
