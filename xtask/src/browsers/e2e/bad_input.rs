//! Bad input: each case gets one clear sentence where the reader is looking, and nothing that was there is lost.

use serde_json::json;

use super::lab::{SECOND, clear, open, open_with, pause, press, step, text, wait_step, wait_step_for};
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure, fail};

tests! {
    "a learning rate out of range gets a sentence beside it" => learning_rate_out_of_range,
    "texts that cannot be trained on get a sentence and are kept" => bad_texts,
    "a text shorter than a window is trained on with a shorter one" => shorter_than_a_window,
    "lone surrogates become the sign for what cannot be read" => lone_surrogates,
    "a text from right to left keeps its order" => right_to_left,
    "a model beyond the memory gets a sentence beside the button" => beyond_memory,
    "a lab's link cut in half, damaged or from a newer version says so and keeps the rest" => bad_links,
    "a link with sizes that cannot be trained names each of them, and opens the rest" => beyond_any_range,
    "an own cell with an error gets a sentence in the reader's language" => bad_cell,
    "without storage the lab works and says that nothing is kept" => no_storage,
    "with storage full the lab works and says so" => full_storage,
    "five megabytes are taken without a freeze, six are refused" => large_text,
    "no element is made of a text" => hostile_text,
}

async fn learning_rate_out_of_range(session: &Session<'_>) -> Outcome {
    open(session).await?;
    for wrong in ["1e99", "1e9", "0", "-1", "abc", ""] {
        session.paste("learning-rate", wrong).await?;
        let said = session
            .wait_text("learning-rate-error", "a range", 5 * SECOND, |text| text.contains("100"))
            .await?;
        ensure(!said.contains("NaN"), || format!("{wrong}: {said}"))?;
    }
    // What stands in the box counts: nothing is trained with another rate, and the reader is taken to the box.
    press(session, "train").await?;
    session.wait_visible("start-refused").await?;
    let focused = session.js("return document.activeElement.getAttribute('data-testid')", vec![]).await?;
    ensure(focused == json!("learning-rate"), || format!("the focus is on {focused}"))?;
    session.paste("learning-rate", "0.01").await?;
    press(session, "train").await?;
    wait_step(session, 3).await?;
    ensure(!session.is_visible("start-refused").await?, || "it is still refused".into())?;
    for wrong in ["0", "1e9"] {
        session.paste("learning-rate", wrong).await?;
        session.wait_visible("learning-rate-error").await?;
    }
    let before = step(session).await?;
    wait_step(session, before + 5).await?;
    ensure(!session.is_visible("broken").await?, || "the page broke".into())
}

async fn bad_texts(session: &Session<'_>) -> Outcome {
    open(session).await?;
    for bad in ["", "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
        session.paste("text", bad).await?;
        press(session, "train").await?;
        session
            .wait_js(
                "return [...document.querySelectorAll('[role=alert]')].some((e) => e.getClientRects().length && e.textContent.trim().length > 10)",
                vec![],
                &format!("a sentence about {bad:?}"),
            )
            .await?;
        ensure(session.value("text").await? == bad, || format!("{bad:?} was not kept"))?;
        ensure(!session.is_visible("broken").await?, || format!("the page broke on {bad:?}"))?;
    }
    for odd in [
        "שלום עולם ".repeat(40),
        "👩‍👩‍👧‍👦🇨🇳👍🏽é ".repeat(40),
        format!("{}\r\n\u{0}\u{feff}x", "abc def ".repeat(40)),
    ] {
        let before = session.text("text-facts").await?;
        session.paste("text", &odd).await?;
        session
            .wait_text("text-facts", "counted", 10 * SECOND, |facts| {
                facts != before && facts.contains("V = ")
            })
            .await?;
        let again = session
            .js("return document.querySelector('[data-testid=main-button]').dataset.action", vec![])
            .await?;
        if again == json!("train") {
            press(session, "train").await?;
            // The sentence about the text before goes at this moment; a press that falls between two drawings is made again.
            if wait_step_for(session, 2, 5 * SECOND).await.is_err() {
                press(session, "train").await?;
            }
        } else if session.click("start-again").await.is_err() {
            // The run before ended at this moment: its button is the main one now.
            press(session, "train").await?;
        }
        wait_step(session, 2).await?;
        ensure(!session.is_visible("broken").await?, || format!("the page broke on {odd:?}"))?;
    }
    Ok(())
}

async fn shorter_than_a_window(session: &Session<'_>) -> Outcome {
    open_with(session, "en", "a cat").await?;
    let facts = session.text("text-facts").await?;
    ensure(facts.starts_with("5 characters"), || format!("it says: {facts}"))?;
    session.paste("window", "64").await?;
    press(session, "train").await?;
    wait_step(session, 5).await?;
    session
        .wait_text("short-text", "how many steps are used", 5 * SECOND, |text| text.contains("64"))
        .await?;
    ensure(session.value("text").await? == "a cat", || "the text was not kept".into())?;
    session.paste("text", "a").await?;
    session
        .wait_text("text-facts", "one character", 5 * SECOND, |facts| facts.starts_with("1 character "))
        .await
        .map(drop)
}

