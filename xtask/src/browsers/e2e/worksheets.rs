//! Worksheets on paper, and the guided walks.

use std::io::Read as _;

use serde_json::{Value, json};
use thirtyfour::common::print::PrintParameters;

use super::book::figures_alive;
use super::tests;
use crate::session::Session;
use crate::{Failure, Outcome, ensure};

tests! {
    "a worksheet is made again from its link, and its key is printed on a page of its own" => sheet,
    "a guided walk is left and taken up again where it was" => walk,
}

/// What a reader sets: a control's value, as its own event says it.
const SET: &str = "const e = document.querySelector(`#figure-worksheet [data-control=\"${arguments[0]}\"]`); e.value = arguments[1];\
     for (const kind of ['input', 'change']) e.dispatchEvent(new Event(kind, { bubbles: true }))";

/// The words of the first page, how many blanks it has, and how many answers the key.
const STATE: &str = "const all = (s) => document.querySelectorAll(s); const key = all('.sheet-key')[0];\
     return [all('.sheet-page')[0]?.innerText, all('.sheet-blanks li').length, key ? key.querySelectorAll('.fig-solution li').length : 0]";

/// [`STATE`], once there is a sheet.
async fn state(session: &Session<'_>) -> Outcome<Value> {
    session.wait_js("return !!document.querySelector('.sheet-page')", vec![], "a sheet").await?;
    session.js(STATE, vec![]).await
}

async fn sheet(session: &Session<'_>) -> Outcome {
    session.open_app("en/book/gru/").await?;
    figures_alive(session).await?;
    // From the end of a chapter to its worksheet.
    session.js("document.querySelector('article a[href*=\"/worksheets/\"]').click()", vec![]).await?;
    let is_there = "return document.querySelector('#figure-worksheet[data-alive]') && \
                    document.querySelector('#figure-worksheet [data-control=chapter][value=gru]').checked";
    session.wait_js(is_there, vec![], "the worksheet of the chapter").await?;
    session.js(SET, vec![json!("seed"), json!("17")]).await?;
    session.js(SET, vec![json!("mix-task"), json!("2")]).await?;
    let first = state(session).await?;
    ensure(first[0].as_str().is_some_and(|words| words.contains("Sheet 17")), || first.to_string())?;
    ensure(first[1] == first[2] && first[1].as_u64() > Some(10), || format!("blanks and answers: {first}"))?;

    let link =
        session.js("return document.querySelector('#figure-worksheet .fig-copy').value", vec![]).await?;
    let link = link.as_str().unwrap_or_default().to_owned();
    let path =
        link.split("/unrolled/").nth(1).ok_or_else(|| Failure(format!("the link is {link}")))?.to_owned();
    session.open_app("en/").await?;
    session.open_app(&path).await?;
    figures_alive(session).await?;
    let again = state(session).await?;
    ensure(first == again, || format!("{path}: {first} became {again}"))?;
    let chinese = path.replacen("en/", "zh/", 1);
    session.open_app(&chinese).await?;
    figures_alive(session).await?;
    let translated = state(session).await?;
    ensure(translated[1] == first[1] && translated[2] == first[2], || format!("{chinese}: {translated}"))?;
    let is_whole = translated[0].as_str().is_some_and(|words| words.contains("17") && !words.contains('⟦'));
    ensure(is_whole, || translated.to_string())?;

    // As paper has it: nothing but the sheet, black on white, whatever the theme.
    session.js("localStorage.setItem('unrolled.theme', 'dark')", vec![]).await?;
    session.open_app(&path).await?;
    figures_alive(session).await?;
    let pages = pages(session).await?;
    let script = "for (const sheet of document.styleSheets) for (const rule of sheet.cssRules)\
         if (rule.media?.mediaText === 'print') rule.media.mediaText = 'all';\
         const seen = (s) => [...document.querySelectorAll(s)].filter((e) => e.getClientRects().length).length;\
         const colour = (s) => getComputedStyle(document.querySelector(s)).color;\
         return [['.top', '.fig-controls', '.fig-foot', '.fig-says', 'figcaption', 'article > p', 'article h1', '.sheet-print', '.sheet-link']\
         .filter(seen), seen('.sheet-page'), seen('.fig-print'), colour('.sheet-page h3'), colour('.sheet-page math'),\
         getComputedStyle(document.body).backgroundColor]";
    let paper = session.js(script, vec![]).await?;
    let black = "rgb(0, 0, 0)";
    ensure(paper == json!([[], 2, 1, black, black, "rgb(255, 255, 255)"]), || format!("on paper: {paper}"))?;
    // Without its key the sheet has fewer pages, and the key begins a new one even where there is room.
    session.open_app(&format!("{path}&key=off").replace("#figure-worksheet&key=off", "&key=off")).await?;
    figures_alive(session).await?;
    let alone = self::pages(session).await?;
    ensure(alone >= 1 && pages > alone, || format!("{pages} pages with the key, {alone} without"))?;
    let short = "en/worksheets/?figure=worksheet&chapter=notation&room=off";
    session.open_app(short).await?;
    figures_alive(session).await?;
    let two = self::pages(session).await?;
    ensure(two == 2, || format!("{short} has {two} pages"))
}

