//! Numbers of the Stepper changed, explained, taken back, and carried in the link.

use std::time::Duration;

use serde_json::{Value, json};

use super::access::violations;
use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "a number of the stepper is changed by typing, keys and dragging, and everything follows" => change,
    "a unit is held, every number says where it came from, and a gradient is taken apart" => explain,
    "where a hold goes is one step back, and the arrows of its panel stay with it" => scope,
    "an input that was changed is no longer called what it was" => input,
    "a changed input stays with its symbol, and goes with it" => follows,
    "the rows beside a unit stay in view while it is held" => beside,
    "what can be taken back outlives a change of the language" => language,
    "a number of a large model stays where it is while its panel is open" => stays,
    "a change goes through the largest network of one's own, and is taken back" => largest,
}

const SECOND: Duration = Duration::from_secs(1);
const UP: &str = "\u{e013}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const CONTROL: &str = "\u{e009}";

/// An RNN of one unit: at the first step input and state are zero, so that a<1> = tanh(b_a).
pub const ONE_UNIT: &str = "en/stepper/?show=rnn&sentence=ab&units=1";

/// Waits until the row spelled out ends in these digits.
pub async fn row_is(session: &Session<'_>, digits: &str) -> Outcome {
    let is_it = |text: &str| text.ends_with(&format!("= {digits}"));
    session.wait_text("stepper-spell", digits, 5 * SECOND, is_it).await.map(drop)
}

/// Gives the picture of a block a name for these tests: blocks are told apart by the names over them.
async fn name_block(session: &Session<'_>, number: usize) -> Outcome {
    let script = "const all = document.querySelectorAll('[data-testid=stepper-open] svg.matrix'); \
                  document.querySelectorAll('#block-in-test').forEach((e) => e.removeAttribute('id')); \
                  all.item(arguments[0]).id = 'block-in-test'; return true";
    session.js(script, vec![json!(number)]).await.map(drop)
}

/// Presses the pointer on the middle of a block, moves it, lets it go.
pub async fn drag(session: &Session<'_>, number: usize, by: (i64, i64)) -> Outcome {
    name_block(session, number).await?;
    let block = session.driver.find(thirtyfour::By::Id("block-in-test")).await?;
    block.scroll_into_view().await?;
    let chain = session.driver.action_chain().move_to_element_center(&block);
    let chain = if by == (0, 0) {
        chain.click()
    } else {
        chain
            .click_and_hold()
            .move_by_offset(by.0 / 2, by.1 / 2)
            .move_by_offset(by.0 - by.0 / 2, by.1 - by.1 / 2)
            .release()
    };
    Ok(chain.perform().await?)
}

async fn digits(session: &Session<'_>) -> Outcome<String> {
    session.texts(&["stepper-strip", "stepper-spell", "stepper-total-loss"]).await
}

