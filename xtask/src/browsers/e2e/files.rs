//! Files out and in: what the Lab trained goes out as code, weights and tables, and comes back to the same digits.

use std::time::Duration;

use serde_json::json;

use super::edit::{ONE_UNIT, drag, row_is};
use super::lab::{open, press, wait_action, wait_step};
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "what the Lab trained goes out as files and comes back to the same digits" => out_and_in,
    "weights that PyTorch saved are stepped through, and code and tables hold the numbers in view" => from_elsewhere,
    "what stood in the Stepper before a file was opened comes back" => back,
    "a figure of the book is saved as a picture and as a table" => figure,
}

const SECOND: Duration = Duration::from_secs(1);

/// Keeps what a page saves instead of downloading it.
const KEEP: &str = "() => { const make = URL.createObjectURL; let last; window.saved = {}; \
    URL.createObjectURL = (blob) => { last = blob; return make.call(URL, blob); }; \
    const click = HTMLAnchorElement.prototype.click; \
    HTMLAnchorElement.prototype.click = function () { if (this.download) window.saved[this.download] = last; else click.call(this); }; }";

/// A saved file's beginning as text, once it is there.
async fn saved(session: &Session<'_>, name: &str) -> Outcome<String> {
    session.wait_js("return !!window.saved[arguments[0]]", vec![json!(name)], name).await?;
    let script = "const done = arguments[1]; window.saved[arguments[0]].slice(0, 400000).text().then(done)";
    Ok(session.js_async(script, vec![json!(name)]).await?.as_str().unwrap_or_default().to_owned())
}

/// Everything with a digit in it that the Stepper shows.
async fn numbers(session: &Session<'_>) -> Outcome<String> {
    session.texts(&["stepper-open", "stepper-distribution", "stepper-total-loss"]).await
}

/// Gives a file to the button "Open a file": a saved one, cut to a share of its bytes, or made of a text.
async fn choose(session: &Session<'_>, script: &str) -> Outcome {
    let script = format!(
        "const done = arguments[0]; (async () => {{ const file = await (async () => {{ {script} }})(); \
         const data = new DataTransfer(); data.items.add(file); \
         const field = document.querySelector('[data-testid=open-file-input]'); field.files = data.files; \
         field.dispatchEvent(new Event('change', {{ bubbles: true }})); done(true); }})()"
    );
    session.js_async(&script, vec![]).await.map(drop)
}

async fn export(session: &Session<'_>, what: &str) -> Outcome {
    session.click("export").await?;
    // Things to do, not choices of which one holds.
    let roles = "const all = [...document.querySelectorAll('#export-list button')]; \
                 return all.length > 0 && all.every((e) => e.getAttribute('role') === 'menuitem' && !e.hasAttribute('aria-checked'))";
    session.wait_js(roles, vec![], "a menu of things to do").await?;
    session.click(&format!("export-{what}")).await
}

