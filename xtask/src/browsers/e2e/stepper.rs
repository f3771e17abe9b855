//! The Stepper: moves, keys, links, and the same numbers in both browsers.

use std::time::Duration;

use serde_json::json;

use super::tests;
use crate::session::Session;
use crate::{Outcome, ensure};

tests! {
    "the stepper shows the same numbers in both browsers" => same_numbers,
    "the stepper's keys walk through equations and steps, and each place is announced" => keys,
    "the focus stays with the opened equation, whose row is kept" => focus,
    "the gradients of the network in view are checked by central differences" => checked,
    "numbers at a kink of ReLU are told apart from wrong gradients" => kinks,
    "the stepper opens at its top, or where the opened equation is seen" => opens,
    "without a network the stepper offers nothing to act on" => without,
    "the stepper goes backward through the gradients" => backward,
    "the stepper's place and sentence survive a reload" => reload,
    "who comes back to the stepper finds it as it was left" => comes_back,
    "the Chinese stepper begins with a Chinese sentence, and a link to the English one keeps it" => first_sentence,
    "a wrong value in the stepper's link gets a sentence and changes nothing else" => wrong_link,
    "a link cut in half gets a sentence" => cut_link,
    "weights that travel in a link are stepped through and travel on" => given_weights,
    "the letters of other libraries are shown, and what else differs is said" => letters,
    "no element is made of a sentence" => hostile_sentence,
    "an empty, a right-to-left and an emoji sentence are stepped through" => odd_sentences,
}

const SECOND: Duration = Duration::from_secs(1);

/// Everything with a digit in it that the stepper shows, in the page's order.
async fn numbers(session: &Session<'_>) -> Outcome<String> {
    session
        .texts(&[
            "stepper-strip",
            "stepper-open",
            "stepper-distribution",
            "stepper-total-loss",
            "stepper-place",
        ])
        .await
}

async fn same_numbers(session: &Session<'_>) -> Outcome {
    for cell in ["rnn", "gru", "lstm"] {
        session
            .open_app(&format!("en/stepper/?cell={cell}&weights=random&seed=5&sentence=the+cat+sat"))
            .await?;
        session.wait_visible("stepper-open").await?;
        for direction in ["forward", "backward"] {
            session.click(&format!("stepper-direction-{direction}")).await?;
            for place in 0..6 {
                let shown = numbers(session).await?;
                ensure(shown.chars().filter(char::is_ascii_digit).count() > 40, || {
                    format!("hardly a number: {shown}")
                })?;
                session.agree(&format!("{cell} {direction} {place}"), &shown)?;
                session.click("stepper-next-equation").await?;
                session.click("stepper-next-step").await?;
            }
        }
    }
    Ok(())
}

async fn keys(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/?cell=lstm").await?;
    session.wait_visible("stepper-open").await?;
    let place = |session| Session::text(session, "stepper-place");
    let first = place(session).await?;
    session.keys("\u{e014}").await?;
    let second =
        session.wait_text("stepper-place", "another place", 5 * SECOND, |text| text != first).await?;
    let announced = session.wait_text("announcer", "a place", 5 * SECOND, |text| !text.is_empty()).await?;
    session.keys("\u{e012}").await?;
    session.wait_text("stepper-place", "the first place again", 5 * SECOND, |text| text == first).await?;
    session.chord("\u{e008}", "\u{e014}").await?;
    session
        .wait_text("stepper-place", "another step", 5 * SECOND, |text| text != first && text != second)
        .await?;
    session
        .wait_text("announcer", "another place", 5 * SECOND, |text| !text.is_empty() && text != announced)
        .await?;
    session.keys("\u{e010}").await?;
    let last = session.wait_text("stepper-place", "the last place", 5 * SECOND, |text| text != first).await?;
    session.keys("\u{e011}").await?;
    session
        .wait_text("stepper-place", "the first place", 5 * SECOND, |text| text == first && text != last)
        .await?;
    Ok(())
}