async fn change(session: &Session<'_>) -> Outcome {
    session.open_app(ONE_UNIT).await?;
    session.wait_visible("stepper-open").await?;
    let first = digits(session).await?;
    row_is(session, "0.00").await?;
    // The bias is the fifth block: W_aa, a<0>, W_ax, x<1>, b_a. A click looks at it, and it is typed over.
    drag(session, 4, (0, 0)).await?;
    session.wait_visible("edit-panel").await?;
    session.js("document.querySelector('[data-testid=edit-number]').select()", vec![]).await?;
    session.keys("0,5").await?;
    row_is(session, "0.46").await?;
    session.keys(format!("{UP}{UP}")).await?;
    // 0.6
    row_is(session, "0.54").await?;
    // A wrong number gets a sentence, and the last right one stays.
    session.js("document.querySelector('[data-testid=edit-number]').select()", vec![]).await?;
    session.keys(format!("much{ENTER}")).await?;
    session.wait_visible("edit-number-error").await?;
    row_is(session, "0.54").await?;
    session.js("document.querySelector('[data-testid=edit-number]').select()", vec![]).await?;
    session.keys(format!("0.6{ENTER}")).await?;
    session.wait_js("return !document.querySelector('[data-testid=edit-panel]')", vec![], "no panel").await?;
    // Dragged to the right by 40 pixels it grows by 0.4: a<1> = tanh(1).
    drag(session, 4, (40, 0)).await?;
    row_is(session, "0.76").await?;
    ensure(digits(session).await? != first, || "the strip says what it said before".into())?;
    session.agree("the numbers after a change", &digits(session).await?)?;
    session
        .wait_text("announcer", "the change", 5 * SECOND, |text| text.contains("b_a") && text.contains('1'))
        .await?;
    let marks = session.js("return document.querySelectorAll('.mark-changed').length", vec![]).await?;
    ensure(marks == json!(1), || format!("{marks} numbers are marked as changed"))?;

    // The difference to before, and axe while a number is being changed.
    session.click("edit-compare").await?;
    session.wait_text("edit-said", "both losses", 5 * SECOND, |text| text.contains('(')).await?;
    let script =
        "return [...document.querySelectorAll('.difference:not(.none)')].map((e) => e.textContent).join(' ')";
    let shown = session.js(script, vec![]).await?;
    ensure(shown.as_str().is_some_and(|shown| shown.contains("+1.00") && shown.contains("+0.76")), || {
        format!("the differences are: {shown}")
    })?;
    let found = violations(session).await?;
    ensure(found.is_empty(), || found.join("\n        "))?;

    // The link holds it: the same digits after a reload.
    let changed = digits(session).await?;
    session.wait_js("return location.hash.length > 20", vec![], "the change in the link").await?;
    session.reload().await?;
    row_is(session, "0.76").await?;
    let again = digits(session).await?;
    ensure(again == changed, || format!("before: {changed}\n        after:  {again}"))?;

    // After a reload there is nothing to take back, but everything to reset; and that can be taken back.
    session.click("edit-reset-all").await?;
    row_is(session, "0.00").await?;
    ensure(digits(session).await? == first, || "after the reset other digits stand there".into())?;
    session.chord(CONTROL, "z").await?;
    row_is(session, "0.76").await?;
    session.click("edit-undo").await?;
    row_is(session, "0.76").await?;
    session.click("edit-reset-all").await?;
    row_is(session, "0.00").await?;

    // Escape puts back what stood there.
    drag(session, 4, (0, 0)).await?;
    session.wait_visible("edit-panel").await?;
    session.keys(format!("{UP}{UP}")).await?;
    row_is(session, "0.10").await?;
    session.keys(ESCAPE).await?;
    row_is(session, "0.00").await?;

    // The narrowest phone.
    session.viewport(360, 780).await?;
    drag(session, 4, (0, 0)).await?;
    session.wait_visible("edit-panel").await?;
    let wide = session.js("return document.documentElement.scrollWidth > 360", vec![]).await?;
    ensure(wide == json!(false), || "the panel is wider than a phone".into())
}

