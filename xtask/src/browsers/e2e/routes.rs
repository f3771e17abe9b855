//! Addresses: unknown ones say so, the root sends on, what cannot be loaded is said.

use serde_json::json;
use xtask::server::Fault;
use xtask::site::dist;
use xtask::weight::{FIGURES_BUDGET, PAGE_BUDGET, WORKER_BUDGET, gzipped};

use super::book::figures_alive;
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

/// Every page below a language's folder.
pub fn pages() -> Vec<String> {
    let mut pages: Vec<String> =
        ["", "book/", "stepper/", "lab/", "cell/", "worksheets/", "about/", "teachers/"]
            .map(String::from)
            .to_vec();
    let chapters = std::fs::read_dir(xtask::site::dist().join("en").join("book"));
    for entry in chapters.into_iter().flatten().flatten().filter(|entry| entry.path().is_dir()) {
        pages.push(format!("book/{}/", entry.file_name().to_string_lossy()));
    }
    pages.sort();
    pages
}

tests! {
    "an address without its last slash arrives at the page" => no_slash,
    "an unknown address says so and leads on" => unknown,
    "the root sends on to the browser's language" => root,
    "the root sends on to the language chosen before" => root_chosen,
    "a browser without WebAssembly gets a sentence" => no_wasm,
    "a browser without SIMD gets a sentence and the text" => no_simd,
    "an app that cannot be loaded is said" => not_loaded,
    "the language switch keeps the page" => switch_language,
    "what a first visit fetches keeps to the budget" => first_visit,
}

async fn no_slash(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper?cell=gru").await?;
    let place = session.js("return location.pathname + location.search", vec![]).await?;
    let place = place.as_str().unwrap_or_default();
    ensure(place.starts_with("/unrolled/en/stepper/?") && place.contains("cell=gru"), || {
        format!("arrived at {place}")
    })
}

async fn unknown(session: &Session<'_>) -> Outcome {
    session.expect_error("404");
    for path in ["en/nowhere/", "zh/book/nowhere/", "nowhere"] {
        session.open_app(path).await?;
        session.wait_visible("not-found").await?;
        let links = session.js("return document.querySelectorAll('main a[href]').length", vec![]).await?;
        ensure(links.as_u64().is_some_and(|links| links > 0), || format!("{path}: no way on"))?;
    }
    Ok(())
}

async fn root(session: &Session<'_>) -> Outcome {
    session
        .before_each_page(
            "() => Object.defineProperty(navigator, 'languages', { get: () => ['fr', 'zh-CN', 'en'] })",
        )
        .await?;
    session.open("?x=1#y").await?;
    session.wait_for("app-ready").await?;
    let place = session.js("return location.pathname + location.search + location.hash", vec![]).await?;
    ensure(place.as_str().is_some_and(|place| place.starts_with("/unrolled/zh/")), || {
        format!("arrived at {place}")
    })
}

async fn root_chosen(session: &Session<'_>) -> Outcome {
    session.open_app("en/").await?;
    session.js("localStorage.setItem('unrolled.language', 'zh')", vec![]).await?;
    session.open("").await?;
    session.wait_for("app-ready").await?;
    let place = session.js("return location.pathname", vec![]).await?;
    ensure(place == json!("/unrolled/zh/"), || format!("arrived at {place}"))
}

async fn no_wasm(session: &Session<'_>) -> Outcome {
    session.before_each_page("() => { delete window.WebAssembly; }").await?;
    for (path, word) in [("en/lab/", "WebAssembly"), ("zh/lab/", "WebAssembly")] {
        session.open(path).await?;
        said(session, word).await?;
    }
    Ok(())
}

async fn no_simd(session: &Session<'_>) -> Outcome {
    session.before_each_page("() => { WebAssembly.validate = () => false; }").await?;
    for path in ["en/", "zh/"] {
        session.open(path).await?;
        said(session, "SIMD").await?;
        let heading =
            session.js("return document.querySelector('article h1')?.textContent || ''", vec![]).await?;
        ensure(heading != json!(""), || format!("{path}: there is no text"))?;
    }
    Ok(())
}

async fn not_loaded(session: &Session<'_>) -> Outcome {
    session.expect_error("");
    session.site.fault("app-", Fault::Missing);
    session.open("en/lab/").await?;
    said(session, "load").await
}

async fn said(session: &Session<'_>, word: &str) -> Outcome {
    let script = "const e = document.getElementById('start-message'); return e && e.textContent.includes(arguments[0]) && e.getClientRects().length > 0";
    session.wait_js(script, vec![json!(word)], &format!("a sentence with `{word}`")).await.map(drop)
}

async fn switch_language(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/").await?;
    session.click("language").await?;
    session
        .wait_js("return location.pathname === '/unrolled/zh/stepper/' && document.documentElement.lang.startsWith('zh')", vec![], "the Chinese page")
        .await
        .map(drop)
}

async fn first_visit(session: &Session<'_>) -> Outcome {
    for path in ["en/", "zh/", "en/book/lstm/", "zh/book/gradients/"] {
        let _ = session.site.take_log();
        session.open_app(path).await?;
        figures_alive(session).await?;
        session.wait_js("return document.fonts.status === 'loaded'", vec![], "fonts").await?;
        let (mut page, mut figures, mut worker) = (0, 0, 0);
        for (asked, status) in session.site.take_log() {
            let name = asked.trim_start_matches(session.site.base.as_str());
            let name = name.split('?').next().unwrap_or_default();
            let file = if name.is_empty() || name.ends_with('/') {
                format!("{name}index.html")
            } else {
                name.to_owned()
            };
            ensure(status == 200, || format!("{path}: {asked} was answered by {status}"))?;
            let size = gzipped(&std::fs::read(dist().join(&file))?)?;
            match name {
                name if name.starts_with("w/") => worker += size,
                name if name.starts_with("figures-") => figures += size,
                _ => page += size,
            }
        }
        ensure(page > 0 && page <= PAGE_BUDGET, || format!("{path}: {page} bytes, at most {PAGE_BUDGET}"))?;
        ensure(figures <= FIGURES_BUDGET, || {
            format!("{path}: the figures are {figures} bytes, at most {FIGURES_BUDGET}")
        })?;
        ensure(worker <= WORKER_BUDGET, || {
            format!("{path}: the worker is {worker} bytes, at most {WORKER_BUDGET}")
        })?;
    }
    Ok(())
}