async fn out_and_in(session: &Session<'_>) -> Outcome {
    session.before_each_page(KEEP).await?;
    open(session).await?;
    press(session, "train").await?;
    wait_step(session, 20).await?;
    press(session, "pause").await?;
    wait_action(session, "resume").await?;

    // The run's curves as a table.
    export(session, "run").await?;
    let table = saved(session, "run.csv").await?;
    ensure(table.starts_with("update,") && table.lines().count() > 10, || format!("no curves: {table}"))?;
    session.click("loss-chart-svg").await?;
    let chart = saved(session, "loss.svg").await?;
    ensure(chart.starts_with("<svg") && chart.contains("ŷ</tspan>") && chart.contains("⟨t⟩"), || {
        "no formula under the chart".into()
    })?;

    // The network goes to the Stepper; out as weights and as code.
    session.click("step-through").await?;
    session.wait_visible("stepper-open").await?;
    let sentence = session.value("stepper-sentence").await?;
    let shown = numbers(session).await?;
    ensure(shown.chars().filter(char::is_ascii_digit).count() > 40, || format!("hardly a number: {shown}"))?;
    export(session, "safetensors").await?;
    saved(session, "lstm.safetensors").await?;
    export(session, "numpy").await?;
    let code = session.value("export-code-text").await?;
    ensure(code.contains("import numpy as np") && code.contains("def backward_1"), || {
        format!("no code: {code}")
    })?;
    session.click("export-code-save").await?;
    let kept = saved(session, "lstm-numpy.py").await?;
    ensure(kept == code, || "the saved code is another one than the shown".into())?;
    session.keys("\u{e00c}").await?;
    session.click("stepper-diagram-svg").await?;
    let drawing = saved(session, "cell.svg").await?;
    let has_formula = ["Γ</tspan>", "σ</tspan>", "⟨"].iter().all(|piece| drawing.contains(piece));
    ensure(has_formula, || "no formula under the drawing".into())?;
    session.click("stepper-diagram-png").await?;
    let picture = saved(session, "cell.png").await?;
    ensure(picture.contains("PNG"), || "no picture".into())?;

    // Back in: the same network, the same digits.
    choose(session, "return new File([window.saved['lstm.safetensors']], 'mine.safetensors')").await?;
    session
        .wait_text("stepper-weights", "the file's name", 10 * SECOND, |text| {
            text.contains("mine.safetensors")
        })
        .await?;
    session.paste("stepper-sentence", &sentence).await?;
    let script = "return document.querySelector('[data-testid=stepper-sentence]').value === arguments[0]";
    session.wait_js(script, vec![json!(sentence)], "the sentence of before").await?;
    session
        .wait_text("stepper-notes", "what a file decides", 10 * SECOND, |notes| {
            notes.contains("those of the file")
        })
        .await?;
    let again = numbers(session).await?;
    ensure(again == shown, || format!("{again} instead of {shown}"))?;

    // What cannot be read gets its sentence, and nothing that was open is lost.
    choose(
        session,
        "const all = window.saved['lstm.safetensors']; return new File([all.slice(0, all.size / 2)], 'half.safetensors')",
    )
    .await?;
    session
        .wait_text("file-trouble", "about a broken file", 10 * SECOND, |text| {
            text.contains("half.safetensors") && text.contains("cut off")
        })
        .await?;
    choose(session, "return new File([new Uint8Array([8, 7, 18, 7])], 'net.onnx')").await?;
    session
        .wait_text("file-trouble", "about ONNX", 10 * SECOND, |text| {
            text.contains("ONNX") && text.contains(".weights.h5") && text.contains("safetensors")
        })
        .await?;
    session.click("file-trouble-close").await?;
    let still = numbers(session).await?;
    ensure(still == shown, || format!("a file that was refused changed the numbers: {still}"))?;

    // An experiment goes out and comes back as well, sentence and all; dropped, this time.
    export(session, "experiment").await?;
    let experiment = saved(session, "lstm-experiment.json").await?;
    ensure(experiment.contains("unrolled-experiment/1"), || "no experiment".into())?;
    let drop = "const data = new DataTransfer(); data.items.add(new File([window.saved['lstm-experiment.json']], 'again.json')); \
                document.querySelector('[data-testid=stepper]').dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }))";
    session.js(drop, vec![]).await?;
    session
        .wait_text("stepper-weights", "the experiment's name", 10 * SECOND, |text| {
            text.contains("again.json")
        })
        .await?;
    let back = numbers(session).await?;
    ensure(back == shown, || format!("{back} instead of {shown}"))
}

/// Safetensors as PyTorch would write an `nn.RNN` of two units over three symbols with a linear layer on top.
const MODEL: &str = "const tensors = { 'rnn.weight_ih_l0': [[2, 3], [0.5, -0.25, 0.125, 1, 0.75, -1]], \
    'rnn.weight_hh_l0': [[2, 2], [0.5, 0, 0, 0.5]], 'rnn.bias_ih_l0': [[2], [0.25, 0.5]], 'rnn.bias_hh_l0': [[2], [0.25, -0.5]], \
    'fc.weight': [[3, 2], [0, 0, 0, 0, 0, 0]], 'fc.bias': [[3], [0, 0, 0]] }; \
    const header = {}; const data = []; \
    for (const [name, [shape, values]] of Object.entries(tensors)) { \
      header[name] = { dtype: 'F32', shape, data_offsets: [data.length * 4, (data.length + values.length) * 4] }; data.push(...values); } \
    const text = new TextEncoder().encode(JSON.stringify(header)); \
    const length = new BigUint64Array([BigInt(text.length)]); \
    return new File([length, text, new Float32Array(data)], 'theirs.safetensors')";