async fn explain(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/?show=lstm&sentence=the+cat&units=3&step=3&equation=5").await?;
    session.wait_visible("stepper-open").await?;
    let before = digits(session).await?;
    // With the keyboard alone: Enter looks at the chosen row of the result.
    session.js("document.querySelector('[data-testid=stepper-rows]').focus()", vec![]).await?;
    session.keys(ENTER).await?;
    let title = session.wait_text("edit-title", "c<3>", 5 * SECOND, |text| text.starts_with('c')).await?;
    ensure(title.contains('3'), || format!("it is called {title}"))?;
    // c<3> = Γ_u * c~ + Γ_f * c<2>: two terms; the last factor of the second leads to step 2.
    let terms = session.js("return [...document.querySelectorAll('[data-testid=edit-terms] li')].map((e) => e.querySelectorAll('button').length)", vec![]).await?;
    ensure(terms == json!([2, 2]), || format!("the terms lead to {terms}"))?;
    let press = "[...document.querySelectorAll('[data-testid=edit-terms] button')].at(-1).click()";
    session.js(press, vec![]).await?;
    session.wait_text("edit-title", "the memory before", 5 * SECOND, |text| text.contains("step 2")).await?;
    session.click("edit-go").await?;
    session.wait_text("stepper-place", "its equation", 5 * SECOND, |text| text.contains("step 2 of")).await?;
    session.wait_text("edit-title", "the same number", 5 * SECOND, |text| text.contains("step 2")).await?;

    // Held at 0 it is 0 to the last digit, and everything later follows.
    session.click("edit-hold-0").await?;
    session.wait_text("stepper-spell", "the hold", 5 * SECOND, |text| text.ends_with("held at 0.00")).await?;
    ensure(digits(session).await? != before, || "holding a unit changed nothing".into())?;
    // The equation does not say so; what is copied of it does.
    session.click("line-latex").await?;
    session.wait_visible("line-latex-code-text").await?;
    let latex = session.value("line-latex-code-text").await?;
    ensure(latex.contains("c_{1}^{\\langle 2\\rangle} := 0"), || latex.clone())?;
    session.keys(ESCAPE).await?;
    session
        .wait_js("return !document.querySelector('[data-testid=line-latex-code-text]')", vec![], "no dialog")
        .await?;
    session.click("edit-release").await?;
    session.wait_text("stepper-spell", "no hold", 5 * SECOND, |text| !text.contains("held")).await?;
    let found = violations(session).await?;
    ensure(found.is_empty(), || found.join("\n        "))?;
    session.keys(ESCAPE).await?;

    // A weight's gradient by the step of use and by the step of the loss: the sum is the same.
    session
        .open_app("en/stepper/?show=rnn&sentence=the+cat&units=2&direction=backward&step=1&equation=5")
        .await?;
    session.wait_visible("stepper-open").await?;
    let mut seen = 0;
    for equation in 1..=9 {
        session.js("document.querySelector('[data-testid=stepper-rows]').focus()", vec![]).await?;
        session.keys(ENTER).await?;
        session.wait_visible("edit-shares").await?;
        let by_use = session.text("edit-sum").await?;
        if session.text("edit-title").await?.starts_with("dW") {
            let sum = by_use.rsplit(' ').next().unwrap_or_default().to_owned();
            session.click("edit-split-loss").await?;
            let by_loss = session
                .wait_text("edit-sum", "the other parts", 5 * SECOND, |text| text.contains(": 8."))
                .await?;
            ensure(by_loss.ends_with(&sum), || format!("{by_use} / {by_loss}"))?;
            seen += 1;
        }
        session.keys(ESCAPE).await?;
        if equation < 9 {
            session.click("stepper-next-equation").await?;
        }
    }
    ensure(seen > 0, || "no line of dW_aa".into())
}

async fn scope(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/?show=lstm&sentence=the+cat&units=3&step=4&equation=2").await?;
    session.wait_visible("stepper-open").await?;
    session.js("document.querySelector('[data-testid=stepper-rows]').focus()", vec![]).await?;
    session.keys(ENTER).await?;
    session.click("edit-hold-1").await?;
    session.wait_text("stepper-spell", "the hold", 5 * SECOND, |text| text.ends_with("held at 1.00")).await?;
    let place = session.text("stepper-place").await?;
    session.keys("\u{e014}").await?;
    session.wait_visible("edit-panel").await?;
    ensure(session.text("stepper-place").await? == place, || "an arrow has left the equation".into())?;
    let chosen = "return document.querySelector(`[data-testid=edit-hold-scope-${arguments[0]}]`).checked";
    session.js("document.querySelector('[data-testid=edit-hold-scope-all]').click()", vec![]).await?;
    session.wait_js(chosen, vec![json!("all")], "every step").await?;
    session.chord(CONTROL, "z").await?;
    session.wait_js(chosen, vec![json!("one")], "this step again").await?;
    session.wait_text("stepper-spell", "the hold", 5 * SECOND, |text| text.ends_with("held at 1.00")).await?;
    session.chord(CONTROL, "z").await?;
    session.wait_text("stepper-spell", "no hold", 5 * SECOND, |text| !text.contains("held")).await.map(drop)
}