async fn focus(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/").await?;
    session.wait_visible("stepper-open").await?;
    session.js("document.querySelector('[data-testid=stepper-rows]').focus()", vec![]).await?;
    // Down, then to the next equation, then down again.
    session.keys("\u{e015}").await?;
    session.keys("\u{e014}").await?;
    let state = "const now = document.activeElement; \
                 return now.dataset.testid === 'stepper-rows' && !!now.closest('[data-testid=stepper-equation-2]') \
                 && now.getAttribute('aria-valuenow') === arguments[0]";
    session.wait_js(state, vec![json!("2")], "the next equation with the focus and the row").await?;
    session.keys("\u{e015}").await?;
    session.wait_js(state, vec![json!("3")], "the row below").await?;
    Ok(())
}

async fn checked(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/?cell=gru&weights=random&seed=5&sentence=the+cat+sat").await?;
    session.wait_visible("stepper-open").await?;
    session.click("check-gradients").await?;
    let is_done = |text: &str| text.starts_with("All ");
    let found = session.wait_text("check-found", "a finished check", 60 * SECOND, is_done).await?;
    session.agree("the gradient check", &found)?;
    // “… deviation is 1.2e−9 of the gradient …”
    let deviation = found.split("deviation is ").nth(1).and_then(|rest| rest.split(' ').next());
    let deviation = deviation.and_then(|number| number.replace('−', "-").parse::<f64>().ok());
    ensure(deviation.is_some_and(|deviation| deviation < 1e-5), || found.clone())?;
    // What was found is not said of another network.
    session.keys("\u{e014}").await?;
    ensure(session.text("check-found").await? == found, || {
        "a step further it is the same network".to_owned()
    })?;
    session.click("stepper-new-seed").await?;
    session.wait_text("check-found", "no word of another network", 5 * SECOND, str::is_empty).await?;
    Ok(())
}

async fn kinks(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/?show=rnn-relu").await?;
    session.wait_visible("stepper-open").await?;
    session.click("check-gradients").await?;
    let is_done = |text: &str| text.starts_with("All ");
    let found = session.wait_text("check-found", "a finished check", 60 * SECOND, is_done).await?;
    let deviation = found.split("deviation is ").nth(1).and_then(|rest| rest.split(' ').next());
    let deviation = deviation.and_then(|number| number.replace('−', "-").parse::<f64>().ok());
    ensure(deviation.is_some_and(|deviation| deviation < 1e-5), || found.clone())?;
    ensure(found.contains("kink of ReLU"), || found.clone())
}

async fn opens(session: &Session<'_>) -> Outcome {
    session.viewport(1280, 800).await?;
    session.open_app("en/stepper/?show=lstm&step=3&equation=2").await?;
    session.wait_visible("stepper-open").await?;
    let top = session.js("return window.scrollY", vec![]).await?;
    ensure(top == json!(0), || format!("the page opens {top} pixels down"))?;
    session.open_app("en/stepper/?show=lstm&step=6&direction=backward&equation=12").await?;
    session.wait_visible("stepper-open").await?;
    let is_seen = "const item = document.querySelector('[data-testid=stepper-equation-12]').getBoundingClientRect(); \
                   const bar = document.querySelector('[data-testid=stepper-transport]').getBoundingClientRect(); \
                   return item.top >= 0 && item.top < bar.top - 30";
    session.wait_js(is_seen, vec![], "the opened equation in view").await.map(drop)
}

async fn first_sentence(session: &Session<'_>) -> Outcome {
    for (page, expected) in [("zh/stepper/", "小猫坐在垫子上"), ("en/stepper/", "the cat sat")] {
        session.open_app(page).await?;
        session.wait_visible("stepper-open").await?;
        let sentence = session.value("stepper-sentence").await?;
        ensure(sentence == expected, || format!("{page} begins with “{sentence}”"))?;
    }
    // Typed in the Chinese page, the links' own default is written into the address all the same.
    session.open_app("zh/stepper/").await?;
    session.wait_visible("stepper-open").await?;
    session.paste("stepper-sentence", "the cat sat").await?;
    let address =
        "return location.search.includes('v=') && !location.search.includes('%E5') && location.search";
    session.wait_js(address, vec![], "the sentence in the address").await?;
    session.reload().await?;
    session.wait_visible("stepper-open").await?;
    let sentence = session.value("stepper-sentence").await?;
    ensure(sentence == "the cat sat", || format!("after a reload it is “{sentence}”"))
}

