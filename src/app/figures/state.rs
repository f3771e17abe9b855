//! What a figure shows and what its reader has set, and its drawing kept up with it.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};

use super::{active, all, jobs};
use crate::app::browser::{base, window};
use crate::app::patch::patch;
use crate::view::address::{Language, Page, address, parse};
use crate::view::embed::iframe;
use crate::view::figures::frame::{Around, Content, frame};
use crate::view::figures::job::{News, Standing, Wanted};
use crate::view::figures::link::{self, Addressed};
use crate::view::figures::{Figure, Setting, Values, Words, resolve};
use crate::view::figures::{letters, numbers, setting::Kind};
use crate::view::formula::Notation;
use crate::view::markup::Node;
use crate::view::stepper::edits::{for_a_field, read_number};

/// Height of a figure in another page, CSS pixels.
const EMBEDDED_HEIGHT: u32 = 480;

/// A figure as its listeners and its job see it.
pub type Shared = Rc<RefCell<State>>;
/// See [`Shared`].
pub type Watched = Weak<RefCell<State>>;

/// The state of a figure.
pub struct State {
    figure: Box<dyn Figure>,
    words: Words,
    id: String,
    /// What the chapter says.
    initial: Values,
    /// What the reader says.
    changed: Values,
    /// What the reader typed that is not a value.
    refused: Values,
    /// What it is drawn with now.
    settings: Vec<Setting>,
    now: Values,
    standing: Standing,
    job: Option<Wanted>,
    table_is_open: bool,
    numbers_are_open: bool,
    is_embedded: bool,
    /// The first sentence of its caption.
    title: String,
    place: Element,
    drawn: Vec<Node>,
}

impl State {
    /// The state of a figure that is drawn into a place.
    pub fn new(
        figure: Box<dyn Figure>,
        words: Words,
        id: &str,
        initial: Values,
        addressed: Option<&Addressed>,
        title: String,
        place: &Element,
    ) -> State {
        State {
            figure,
            words,
            id: id.to_owned(),
            initial,
            changed: addressed.map(|addressed| addressed.changed.clone()).unwrap_or_default(),
            refused: Values::default(),
            settings: Vec::new(),
            now: Values::default(),
            standing: Standing::Idle,
            job: None,
            table_is_open: false,
            numbers_are_open: false,
            is_embedded: addressed.is_some_and(|addressed| addressed.embedded),
            title,
            place: place.clone(),
            drawn: Vec::new(),
        }
    }

    /// Its id in the page, without `figure-`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Draws what has changed.
    pub fn draw(&mut self) {
        let given = self.initial.with(&self.changed);
        (self.settings, self.now) = resolve(&*self.figure, &given);
        let job = Wanted::of(&*self.figure, &self.now);
        if job != self.job {
            if let Some(old) = self.job.take() {
                jobs::leave(&old);
                self.figure.hear(News::Reset);
            }
            self.standing = match &job {
                Some(job) => jobs::catch_up(job, |news| self.figure.hear(news)),
                None => Standing::Idle,
            };
            self.job = job;
        }
        let content = Content::of(&*self.figure, &self.now, &self.words);
        let new = frame(&self.settings, &self.now, content, &self.words, &self.around());
        patch(&self.place, &self.drawn, &new);
        self.drawn = new;
        self.fill_controls();
        keep_in_view(&self.place);
    }

    fn around(&self) -> Around {
        let location = window().location();
        let path = location.pathname().unwrap_or_default();
        let language = parse(base(), &path).0.unwrap_or(Language::En);
        let page = |page: Page| address(base(), language, &page);
        let here = format!("{}{path}", location.origin().unwrap_or_default());
        let addressed = |embedded| {
            link::write(&Addressed { id: self.id.clone(), embedded, changed: self.changed.clone() })
        };
        Around {
            id: self.id.clone(),
            refused: self.refused.clone(),
            table_is_open: self.table_is_open,
            numbers_are_open: self.numbers_are_open,
            is_changed: self.changed.iter().any(|(name, _)| name != letters::LETTERS)
                || self.standing != Standing::Idle,
            job: self.job.is_some().then(|| self.standing.clone()),
            job_steps: self.job.as_ref().map_or(0, Wanted::steps),
            stepper: page(Page::Stepper),
            lab: page(Page::Lab),
            link: format!("{here}{}#figure-{}", addressed(false), self.id),
            embed: iframe(&format!("{here}{}", addressed(true)), &self.title, EMBEDDED_HEIGHT),
            chapter: self.is_embedded.then(|| format!("{path}#figure-{}", self.id)),
        }
    }