async fn input(session: &Session<'_>) -> Outcome {
    session.open_app(ONE_UNIT).await?;
    session.wait_visible("stepper-open").await?;
    // W_aa, a<0>, W_ax, x<1>, b_a.
    drag(session, 3, (40, 0)).await?;
    session.wait_text("stepper-step-1", "a changed input", 5 * SECOND, |text| text.contains("≠ 0")).await?;
    session.wait_text("stepper-diagram", "the same", 5 * SECOND, |text| text.contains("≠ 0")).await?;
    let name = session.text("stepper-step-1").await?;
    ensure(name.contains("numbers changed"), || format!("it is called {name}"))
}

async fn follows(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/?show=rnn&sentence=abc&units=1&step=2").await?;
    session.wait_visible("stepper-open").await?;
    let says = |what: &'static str| {
        session.wait_text("edit-said", what, 5 * SECOND, move |said| said.contains(what))
    };
    // W_aa, a<1>, W_ax, x<2>, b_a.
    drag(session, 3, (40, 0)).await?;
    says("Changed numbers: 1").await?;
    session.paste("stepper-sentence", "abcc").await?;
    says("Changed numbers: 1").await?;
    session.paste("stepper-sentence", "xbcc").await?;
    let said = says("taken away").await?;
    ensure(said.contains(": 1") && !said.contains("Changed numbers: "), || format!("it says {said}"))?;
    session.click("edit-undo").await?;
    let said = says("Changed numbers: 1").await?;
    let sentence = session.value("stepper-sentence").await?;
    ensure(sentence.starts_with("abc"), || format!("the sentence is {sentence}: {said}"))?;
    session.click("edit-redo").await?;
    says("taken away").await?;
    let sentence = session.value("stepper-sentence").await?;
    ensure(sentence == "xbcc", || format!("the sentence is {sentence}"))
}

async fn beside(session: &Session<'_>) -> Outcome {
    session.viewport(1280, 720).await?;
    session.open_app("en/stepper/?show=lstm&units=8&sentence=the+cat&step=3&row=4").await?;
    session.wait_visible("stepper-open").await?;
    session.js("document.querySelector('[data-testid=stepper-rows]').focus()", vec![]).await?;
    session.keys(ENTER).await?;
    session.wait_visible("edit-panel").await?;
    session.click("edit-hold-0").await?;
    session.wait_visible("edit-number").await?;
    // The held row with one on either side stands above the panel, which has grown, and in the window.
    let seen = "const frames = document.querySelectorAll('.eq-item.on .matrix-chosen > rect'); \
                const row = frames[frames.length - 1].getBoundingClientRect(); \
                const panel = document.querySelector('[data-testid=edit-panel]').getBoundingClientRect(); \
                return row.top - row.height >= 0 && row.bottom + row.height <= panel.top + 1";
    session.wait_js(seen, vec![], "the rows beside the one that is held").await.map(drop)
}

async fn language(session: &Session<'_>) -> Outcome {
    session.open_app(ONE_UNIT).await?;
    session.wait_visible("stepper-open").await?;
    drag(session, 4, (40, 0)).await?;
    row_is(session, "0.38").await?;
    session.wait_js("return location.hash.length > 20", vec![], "the change in the link").await?;
    session.click("language").await?;
    session.wait_js("return location.pathname.includes('/zh/')", vec![], "the other language").await?;
    row_is(session, "0.38").await?;
    session.click("edit-undo").await?;
    row_is(session, "0.00").await
}

