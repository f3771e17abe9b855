//! Faults of the browser around the page: hidden, its clock set, its preferences, its buttons, a frame of another site.

use std::path::PathBuf;

use serde_json::{Value, json};
use xtask::server::Site;

use super::super::lab::{SECOND, open, pause, press, step, text, wait_action, wait_step};
use super::super::{routes, tests};
use super::storage::wait_kept;
use crate::driver::Browser;
use crate::session::Session;
use crate::{Failure, Outcome, ensure};

tests! {
    "a hidden tab trains on and shows where it is on return" => hidden,
    "a clock that runs backward changes no figure" => clock,
    "leaving and coming back by the browser's buttons keeps the lab alive" => back_and_forward,
    "reduced motion, forced colours and print are obeyed" => preferences,
    "wide text spacing and doubled text cut nothing off" => spacing,
    "every chapter is readable without scripts" => no_scripts,
    "a stepper in a frame of another site works without storage and clipboard" => framed,
}

async fn hidden(session: &Session<'_>) -> Outcome {
    open(session).await?;
    session.paste("steps", "500000").await?;
    press(session, "train").await?;
    let begun = wait_step(session, 20).await?;
    session.js_async("setTimeout(arguments[0], 1000)", vec![]).await?;
    let before = step(session).await?;
    let a_second = before - begun;
    let own = session.driver.window().await?;
    let other = session.new_tab().await?;
    session.driver.switch_to_window(other).await?;
    session.js_async("setTimeout(arguments[0], 3000)", vec![]).await?;
    session.driver.close_window().await?;
    session.driver.switch_to_window(own).await?;
    // What was trained in the meantime is shown with the first frames: more than could have been trained since then.
    session.js_async("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))", vec![]).await?;
    let after = step(session).await?;
    ensure(after >= before + a_second, || {
        format!("{before} updates before, {a_second} in a second, {after} after three seconds out of sight")
    })?;
    wait_step(session, after + 100).await?;
    pause(session).await?;
    let speed = session.text("speed").await?;
    ensure(speed.chars().any(|c| c.is_ascii_digit()), || format!("the speed is {speed}"))
}

async fn clock(session: &Session<'_>) -> Outcome {
    // An hour earlier at every look; laptops wake up like that, and people change their clocks.
    session
        .before_each_page(
            "() => { const now = Date.now; let looks = 0; Date.now = () => now() - 3600000 * looks++; }",
        )
        .await?;
    open(session).await?;
    // It must not be over before it is paused.
    session.paste("steps", "1000000").await?;
    press(session, "train").await?;
    wait_step(session, 100).await?;
    let speed = session
        .wait_text("speed", "a speed", 10 * SECOND, |text| text.chars().any(|c| c.is_ascii_digit()))
        .await?;
    ensure(!speed.contains('-') && !speed.contains('−'), || format!("the speed is {speed}"))?;
    pause(session).await?;
    let paused = step(session).await?;
    session.reload().await?;
    wait_kept(session, &text()).await?;
    wait_action(session, "resume").await?;
    ensure(step(session).await? == paused, || "an older state came back".into())
}

async fn back_and_forward(session: &Session<'_>) -> Outcome {
    open(session).await?;
    // It must not be over before the reader is back.
    session.paste("steps", "1000000").await?;
    press(session, "train").await?;
    wait_step(session, 20).await?;
    // A page outside the app and back, twice.
    for _ in 0..2 {
        session.expect_error("404");
        session.open("samples/rhymes-en.txt").await?;
        session.driver.back().await?;
        session.wait_for("app-ready").await?;
        wait_kept(session, &text()).await?;
        session
            .wait_js(
                "return ['pause', 'resume'].includes(document.querySelector('[data-testid=main-button]')?.dataset.action)",
                vec![],
                "the run",
            )
            .await?;
    }
    if super::super::lab::offers(session, "resume").await? {
        session.click("main-button").await?;
    }
    let at = step(session).await?;
    wait_step(session, at + 20).await?;
    let wanted = "typed after coming back. ".repeat(20);
    session.paste("text", &wanted).await?;
    session.reload().await?;
    wait_kept(session, &wanted).await
}

async fn preferences(session: &Session<'_>) -> Outcome {
    // Only Chromium lets a driver set them; the sheets are the same in both.
    if session.browser != Browser::Chromium {
        return Ok(());
    }
    let tools = session.driver.cdp();
    let emulate = async |media: &str, features: Value| {
        let wanted = json!({ "media": media, "features": features });
        tools.send_raw("Emulation.setEmulatedMedia", wanted).await
    };
    let feature = |name: &str, value: &str| json!([{ "name": name, "value": value }]);
    for page in ["en/", "en/lab/", "en/stepper/", "zh/book/gru/"] {
        emulate("", feature("prefers-reduced-motion", "reduce")).await?;
        session.open_app(page).await?;
        let moving = session
            .js("return document.getAnimations().filter((a) => a.playState === 'running' && a.effect.getComputedTiming().duration > 10).length", vec![])
            .await?;
        ensure(moving == json!(0), || format!("{page}: {moving} animations in spite of reduced motion"))?;

        emulate("", feature("forced-colors", "active")).await?;
        // Everything that can be pressed keeps an edge or words of its own.
        let bare = session
            .js(
                "return [...document.querySelectorAll('main button')].filter((b) => b.getClientRects().length && !b.textContent.trim() \
                 && !b.getAttribute('aria-label') && !b.querySelector('svg')).map((b) => b.outerHTML.slice(0, 90))",
                vec![],
            )
            .await?;
        ensure(bare == json!([]), || format!("{page}: {bare} cannot be seen in forced colours"))?;

        emulate("print", json!([])).await?;
        let printed = session
            .js("const bar = document.querySelector('header'); return [!!bar && getComputedStyle(bar).display !== 'none', getComputedStyle(document.body).backgroundColor]", vec![])
            .await?;
        ensure(printed[0] == json!(false), || format!("{page}: the bar is printed"))?;
        ensure(printed[1] == json!("rgb(255, 255, 255)"), || format!("{page} is printed on {}", printed[1]))?;
    }
    emulate("", json!([])).await?;
    Ok(())
}

