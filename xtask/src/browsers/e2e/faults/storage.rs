//! Faults of storage: what a reader typed and trained is not lost, and what cannot be kept is said.

use std::time::{Duration, Instant};

use serde_json::json;

use super::super::lab::{SECOND, clear, open, pause, press, text, wait_action, wait_step};
use super::super::tests;
use crate::driver::Browser;
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "a quota that is really used up is said, and nothing stored is lost" => real_quota,
    "storage that refuses slowly is not asked at every key" => slow_refusal,
    "a storage that never answers is said within seconds" => never_answers,
    "a storage wiped between visits gives a first visit again" => wiped,
    "a connection that the browser closes is opened again" => closed,
    "an edit is kept when the page is left at once" => left_at_once,
    "a damaged checkpoint is said and the text is kept" => damaged,
}

/// Remembers the page's databases, so that a test can close them.
pub const WATCH_DATABASES: &str = "() => { const open = IDBFactory.prototype.open; window.__databases = []; \
     IDBFactory.prototype.open = function (...all) { const request = open.apply(this, all); \
       request.addEventListener('success', () => window.__databases.push(request.result)); return request; }; }";

/// An edit older than this must not be lost: not a wait for the page, but the promise itself.
const KEPT_AFTER: Duration = Duration::from_millis(300);

/// Lets an edit grow as old as it must be to be kept.
pub async fn until_kept() {
    tokio::time::sleep(KEPT_AFTER).await;
}

/// Waits until the box holds this text after the page was loaded again.
pub async fn wait_kept(session: &Session<'_>, wanted: &str) -> Outcome {
    let script = "return document.querySelector('[data-testid=text]')?.value === arguments[0]";
    session.wait_js_for(script, vec![json!(wanted)], "the text that was typed", 10 * SECOND).await.map(drop)
}

/// Text that does not pack: a generator's digits.
fn digits(count: usize) -> String {
    let mut seed = 7_u64;
    let digit = |_| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'0' + (seed >> 33) as u8 % 10)
    };
    (0..count).map(digit).collect()
}

/// Whether a text stands in the page's database as it is.
const IS_STORED: &str = "
    const [text, done] = arguments;
    const open = indexedDB.open('unrolled');
    open.onerror = () => done(false);
    open.onsuccess = () => {
        const all = open.result.transaction('records').objectStore('records').getAll();
        all.onerror = () => { open.result.close(); done(false); };
        all.onsuccess = () => { open.result.close(); done(all.result.includes(text)); };
    };";

async fn real_quota(session: &Session<'_>) -> Outcome {
    // Only Chromium lets a driver set a quota; a full storage that only says so is caused in both.
    if session.browser != Browser::Chromium {
        return Ok(());
    }
    open(session).await?;
    let first = text() + "and one line more, from before the storage was full.\n";
    session.paste("text", &first).await?;
    press(session, "train").await?;
    wait_step(session, 20).await?;
    pause(session).await?;
    until_kept().await;
    let tools = session.driver.cdp();
    let origin = session.js("return location.origin", vec![]).await?;
    let quota = async |size: Option<u32>| {
        let wanted = match size {
            Some(size) => json!({ "origin": origin, "quotaSize": size }),
            None => json!({ "origin": origin }),
        };
        tools.send_raw("Storage.overrideQuotaForOrigin", wanted).await.map(drop)
    };
    quota(Some(1)).await?;
    // The browser looks at the quota anew once what it remembers of it is some seconds old.
    let (mut typed, began) = (0, Instant::now());
    while !session.is_visible("storage-notice").await? {
        ensure(began.elapsed() < 60 * SECOND, || format!("{typed} edits were stored in spite of the quota"))?;
        typed += 1;
        session.paste("text", &digits(400_000 + typed)).await?;
        until_kept().await;
    }
    ensure(session.is_visible("storage-file").await?, || "no file is offered".into())?;
    // The work goes on in memory.
    session.click("start-again").await?;
    wait_step(session, 5).await?;
    pause(session).await?;
    session.reload().await?;
    // The last text that was stored is there, whichever it was, and so is the run.
    let kept = "const text = document.querySelector('[data-testid=text]')?.value ?? ''; \
                return text === arguments[0] || text.length > 400000 && text.startsWith(arguments[1])";
    let start: String = digits(40);
    session
        .wait_js(kept, vec![json!(first), json!(start)], "a text from before the storage was full")
        .await?;
    wait_action(session, "resume").await?;
    // With room again everything is kept as before.
    quota(None).await?;
    let last = text() + "and one line more, with room again.\n";
    session.paste("text", &last).await?;
    // The browser may refuse for some seconds more; the page then tries again by itself.
    session.wait_js_async(IS_STORED, vec![json!(last)], "the text to be stored").await?;
    session
        .wait_js("return !document.querySelector('[data-testid=storage-notice]')", vec![], "the notice to go")
        .await?;
    session.reload().await?;
    wait_kept(session, &last).await
}

