//! The text in the box: samples and files.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::counting::count;
use super::state::{Lab, Sample};
use crate::app::browser::{after, base, cancel, of_this_build, window};
use crate::app::language::language;
use crate::training::settings::{CellChoice, TextSource};
use crate::view::address::Language;
use crate::view::run::set_cell;
use crate::view::saved::file::is_file_name;

/// The text of a file of the site.
async fn fetch(path: &str) -> Option<String> {
    let address = of_this_build(&format!("{}{path}", base()));
    let response = JsFuture::from(window().fetch_with_str(&address)).await.ok()?;
    let response: web_sys::Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

/// The sample that a first visit finds in the box, one in the reader's language.
pub fn usual_sample() -> &'static str {
    match language() {
        Language::En => "rhymes-en",
        Language::Zh => "rhymes-zh",
    }
}

/// Whether the menu is there and has no sample of this id. Nothing that is not there is asked for.
pub async fn is_no_sample(lab: Lab, id: &str) -> bool {
    load_menu(lab).await;
    lab.samples.with_untracked(|samples| !samples.is_empty() && !samples.iter().any(|sample| sample.id == id))
}

/// Fills the menu, once.
pub async fn load_menu(lab: Lab) {
    if !lab.samples.with_untracked(Vec::is_empty) {
        return;
    }
    #[derive(serde::Deserialize)]
    struct Index {
        samples: Vec<Sample>,
    }
    if let Some(index) =
        fetch("samples/index.json").await.and_then(|json| serde_json::from_str::<Index>(&json).ok())
    {
        lab.samples.set(index.samples);
    }
}

/// The text of a sample; nothing if there is none of this id.
pub async fn sample_text(id: &str) -> Option<String> {
    // An id comes from a link: only what can be a file's name is looked for.
    if is_file_name(id) { fetch(&format!("samples/{id}.txt")).await } else { None }
}

/// A moment of the text: what was begun then and comes late does not replace what the reader has typed since.
#[derive(Clone, Copy)]
pub struct Moment(u32);

impl Moment {
    /// This moment.
    pub fn now(lab: Lab) -> Moment {
        Moment(lab.control().borrow().edits)
    }

    /// Whether the text is still the one of this moment.
    pub fn is_now(self, lab: Lab) -> bool {
        lab.control().borrow().edits == self.0
    }
}

/// What the reader has typed and nobody has read from the box yet.
pub struct Unread {
    timer: Option<i32>,
    read: Rc<dyn Fn()>,
}

/// The reader changes the text: it is read from the box after `wait` milliseconds, or when it is needed.
pub fn read_later(lab: Lab, wait: i32, read: &Rc<dyn Fn()>) {
    touched(lab);
    forget_unread(lab);
    let timer = after(wait, move || {
        read_now(lab);
    });
    lab.control().borrow_mut().unread = Some(Unread { timer, read: Rc::clone(read) });
}

/// Reads what was typed last, if it has not been read; whether there was something.
pub fn read_now(lab: Lab) -> bool {
    let unread = forget_unread(lab);
    if let Some(unread) = &unread {
        (unread.read)();
    }
    unread.is_some()
}

fn forget_unread(lab: Lab) -> Option<Unread> {
    let unread = lab.control().borrow_mut().unread.take();
    if let Some(unread) = &unread {
        cancel(unread.timer);
    }
    unread
}

fn touched(lab: Lab) {
    let control = lab.control();
    let mut control = control.borrow_mut();
    control.edits = control.edits.wrapping_add(1);
}

/// Takes a sample with the settings that suit it; the reader chose it.
pub fn choose(lab: Lab, sample: &Sample) {
    let sample = sample.clone();
    leptos::task::spawn_local(async move {
        fill(lab, &sample, Moment::now(lab)).await;
        super::keep::edited(lab);
    });
}

/// Takes a sample with the settings that suit it, unless the reader has typed since.
pub async fn fill(lab: Lab, sample: &Sample, since: Moment) {
    lab.settings.update(|settings| {
        settings.text.source = TextSource::Sample(sample.id.clone());
        settings.text.unit = sample.unit;
        settings.text.reading = sample.reading;
        settings.text.vocabulary_limit = sample.vocabulary_limit;
        set_cell(&mut settings.model, CellChoice::Preset(sample.cell.clone()));
        settings.model.layers = sample.layers;
        settings.model.hidden = sample.hidden;
        settings.training.window = sample.window;
        settings.training.batch = sample.batch;
        settings.training.learning_rate = sample.learning_rate;
        settings.training.steps = sample.steps;
    });
    lab.refusal.set(None);
    let text = sample_text(&sample.id).await;
    // Another sample may have been chosen while this one was fetched.
    let is_wanted = lab.settings.with_untracked(
        |settings| matches!(&settings.text.source, TextSource::Sample(id) if *id == sample.id),
    );
    if let Some(text) = text.filter(|_| is_wanted) {
        replace(lab, Rc::from(text), since);
    }
}

/// Puts a text into the box from outside, unless the reader has typed since.
pub fn replace(lab: Lab, text: Rc<str>, since: Moment) {
    if !since.is_now(lab) {
        return;
    }
    forget_unread(lab);
    lab.control().borrow_mut().text = text;
    lab.text_revision.update(|revision| *revision = revision.wrapping_add(1));
    count(lab);
}

/// The reader has typed, pasted or dropped: the text is the reader's own now.
pub fn typed(lab: Lab, text: String) {
    touched(lab);
    {
        let control = lab.control();
        let mut control = control.borrow_mut();
        control.text = Rc::from(text);
        control.text_changed = true;
    }
    if !lab.settings.with_untracked(|settings| matches!(settings.text.source, TextSource::Own(_))) {
        lab.settings.update(|settings| settings.text.source = TextSource::Own(String::new()));
    }
    lab.refusal.set(None);
    count(lab);
    super::keep::edited(lab);
}