async fn from_elsewhere(session: &Session<'_>) -> Outcome {
    session.before_each_page(KEEP).await?;
    // In Chinese: refusals are sentences of the page, not of the engine.
    session.open_app("zh/stepper/").await?;
    session.wait_visible("stepper-open").await?;
    choose(session, "return new File([new Uint8Array([8, 7, 18, 7])], 'net.onnx')").await?;
    session
        .wait_text("file-trouble", "about ONNX", 10 * SECOND, |text| {
            text.contains("运算图") && text.contains(".weights.h5") && text.contains("safetensors")
        })
        .await?;

    choose(session, MODEL).await?;
    session
        .wait_text("stepper-weights", "the file's name", 10 * SECOND, |text| {
            text.contains("theirs.safetensors")
        })
        .await?;
    session.paste("stepper-sentence", "0 2 1").await?;
    let label = "return !document.querySelector('[data-testid=file-trouble]') && \
                 document.querySelector('[data-testid=stepper-notes]').textContent.includes('tanh')";
    session.wait_js(label, vec![], "what was taken is said, and the refusal is gone").await?;

    // The first matrix in view as a table, and the numbers of the second in the code.
    let matrix = "const one = document.querySelector('[data-testid=matrix-csv]'); if (!one) return false; one.click(); return true";
    session.wait_js(matrix, vec![], "a matrix with its table").await?;
    let name = session.wait_js(
        "return Object.keys(window.saved).find((name) => name.endsWith('.csv')) || false",
        vec![],
        "a table",
    );
    let name = name.await?.as_str().unwrap_or_default().to_owned();
    let table = saved(session, &name).await?;
    ensure(table == "0.5,0\n0,0.5\n", || format!("{name}: {table}"))?;
    session.click("line-latex").await?;
    let latex = session.value("line-latex-code-text").await?;
    ensure(latex.contains(" = ") && latex.contains("\\langle t\\rangle"), || {
        format!("no equation: {latex}")
    })?;
    session.keys("\u{e00c}").await?;
    export(session, "numpy").await?;
    let code = session.value("export-code-text").await?;
    for line in ["0.5, -0.25, 0.125", "1, 0.75, -1"] {
        ensure(code.contains(line), || format!("{line} is not in the code: {code}"))?;
    }
    // A uniform prediction at each of the steps: ln 3 a symbol.
    let shown = numbers(session).await?;
    ensure(shown.contains("1.099"), || format!("no uniform prediction: {shown}"))?;

    // So small a network travels in the link: on another day the file is not asked for.
    let address = "const { search, hash } = location; return search.includes('weights=file') && hash.length > 40 && search + hash";
    let address = session.wait_js(address, vec![], "the network in the address").await?;
    session.open_app("zh/").await?;
    session.open_app(&format!("zh/stepper/{}", address.as_str().unwrap_or_default())).await?;
    session.wait_visible("stepper-open").await?;
    session
        .wait_text("stepper-weights", "the file's name from the link", 10 * SECOND, |text| {
            text.contains("theirs.safetensors")
        })
        .await?;
    let again = numbers(session).await?;
    ensure(again == shown, || format!("{again} instead of {shown} from the link"))
}

async fn back(session: &Session<'_>) -> Outcome {
    session.open_app(ONE_UNIT).await?;
    session.wait_visible("stepper-open").await?;
    drag(session, 4, (40, 0)).await?;
    row_is(session, "0.38").await?;
    choose(session, MODEL).await?;
    let of_file = |text: &str| text.contains("theirs.safetensors");
    session.wait_text("stepper-weights", "the file's name", 10 * SECOND, of_file).await?;
    session
        .wait_text("edit-said", "the way back", 5 * SECOND, |said| said.contains("Undo brings back"))
        .await?;
    session.click("edit-undo").await?;
    row_is(session, "0.38").await?;
    let sentence = session.value("stepper-sentence").await?;
    ensure(sentence == "ab", || format!("the sentence is {sentence}"))?;
    session.click("edit-undo").await?;
    row_is(session, "0.00").await?;
    session.click("edit-redo").await?;
    row_is(session, "0.38").await?;
    session.click("edit-redo").await?;
    session.wait_text("stepper-weights", "the file again", 10 * SECOND, of_file).await?;
    session.click("edit-undo").await?;
    row_is(session, "0.38").await?;

    // A file that the Lab opens takes the place of what the Stepper showed last, and gives it back too.
    session.click("nav-lab").await?;
    session.wait_visible("main-button").await?;
    choose(session, MODEL).await?;
    session.wait_text("stepper-weights", "the file's name", 20 * SECOND, of_file).await?;
    session.wait_visible("stepper-open").await?;
    session.click("edit-undo").await?;
    row_is(session, "0.38").await?;

    // Where the Stepper has shown nothing before, there is nothing to give back.
    session.open_app("en/lab/").await?;
    session.wait_visible("main-button").await?;
    choose(session, MODEL).await?;
    session.wait_text("stepper-weights", "the file's name", 20 * SECOND, of_file).await?;
    session.wait_visible("stepper-open").await?;
    let nothing =
        "return document.querySelector('[data-testid=edit-undo]').getAttribute('aria-disabled') === 'true'";
    session.wait_js(nothing, vec![], "nothing to take back").await.map(drop)
}

async fn figure(session: &Session<'_>) -> Outcome {
    session.before_each_page(KEEP).await?;
    session.open_app("en/book/lstm/").await?;
    let script = "const b = document.querySelector('figure[data-alive] [data-do=save-png]'); if (!b) return false; \
                  b.closest('figure').querySelector('[data-do=save-svg]').click(); b.click(); return b.closest('figure').id";
    let id = session.wait_js(script, vec![], "a live figure").await?;
    let name = id.as_str().unwrap_or_default().to_owned();
    let drawing = saved(session, &format!("{name}.svg")).await?;
    ensure(drawing.starts_with("<svg") && drawing.contains("style="), || {
        format!("no drawing: {drawing:.200}")
    })?;
    let picture = saved(session, &format!("{name}.png")).await?;
    ensure(picture.contains("PNG"), || "no picture".into())?;
    let script = "const f = document.getElementById(arguments[0]); const t = f.querySelector('details[data-table]'); if (!t) return true; \
                  t.open = true; const b = f.querySelector('[data-do=save-csv]'); if (!b) return false; b.click(); return true";
    session.wait_js(script, vec![json!(name)], "a table").await?;
    let table = saved(session, &format!("{name}.csv")).await?;
    ensure(table.lines().count() > 1 && table.contains(','), || format!("no table: {table}"))
}
