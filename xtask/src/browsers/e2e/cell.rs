//! A cell of the reader's own: written with an error, mended, stepped through, trained, compared, kept, shared.

use serde_json::json;

use super::lab::{SECOND, open_with, press, text, wait_step};
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "an own cell is typed with an error, mended, stepped through and trained" => written,
    "a link opens the same own cell, and takes nothing from the reader's" => shared,
    "an own cell is compared with others, with the same numbers in both browsers" => compared,
}

const CONTROL: &str = "\u{e009}";
const ENTER: &str = "\u{e007}";
const TAB: &str = "\u{e004}";

/// A peephole LSTM with a name that nothing defines, as it is typed on any keyboard.
const TYPED: [&str; 8] = [
    "# With a peephole",
    "state a, c",
    "c~<t = tanh(W_c [a<t-1, x<t] + b_c)",
    "Gamma_f<t = sigma(W_f [a<t-1, x<t] + p_f * m<t-1 + b_f)",
    "\\Gamma_u<t = \\sigma(W_u [a<t-1, x<t] + b_u)",
    "c<t = Gamma_u * c~ + Gamma_f * c<t-1",
    "a<t = Gamma_u * tanh(c)",
    "",
];

/// What stands there once the error is mended.
const MENDED: &str = "# With a peephole\nstate a, c\nc~<t> = tanh(W_c [a<t-1>, x<t>] + b_c)\n\
                      Γ_f<t> = σ(W_f [a<t-1>, x<t>] + p_f * c<t-1> + b_f)\nΓ_u<t> = σ(W_u [a<t-1>, x<t>] + b_u)\n\
                      c<t> = Γ_u * c~ + Γ_f * c<t-1>\na<t> = Γ_u * tanh(c)\n";

async fn wait_value(session: &Session<'_>, expected: &str) -> Outcome {
    let script = "return document.querySelector('[data-testid=cell-text]')?.value === arguments[0]";
    let found = session.wait_js(script, vec![json!(expected)], "the text").await;
    if found.is_err() {
        let value = session.value("cell-text").await?;
        return ensure(false, || format!("the text is\n{value}\nand should be\n{expected}"));
    }
    Ok(())
}

async fn written(session: &Session<'_>) -> Outcome {
    session.open_app("en/cell/").await?;
    session.wait_visible("cell-fine").await?;
    session.click("cell-text").await?;
    session.chord(CONTROL, "a").await?;
    session.keys(TYPED.join(ENTER)).await?;
    // The error stands under its line, underlined, and says what to do.
    let said = session
        .wait_text("cell-line-4", "a sentence", 5 * SECOND, |text| text.contains("Nothing is called m"))
        .await?;
    ensure(said.contains("line above"), || format!("it does not say what to do: {said}"))?;
    let underlined = "return document.querySelector('[data-testid=cell-line-4] .cell-fault')?.textContent";
    ensure(session.js(underlined, vec![]).await? == json!("m<t-1>"), || {
        "another place is underlined".into()
    })?;
    let shapes = session.text("cell-line-3").await?;
    ensure(shapes.contains("W_c") && shapes.contains("n_a × (n_a + n_x)"), || {
        format!("no shapes in {shapes}")
    })?;
    ensure(
        !session
            .js("return document.querySelector('[data-testid=cell-step]').disabled === false", vec![])
            .await?
            .as_bool()
            .unwrap_or(false),
        || "a cell with an error can be stepped through".into(),
    )?;
    // The way there selects what is wrong: typing replaces it.
    session.click("cell-fault-1").await?;
    session.keys("c<t-1").await?;
    wait_value(session, MENDED).await?;
    session.wait_visible("cell-fine").await?;
    let backward = session.text("cell-backward").await?;
    ensure(backward.contains("dp_f") || backward.contains('p'), || {
        format!("no gradient of p_f: {backward}")
    })?;
    // What a button puts in is taken back by the browser's own Undo.
    session.click("cell-sign-3").await?;
    session
        .wait_js(
            "return document.querySelector('[data-testid=cell-text]').value.includes('c<t-1> *  +')",
            vec![],
            "the sign",
        )
        .await?;
    session.chord(CONTROL, "z").await?;
    wait_value(session, MENDED).await?;
    // So is another cell to begin from; Tab completes a word and else goes on.
    session.click("cell-start-gru").await?;
    session
        .wait_js(
            "return document.querySelector('[data-testid=cell-text]').value.includes('Γ_r')",
            vec![],
            "the GRU",
        )
        .await?;
    session.chord(CONTROL, "z").await?;
    wait_value(session, MENDED).await?;
    session.js("const e = document.querySelector('[data-testid=cell-text]'); e.focus(); e.setSelectionRange(e.value.length, e.value.length)", vec![]).await?;
    session.keys(format!("sigma{TAB}")).await?;
    wait_value(session, &format!("{MENDED}σ")).await?;
    session.keys("\u{e003}").await?;
    wait_value(session, MENDED).await?;
    session.keys(TAB).await?;
    session
        .wait_js("return document.activeElement?.dataset.testid !== 'cell-text'", vec![], "the next control")
        .await?;
    // Letters of others.
    session.click("cell-notation-pytorch").await?;
    let sentence = session.text("cell-differs").await?;
    ensure(sentence.contains("PyTorch has no cell like this one"), || sentence.clone())?;
    session.click("cell-notation-notes").await?;
    // A reload loses nothing.
    session.reload().await?;
    wait_value(session, MENDED).await?;

    session.click("cell-step").await?;
    session.wait_js("return location.pathname === '/unrolled/en/stepper/'", vec![], "the Stepper").await?;
    session.wait_visible("stepper-open").await?;
    for _ in 0..2 {
        ensure(session.text("own-name").await? == "With a peephole", || "the cell has another name".into())?;
        session
            .wait_js(
                "return document.querySelector('[data-testid=stepper-cell-own]')?.checked",
                vec![],
                "the choice",
            )
            .await?;
        let lines = "return document.querySelectorAll('[data-testid^=stepper-equation-]').length";
        ensure(session.js(lines, vec![]).await? == json!(7), || "other equations".into())?;
        // The address holds the cell.
        session.reload().await?;
        session.wait_visible("stepper-open").await?;
    }
    session.click("stepper-cell-lstm").await?;
    session.click("stepper-cell-own").await?;
    ensure(session.text("own-name").await? == "With a peephole", || "the own cell was forgotten".into())?;
    session.click("own-edit").await?;
    wait_value(session, MENDED).await?;

    session.click("cell-train").await?;
    session.wait_js("return location.pathname === '/unrolled/en/lab/'", vec![], "the Lab").await?;
    session
        .wait_js("return document.querySelector('[data-testid=cell-own]')?.checked", vec![], "the choice")
        .await?;
    session.wait_text("text-facts", "a text", 10 * SECOND, |facts| facts.contains("V = ")).await?;
    press(session, "train").await?;
    wait_step(session, 5).await.map(drop)
}