async fn spacing(session: &Session<'_>) -> Outcome {
    session.viewport(640, 900).await?;
    let mut found = Vec::new();
    for page in ["en/", "en/lab/", "en/stepper/", "en/book/lstm/", "zh/book/notation/"] {
        session.open_app(page).await?;
        for (what, sheet) in [
            (
                "spaced",
                "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }",
            ),
            ("doubled", "html { font-size: 200% !important; }"),
        ] {
            let script = "
                const sheet = new CSSStyleSheet();
                sheet.replaceSync(arguments[0]);
                document.adoptedStyleSheets = [sheet];
                const root = document.documentElement;
                const wide = root.scrollWidth > root.clientWidth + 1 ? root.scrollWidth + ' px wide' : '';
                // A control whose words do not fit into it.
                const cut = [...document.querySelectorAll('button, a, label, h1, h2, h3, p')].filter((e) =>
                    e.getClientRects().length && !e.closest('svg, math, [hidden], .sr-only')
                    && getComputedStyle(e).overflow !== 'visible' && (e.scrollWidth > e.clientWidth + 2 || e.scrollHeight > e.clientHeight + 2)
                    && !['auto', 'scroll'].includes(getComputedStyle(e).overflowX)).map((e) => e.outerHTML.slice(0, 80));
                document.adoptedStyleSheets = [];
                return [wide, ...cut].filter(Boolean);";
            let problems = session.js(script, vec![json!(sheet)]).await?;
            if problems != json!([]) {
                found.push(format!("{page} {what}: {problems}"));
            }
        }
    }
    ensure(found.is_empty(), || found.join("\n        "))
}

async fn no_scripts(session: &Session<'_>) -> Outcome {
    session.open_app("en/").await?;
    for language in ["en", "zh"] {
        for page in routes::pages().iter().filter(|page| page.starts_with("book/") && page.len() > 5) {
            let script = "
                const [address, done] = arguments;
                fetch(address).then((answer) => answer.text()).then((text) => {
                    const page = new DOMParser().parseFromString(text, 'text/html');
                    const main = page.querySelector('main');
                    done([main.textContent.replace(/\\s+/g, ' ').length, main.querySelectorAll('math').length, main.querySelectorAll('h2').length, page.title.length, !!page.querySelector('meta[name=description]')]);
                }, () => done(null));";
            let address = session.site.url(&format!("{language}/{page}"));
            let state = session.js_async(script, vec![json!(address)]).await?;
            let number = |index: usize| state[index].as_u64().unwrap_or(0);
            let is_glossary = page.contains("glossary");
            let is_whole = number(0) > 1_500 && number(2) > 1 && number(3) > 3 && state[4] == json!(true);
            ensure(is_whole && (number(1) > 3 || is_glossary), || format!("{language}/{page}: {state}"))?;
        }
    }
    Ok(())
}

/// A page of another site that shows the stepper in a frame, as a teacher's course does.
struct Course(PathBuf);

impl Course {
    fn new(address: &str) -> Outcome<Self> {
        let folder = std::env::temp_dir().join(format!("unrolled-course-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let page = format!(
            "<!doctype html><title>Course</title><h1>Lesson 3</h1><iframe src=\"{address}\" width=\"900\" height=\"700\"></iframe>"
        );
        std::fs::write(folder.join("index.html"), page)?;
        Ok(Self(folder))
    }
}

impl Drop for Course {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn framed(session: &Session<'_>) -> Outcome {
    session
        .before_each_page(
            "() => { if (window.top === window) return; const denied = () => { throw new DOMException('denied', 'SecurityError'); }; \
             Object.defineProperty(window, 'indexedDB', { get: denied }); Object.defineProperty(window, 'localStorage', { get: denied }); \
             if (navigator.clipboard) navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }",
        )
        .await?;
    let course = Course::new(&session.site.url("en/stepper/?cell=gru&sentence=a+cat"))?;
    let other = Site::start(&course.0, "/", 0).map_err(Failure)?;
    session.expect_error(&other.address.to_string());
    session.driver.goto(other.url("")).await?;
    session.driver.enter_frame(0).await?;
    session.wait_for("app-ready").await?;
    session.wait_visible("stepper-open").await?;
    let numbers = session.text("stepper-open").await?;
    ensure(numbers.chars().filter(char::is_ascii_digit).count() > 10, || format!("no numbers in {numbers}"))?;
    session.click("copy-link").await?;
    session.wait_visible("link-text").await?;
    ensure(session.value("link-text").await?.contains("/en/stepper/"), || "there is no link".into())?;
    Ok(session.driver.enter_default_frame().await?)
}
