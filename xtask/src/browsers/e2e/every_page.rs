//! One walk over all pages in both languages: each answers, its figures come alive, it is no wider than a phone, and axe-core
//! finds nothing.

use serde_json::{Value, json};

use super::access::{choose_theme, violations};
use super::book::figures_alive;
use super::{routes, tests};
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "every English page answers, comes alive, fits a phone, and axe finds nothing" => english,
    "every Chinese page answers, comes alive, fits a phone, and axe finds nothing" => chinese,
}

async fn english(session: &Session<'_>) -> Outcome {
    walk(session, "en").await
}

async fn chinese(session: &Session<'_>) -> Outcome {
    walk(session, "zh").await
}

/// All pages of a language: light in Chromium, dark in Firefox.
async fn walk(session: &Session<'_>, language: &str) -> Outcome {
    let theme = choose_theme(session).await?;
    let mut found = Vec::new();
    let mut figures = 0;
    for page in routes::pages() {
        let path = format!("{language}/{page}");
        session.viewport(360, 780).await?;
        session.open_app(&path).await?;
        found.extend(answer(session, language).await?.into_iter().map(|what| format!("{path}: {what}")));
        figures_alive(session).await?;
        let states = figures_of(session).await?;
        figures += states.len();
        // Each says what it shows, in words that the page has.
        let mute = states.iter().filter(|state| state[1] == json!("") || state[2] != json!(false));
        found.extend(mute.map(|state| format!("{path}: {state}")));
        for width in [360, 320] {
            session.viewport(width, 780).await?;
            let wide = too_wide(session).await?;
            found.extend(wide.map(|what| format!("{path} at {width}: {what}")));
        }
        session.viewport(1280, 900).await?;
        let violations = violations(session).await?;
        found.extend(violations.into_iter().map(|violation| format!("{path} ({theme}): {violation}")));
    }
    ensure(figures > 0, || "no figure at all".to_owned())?;
    ensure(found.is_empty(), || found.join("\n        "))
}

/// What is not as it must be on any page: language, title, heading, and nothing that complains about the start.
async fn answer(session: &Session<'_>, language: &str) -> Outcome<Option<String>> {
    let state = session
        .js(
            "return [document.documentElement.lang, document.title, document.querySelectorAll('h1').length, \
             document.querySelectorAll('main').length, document.querySelector('#start-message')?.textContent || '']",
            vec![],
        )
        .await?;
    let holds = |at: usize, part: &str| state[at].as_str().is_some_and(|text| text.contains(part));
    let is_well = holds(0, language)
        && holds(1, "Unrolled")
        && state[2] == json!(1)
        && state[3] == json!(1)
        && state[4] == json!("");
    Ok((!is_well).then(|| format!("language, title, h1, main and message are {state}")))
}

/// Of each figure its id, what it says, and whether a word of it is missing.
async fn figures_of(session: &Session<'_>) -> Outcome<Vec<Value>> {
    let states = session
        .js(
            "return [...document.querySelectorAll('article figure[data-figure]')].map((f) => [f.id, \
             f.querySelector('.fig-says')?.textContent ?? '', f.textContent.includes('⟦')])",
            vec![],
        )
        .await?;
    Ok(states.as_array().cloned().unwrap_or_default())
}

/// What sticks out of the page, unless it is in a scroller of its own.
async fn too_wide(session: &Session<'_>) -> Outcome<Option<String>> {
    let wide = session
        .js(
            "const limit = document.documentElement.clientWidth;\
             if (document.documentElement.scrollWidth <= limit) return null;\
             const out = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > limit + 1);\
             return document.documentElement.scrollWidth + ': ' + out.slice(-3).map((e) => e.tagName + '.' + e.getAttribute('class')).join(' ')",
            vec![],
        )
        .await?;
    Ok(wide.as_str().map(str::to_owned))
}
