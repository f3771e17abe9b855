//! The site without a network, and a new build while pages of an old one are open.

use serde_json::json;
use xtask::pages::worker;
use xtask::run::project;
use xtask::server::Fault;

use super::book::figures_alive;
use super::lab::{SECOND, open, press, step, text, wait_step};
use super::next_build::next_build;
use super::{pages, tests};
use crate::session::Session;
use crate::{Failure, Outcome, ensure};

tests! {
    "without a network every page, worker and sample works from the second visit on" => without_network,
    "a new build is announced, never forced, and loaded when the reader asks for it" => new_build,
    "a new build with a file missing or cut short is not taken" => incomplete_build,
    "a site that is not to be kept any more takes all of it away" => taken_away,
    "in a whole session nothing is asked of another origin and no cookie is set" => whole_session,
}

/// Waits until the site is kept and its worker answers for this page.
async fn kept(session: &Session<'_>) -> Outcome {
    let script = "return !!navigator.serviceWorker.controller";
    session.wait_js_for(script, vec![], "the site to be kept", 60 * SECOND).await.map(drop)
}

/// Names of the builds that are kept, and how many files each has.
const KEPT: &str = "
    const done = arguments[arguments.length - 1];
    (async () => {
        const all = {};
        for (const name of await caches.keys()) all[name] = (await (await caches.open(name)).keys()).length;
        return all;
    })().then(done, (error) => done(String(error)));";

async fn without_network(session: &Session<'_>) -> Outcome {
    session.may_keep_the_site().await?;
    // A page that is shown without a network may say so on the console.
    session.expect_error("Failed to load resource");
    session.open_app("en/").await?;
    kept(session).await?;
    session.site.stop();
    for language in ["en", "zh"] {
        for page in pages() {
            let path = format!("{language}/{page}");
            session.open_app(&path).await.map_err(|Failure(what)| Failure(format!("{path}: {what}")))?;
            let state = session
                .js(
                    "return [document.querySelectorAll('h1').length, document.querySelector('#start-message')?.textContent || '']",
                    vec![],
                )
                .await?;
            ensure(state == json!([1, ""]), || format!("{path}: {state}"))?;
            if page.starts_with("book/") && page.len() > 5 {
                figures_alive(session).await?;
            }
        }
    }
    // The root, an address without its slash, one that is none.
    session.open("").await?;
    session.wait_js("return location.pathname !== '/unrolled/'", vec![], "a language").await?;
    session.wait_for("app-ready").await?;
    session.open_app("en/lab?cell=gru").await?;
    let place = session.js("return location.pathname + location.search", vec![]).await?;
    ensure(place.as_str().is_some_and(|place| place.starts_with("/unrolled/en/lab/?cell=gru")), || {
        format!("arrived at {place}")
    })?;
    session.expect_error("404");
    session.open_app("en/nowhere/").await?;
    session.wait_visible("not-found").await?;
    // A chapter that is reached within the page; the worker; a sample.
    session.open_app("en/stepper/").await?;
    session.wait_visible("stepper-open").await?;
    session.click("nav-book").await?;
    session.wait_visible("contents").await?;
    session.js("document.querySelector('.chapters a[href*=gru]').click()", vec![]).await?;
    session.wait_js("return !!document.querySelector('article h2')", vec![], "the chapter").await?;
    figures_alive(session).await?;
    session.open_app("zh/lab/").await?;
    session.wait_text("text-facts", "a sample's size", 10 * SECOND, |facts| facts.contains("V = ")).await?;
    press(session, "train").await?;
    wait_step(session, 20).await?;
    let asked = session.site.take_log();
    // What came after the server was stopped cannot have come from it.
    ensure(!asked.is_empty(), || "nothing was asked for before".into())
}