async fn lone_surrogates(session: &Session<'_>) -> Outcome {
    open(session).await?;
    // No driver can send half a character: the page's own script makes it.
    let script = "const area = document.querySelector('[data-testid=text]'); \
                  const half = String.fromCharCode(0xD83D); \
                  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(area, ('abc ' + half + ' def' + half).repeat(50)); \
                  area.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }))";
    session.js(script, vec![]).await?;
    session.wait_text("text-facts", "its size", 10 * SECOND, |facts| facts.starts_with("500 ")).await?;
    press(session, "train").await?;
    wait_step(session, 5).await?;
    let length =
        session.js("return document.querySelector('[data-testid=text]').value.length", vec![]).await?;
    ensure(length == json!(500), || format!("the text has {length} characters"))?;
    ensure(!session.is_visible("broken").await?, || "the page broke".into())
}

async fn right_to_left(session: &Session<'_>) -> Outcome {
    let hebrew = "שלום עולם, מה שלומך היום? ".repeat(30);
    open_with(session, "en", &hebrew).await?;
    press(session, "train").await?;
    wait_step(session, 5).await?;
    ensure(session.value("text").await? == hebrew, || "the text was not kept".into())?;
    pause(session).await?;
    session.click("step-through").await?;
    session.wait_visible("stepper-open").await?;
    let sentence = session.value("stepper-sentence").await?;
    ensure(sentence.starts_with("שלום"), || format!("the sentence is {sentence}"))
}

async fn beyond_memory(session: &Session<'_>) -> Outcome {
    for (language, word) in [("en", "memory"), ("zh", "内存")] {
        open_with(session, language, &text()).await?;
        // The last place of the slider: 512 units, in four layers.
        session.paste("hidden", "19").await?;
        session.click("layers").await?;
        session.click("layers-4").await?;
        session.paste("window", "512").await?;
        session.paste("batch", "512").await?;
        press(session, "train").await?;
        let said =
            session.wait_text("start-error", "a sentence", 20 * SECOND, |said| said.contains(word)).await?;
        ensure(said.contains("GB"), || format!("it says: {said}"))?;
        ensure(session.value("text").await? == text(), || "the text was not kept".into())?;
        // Smaller ones train at once.
        session.paste("hidden", "3").await?;
        session.paste("window", "16").await?;
        session.paste("batch", "8").await?;
        press(session, "train").await?;
        wait_step(session, 2).await?;
        clear(session).await?;
    }
    Ok(())
}

async fn bad_links(session: &Session<'_>) -> Outcome {
    session.refuse_the_clipboard().await?;
    open(session).await?;
    session.click("cell").await?;
    session.click("cell-gru").await?;
    session.click("copy-link").await?;
    session.wait_visible("link-text").await?;
    let link = session.value("link-text").await?;
    let Some((front, packed)) = link.split_once('#') else {
        return fail(format!("no packed text in {link}"));
    };
    clear(session).await?;
    let cut = link.get(..front.len() + packed.len() / 2).unwrap_or_default().to_owned();
    let middle = front.len() + packed.len() / 2;
    let letter = if link.get(middle..=middle) == Some("A") { "B" } else { "A" };
    let damaged = format!(
        "{}{letter}{}",
        link.get(..middle).unwrap_or_default(),
        link.get(middle + 1..).unwrap_or_default()
    );
    let newer = front.replace("?v=1.", "?v=9.").replace("&v=1.", "&v=9.");
    ensure(newer != front, || format!("no version in {front}"))?;
    for (bad, word) in [
        (&cut, "cut short"),
        (&damaged, "changed on its way"),
        (&format!("{newer}#{packed}"), "newer version"),
    ] {
        session.driver.goto(bad).await?;
        session.wait_for("app-ready").await?;
        let said = session.wait_text("notice", "a sentence", 10 * SECOND, |said| said.contains(word)).await?;
        ensure(session.value("hidden").await? == super::lab::SLIDER_PLACE, || {
            format!("the settings are gone: {said}")
        })?;
        let cell = session.js("return document.querySelector('[data-testid=cell-gru]')?.getAttribute('aria-checked') || String(document.querySelector('[data-testid=cell-gru]')?.checked)", vec![]).await?;
        ensure(cell == json!("true"), || format!("the cell is gone: {cell}"))?;
        clear(session).await?;
    }
    Ok(())
}

async fn beyond_any_range(session: &Session<'_>) -> Outcome {
    session.open_app("en/lab/?cell=lstm&hidden=30000&layers=16&batch=100000&rate=0.02").await?;
    let said = session.wait_text("notice", "a sentence", 10 * SECOND, |said| said.contains("hidden")).await?;
    for part in ["30000", "1024", "layers", "16", "batch", "512"] {
        ensure(said.contains(part), || format!("{part} is not named in: {said}"))?;
    }
    let rate = session.value("learning-rate").await?;
    ensure(rate == "0.02", || format!("the rate is {rate}"))?;
    press(session, "train").await?;
    wait_step(session, 3).await.map(drop)
}