async fn shared(session: &Session<'_>) -> Outcome {
    // Without a clipboard the link is shown.
    let none = "() => { Object.defineProperty(navigator, 'clipboard', { get: () => undefined }); }";
    session.before_each_page(none).await?;
    session.open_app("en/cell/").await?;
    session.wait_visible("cell-fine").await?;
    session.paste("cell-text", MENDED).await?;
    session.wait_visible("cell-fine").await?;
    session.click("copy-link").await?;
    session.wait_visible("link-text").await?;
    let link = session.value("link-text").await?;
    ensure(link.contains("/en/cell/") && link.contains('#'), || format!("the link is {link}"))?;
    // Another reader has a cell of their own, with an error in it.
    let theirs = "# Theirs\nstate a\na<t> = tanh(W_a [a<t-1>, q<t>])";
    session.driver.goto(&link.replace("/en/", "/zh/")).await?;
    session.wait_for("app-ready").await?;
    wait_value(session, MENDED).await?;
    session.paste("cell-text", theirs).await?;
    let said = session
        .wait_text("cell-faults", "a sentence", 5 * SECOND, |text| text.contains("没有叫 q 的量"))
        .await?;
    ensure(said.contains("第 3 行"), || format!("it does not say where: {said}"))?;
    ensure(
        session.js("return location.hash", vec![]).await?.as_str().is_none_or(|hash| hash.len() <= 1),
        || "an edited cell still has the link's address".into(),
    )?;
    session.driver.goto(&link).await?;
    session.wait_for("app-ready").await?;
    wait_value(session, MENDED).await?;
    session.click("cell-bring-back").await?;
    wait_value(session, theirs).await?;
    session.reload().await?;
    wait_value(session, theirs).await?;
    // A damaged link says so and keeps what is there.
    session.open_app("zh/cell/?show=own&more=packed#damaged").await?;
    session.wait_visible("cell-link-error").await?;
    wait_value(session, theirs).await
}

async fn compared(session: &Session<'_>) -> Outcome {
    open_with(session, "en", &text()).await?;
    session.paste("hidden", "2").await?;
    session.click("nav-cell").await?;
    session.wait_visible("cell-fine").await?;
    session.paste("cell-text", MENDED).await?;
    session.click("compare-steps-200").await?;
    session.click("compare-start").await?;
    let verdict = session
        .wait_text("compare-verdict", "a sentence", 60 * SECOND, |text| text.contains("Lowest"))
        .await?;
    ensure(verdict.contains("nats"), || verdict.clone())?;
    let table = session.text("compare-table").await?;
    for name in ["Own cell", "GRU", "LSTM"] {
        ensure(table.contains(name), || format!("no {name} in {table}"))?;
    }
    let curves = "return document.querySelectorAll('[data-testid=compare-chart] .curve').length";
    let count = session.js(curves, vec![]).await?;
    // One of training and one of held-out text for each of three cells.
    ensure(count == json!(6), || format!("three cells, {count} curves"))?;
    session.agree("a comparison", &table)
}