/// Asks for a new build, as a browser does by itself now and then, and waits until it has been looked at.
const UPDATE: &str = "
    const done = arguments[arguments.length - 1];
    (async () => {
        const registration = await navigator.serviceWorker.getRegistration();
        // One that is refused at once is gone from the registration before anybody looks there.
        const found = new Promise((seen) => {
            registration.addEventListener('updatefound', () => seen(registration.installing), { once: true });
        });
        const never = new Promise((over) => setTimeout(over, 5000));
        await registration.update().catch(() => {});
        // Some browsers say so only when it is installed already.
        const worker = registration.installing ?? registration.waiting ?? await Promise.race([found, never]);
        if (worker) await new Promise((over) => {
            const look = () => { if (worker.state !== 'installing') over(); };
            worker.addEventListener('statechange', look);
            look();
        });
        return worker ? worker.state : 'none';
    })().then(done, (error) => done(String(error)));";

async fn new_build(session: &Session<'_>) -> Outcome {
    session.may_keep_the_site().await?;
    // The old build's files are gone from the server: who asks it for one gets 404.
    session.open_app("en/").await?;
    kept(session).await?;
    open(session).await?;
    session.paste("steps", "500000").await?;
    press(session, "train").await?;
    wait_step(session, 5).await?;
    session.js("window.__before = true", vec![]).await?;
    let old = session.js("return window.unrolled.build", vec![]).await?;

    session.site.serve_from(&next_build("next")?);
    let state = session.js_async(UPDATE, vec![]).await?;
    ensure(state == json!("installed"), || format!("the new build is {state}"))?;
    session.wait_visible("new-version-load").await?;
    // Nothing is loaded by itself, and training goes on.
    let before = step(session).await?;
    wait_step(session, before + 20).await?;
    ensure(session.js("return window.__before", vec![]).await? == json!(true), || "it was loaded".into())?;
    // What the old page needs now is what it was built with, although the server has it no more.
    session.click("nav-book").await?;
    session.wait_visible("contents").await?;
    session.js("document.querySelector('.chapters a[href*=lstm]').click()", vec![]).await?;
    session.wait_js("return !!document.querySelector('article h2')", vec![], "the chapter").await?;
    figures_alive(session).await?;
    let is_other = "return document.querySelector('article').textContent.includes('Another build.')";
    ensure(session.js(is_other, vec![]).await? == json!(false), || "a chapter of the other build".into())?;
    session.click("nav-lab").await?;
    session.wait_visible("main-button").await?;

    // Later, and in another tab that was opened meanwhile: both are of the old build.
    let first = session.driver.window().await?;
    let second = session.new_tab().await?;
    session.driver.switch_to_window(second.clone()).await?;
    session.open_app("en/about/").await?;
    ensure(session.js("return window.unrolled.build", vec![]).await? == old, || {
        "a tab got the new build while the old one was in use".into()
    })?;
    session.wait_visible("new-version-load").await?;
    session.js("window.__before = true", vec![]).await?;

    session.driver.switch_to_window(first.clone()).await?;
    let trained = step(session).await?;
    session.click("new-version-load").await?;
    session
        .wait_js("return !window.__before && !!window.unrolled && !!document.querySelector('[data-testid=app-ready]')", vec![], "the new build")
        .await?;
    let new = session.js("return window.unrolled.build", vec![]).await?;
    ensure(new != old && new != json!(""), || format!("the build was {old} and is {new}"))?;
    wait_step(session, trained).await?;
    ensure(session.value("text").await? == text(), || "the text is gone".into())?;

    // The other tab is as it was, and its old files are still there.
    session.driver.switch_to_window(second).await?;
    ensure(session.js("return window.__before", vec![]).await? == json!(true), || {
        "the other tab was loaded".into()
    })?;
    session.js("document.querySelector('[data-testid=nav-book]').click()", vec![]).await?;
    session.wait_visible("contents").await?;
    session.js("document.querySelector('.chapters a[href*=gru]').click()", vec![]).await?;
    session.wait_js("return !!document.querySelector('article h2')", vec![], "the chapter").await?;
    figures_alive(session).await?;
    ensure(session.js(is_other, vec![]).await? == json!(false), || "a chapter of the other build".into())?;
    session.driver.close_window().await?;
    session.driver.switch_to_window(first).await?;

    // With the last page of the old build, its files go.
    session.open_app("en/about/").await?;
    let only_new = "
        const done = arguments[arguments.length - 1];
        caches.keys().then((names) => done(names.length === 1 && names[0].endsWith(window.unrolled.build)), () => done(false));";
    session.wait_js_async(only_new, vec![], "the old build to go").await
}

