//! What a class is given: a lesson link, a page inside another one, a code that can be read.

use serde_json::json;

use super::classroom::{ESCAPE, PAGE_DOWN, place, sees, wait_seen};
use super::tests;
use crate::session::Session;
use crate::{Failure, Outcome, ensure};

tests! {
    "a class gets a lesson link that puts controls away and gives them back" => lesson,
    "an own cell is presented, and handed out without its derivatives" => own_cell,
    "a class gets a link, a text for another page and a code that can be read" => shared,
}

async fn lesson(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/?hide=navigation,cell,weights,nonsense&show=gru&sentence=ab").await?;
    session.wait_visible("stepper-open").await?;
    session.wait_visible("lesson-bar").await?;
    let away = ["stepper-cell", "stepper-weights", "nav-lab"];
    for id in away {
        ensure(!session.is_visible(id).await?, || format!("{id} is in view"))?;
    }
    ensure(session.is_visible("stepper-sentence").await?, || "the sentence is away".into())?;
    ensure(!session.is_visible("stepper-link-errors").await?, || "the link is said to be wrong".into())?;
    session.click("lesson-leave").await?;
    for id in away {
        session.wait_visible(id).await?;
    }
    session.wait_js("return !location.search.includes('hide')", vec![], "the link to forget it").await?;

    // An edit in the Lab takes the link's run out of the address, and leaves what is put away.
    session.open_app("zh/lab/?text=names-zh&reading=lines&hide=training,options").await?;
    session.wait_visible("lesson-bar").await?;
    ensure(!session.is_visible("optimiser").await?, || "the training is in view".into())?;
    session.click("cell-rnn").await?;
    session
        .wait_js("return location.search === '?hide=training,options'", vec![], "the rest of the link")
        .await?;
    ensure(!session.is_visible("optimiser").await?, || "the training came back".into())
}

async fn own_cell(session: &Session<'_>) -> Outcome {
    session.viewport(1280, 720).await?;
    session.open_app("en/cell/?from=minimal-gated-unit&present=1").await?;
    session.wait_visible("present-bar").await?;
    ensure(!sees(session, ".cell-write, .cell-compare, .top").await?, || "there is clutter".into())?;
    let first = place(session, "the first equation", |text| text.contains("Equation 1 of")).await?;
    session.keys(PAGE_DOWN).await?;
    place(session, "the second equation", |text| text.contains("Equation 2 of") && text != first).await?;
    let lit = "return document.querySelectorAll('.cell-forward li.now').length === 1 && !!document.querySelector('[data-testid=cell-diagram] .wire.on')";
    session.wait_js(lit, vec![], "one equation lit, in the drawing as well").await?;
    session.keys("d").await?;
    wait_seen(session, ".cell-forward li", false).await?;
    place(session, "the way back through it", |text| text.contains("Backward through equation 2")).await?;
    let seen = "return [...document.querySelectorAll('.cell-backward li')].filter((e) => e.getClientRects().length).length";
    let lines = session.js(seen, vec![]).await?.as_u64().unwrap_or_default();
    let all = session.js("return document.querySelectorAll('.cell-backward li').length", vec![]).await?;
    ensure(lines > 0 && all.as_u64().is_some_and(|all| lines < all), || format!("{lines} of {all} lines"))?;
    session.keys(PAGE_DOWN).await?;
    place(session, "what comes next backward", |text| text.contains("Backward through equation 1")).await?;
    session.keys(ESCAPE).await?;
    wait_seen(session, ".cell-write", true).await?;
    wait_seen(session, ".cell-forward li", true).await?;

    // Its equations as LaTeX, to be copied.
    session.click("cell-latex-forward").await?;
    let latex = session.value("cell-latex-text").await?;
    ensure(latex.contains("\\begin{align*}") && latex.contains("\\langle t\\rangle"), || latex.clone())?;
    session.keys(ESCAPE).await?;

    session.click("share").await?;
    session.wait_visible("share-dialog").await?;
    session.click("hide-direction").await?;
    let link = session.value("share-link").await?;
    ensure(link.contains("/cell/") && link.contains("hide=direction"), || link.clone())?;
    let text = session.value("share-iframe").await?;
    ensure(text.contains("embed=1"), || text.clone())?;
    let (_, rest) = link.split_once("/cell/").unwrap_or_default();
    session.open_app("en/").await?;
    session.open_app(&format!("en/cell/{rest}")).await?;
    session.wait_visible("lesson-bar").await?;
    ensure(!sees(session, ".cell-backward").await?, || "the derivatives are in view".into())?;
    session.click("lesson-leave").await?;
    wait_seen(session, ".cell-backward li", true).await?;

    // In a frame it changes nothing of what the reader has.
    let kept = "return localStorage.getItem('unrolled.cell')";
    let before = session.js(kept, vec![]).await?;
    session.open_app("en/cell/?embed=1&from=minimal-gated-unit").await?;
    ensure(!sees(session, ".top").await?, || "there is a bar".into())?;
    session.paste("cell-text", "state a\na<t> = tanh(W_a [a<t-1>, x<t>])").await?;
    session
        .wait_js("return document.querySelectorAll('.cell-forward li').length === 1", vec![], "one equation")
        .await?;
    let after = session.js(kept, vec![]).await?;
    ensure(before == after, || format!("{after} instead of {before}"))
}

