//! Accessibility: what axe-core finds, and the keyboard.

use serde_json::{Value, json};

use super::tests;
use crate::driver::Browser;
use crate::session::Session;
use crate::{Failure, Outcome, ensure};

tests! {
    "the keyboard reaches everything and the focus is seen" => keyboard,
}

/// What axe finds on the page as it is now: the rule, and where.
pub async fn violations(session: &Session<'_>) -> Outcome<Vec<String>> {
    let path = std::env::var("UNROLLED_AXE").unwrap_or_default();
    let axe =
        std::fs::read_to_string(&path).map_err(|error| Failure(format!("axe-core, {path}: {error}")))?;
    // In Firefox axe takes the paper for what lies behind an SVG text. The colours of digits on their cells are held to
    // the same contrast by a native test of every level, and Chromium is asked here as well.
    let mistaken = if session.browser == Browser::Firefox { "'.fig svg *'" } else { "':not(*)'" };
    let script = format!(
        "const done = arguments[arguments.length - 1];\n{axe}\n;\
         const counts = (v, n) => v.id !== 'color-contrast' || !document.querySelector(n.target.at(-1))?.matches({mistaken});\
         axe.run(document, {{ resultTypes: ['violations'] }}).then(\
         (r) => done(r.violations.map((v) => [v.id, v.nodes.filter((n) => counts(v, n))]).filter(([, nodes]) => nodes.length)\
         .map(([id, nodes]) => id + ': ' + nodes.slice(0, 3).map((n) => n.target.join(' ')).join(', '))), \
         (error) => done(['axe failed: ' + error]));"
    );
    let found = session.js_async(&script, vec![]).await?;
    Ok(found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// A page is the same document in both browsers, so each of them takes a theme: says which, once it is chosen.
pub async fn choose_theme(session: &Session<'_>) -> Outcome<&'static str> {
    let theme = if session.browser == Browser::Firefox { "dark" } else { "light" };
    session.open("en/").await?;
    session.js("localStorage.setItem('unrolled.theme', arguments[0])", vec![json!(theme)]).await?;
    Ok(theme)
}

async fn keyboard(session: &Session<'_>) -> Outcome {
    for page in ["en/", "en/stepper/", "en/lab/", "en/cell/", "en/book/"] {
        session.open_app(page).await?;
        // What is folded is reached once it is open.
        session
            .js("document.querySelectorAll('main details').forEach((e) => { e.open = true; })", vec![])
            .await?;
        // Elements that Tab must reach: every visible control that is not one of a group with a roving tabindex.
        let wanted = session
            .js(
                "let n = 0; for (const e of document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex]')) {\
                 if (e.tabIndex >= 0 && !e.disabled && e.getClientRects().length && getComputedStyle(e).visibility === 'visible' \
                 && !(e.type === 'radio' && !e.checked)) { e.dataset.wanted = ''; n++; } } return n",
                vec![],
            )
            .await?
            .as_u64()
            .unwrap_or(0);
        ensure(wanted > 3, || format!("{page}: only {wanted} controls"))?;
        let mut unseen = Vec::new();
        for _ in 0..wanted + 10 {
            session.keys("\u{e004}").await?;
            let state = session
                .js(
                    "const e = document.activeElement; if (!e || e === document.body) return null; delete e.dataset.wanted;\
                     const s = getComputedStyle(e); const ring = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none';\
                     const p = getComputedStyle(e.parentElement); const around = p.outlineStyle !== 'none' && parseFloat(p.outlineWidth) > 0;\
                     return [ring || around || s.borderBottomStyle !== 'none' && e.matches('input,textarea'), e.outerHTML.slice(0, 90)]",
                    vec![],
                )
                .await?;
            // A headless Firefox is no active window, and draws no ring.
            if state[0] == json!(false) && session.browser == Browser::Chromium {
                unseen.push(state[1].to_string());
            }
        }
        let left = session
            .js("return [...document.querySelectorAll('[data-wanted]')].filter((e) => e.getClientRects().length).map((e) => e.outerHTML.slice(0, 90))", vec![])
            .await?;
        ensure(left.as_array().is_some_and(Vec::is_empty), || format!("{page}: Tab does not reach {left}"))?;
        ensure(unseen.is_empty(), || format!("{page}: the focus cannot be seen on {unseen:?}"))?;
    }
    Ok(())
}
