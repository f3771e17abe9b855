//! The book's live figures in the page: every one comes alive, keeps its state in its link, and can stand alone.

use serde_json::json;

use super::access::violations;
use super::lab::SECOND;
use super::tests;
use crate::session::Session;
use crate::{Failure, Outcome, ensure};

tests! {
    "a figure draws a change within a frame" => quick,
    "a figure's link opens it as it was" => link,
    "a figure alone in a frame" => embedded,
    "a figure follows the keyboard and keeps the focus" => keyboard,
    "a weight in a figure is changed by press, key and field, and goes along to the Stepper" => changed,
    "all numbers of a figure's network are changed below its drawing" => all_numbers,
    "figures of all chapters are written in the letters that a reader chooses" => letters,
    "a rewired model trains in the page and is stepped through, with the same numbers in both browsers" => rewired,
    "what was trained first and what was trained after are asked the same questions" => two_stages,
}

/// Waits until no figure of the page is only a caption.
pub async fn figures_alive(session: &Session<'_>) -> Outcome {
    let script = "return [...document.querySelectorAll('article figure[data-figure]')].every((f) => f.hasAttribute('data-alive'))";
    session.wait_js(script, vec![], "all figures to be alive").await.map(drop)
}

async fn quick(session: &Session<'_>) -> Outcome {
    session.open_app("en/book/notation/").await?;
    figures_alive(session).await?;
    let longest = session
        .js(
            "const field = document.querySelector('#figure-cut [data-control=sentence]'); let best = 1e9;\
             for (let i = 0; i < 12; i++) { field.value = 'Cats average ' + i + ' hours of sleep a day.'; const t = performance.now();\
             field.dispatchEvent(new InputEvent('input', { bubbles: true })); best = Math.min(best, performance.now() - t); }\
             return best",
            vec![],
        )
        .await?;
    let longest = longest.as_f64().unwrap_or(f64::INFINITY);
    ensure(longest < 16.0, || format!("{longest} ms"))
}

async fn changed(session: &Session<'_>) -> Outcome {
    session.open_app("en/book/recurrent/").await?;
    figures_alive(session).await?;
    let numbers = "const all = () => [...document.querySelectorAll('#figure-state .fig-number')]; ";
    let table =
        "const says = () => document.querySelector('#figure-state').querySelector('.fig-body').textContent; ";
    // The first weight of W_aa, then by an arrow key its neighbour.
    let press = format!(
        "{numbers}{table} window.before = says(); const one = all()[0]; one.dispatchEvent(new MouseEvent('click', {{ bubbles: true }})); one.focus(); \
         return [one.getAttribute('aria-pressed'), document.querySelector('#figure-state .fig-number-panel .fig-label').textContent]"
    );
    let state = session.js(&press, vec![]).await?;
    ensure(
        state[0] == json!("true") && state[1].as_str().is_some_and(|name| name.ends_with("[1, 1]")),
        || format!("chosen is {state}"),
    )?;
    session.keys("\u{e014}").await?;
    let neighbour = format!(
        "{numbers} const one = all()[1]; return document.activeElement === one && one.getAttribute('aria-pressed') === 'true'"
    );
    session.wait_js(&neighbour, vec![], "the neighbour to be chosen").await?;
    // What is no number is refused in a sentence, and nothing changes.
    let type_in = |value: &str| {
        format!(
            "{table} const field = document.querySelector('#figure-state .fig-number-panel input[type=text]'); \
             field.value = '{value}'; field.dispatchEvent(new Event('change', {{ bubbles: true }})); return says()"
        )
    };
    let refused = session.js(&type_in("much"), vec![]).await?;
    let before = session.js("return window.before", vec![]).await?;
    let complaint =
        "return document.querySelector('#figure-state .fig-number-panel .field-error').textContent";
    let said = session.js(complaint, vec![]).await?;
    ensure(refused == before && said.as_str().is_some_and(|said| said.contains("1000")), || {
        format!("refused with {said}")
    })?;
    let after = session.js(&type_in("0,75"), vec![]).await?;
    ensure(after != before && after.as_str().is_some_and(|after| after.contains("0.75")), || {
        format!("nothing follows from it: {after}")
    })?;
    let marked = format!(
        "{numbers} return [all()[1].getAttribute('aria-label'), all().filter((one) => one.querySelector('.fig-changed')).length, \
         document.querySelector('#figure-state .fig-open, #figure-state a[href*=stepper]').getAttribute('href')]"
    );
    let state = session.js(&marked, vec![]).await?;
    ensure(state[0] == json!("W_aa[1, 2] = 0.75") && state[1] == json!(1), || format!("marked is {state}"))?;
    let to_stepper = state[2].as_str().unwrap_or_default().to_owned();
    session.js("document.querySelector('#figure-state [data-press=number-back]').click()", vec![]).await?;
    let back = session.js(&format!("{table} return says()"), vec![]).await?;
    ensure(back == before, || format!("it did not come back: {back}"))?;
    let (_, rest) = to_stepper.split_once("/en/").unwrap_or_default();
    session.open_app(&format!("en/{rest}")).await?;
    session.wait_visible("stepper-open").await?;
    session
        .wait_js("return document.body.textContent.includes('0.75')", vec![], "the changed weight")
        .await
        .map(drop)
}