async fn slow_refusal(session: &Session<'_>) -> Outcome {
    session
        .before_each_page(
            "() => { window.__puts = 0; IDBObjectStore.prototype.put = () => { window.__puts += 1; \
             const began = performance.now(); while (performance.now() - began < 100); \
             throw new DOMException('full', 'QuotaExceededError'); }; }",
        )
        .await?;
    open(session).await?;
    session.wait_visible("storage-notice").await?;
    let before = session.js("return window.__puts", vec![]).await?.as_u64().unwrap_or(0);
    session.element("text").await?.focus().await?;
    for _ in 0..12 {
        session.keys("abcde").await?;
    }
    let after = session.js("return window.__puts", vec![]).await?.as_u64().unwrap_or(0);
    // Two records at most are tried a time, and a time is ten seconds.
    ensure(after - before <= 4, || format!("60 keys made {} attempts", after - before))?;
    let typed = session.value("text").await?;
    ensure(typed.contains(&"abcde".repeat(12)), || "keys were lost".into())
}

async fn never_answers(session: &Session<'_>) -> Outcome {
    session
        .before_each_page(
            "() => { const open = IDBFactory.prototype.open; IDBFactory.prototype.open = function (...all) { \
             const request = open.apply(this, all); \
             for (const kind of ['success', 'error', 'blocked', 'upgradeneeded']) \
               request.addEventListener(kind, (event) => event.stopImmediatePropagation()); return request; }; }",
        )
        .await?;
    session.open_app("en/lab/").await?;
    session.wait_visible("storage-notice").await?;
    session.paste("text", &text()).await?;
    press(session, "train").await?;
    wait_step(session, 5).await?;
    session.click("copy-link").await
}

async fn wiped(session: &Session<'_>) -> Outcome {
    open(session).await?;
    press(session, "train").await?;
    wait_step(session, 20).await?;
    pause(session).await?;
    clear(session).await?;
    session.open_app("en/lab/").await?;
    wait_action(session, "train").await?;
    session.wait_text("text-facts", "a sample's size", 10 * SECOND, |facts| facts.contains("V = ")).await?;
    ensure(session.value("text").await? != text(), || "the text is still there".into())?;
    for sign in ["storage-notice", "notice", "broken"] {
        ensure(!session.is_visible(sign).await?, || format!("{sign} is shown on a first visit"))?;
    }
    Ok(())
}

async fn closed(session: &Session<'_>) -> Outcome {
    session.before_each_page(WATCH_DATABASES).await?;
    open(session).await?;
    session.wait_js("return window.__databases.length > 0", vec![], "a database").await?;
    // The text before is written; then the connection goes.
    until_kept().await;
    session.js("for (const database of window.__databases) database.close();", vec![]).await?;
    let wanted = "written after the connection was closed. ".repeat(20);
    session.paste("text", &wanted).await?;
    session.wait_js("return window.__databases.length > 1", vec![], "another connection").await?;
    until_kept().await;
    session.reload().await?;
    wait_kept(session, &wanted).await?;
    ensure(!session.is_visible("storage-notice").await?, || "storage is said to be gone".into())
}

async fn left_at_once(session: &Session<'_>) -> Outcome {
    open(session).await?;
    // The text before is stored, so that a lost edit would show.
    until_kept().await;
    let wanted = "the last words before the page was left. ".repeat(20);
    session.paste("text", &wanted).await?;
    session.reload().await?;
    wait_kept(session, &wanted).await
}

/// Cuts every long array of bytes in every store of the page's databases in half; how many were cut.
const CUT: &str = "
    const done = arguments[arguments.length - 1];
    (async () => {
        const wait = (request) => new Promise((ok, no) => { request.onsuccess = () => ok(request.result); request.onerror = () => no(request.error); });
        let cut = 0;
        for (const { name } of await indexedDB.databases()) {
            const database = await wait(indexedDB.open(name));
            for (const store of database.objectStoreNames) {
                const objects = database.transaction(store, 'readwrite').objectStore(store);
                for (const key of await wait(objects.getAllKeys())) {
                    const value = await wait(objects.get(key));
                    const halved = (bytes) => { cut += 1; return bytes.slice(0, bytes.length / 2); };
                    let changed = value;
                    if (ArrayBuffer.isView(value) && value.length > 1000) changed = halved(value);
                    else if (value && typeof value === 'object') {
                        for (const [field, inner] of Object.entries(value))
                            if (ArrayBuffer.isView(inner) && inner.length > 1000) changed[field] = halved(inner);
                    }
                    await wait(objects.keyPath === null ? objects.put(changed, key) : objects.put(changed));
                }
            }
            database.close();
        }
        done(cut);
    })().catch((error) => done(String(error)));";

async fn damaged(session: &Session<'_>) -> Outcome {
    open(session).await?;
    press(session, "train").await?;
    wait_step(session, 30).await?;
    pause(session).await?;
    until_kept().await;
    // A page of the site that holds no app: nothing writes over what is damaged here.
    session.expect_error("404");
    session.open("samples/rhymes-en.txt").await?;
    let cut = session.js_async(CUT, vec![]).await?;
    ensure(cut.as_u64().is_some_and(|cut| cut > 0), || format!("nothing was damaged: {cut}"))?;
    session.open_app("en/lab/").await?;
    session.wait_visible("notice").await?;
    wait_kept(session, &text()).await?;
    // What is there trains on.
    wait_action(session, "train").await?;
    press(session, "train").await?;
    wait_step(session, 5).await.map(drop)
}