/// Pages of the page's PDF, once the sheet is drawn in its own type.
async fn pages(session: &Session<'_>) -> Outcome<usize> {
    let drawn =
        "return !!document.querySelector('.fig-worksheet .sheet-page') && document.fonts.status === 'loaded'";
    session.wait_js(drawn, vec![], "the sheet").await?;
    let pdf = session.driver.print_page(PrintParameters::default()).await?;
    let mut found = pages_in(&pdf);
    // Where objects are packed, they are in streams.
    for (start, _) in
        pdf.windows(7).enumerate().filter(|(_, word)| *word == b"stream\n" || *word == b"stream\r")
    {
        let mut plain = Vec::new();
        let packed = pdf.get(start + 7..).unwrap_or_default();
        let packed = packed.strip_prefix(b"\n").unwrap_or(packed);
        let _ = flate2::read::ZlibDecoder::new(packed).read_to_end(&mut plain);
        found += pages_in(&plain);
    }
    Ok(found)
}

fn pages_in(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes).replace("/Type/Page", "/Type /Page");
    text.split("/Type /Page").skip(1).filter(|rest| !rest.starts_with('s')).count()
}

/// The number of the stop in the panel, and whether its figure is in view.
const STOP: &str = "const panel = document.querySelector('.walk-panel'); return panel?.querySelector('.num')?.textContent ?? ''";

async fn walk(session: &Session<'_>) -> Outcome {
    let start = "document.querySelector('[data-walk=start]').click()";
    for chapter in ["recurrent", "language-model", "sampling", "gradients"] {
        session.open_app(&format!("en/book/{chapter}/")).await?;
        figures_alive(session).await?;
        session.js(start, vec![]).await?;
        let first = session.js(STOP, vec![]).await?;
        let stops = first.as_str().and_then(|text| text.split(" / ").nth(1)?.parse::<u32>().ok());
        let stops = stops.ok_or_else(|| Failure(format!("{chapter}: no walk: {first}")))?;
        // A key, then a key, to its third stop; Escape leaves it.
        session.keys("\u{e014}\u{e014}").await?;
        let third = session.js(STOP, vec![]).await?;
        ensure(third == json!(format!("3 / {stops}")), || format!("{chapter}: {third}"))?;
        // Also from a field of the figure that the stop speaks of.
        if chapter == "sampling" {
            session.js("document.querySelector('[data-alive] input.fig-text').focus()", vec![]).await?;
        }
        session.keys("\u{e00c}").await?;
        let left = "return !document.querySelector('.walk-panel') && document.activeElement?.dataset.walk === 'start'";
        session.wait_js(left, vec![], "the walk to be left, the focus on its button").await?;
    }
    // Another page of the same app: each chapter keeps its own place.
    let other = "[...document.querySelectorAll('.toc a')].find((a) => a.pathname.endsWith('/book/notation/')).click()";
    session.js(other, vec![]).await?;
    session.wait_js("return location.pathname.endsWith('/notation/') && document.querySelector('#figure-cut[data-alive]')", vec![], "the first chapter").await?;
    session.js(start, vec![]).await?;
    let fresh = session.js(STOP, vec![]).await?;
    ensure(fresh.as_str().is_some_and(|text| text.starts_with("1 / ")), || format!("notation: {fresh}"))?;
    session.open_app("en/book/gradients/").await?;
    figures_alive(session).await?;
    session.js(start, vec![]).await?;
    let again = session.js(STOP, vec![]).await?;
    ensure(again.as_str().is_some_and(|text| text.starts_with("3 / ")), || format!("gradients: {again}"))
}