async fn all_numbers(session: &Session<'_>) -> Outcome {
    session.open_app("en/book/lstm/").await?;
    figures_alive(session).await?;
    let here = "const figure = document.querySelector('#figure-lstm-walk'); const says = () => figure.querySelector('.fig-body').textContent; ";
    let number = format!("{here} return figure.querySelector('.fig-all-numbers .fig-number')");
    session.js(&format!("{here} figure.querySelector('.fig-network summary').click()"), vec![]).await?;
    session.wait_js(&number, vec![], "the network's numbers").await?;
    let found = violations(session).await?;
    ensure(found.is_empty(), || found.join("; "))?;
    let press = format!(
        "{here} const one = figure.querySelector('.fig-all-numbers .fig-number'); \
         one.dispatchEvent(new MouseEvent('click', {{ bubbles: true }})); one.focus(); return [says(), figure.querySelector('.fig-open').getAttribute('href')]"
    );
    let before = session.js(&press, vec![]).await?;
    session.keys("\u{e014}").await?;
    let neighbour = format!(
        "{here} const one = figure.querySelectorAll('.fig-all-numbers .fig-number')[1]; \
         return document.activeElement === one && one.getAttribute('aria-pressed') === 'true'"
    );
    session.wait_js(&neighbour, vec![], "the neighbour to be chosen").await?;
    let typed = format!(
        "{here} const field = figure.querySelector('.fig-number-panel input[type=text]'); field.value = '0.9'; \
         field.dispatchEvent(new Event('change', {{ bubbles: true }})); \
         return [says(), figure.querySelectorAll('.fig-changed').length, figure.querySelector('.fig-open').getAttribute('href')]"
    );
    let after = session.js(&typed, vec![]).await?;
    ensure(after[0] != before[0] && after[1] == json!(1), || format!("nothing follows from it: {after}"))?;
    ensure(after[2] != before[1], || format!("the Stepper is told nothing: {}", after[2]))?;
    let reset = format!("{here} figure.querySelector('[data-do=reset]').click(); return says()");
    let back = session.js(&reset, vec![]).await?;
    ensure(back == before[0], || format!("it did not come back: {back}"))
}

async fn link(session: &Session<'_>) -> Outcome {
    session.open_app("en/book/notation/").await?;
    figures_alive(session).await?;
    let link = session
        .js(
            "const figure = document.querySelector('#figure-cut'); const field = figure.querySelector('[data-control=sentence]');\
             field.value = 'one & two'; field.dispatchEvent(new InputEvent('input', { bubbles: true }));\
             figure.querySelector('[data-control=eos]').click(); return figure.querySelector('.fig-copy').value",
            vec![],
        )
        .await?;
    let link = link.as_str().unwrap_or_default().to_owned();
    let path = link.split("/unrolled/").nth(1).ok_or_else(|| Failure(format!("the link is {link}")))?;
    session.open_app("en/").await?;
    session.open_app(path).await?;
    figures_alive(session).await?;
    let says =
        session.js("return document.querySelector('#figure-cut .fig-says').textContent", vec![]).await?;
    ensure(says.as_str().is_some_and(|says| says.contains("Tx = 6")), || format!("{path}: {says}"))
}