    /// Puts the values into the form's controls, except where one is being typed.
    fn fill_controls(&self) {
        let active = active();
        for element in all(&self.place, "[data-control]") {
            let name = element.get_attribute("data-control").unwrap_or_default();
            let value = self.now.text(&name);
            if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
                match input.type_().as_str() {
                    "checkbox" => input.set_checked(value == "on"),
                    "radio" => input.set_checked(element.get_attribute("value").as_deref() == Some(value)),
                    "range" if input.value() != value => input.set_value(value),
                    "text" if active.as_ref() != Some(&element) => {
                        let shown = if self.refused.has(&name) { self.refused.text(&name) } else { value };
                        let is_value = name == numbers::VALUE && !self.refused.has(&name);
                        match read_number(shown).ok().filter(|_| is_value) {
                            Some(number) => input.set_value(&for_a_field(number)),
                            None => input.set_value(shown),
                        }
                    }
                    _ => {}
                }
            } else if let Some(field) = element.dyn_ref::<HtmlTextAreaElement>()
                && active.as_ref() != Some(&element)
            {
                field.set_value(value);
            }
        }
    }

    /// Takes a value from a control or from the drawing.
    pub fn set(&mut self, name: &str, value: &str) {
        let Some(setting) = self.settings.iter().find(|setting| setting.name == name) else { return };
        if !setting.accepts(value) {
            self.refused.set(name, value);
            return self.draw();
        }
        let was_refused = self.refused.has(name);
        self.refused.forget(name);
        if setting.is_too_long(value) {
            let used = setting.read(value);
            self.refused.set(name, value);
            return self.put(name, &used);
        }
        if setting.kind == Kind::Value {
            let numbers = numbers::with_value(&self.now, read_number(value).ok());
            return self.put(numbers::NUMBERS, &numbers);
        }
        if self.now.text(name) == value && !was_refused {
            return;
        }
        self.put(name, value);
    }

    fn put(&mut self, name: &str, value: &str) {
        for (name, value) in self.figure.follow(name) {
            self.changed.set(name, value);
        }
        self.changed.set(name, value);
        // Nothing is changed, no number chosen, the book's letters: so it begins.
        let is_first = match name {
            numbers::NUMBERS | numbers::CHOSEN => value.is_empty(),
            letters::LETTERS => value == Notation::default().id(),
            _ => self.initial.has(name),
        };
        if is_first && (self.initial.text(name) == value || !self.initial.has(name)) {
            self.changed.forget(name);
        }
        self.draw();
    }

    /// As [`State::set`], for `name=value` pairs with `;` between them.
    pub fn set_pairs(&mut self, pairs: &str) {
        for (name, value) in pairs.split(';').filter_map(|pair| pair.split_once('=')) {
            self.set(name, value);
        }
    }

    /// A setting of the figure.
    pub fn setting(&self, name: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.name == name)
    }

    /// The value of a setting now, as text.
    pub fn text(&self, name: &str) -> String {
        self.now.text(name).to_owned()
    }

    /// The value of a setting now.
    pub fn number(&self, name: &str) -> f64 {
        self.now.number(name)
    }

    /// A button of the figure was pressed.
    pub fn press(&mut self, button: &str) {
        match button {
            numbers::BACK => return self.put(numbers::NUMBERS, &numbers::with_value(&self.now, None)),
            numbers::ALL_BACK => return self.put(numbers::NUMBERS, ""),
            _ => {}
        }
        for (name, value) in self.figure.press(button, &self.now) {
            self.changed.set(name, value);
        }
        self.draw();
    }

    /// Everything as the chapter says, but for the letters, which are the whole chapter's.
    pub fn reset(&mut self) {
        let kept = self.changed.text(letters::LETTERS).to_owned();
        self.changed = Values::default();
        if !kept.is_empty() {
            self.changed.set(letters::LETTERS, kept);
        }
        self.refused = Values::default();
        self.figure.hear(News::Reset);
        self.standing = Standing::Idle;
        if let Some(job) = &self.job {
            jobs::forget(job);
        }
        self.draw();
    }

    /// Writes what the reader has set into the page's address, so that who comes back to the page finds it again.
    pub fn keep_in_address(&self) {
        if self.is_embedded || self.changed.iter().next().is_none() {
            return;
        }
        if let Ok(history) = window().history() {
            let state = history.state().unwrap_or(JsValue::NULL);
            let _ = history.replace_state_with_url(&state, "", Some(&self.around().link));
        }
    }

    /// Opens or closes the table.
    pub fn open_table(&mut self, is_open: bool) {
        if self.table_is_open != is_open {
            self.table_is_open = is_open;
            self.draw();
        }
    }

    /// Opens or closes the network's numbers.
    pub fn open_numbers(&mut self, are_open: bool) {
        if self.numbers_are_open != are_open {
            self.numbers_are_open = are_open;
            self.draw();
        }
    }

    /// Its job is finished: says whether it wants another one now.
    pub fn goes_on(&mut self) -> bool {
        let pairs = self.figure.then(&self.now);
        let before = self.job.clone();
        for (name, value) in &pairs {
            self.set(name, value);
        }
        !pairs.is_empty() && self.job.is_some() && self.job != before
    }

    /// What it wants trained.
    pub fn job(&self) -> Option<&Wanted> {
        self.job.as_ref()
    }

    /// Tells the figure what its job says; it is drawn with the next word.
    pub fn hear_quietly(&mut self, news: News) {
        self.figure.hear(news);
    }

    /// Tells the figure what its job says, and how it stands.
    pub fn hear(&mut self, news: News, standing: Option<Standing>) {
        self.figure.hear(news);
        self.stand(standing);
    }

    /// How its job stands.
    pub fn stand(&mut self, standing: Option<Standing>) {
        if let Some(standing) = standing {
            self.standing = standing;
        }
        self.draw();
    }
}

/// Brings what a drawing speaks of (`data-here`) into the part of it that is seen, each time it is another place; else
/// the reader moves it.
fn keep_in_view(place: &Element) {
    for frame in all(place, ".fig-scroll") {
        let Ok(Some(here)) = frame.query_selector("[data-here]") else { continue };
        let name = here.get_attribute("data-here");
        if frame.scroll_width() <= frame.client_width() || frame.get_attribute("data-seen") == name {
            continue;
        }
        let _ = frame.set_attribute("data-seen", &name.unwrap_or_default());
        let (outer, inner) = (frame.get_bounding_client_rect(), here.get_bounding_client_rect());
        let apart = (inner.left() + inner.right() - outer.left() - outer.right()) / 2.0;
        // Whole pixels are enough.
        frame.set_scroll_left(frame.scroll_left() + apart as i32);
    }
}