async fn incomplete_build(session: &Session<'_>) -> Outcome {
    session.may_keep_the_site().await?;
    session.expect_error("");
    session.open_app("en/").await?;
    kept(session).await?;
    let old = session.js("return window.unrolled.build", vec![]).await?;
    session.site.serve_from(&next_build("incomplete")?);
    for fault in [Fault::Missing, Fault::Replaced(b"\0asm\x01\0\0\0".to_vec())] {
        session.site.fault("app-", fault);
        let state = session.js_async(UPDATE, vec![]).await?;
        ensure(state == json!("redundant"), || format!("the new build is {state}"))?;
        session.open_app("en/lab/").await?;
        session.wait_visible("main-button").await?;
        ensure(session.js("return window.unrolled.build", vec![]).await? == old, || {
            "the build changed".into()
        })?;
        ensure(!session.is_visible("new-version-load").await?, || "it was announced".into())?;
        session.site.heal();
        session.site.serve_from(&project().join("target").join("e2e").join("incomplete"));
    }
    let state = session.js_async(UPDATE, vec![]).await?;
    ensure(state == json!("installed"), || format!("once whole, the new build is {state}"))
}

async fn taken_away(session: &Session<'_>) -> Outcome {
    session.may_keep_the_site().await?;
    session.open_app("en/").await?;
    kept(session).await?;
    let kept = session.js_async(KEPT, vec![]).await?;
    ensure(kept.as_object().is_some_and(|all| all.len() == 1), || format!("kept is {kept}"))?;
    let text = worker(&project()).map_err(|error| Failure(error.to_string()))?;
    let retired = format!("const site = {{ build: '', files: [] }};\n{text}");
    session.site.fault("/sw.js", Fault::Replaced(retired.into_bytes()));
    session.js_async(UPDATE, vec![]).await?;
    let gone = "
        const done = arguments[arguments.length - 1];
        Promise.all([caches.keys(), navigator.serviceWorker.getRegistrations()])
            .then(([names, all]) => done(names.length + all.length === 0), () => done(false));";
    session.wait_js_async(gone, vec![], "everything to go").await
}

async fn whole_session(session: &Session<'_>) -> Outcome {
    session.may_keep_the_site().await?;
    let _ = session.site.take_log();
    session.open_app("en/").await?;
    kept(session).await?;
    session.open_app("zh/book/gru/").await?;
    figures_alive(session).await?;
    session.open_app("en/stepper/?cell=lstm").await?;
    session.wait_visible("stepper-open").await?;
    open(session).await?;
    press(session, "train").await?;
    wait_step(session, 20).await?;
    session.click("step-through").await?;
    session.wait_visible("stepper-open").await?;
    // Requests of pages are watched by the session itself, which complains at the end; here, that there were any.
    let asked = session.site.take_log();
    ensure(asked.iter().any(|(path, _)| path.ends_with("/sw.js")), || format!("asked for {asked:?}"))?;
    ensure(session.js("return document.cookie", vec![]).await? == json!(""), || "there is a cookie".into())?;
    let cookies = session.driver.get_all_cookies().await?;
    ensure(cookies.is_empty(), || format!("{} cookies", cookies.len()))?;
    let keys = session.js("return Object.keys(localStorage).sort()", vec![]).await?;
    let is_ours = |key: &serde_json::Value| key.as_str().is_some_and(|key| key.starts_with("unrolled."));
    ensure(keys.as_array().is_some_and(|keys| keys.iter().all(is_ours)), || format!("stored are {keys}"))
}
