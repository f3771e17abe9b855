//! The Lab's state as a link, and back.

use leptos::prelude::*;

use super::refusal::link_troubles;
use super::state::{Lab, Notice};
use super::{counting, keep, texts};
use crate::app::browser::{base, window};
use crate::app::language::{paragraph, say, say_with};
use crate::app::link::{Written, set_link_with_note};
use crate::app::to;
use crate::protocol::Refusal;
use crate::training::settings::TextSource;
use crate::view::address::{Page, parse};
use crate::view::link::{LeftOut, Lesson, Shared, Tool, held, holds_state, read, write};

/// Says how the Lab's state is written while its page is in view.
pub fn offer(lab: Lab) {
    set_link_with_note(move |lesson| {
        // A run's own settings where there is one: the link then leads to the same numbers.
        let mut state = Shared { run: lab.whole_settings(), lesson: lesson.clone(), ..Shared::default() };
        let step = lab.control().borrow().history.step;
        if let Some(mut running) = lab.running.get_untracked().filter(|_| step > 0) {
            if let TextSource::Own(own) = &mut running.text.source {
                *own = lab.control().borrow().run_text.to_string();
            }
            state.run = running;
            state.trained = step;
        }
        let link = write(&state);
        let origin = window().location().origin().unwrap_or_default();
        let note = match link.left_out.first() {
            Some(LeftOut::Text) => Some(say!(errors.link_no_room_text)),
            Some(LeftOut::Cell | LeftOut::Weights | LeftOut::Changes) => Some(say!(errors.link_no_room)),
            None => None,
        };
        let holds = held(&state, &link, Tool::Lab);
        let address = format!("{origin}{}{}{}", to(&Page::Lab), link.query, link.fragment);
        Written { address, note, left_out: link.left_out.first().copied(), holds, trains_again: true }
    });
}

/// Opens a link that the reader follows within the page: another query, or only another fragment, loads nothing anew.
pub fn follow(lab: Lab) {
    let location = leptos_router::hooks::use_location();
    Effect::new(move |_| {
        location.search.track();
        location.hash.track();
        leptos::task::spawn_local(async move {
            let _ = open(lab, texts::Moment::now(lab)).await;
        });
    });
}

/// Opens the link in the address, if it is one: its settings, its text, and the run trained again to its step. A text
/// that the reader has typed since is kept, with the link's settings; the link's run is another text's then.
pub async fn open(lab: Lab, since: texts::Moment) -> bool {
    let location = window().location();
    let (query, fragment) = (location.search().unwrap_or_default(), location.hash().unwrap_or_default());
    let is_lab = parse(base(), &location.pathname().unwrap_or_default()).1 == Page::Lab;
    // How the page is shown is no part of the run.
    let here = format!("{}{fragment}", Lesson::default().put(&query));
    // A fragment alone is a place on the page.
    let is_new = lab.control().borrow().opened_link != here;
    if !is_lab || !holds_state(&query) || !is_new {
        return false;
    }
    lab.control().borrow_mut().opened_link = here;
    let opened = read(&query, &fragment);
    // Kept apart from what the reader has stored, until the reader edits or trains; what is being restored ends first.
    lab.storage.open().await;
    keep::leave(lab);
    lab.control().borrow_mut().may_store = false;
    lab.is_kept.set(false);
    let mut run = opened.state.run;
    let source = std::mem::replace(&mut run.text.source, TextSource::Own(String::new()));
    lab.settings.set(run);
    let mut unknown = None;
    let (text, source) = match source {
        TextSource::Own(own) => (Some(own), None),
        TextSource::Sample(id) if texts::is_no_sample(lab, &id).await => {
            unknown = Some(id);
            let usual = texts::usual_sample().to_owned();
            (texts::sample_text(&usual).await, Some(TextSource::Sample(usual)))
        }
        TextSource::Sample(id) => (texts::sample_text(&id).await, Some(TextSource::Sample(id))),
    };
    let is_untouched = since.is_now(lab);
    match (text, source) {
        _ if !is_untouched => keep::edited(lab),
        (None, Some(TextSource::Sample(id))) => lab.refusal.set(Some(Refusal::NoSuchSample { id })),
        (text, source) => {
            if let Some(source) = source {
                lab.settings.update(|settings| settings.text.source = source);
            }
            texts::replace(lab, text.unwrap_or_default().into(), since);
        }
    }
    counting::count(lab);
    // Another text would give other numbers than those that the link speaks of.
    if opened.state.trained > 0
        && is_untouched
        && unknown.is_none()
        && lab.refusal.with_untracked(Option::is_none)
    {
        lab.train_until(opened.state.trained);
        // The run makes its changes again as it comes to them; the controls show what holds where it stops.
        lab.settings.update(|settings| *settings = settings.clone().after(opened.state.trained));
        lab.notice.set(Some(Notice::FromLink(opened.state.trained)));
    }
    let unknown = unknown.map(|id| say_with!(errors.link_no_such_sample; "id" => id));
    let troubles: Vec<String> = link_troubles(&opened.errors).into_iter().chain(unknown).collect();
    if !troubles.is_empty() {
        lab.notice.set(Some(Notice::LinkTrouble(paragraph(&troubles))));
    }
    true
}