async fn embedded(session: &Session<'_>) -> Outcome {
    session.open_app("en/book/notation/?embed=batch").await?;
    figures_alive(session).await?;
    let seen = session
        .js(
            "const seen = (s) => [...document.querySelectorAll(s)].filter((e) => e.getClientRects().length).length;\
             return [seen('#figure-batch'), seen('article > *'), seen('.top'), seen('.toc')]",
            vec![],
        )
        .await?;
    ensure(seen == json!([1, 1, 0, 0]), || {
        format!("{seen} of the figure, the article, the bar, the contents")
    })?;
    // A sheet stands alone as well; a figure that is not there leaves a sentence and the way to the page.
    session.open_app("en/worksheets/?embed=worksheet").await?;
    let alone = "const seen = (s) => [...document.querySelectorAll(s)].filter((e) => e.getClientRects().length).length;\
                 return seen('#figure-worksheet') === 1 && seen('article > *') === 1 && seen('.top') === 0";
    session.wait_js(alone, vec![], "the worksheet alone").await?;
    session.open_app("en/book/notation/?embed=nothing").await?;
    let said = "const line = document.querySelector('article > p.embedded'); \
                return !!line && line.getClientRects().length > 0 && line.querySelector('a').pathname === location.pathname";
    session.wait_js(said, vec![], "a sentence in the figure's place").await.map(drop)
}

async fn keyboard(session: &Session<'_>) -> Outcome {
    session.open_app("en/book/notation/").await?;
    figures_alive(session).await?;
    session.js("document.querySelector('#figure-cut [aria-checked=true]').focus()", vec![]).await?;
    // Right, right.
    session.keys("\u{e014}\u{e014}").await?;
    let state = session
        .js(
            "const e = document.activeElement; return [e.getAttribute('aria-checked'), e.getAttribute('data-set'), \
             document.querySelector('#figure-cut .fig-says').textContent]",
            vec![],
        )
        .await?;
    ensure(state[0] == json!("true") && state[1] == json!("at=5"), || state.to_string())?;
    ensure(state[2].as_str().is_some_and(|says| says.contains("x⟨5⟩")), || state.to_string())
}

/// Trains a figure until its button offers to do it again, and returns what the figure says then.
async fn trained(session: &Session<'_>, figure: &str) -> Outcome<String> {
    let button = "return document.querySelector(`#figure-${arguments[0]} [data-do=${arguments[1]}]`)";
    let wanted = |does: &str| vec![json!(figure), json!(does)];
    session.js(&format!("{button}.click()"), wanted("train")).await?;
    session.wait_js_for(button, wanted("again"), "the end of the training", 90 * SECOND).await?;
    says(session, figure).await
}

/// What a figure says it shows.
async fn says(session: &Session<'_>, figure: &str) -> Outcome<String> {
    let script = "return document.querySelector(`#figure-${arguments[0]} .fig-says`).textContent";
    Ok(session.js(script, vec![json!(figure)]).await?.as_str().unwrap_or_default().to_owned())
}