/// A number of the first matrix is pressed near its upper and near its lower end: it stays where it was, or moves no
/// farther than the panel would cover it.
async fn stays(session: &Session<'_>) -> Outcome {
    session.viewport(1280, 720).await?;
    for share in [0.05, 0.95] {
        session.open_app("en/stepper/?show=lstm&units=24&sentence=the+cat&step=2").await?;
        session.wait_visible("stepper-open").await?;
        name_block(session, 0).await?;
        let script = "
            const block = document.getElementById('block-in-test');
            block.scrollIntoView({ block: 'center', behavior: 'instant' });
            const place = block.getBoundingClientRect();
            return [Math.round(place.left + 40), Math.round(place.top + place.height * arguments[0]), place.top]";
        let before = session.js(script, vec![json!(share)]).await?;
        // The first column stands behind the numbers of the rows.
        let (x, y) = (before[0].as_i64().unwrap_or_default(), before[1].as_i64().unwrap_or_default());
        session.driver.action_chain().move_to(x, y).click().perform().await?;
        session.wait_visible("edit-panel").await?;
        // What was pressed is on top at its place, now that the page has settled, and the panel is in view as well.
        let script = "
            const [x, y, top] = arguments;
            const by = top - document.getElementById('block-in-test').getBoundingClientRect().top;
            const seen = document.elementFromPoint(x, y - by);
            const panel = document.querySelector('[data-testid=edit-panel]').getBoundingClientRect();
            return [!!seen && seen.closest('svg')?.id === 'block-in-test', by, panel.top >= 0 && panel.top < innerHeight - 80, y]";
        let ready = format!(
            "const look = (...arguments) => {{ {script} }}; const found = look(...arguments); return found[0] && found[2] ? found : null"
        );
        let after = session
            .wait_js(&ready, vec![json!(x), json!(y), before[2].clone()], "the number beside its panel")
            .await?;
        let by = after[1].as_f64().unwrap_or(f64::NAN);
        // In the upper half of the window nothing covers it.
        ensure(y > 330 || by.abs() < 2.0, || format!("at {share} the page moved by {by}"))?;
        ensure((-1.0..400.0).contains(&by), || format!("at {share} the page moved by {by}"))?;
    }
    Ok(())
}

/// The most hidden units and the longest sentence that the page draws weights for.
async fn largest(session: &Session<'_>) -> Outcome {
    let sentence = "after+one+comes+two.+after+two+comes+five.+after+six+comes+nine";
    session.open_app(&format!("en/stepper/?show=lstm&units=64&sentence={sentence}")).await?;
    session.wait_visible("stepper-open").await?;
    let done = "return !document.querySelector('.stepper.stale') && !!document.querySelector('[data-testid=stepper-open]')";
    session.wait_js_for(done, vec![], "the numbers", 20 * SECOND).await?;
    let before = session.text("stepper-total-loss").await?;
    // Enter looks at the chosen row; holding it changes the whole trace.
    session.js("document.querySelector('[data-testid=stepper-rows]').focus()", vec![]).await?;
    session.keys(ENTER).await?;
    let script = "
        const [done] = arguments;
        const began = performance.now();
        const loss = () => document.querySelector('[data-testid=stepper-total-loss]').textContent;
        const before = loss();
        let longest = 0, last = began, seen = false;
        document.querySelector('[data-testid=edit-hold-1]').click();
        const look = () => {
            const now = performance.now();
            longest = Math.max(longest, now - last);
            last = now;
            seen ||= !!document.querySelector('.stepper.stale');
            if (loss() !== before || now - began > 10000) done([now - began, longest, seen]);
            else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);";
    let measured = session.js_async(script, vec![]).await?;
    let number = |place: usize| measured.get(place).and_then(Value::as_f64).unwrap_or(f64::MAX);
    println!(
        "        a change of LSTM 64 over 60 steps: {:.0} ms, longest frame {:.0} ms, dimmed meanwhile: {}",
        number(0),
        number(1),
        measured[2]
    );
    ensure(number(0) < 10_000.0, || "the numbers never came".into())?;
    session.wait_js_for(done, vec![], "the numbers", 20 * SECOND).await?;
    session.click("edit-undo").await?;
    session.wait_text("stepper-total-loss", "what it was", 10 * SECOND, |text| text == before).await.map(drop)
}
