//! The Content-Security-Policy: nothing leaves, neither from the page nor from its worker.

use std::path::Path;

use serde_json::json;
use xtask::server::Site;

use super::tests;
use crate::session::Session;
use crate::{Failure, Outcome, ensure};

tests! {
    "the page cannot ask another origin nor evaluate text" => page,
    "the worker cannot ask another origin nor evaluate text" => worker,
    "no script is inline and no style is an attribute" => inline,
}

/// A second origin, whose log must stay empty.
fn elsewhere() -> Outcome<Site> {
    Site::start(Path::new("."), "/", 0).map_err(Failure)
}

async fn page(session: &Session<'_>) -> Outcome {
    session.expect_error("");
    let elsewhere = elsewhere()?;
    session.open_app("en/").await?;
    // In a task of its own: while a driver's script runs, some drivers lift the policy.
    let script = "
        const [address, done] = arguments;
        window.tried = null;
        setTimeout(async () => {
            let evaluated = true, fetched = true;
            try { window.eval('1 + 1'); } catch { evaluated = false; }
            try { await window.fetch(address); } catch { fetched = false; }
            done([evaluated, fetched]);
        });";
    let tried = session.js_async(script, vec![json!(elsewhere.url(""))]).await?;
    ensure(tried == json!([false, false]), || format!("[evaluated, fetched] is {tried}"))?;
    let log = elsewhere.take_log();
    ensure(log.is_empty(), || format!("the other origin was asked for {log:?}"))
}

async fn worker(session: &Session<'_>) -> Outcome {
    session.expect_error("");
    let elsewhere = elsewhere()?;
    session.open_app("en/").await?;
    let script = "
        const [address, done] = arguments;
        setTimeout(() => {
            const worker = window.unrolled.newTrainer();
            worker.addEventListener('error', (event) => done({ failed: event.message }));
            worker.addEventListener('message', (event) => {
                const text = JSON.stringify(event.data);
                if (text.includes('Ready')) worker.postMessage({ message: { TryForbidden: { address } } });
                if (text.includes('Forbidden')) { worker.terminate(); done(event.data); }
            });
        });";
    let tried = session.js_async(script, vec![json!(elsewhere.url(""))]).await?;
    let text = tried.to_string();
    ensure(text.contains("\"fetch_blocked\":true") && text.contains("\"eval_blocked\":true"), || {
        format!("the worker says {text}")
    })?;
    let log = elsewhere.take_log();
    ensure(log.is_empty(), || format!("the other origin was asked for {log:?}"))
}

async fn inline(session: &Session<'_>) -> Outcome {
    for path in ["en/", "zh/lab/", "en/stepper/"] {
        session.open_app(path).await?;
        let found = session
            .js(
                "return [...document.scripts].filter((script) => !script.src).length + document.querySelectorAll('base').length",
                vec![],
            )
            .await?;
        ensure(found == json!(0), || format!("{path}: {found} inline scripts or base elements"))?;
        let first = session.js("return document.head.firstElementChild.httpEquiv", vec![]).await?;
        ensure(first == json!("Content-Security-Policy"), || {
            format!("{path}: the head begins with {first}")
        })?;
    }
    Ok(())
}
