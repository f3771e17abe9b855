//! Words of Chinese: cut by a dictionary that is fetched when it is first needed.

use serde_json::json;
use xtask::server::Fault;

use super::lab::{SECOND, WATCH_WORKERS, clear, open_with, press, results, step, wait_action, wait_step};
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "Chinese is trained on in words, and a link gives the same numbers" => train_on_words,
    "a network of Chinese words is stepped through word by word" => step_through_words,
    "a dictionary that cannot be loaded is said, and trying again helps" => no_dictionary,
    "words of English need no dictionary" => no_need,
}

/// Sentences whose words have one, two and three characters.
fn chinese() -> String {
    "猫平均每天睡十五个小时。\n今天天气很好，我们去爬山。\n明天下雨，我们在家里看书。\n".repeat(25)
}

/// Opens the lab in Chinese with that text and has it cut into words. Gives what the page says of it.
async fn open_words(session: &Session<'_>) -> Outcome<String> {
    open_with(session, "zh", &chinese()).await?;
    session.paste("hidden", "6").await?;
    let characters = session.text("text-facts").await?;
    session.click("unit").await?;
    session.click("unit-chinese-word").await?;
    let words = session
        .wait_text("text-facts", "words", 60 * SECOND, |facts| {
            facts.contains("个词") && facts.contains("V = ")
        })
        .await?;
    ensure(number(&words, 0) < number(&characters, 0), || format!("{characters}, but {words}"))?;
    ensure(!session.is_visible("dictionary-loading").await?, || "it is said to be loading still".into())?;
    Ok(words)
}

/// The first whole number from the given place among those of a text.
fn number(text: &str, place: usize) -> u64 {
    let digits = text.replace(',', "");
    let mut numbers = digits.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    numbers.nth(place).and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

async fn train_on_words(session: &Session<'_>) -> Outcome {
    session.refuse_the_clipboard().await?;
    let before = open_words(session).await?;
    session.agree("words of a Chinese text", &before)?;
    session.paste("steps", "60").await?;
    press(session, "train").await?;
    let shown = results(session).await?;
    session.agree("a run of Chinese words", &shown)?;
    // What the page said before is what the trainer found.
    let after = session.text("text-facts").await?;
    ensure(after == before, || format!("before the run: {before}; after it: {after}"))?;
    session.click("copy-link").await?;
    session.wait_visible("link-text").await?;
    let link = session.value("link-text").await?;
    clear(session).await?;
    session.driver.goto(&link).await?;
    session.wait_for("app-ready").await?;
    let again = results(session).await?;
    ensure(again == shown, || format!("before: {shown}\n        again:  {again}"))
}

async fn step_through_words(session: &Session<'_>) -> Outcome {
    open_words(session).await?;
    // A run that ends by itself has as many updates in every browser.
    session.paste("steps", "20").await?;
    press(session, "train").await?;
    wait_action(session, "train-on").await?;
    // A prompt is cut by the same dictionary: its words are known, so it is written as it is.
    session.click("sample").await?;
    session.wait_visible("sample-prompt").await?;
    session.paste("sample-prompt", "我们去").await?;
    session.click("sample-draw").await?;
    session.wait_text("sampled", "a continuation", 20 * SECOND, |text| text.starts_with("我们去")).await?;
    session.keys("\u{e00c}").await?;
    session.click("step-through").await?;
    session.wait_visible("stepper-open").await?;
    session.paste("stepper-sentence", "明天我们看书").await?;
    let script = "return [...document.querySelectorAll('[data-testid^=stepper-step-]')].map((e) => e.textContent).join(' ')";
    let has_words = format!(
        "const all = (() => {{ {script} }})(); return all.includes('我们') && all.includes('看书') && all"
    );
    let strip = session.wait_js(&has_words, vec![], "words in the strip").await?;
    session.agree("the strip of Chinese words", strip.as_str().unwrap_or_default())?;
    session.wait_js("return !document.querySelector('.stepper.stale')", vec![], "the numbers").await?;
    let notes = session.text("stepper-notes").await?;
    ensure(!notes.contains("<UNK>"), || format!("it says: {notes}"))
}

async fn no_dictionary(session: &Session<'_>) -> Outcome {
    session.expect_error("");
    open_with(session, "zh", &chinese()).await?;
    session.site.fault("/words/", Fault::Missing);
    session.click("unit").await?;
    session.click("unit-chinese-word").await?;
    session.wait_visible("dictionary-failed").await?;
    press(session, "train").await?;
    session.wait_visible("start-refused").await?;
    session.wait_visible("dictionary-failed").await?;
    ensure(session.value("text").await? == chinese(), || "the text was not kept".into())?;
    session.site.heal();
    session.click("dictionary-retry").await?;
    session
        .wait_text("text-facts", "words", 60 * SECOND, |facts| {
            facts.contains("个词") && facts.contains("V = ")
        })
        .await?;
    press(session, "train").await?;
    wait_step(session, 5).await?;
    ensure(step(session).await? >= 5, || "it does not train".into())
}

async fn no_need(session: &Session<'_>) -> Outcome {
    session.before_each_page(WATCH_WORKERS).await?;
    open_with(session, "en", &"the cat sat on the mat. ".repeat(30)).await?;
    let _ = session.site.take_log();
    session.click("unit").await?;
    session.click("unit-chinese-word").await?;
    session
        .wait_text("text-facts", "words", 10 * SECOND, |facts| {
            facts.contains("words") && facts.contains("V = ")
        })
        .await?;
    // Spaces are no words; what becomes of them is said where the words are counted.
    session.wait_text("word-spaces", "what becomes of spaces", 5 * SECOND, |text| text.contains('␣')).await?;
    press(session, "train").await?;
    wait_step(session, 5).await?;
    let log = session.site.take_log();
    ensure(log.iter().all(|line| !format!("{line:?}").contains("/words/")), || {
        format!("the dictionary was fetched: {log:?}")
    })?;
    let made = session.js("return window.__workers.length", vec![]).await?;
    ensure(made == json!(1), || format!("{made} workers were made"))
}