async fn letters(session: &Session<'_>) -> Outcome {
    session.open_app("en/book/lstm/").await?;
    figures_alive(session).await?;
    let shown = async |figure: &str| {
        let script = "return document.querySelector(`#figure-${arguments[0]} .fig-body`).textContent";
        Ok::<_, Failure>(
            session.js(script, vec![json!(figure)]).await?.as_str().unwrap_or_default().to_owned(),
        )
    };
    let book = shown("lstm-walk").await?;
    ensure(book.contains('⟨'), || format!("in the book's letters it is {book}"))?;
    session
        .js(
            "document.querySelector('#figure-lstm-walk [data-control=letters][value=pytorch]').click()",
            vec![],
        )
        .await?;
    for figure in ["lstm-walk", "lstm-roles", "lstm-memory"] {
        let theirs = shown(figure).await?;
        ensure(!theirs.contains(['⟨', 'Γ']), || format!("{figure} in PyTorch's letters is {theirs}"))?;
    }
    // They go along to the Stepper, into the link, and to the next chapter; what differs is said.
    let script = "const f = document.querySelector('#figure-lstm-walk'); return [f.querySelector('.fig-open').href, \
                  f.querySelector('.fig-copy').value, f.querySelector('.fig-letters').textContent]";
    let found = session.js(script, vec![]).await?;
    let holds = |at: usize, part: &str| found[at].as_str().is_some_and(|text| text.contains(part));
    ensure(holds(0, "notation=pytorch") && holds(1, "letters=pytorch") && holds(2, "PyTorch"), || {
        found.to_string()
    })?;
    session.open_app("zh/book/gru/").await?;
    figures_alive(session).await?;
    let theirs = shown("alike").await?;
    // The gate that means something else there keeps its name, and it alone.
    ensure(theirs.contains("nt") && !theirs.replace("Γu", "").contains('Γ'), || {
        format!("in the next chapter it is {theirs}")
    })?;
    // And back: as if nothing had been chosen.
    session
        .js("document.querySelector('#figure-alike [data-control=letters][value=notes]').click()", vec![])
        .await?;
    let ours = shown("alike").await?;
    let link = session.js("return document.querySelector('#figure-alike .fig-copy').value", vec![]).await?;
    ensure(ours.contains('Γ') && !link.to_string().contains("letters"), || format!("{link}: {ours}"))
}

async fn rewired(session: &Session<'_>) -> Outcome {
    // Many-to-one: a sentence judged.
    session.open_app("en/book/recurrent/").await?;
    figures_alive(session).await?;
    // One of the five small drawings is chosen, by press and by arrow key.
    let choose = "const all = [...document.querySelectorAll('#figure-wirings .fig-kind')]; all[0].click(); all[0].focus(); return all.length";
    let count = session.js(choose, vec![]).await?;
    ensure(count == json!(5), || format!("{count} wirings"))?;
    session.keys("\u{e014}\u{e014}").await?;
    let chosen = "return document.activeElement.getAttribute('data-set') + ' ' + document.activeElement.getAttribute('aria-checked')";
    let chosen = session.js(chosen, vec![]).await?;
    ensure(chosen == json!("wiring=many-to-one true"), || format!("after two arrows: {chosen}"))?;
    let before = says(session, "wirings").await?;
    let after = trained(session, "wirings").await?;
    ensure(before != after && after.contains('%'), || format!("before: {before}; after: {after}"))?;
    session.agree("a rewired model", &after)?;
    // Its equations are opened, one step after the other, backward as well.
    let press = async |selector: &str| {
        let script =
            "const e = document.querySelector(`#figure-wirings ${arguments[0]}`); e?.click(); return !!e";
        session.wait_js(script, vec![json!(selector)], selector).await
    };
    press("[data-control=equations]").await?;
    press("[data-set='step=2']").await?;
    let forward = says(session, "wirings").await?;
    press("[name$=direction][value=backward]").await?;
    let backward = says(session, "wirings").await?;
    ensure(forward != backward, || format!("both ways it says: {forward}"))?;
    session.agree("a step of a rewired model", &backward)
}

async fn two_stages(session: &Session<'_>) -> Outcome {
    session.open_app("en/book/language-model/?figure=two-stages").await?;
    figures_alive(session).await?;
    let before = says(session, "two-stages").await?;
    let after = trained(session, "two-stages").await?;
    ensure(before != after && after.chars().any(|c| c.is_ascii_digit()), || after.clone())?;
    session.agree("two stages", &after)
}