async fn without(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/?weights=file").await?;
    session
        .wait_text("stepper-notes", "what to do", 5 * SECOND, |text| text.contains("Open it again"))
        .await?;
    for part in ["stepper-transport", "edit-compare", "check-gradients", "stepper-diagram"] {
        ensure(!session.is_visible(part).await?, || format!("{part} has nothing to act on"))?;
    }
    Ok(())
}

async fn backward(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/?cell=lstm").await?;
    session.wait_visible("stepper-open").await?;
    let forward = session.text("stepper-equations").await?;
    session.click("stepper-direction-backward").await?;
    let shown = session.wait_text("stepper-equations", "others", 5 * SECOND, |text| text != forward).await?;
    ensure(shown.contains('d'), || format!("no gradient in: {shown}"))
}

async fn reload(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/").await?;
    session.wait_visible("stepper-open").await?;
    session.paste("stepper-sentence", "a new sentence").await?;
    session.click("stepper-next-equation").await?;
    session.click("stepper-next-step").await?;
    let place = session.text("stepper-place").await?;
    ensure(place.contains("step 4") && place.contains("equation 2"), || format!("it is at {place}"))?;
    // The address is rewritten once nothing has moved for a moment.
    let written = "const said = new URLSearchParams(location.search);
        return said.get('step') === '4' && said.get('equation') === '2' && said.get('sentence') === 'a new sentence'";
    session.wait_js(written, vec![], "the sentence and the place in the link").await?;
    let shown = numbers(session).await?;
    session.reload().await?;
    session.wait_text("stepper-place", &place, 10 * SECOND, |text| text == place).await?;
    ensure(session.value("stepper-sentence").await? == "a new sentence", || "the sentence is gone".into())?;
    session
        .wait_js("return !!document.querySelector('[data-testid=stepper-open]')", vec![], "the equation")
        .await?;
    let again = numbers(session).await?;
    ensure(again == shown, || format!("before: {shown}\n        after:  {again}"))
}

async fn wrong_link(session: &Session<'_>) -> Outcome {
    for language in ["en", "zh"] {
        session
            .open_app(&format!("{language}/stepper/?cell=nonsense&hidden=1000000000&sentence=abc"))
            .await?;
        session.wait_visible("stepper-link-errors").await?;
        let said = session.text("stepper-link-errors").await?;
        ensure(said.contains("cell") || said.contains("hidden"), || format!("it says: {said}"))?;
        ensure(session.value("stepper-sentence").await? == "abc", || {
            "the sentence is not that of the link".into()
        })?;
    }
    Ok(())
}

async fn cut_link(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/?v=1.900&cell=gru").await?;
    session.wait_visible("stepper-link-errors").await?;
    // A step that the sentence does not have: a, b, c and its end.
    session.open_app("en/stepper/?sentence=abc&step=40").await?;
    session
        .wait_text("stepper-link-errors", "the last step", 10 * SECOND, |said| {
            said.contains("40") && said.contains('4')
        })
        .await?;
    // That the sentence is shorter yet is no fault of the link.
    session.paste("stepper-sentence", "ab").await?;
    let quiet = "return !document.querySelector('[data-testid=stepper-link-errors]')";
    session.wait_js(quiet, vec![], "nothing said about the link").await?;
    // What is typed afterwards is no link: a shorter sentence shows its last step, and its address says which.
    session.open_app("en/stepper/?sentence=abc&step=4").await?;
    session.wait_visible("stepper-open").await?;
    session.paste("stepper-sentence", "a").await?;
    let address = "return location.search.includes('step=2') && location.search";
    session.wait_js(address, vec![], "the step that is shown in the address").await?;
    session.reload().await?;
    session.wait_visible("stepper-open").await?;
    ensure(!session.is_visible("stepper-link-errors").await?, || {
        "a link of one's own is said to be wrong".into()
    })
}

