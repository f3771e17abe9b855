//! Faults of input: many lines, files that are no text, input methods, links that change under the page.

use serde_json::json;

use super::super::lab::{SECOND, clear, open, press, wait_step};
use super::super::tests;
use crate::session::Session;
use crate::{Outcome, ensure, fail};

tests! {
    "a hundred thousand lines are taken, a binary file is refused" => many_lines,
    "text that is being composed is neither read nor rewritten" => composing,
    "a lab's link that differs only behind the hash is read" => other_hash,
}

async fn many_lines(session: &Session<'_>) -> Outcome {
    open(session).await?;
    let script = "
        const [selector, text] = arguments;
        const area = document.querySelector(selector);
        Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(area, 'ab\\n'.repeat(100000));
        area.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));";
    session.js(script, vec![json!("[data-testid=text]")]).await?;
    session
        .wait_text("text-facts", "300,000 bytes", 10 * SECOND, |facts| facts.starts_with("300 KB"))
        .await?;
    press(session, "train").await?;
    wait_step(session, 3).await?;
    // Ten megabytes that are no text, dropped on the box.
    let before =
        session.js("return document.querySelector('[data-testid=text]').value.length", vec![]).await?;
    for (name, bytes) in [("small.bin", 5_000), ("large.bin", 10_000_000)] {
        let script = "
            const [name, size] = arguments;
            const bytes = new Uint8Array(size);
            for (let i = 0; i < size; i += 1) bytes[i] = (i * 2654435761) >>> 24;
            const data = new DataTransfer();
            data.items.add(new File([bytes], name));
            document.querySelector('[data-testid=text]').dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));";
        session.js(script, vec![json!(name), json!(bytes)]).await?;
        session.wait_visible("notice").await?;
        let after =
            session.js("return document.querySelector('[data-testid=text]').value.length", vec![]).await?;
        ensure(after == before, || format!("{name} replaced the text"))?;
    }
    ensure(!session.is_visible("broken").await?, || "the page broke".into())
}

/// Composes `letters` in a field, letter by letter, as an input method does, without ending it.
const COMPOSE: &str = "
    const [id, letters] = arguments;
    const field = document.querySelector(`[data-testid=\"${id}\"]`);
    const set = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set;
    field.focus();
    field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true, data: '' }));
    for (let i = 1; i <= letters.length; i += 1) {
        set.call(field, letters.slice(0, i));
        field.dispatchEvent(new CompositionEvent('compositionupdate', { bubbles: true, data: letters.slice(0, i) }));
        field.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true, inputType: 'insertCompositionText' }));
    }
    // Enter that chooses a word of the input method's list.
    const enter = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, key: 'Enter', isComposing: true, keyCode: 229 });
    field.dispatchEvent(enter);
    return field.value;";

/// Ends it with the word that was chosen.
const CHOOSE: &str = "
    const [id, word] = arguments;
    const field = document.querySelector(`[data-testid=\"${id}\"]`);
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, word);
    field.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true, inputType: 'insertCompositionText', data: word }));
    field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: word }));";

async fn composing(session: &Session<'_>) -> Outcome {
    session.open_app("zh/stepper/").await?;
    session.wait_visible("stepper-open").await?;
    let steps = "return document.querySelectorAll('[data-testid^=stepper-step-]').length";
    let before = session.js(steps, vec![]).await?;
    let value = session.js(COMPOSE, vec![json!("stepper-sentence"), json!("ni'hao'shi'jie")]).await?;
    ensure(value == json!("ni'hao'shi'jie"), || format!("it was rewritten to {value}"))?;
    // Two turns of the page's own loop: what an input would cause has happened by then.
    session.js_async("requestAnimationFrame(() => setTimeout(arguments[0], 200))", vec![]).await?;
    let during = session.js(steps, vec![]).await?;
    ensure(during == before, || format!("{before} steps became {during} while composing"))?;
    session.js(CHOOSE, vec![json!("stepper-sentence"), json!("你好世界")]).await?;
    session
        .wait_js("return document.querySelector('main').textContent.includes('界')", vec![], "the word")
        .await?;

    session.open_app("zh/lab/").await?;
    session.wait_visible("main-button").await?;
    let counted = session
        .wait_text("text-facts", "a sample's size", 10 * SECOND, |facts| facts.contains("V = "))
        .await?;
    session.js(COMPOSE, vec![json!("text"), json!("jin'tian")]).await?;
    session.js_async("requestAnimationFrame(() => setTimeout(arguments[0], 300))", vec![]).await?;
    let during = session.text("text-facts").await?;
    ensure(during == counted, || format!("composing was read: {during}"))?;
    session.js(CHOOSE, vec![json!("text"), json!("今天天气很好")]).await?;
    session
        .wait_text("text-facts", "six characters", 5 * SECOND, |facts| facts.starts_with('6'))
        .await
        .map(drop)
}

async fn other_hash(session: &Session<'_>) -> Outcome {
    session.refuse_the_clipboard().await?;
    let mut links = Vec::new();
    for words in ["the first text of two. ", "the second text of two. "] {
        open(session).await?;
        session.paste("text", &words.repeat(20)).await?;
        let characters = (words.len() * 20).to_string();
        session
            .wait_text("text-facts", "the text's size", 5 * SECOND, |facts| facts.starts_with(&characters))
            .await?;
        session.click("copy-link").await?;
        session.wait_visible("link-text").await?;
        links.push(session.value("link-text").await?);
        clear(session).await?;
    }
    let [first, second] = links.as_slice() else { return fail("there are not two links") };
    session.driver.goto(first).await?;
    session.wait_for("app-ready").await?;
    let is = "return document.querySelector('[data-testid=text]')?.value.startsWith(arguments[0])";
    session.wait_js(is, vec![json!("the first")], "the first link's text").await?;
    let hash = second.split_once('#').map_or("", |(_, hash)| hash);
    session.js("location.hash = arguments[0]", vec![json!(hash)]).await?;
    session.wait_js(is, vec![json!("the second")], "the second link's text").await.map(drop)
}