/// A cell whose second line is `a<t> = tanh(W_aa a<t-1> + q<t>)`, as a link packs it: nothing is called q.
const BAD_CELL: &str =
    "#1.75.18c1fc12.M2VgYKhWSk7NyVGyUiouSSxJVUiMyUu0KbFTsFUoSczL0AiPT0xUAAroGtopaCsUAmU0Y_KUagE";

async fn bad_cell(session: &Session<'_>) -> Outcome {
    for (language, word) in [("en", "Nothing is called"), ("zh", "没有")] {
        session.open_app(&format!("{language}/lab/?cell=own&more=1{BAD_CELL}")).await?;
        session.wait_visible("main-button").await?;
        // At once: the link's own sample may still be under way, and must not replace this text.
        session.paste("text", &text()).await?;
        let is_own = "return document.querySelector('[data-testid=cell-own]')?.checked";
        session.wait_js(is_own, vec![], "the link's cell").await?;
        press(session, "train").await?;
        let said =
            session.wait_text("cell-error", "a sentence", 20 * SECOND, |said| said.contains(word)).await?;
        ensure(said.contains('2') && said.contains('q'), || format!("it does not say where: {said}"))?;
        ensure(session.value("text").await? == text(), || "the text was not kept".into())?;
        clear(session).await?;
    }
    Ok(())
}

async fn no_storage(session: &Session<'_>) -> Outcome {
    session
        .before_each_page(
            "() => { Object.defineProperty(window, 'indexedDB', { value: undefined }); \
             Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } }); }",
        )
        .await?;
    open(session).await?;
    session.wait_visible("storage-notice").await?;
    press(session, "train").await?;
    wait_step(session, 20).await?;
    session.click("saved-open").await?;
    let rule = session.text("saved-rule").await?;
    ensure(rule.contains("Nothing can be stored"), || format!("without storage it says: {rule}"))
}

async fn full_storage(session: &Session<'_>) -> Outcome {
    session
        .before_each_page(
            "() => { const full = () => { throw new DOMException('full', 'QuotaExceededError'); }; \
             IDBObjectStore.prototype.put = full; IDBObjectStore.prototype.add = full; Storage.prototype.setItem = full; }",
        )
        .await?;
    open(session).await?;
    press(session, "train").await?;
    session.wait_visible("storage-notice").await?;
    wait_step(session, 30).await.map(drop)
}

async fn large_text(session: &Session<'_>) -> Outcome {
    session.open_app("en/lab/").await?;
    session.wait_visible("main-button").await?;
    session.wait_text("text-facts", "a sample's size", 10 * SECOND, |facts| facts.contains("V = ")).await?;
    let script = "
        const [megabytes, isPlain, done] = arguments;
        // A plain text area of the same size shows what the browser itself takes.
        let area = document.querySelector('[data-testid=text]');
        if (isPlain) {
            const plain = area.cloneNode();
            area.after(plain);
            area = plain;
        }
        const text = 'the quick brown fox jumps over it. '.repeat(Math.floor(megabytes * 1e6 / 35));
        Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(area, text);
        const began = performance.now();
        area.dispatchEvent(new InputEvent('input', { bubbles: true }));
        // The longest time that the page did not answer in the next three seconds.
        let last = began, longest = performance.now() - began;
        const tick = () => {
            const now = performance.now();
            longest = Math.max(longest, now - last);
            last = now;
            if (now - began < 3000) setTimeout(tick);
            else { if (isPlain) area.remove(); done(longest); }
        };
        setTimeout(tick);";
    let mut longest = [0.0; 2];
    for (longest, is_plain) in longest.iter_mut().zip([true, false]) {
        *longest =
            session.js_async(script, vec![json!(4.9), json!(is_plain)]).await?.as_f64().unwrap_or(f64::MAX);
    }
    let [plain, own] = longest;
    ensure(own < plain + 300.0, || {
        format!("the page did not answer for {own:.0} ms, a plain text area takes {plain:.0} ms")
    })?;
    session
        .wait_text("text-facts", "a size", 10 * SECOND, |facts| facts.chars().any(|c| c.is_ascii_digit()))
        .await?;
    press(session, "train").await?;
    wait_step(session, 3).await?;
    pause(session).await?;
    session.js_async(script, vec![json!(6.5), json!(false)]).await?;
    session.wait_visible("notice").await
}

async fn hostile_text(session: &Session<'_>) -> Outcome {
    open_with(session, "en", &"<img src=x onerror=alert(1)><script>alert(1)</script> ".repeat(60)).await?;
    press(session, "train").await?;
    wait_step(session, 100).await?;
    let made = session.js("return document.querySelectorAll('main img, main script').length", vec![]).await?;
    ensure(made == json!(0), || format!("{made} elements were made of the text"))
}