async fn given_weights(session: &Session<'_>) -> Outcome {
    // An RNN of one unit whose bias b_a is 0.125; tests/native/view_link.rs writes this link.
    let packed = "#1.50.42cf678c.HYiBCQAgDMOCh6l_ieBn8zRTC2loG7C2NeCEku4OU67y_4nrAQ";
    let link = format!("en/stepper/?v=1.45&show=rnn&sentence=ab&units=1&weights=given&more=packed{packed}");
    session.open_app(&link).await?;
    session.wait_visible("stepper-open").await?;
    ensure(!session.is_visible("stepper-link-errors").await?, || "the link is said to be wrong".into())?;
    let spelled = session.text("stepper-spell").await?;
    // The first input and the state before it are zero: tanh of the bias alone.
    ensure(spelled.contains("0.12"), || format!("the first row is: {spelled}"))?;
    session.click("stepper-next-equation").await?;
    let travels = "return location.search.includes('weights=given') && location.hash === arguments[0]";
    session.wait_js(travels, vec![json!(packed)], "the weights in the address").await?;
    session.paste("stepper-sentence", "abc").await?;
    let said = session
        .wait_text("stepper-notes", "that they do not fit", 5 * SECOND, |text| text.contains("14"))
        .await?;
    ensure(said.contains("11"), || format!("it says: {said}"))
}

async fn letters(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/?show=gru&equation=2").await?;
    session.wait_visible("stepper-open").await?;
    let ours = session.text("stepper-equation-2").await?;
    ensure(!session.is_visible("stepper-differs").await?, || "something differs from itself".into())?;
    session.click("stepper-notation").await?;
    session.click("stepper-notation-pytorch").await?;
    session.wait_visible("stepper-differs").await?;
    let theirs = session.text("stepper-equation-2").await?;
    ensure(ours != theirs && theirs.contains('n'), || format!("{ours} became {theirs}"))?;
    session
        .wait_js("return location.search.includes('notation=pytorch')", vec![], "the letters in the link")
        .await
        .map(drop)
}

async fn hostile_sentence(session: &Session<'_>) -> Outcome {
    session
        .open_app("en/stepper/?sentence=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E%3Cscript%3E1%3C%2Fscript%3E")
        .await?;
    session.wait_visible("stepper-open").await?;
    let made = session.js("return document.querySelectorAll('main img, main script').length", vec![]).await?;
    ensure(made == json!(0), || format!("{made} elements were made of the sentence"))
}

async fn comes_back(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/").await?;
    session.wait_visible("stepper-open").await?;
    session.paste("stepper-sentence", "my own words").await?;
    session.click("stepper-next-step").await?;
    session
        .wait_js("return location.search.includes('sentence=')", vec![], "the sentence in the link")
        .await?;
    let place = session.text("stepper-place").await?;
    let shown = numbers(session).await?;
    session.click("nav-lab").await?;
    session.wait_visible("main-button").await?;
    session.click("nav-stepper").await?;
    session.wait_text("stepper-place", &place, 10 * SECOND, |text| text == place).await?;
    session.wait_visible("stepper-open").await?;
    ensure(session.value("stepper-sentence").await? == "my own words", || "the sentence is gone".into())?;
    ensure(numbers(session).await? == shown, || "the numbers are others".into())?;
    // The address holds it again, for a reload.
    session
        .wait_js("return location.search.includes('sentence=')", vec![], "the sentence in the link again")
        .await?;
    session.reload().await?;
    session.wait_text("stepper-place", &place, 10 * SECOND, |text| text == place).await.map(drop)
}

async fn odd_sentences(session: &Session<'_>) -> Outcome {
    session.open_app("en/stepper/").await?;
    session.wait_visible("stepper-open").await?;
    for sentence in ["", "שלום עולם", "👩‍👩‍👧‍👦 🇨🇳 👍🏽", "𠮷野家", "e\u{301}\u{302}\u{303}", "a\u{202e}b\u{feff}c"]
    {
        session.paste("stepper-sentence", sentence).await?;
        session.wait_visible("stepper-open").await?;
        ensure(!session.is_visible("broken").await?, || format!("the page broke on {sentence:?}"))?;
    }
    // One box a symbol: a family, a flag and a thumb are one each.
    session.paste("stepper-sentence", "👩‍👩‍👧‍👦🇨🇳👍🏽").await?;
    session.wait_visible("stepper-step-3").await?;
    Ok(())
}