async fn shared(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/?show=rnn&sentence=ab").await?;
    session.wait_visible("stepper-open").await?;
    session.click("share").await?;
    session.wait_visible("share-dialog").await?;
    session.click("hide-cell").await?;
    session.click("hide-notation").await?;
    let link = session.value("share-link").await?;
    ensure(link.contains("hide=cell,notation") && link.contains("sentence=ab"), || {
        format!("the link is {link}")
    })?;
    let holds = session.text("share-holds").await?;
    ensure(holds.contains(&link.chars().count().to_string()), || format!("it says {holds}"))?;
    let read = code(session, "qr").await?;
    ensure(read == link, || format!("the code says {read}, the link is {link}"))?;
    let width = "return Math.round(document.querySelector('[data-testid=share-dialog]').getBoundingClientRect().width)";
    let before = session.js(width, vec![]).await?;
    session.click("qr-enlarge").await?;
    session.wait_visible("qr-large").await?;
    let behind = session.js(width, vec![]).await?;
    ensure(behind == before, || format!("the dialog behind is {behind} wide, it was {before}"))?;
    let read = code(session, "qr-large").await?;
    ensure(read == link, || format!("the large code says {read}"))?;
    session.keys(ESCAPE).await?;

    // The text for another page, put into one of the same origin.
    let text = session.value("share-iframe").await?;
    ensure(text.starts_with("<iframe src=\"http") && text.contains("embed=1"), || text.clone())?;
    session.open_app("en/about/").await?;
    session
        .js(
            "const t = document.createElement('template'); t.innerHTML = arguments[0]; const f = t.content.firstChild;\
             f.loading = 'eager'; f.id = 'embedded'; document.querySelector('main').prepend(f)",
            vec![json!(text)],
        )
        .await?;
    let inside = "const d = document.getElementById('embedded').contentDocument; \
                  const seen = (s) => !!d && [...d.querySelectorAll(s)].some((e) => e.getClientRects().length);\
                  return seen('[data-testid=stepper-open]') && [seen('.top'), seen('[data-testid=stepper-cell]'), \
                  d.querySelector('[data-testid=embed-whole]')?.href ?? '']";
    let state = session.wait_js(inside, vec![], "the embedded page").await?;
    ensure(state[0] == json!(false) && state[1] == json!(false), || {
        format!("around the embedded page: {state}")
    })?;
    let whole = state[2].as_str().unwrap_or_default();
    ensure(whole.contains("/en/stepper/") && !whole.contains("embed"), || {
        format!("the whole page is {whole}")
    })?;
    // At the very end of the page its bar stands at the frame's lower edge, below all that it would cover.
    let flush = "const w = document.getElementById('embedded').contentWindow; w.scrollTo(0, 1e6); \
                 const place = (s) => w.document.querySelector(s).getBoundingClientRect(); \
                 const [bar, foot] = [place('.transport'), place('[data-testid=embed-whole]')]; \
                 return Math.abs(bar.bottom - w.innerHeight) < 1.5 && foot.bottom <= bar.top + 1";
    session.wait_js(flush, vec![], "the bar at the frame's lower edge").await?;

    // A link that is too long for a code says so. Letters in no order cannot be packed small.
    let mut state = 7_u32;
    let sentence: String = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + (state >> 24) as u8 % 26)
    })
    .take(1900)
    .collect();
    session.open_app(&format!("zh/stepper/?sentence={sentence}&show=rnn")).await?;
    session.click("share").await?;
    session.wait_visible("qr-too-long").await
}

/// What a reader of codes reads from the picture on the screen.
async fn code(session: &Session<'_>, id: &str) -> Outcome<String> {
    let element = session.element(id).await?;
    element.scroll_into_view().await?;
    let picture = element.screenshot_as_png().await?;
    let wrong = |error: String| Failure(format!("the picture of {id}: {error}"));
    let mut reader = png::Decoder::new(std::io::Cursor::new(picture))
        .read_info()
        .map_err(|error| wrong(error.to_string()))?;
    let size = reader.output_buffer_size().ok_or_else(|| wrong("it is too large".into()))?;
    let mut pixels = vec![0; size];
    let info = reader.next_frame(&mut pixels).map_err(|error| wrong(error.to_string()))?;
    let (width, height) = (info.width as usize, info.height as usize);
    let channels = info.color_type.samples();
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        pixels.get((y * width + x) * channels).copied().unwrap_or(255)
    });
    let grids = image.detect_grids();
    let grid = grids.first().ok_or_else(|| wrong("there is no code in it".into()))?;
    Ok(grid.decode().map_err(|error| wrong(error.to_string()))?.1)
}
