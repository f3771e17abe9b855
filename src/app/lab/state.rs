//! The Lab's state: it outlives the page, so that a run goes on while the reader is in the Stepper.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use serde::Deserialize;

use crate::app::classroom::{Classroom, use_classroom};
use crate::app::language::language;
use crate::app::storage::Storage;
use crate::app::storage::tabs::Held;
use crate::app::trainer::{Bytes, Trainer};
use crate::protocol::{Dictionary, Prepared, Refusal, Score, Unseen};
use crate::training::settings::{RunSettings, TextSource};
use crate::view::address::Language;
use crate::view::run::History;
use crate::view::saved::Entry;
pub use crate::view::saved::Status;
use crate::view::saved::desk::Desk;

/// Something that the reader is told above the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The worker died and goes on from a step.
    Restarted(u32),
    /// A run that was interrupted by leaving the page goes on.
    Continued(u32),
    /// A link is trained again to its step.
    FromLink(u32),
    /// What was wrong with a link, in words.
    LinkTrouble(String),
    /// A dropped file that is no text.
    NotText(String),
    /// A text over the limit, bytes.
    TooLarge(usize),
    /// The stored weights cannot be read; true: a newer version stored them.
    StoredDamaged(bool),
    /// The Lab is open in another tab too: here are its settings and its text, not its run.
    OtherTab,
    /// What was to be opened is open in another tab.
    OpenElsewhere,
    /// What was stored was cleared while the page is open; what is in the page is stored again.
    Cleared,
    /// A text was put aside, because another one took its place in the box.
    TextPutAside,
}

/// A sample text of the menu.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default)]
pub struct Sample {
    /// Its id, and the name of its file.
    pub id: String,
    /// Its title.
    pub title_en: String,
    /// Its title.
    pub title_zh: String,
    /// What it teaches.
    pub reason_en: String,
    /// What it teaches.
    pub reason_zh: String,
    /// How it is cut.
    pub unit: crate::language::Unit,
    /// How it is read.
    pub reading: crate::language::Reading,
    /// Largest vocabulary.
    pub vocabulary_limit: Option<usize>,
    /// A cell that learns it.
    pub cell: String,
    /// Layers.
    pub layers: usize,
    /// Hidden units.
    pub hidden: usize,
    /// Window.
    pub window: usize,
    /// Batch.
    pub batch: usize,
    /// Learning rate.
    pub learning_rate: f32,
    /// Updates.
    pub steps: u32,
}

impl Sample {
    /// Its title in the language in use.
    pub fn title(&self) -> &str {
        match language() {
            Language::En => &self.title_en,
            Language::Zh => &self.title_zh,
        }
    }

    /// What it teaches, in the language in use.
    pub fn reason(&self) -> &str {
        match language() {
            Language::En => &self.reason_en,
            Language::Zh => &self.reason_zh,
        }
    }
}

impl Default for Sample {
    fn default() -> Self {
        let run = RunSettings::default();
        Self {
            id: String::new(),
            title_en: String::new(),
            title_zh: String::new(),
            reason_en: String::new(),
            reason_zh: String::new(),
            unit: run.text.unit,
            reading: run.text.reading,
            vocabulary_limit: None,
            cell: "lstm".into(),
            layers: run.model.layers,
            hidden: run.model.hidden,
            window: run.training.window,
            batch: run.training.batch,
            learning_rate: run.training.learning_rate,
            steps: run.training.steps,
        }
    }
}

/// What is known about the text in the box before a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextFacts {
    /// Bytes.
    pub bytes: usize,
    /// Whether the trainer is counting.
    pub is_asked: bool,
    /// Symbols, once counted.
    pub symbols: Option<usize>,
    /// Symbols of the vocabulary, once counted.
    pub vocabulary: usize,
    /// Share of symbols that become `<UNK>`, 0 to 1.
    pub unknown_share: f64,
}

/// The machinery behind the signals.
pub struct Control {
    /// The worker.
    pub trainer: Option<Trainer>,
    /// The number of the run; others' messages are dropped.
    pub run: u32,
    /// Whether the worker holds the run; after a reload it does not until it is needed.
    pub is_loaded: bool,
    /// The last checkpoint and its step.
    pub checkpoint: Option<(u32, Bytes)>,
    /// The text that the run was started with.
    pub run_text: Rc<str>,
    /// The text in the box.
    pub text: Rc<str>,
    /// How often the reader has changed the text, what is not read from the box yet included.
    pub edits: u32,
    /// What was typed last, until it is read.
    pub unread: Option<super::texts::Unread>,
    /// The curves.
    pub history: History,
    /// When the curves were last drawn, milliseconds; and whether a drawing is due.
    pub drawn: f64,
    /// Whether a drawing is due.
    pub is_due: bool,
    /// Opens the Stepper when the snapshot that was asked for is there.
    pub on_snapshot: Option<Box<dyn FnOnce(u32, Bytes)>>,
    /// Whether what is in the page may be stored: not while a link is only looked at.
    pub may_store: bool,
    /// What lies before the reader in this tab, as it is stored.
    pub desk: Option<Desk>,
    /// Keeps other tabs from this desk.
    pub desk_lock: Option<Held>,
    /// Keeps other tabs from this run.
    pub run_lock: Option<Held>,
    /// The step and the state of the run when it was last stored.
    pub stored: Option<(u32, Status)>,
    /// The run that was here, until the one that was asked for has begun.
    pub before: Option<super::before::Before>,
    /// The timer of the next write.
    pub save_timer: Option<i32>,
    /// Whether the text has changed since it was stored.
    pub text_changed: bool,
    /// Runs that were loaded without training: each answers with a `Paused` that means nothing to the reader.
    pub silent_pauses: u32,
    /// The number of the text that was last counted; answers about others are late.
    pub count: u32,
    /// The link that was opened last.
    pub opened_link: String,
}

/// The Lab.
#[derive(Clone, Copy)]
pub struct Lab {
    /// The settings in the controls. An own text stands in `control`, not here.
    pub settings: RwSignal<RunSettings>,
    /// Counts texts that came from outside of the box, so that the box takes them.
    pub text_revision: RwSignal<u32>,
    /// What is known about the text.
    pub facts: RwSignal<TextFacts>,
    /// How far the dictionary is that cuts words of Chinese.
    pub dictionary: RwSignal<Dictionary>,
    /// The menu.
    pub samples: RwSignal<Vec<Sample>>,
    /// Where the run is.
    pub status: RwSignal<Status>,
    /// Whether there is a trainer to be watched.
    pub has_trainer: RwSignal<bool>,
    /// The settings of the run, with the changes made while it ran.
    pub running: RwSignal<Option<RunSettings>>,
    /// Whether what is here is kept: not while a link is only looked at.
    pub is_kept: RwSignal<bool>,
    /// The run's entry among what is kept; none: it is not kept.
    pub entry: RwSignal<Option<Entry>>,
    /// What is known since the run began.
    pub prepared: RwSignal<Option<Prepared>>,
    /// Counts drawings: whoever shows curves follows it and reads `control`.
    pub frame: RwSignal<u32>,
    /// What the reader is told.
    pub notice: RwSignal<Option<Notice>>,
    /// Why the last start was refused.
    pub refusal: RwSignal<Option<Refusal>>,
    /// The last answer to a request for a sample.
    pub sampled: RwSignal<Option<Result<(String, Unseen), Refusal>>>,
    /// The last answer to a request for scores.
    pub scored: RwSignal<Option<Result<Vec<Score>, Refusal>>>,
    /// The storage.
    pub storage: Storage,
    /// How the page is shown.
    pub classroom: Classroom,
    /// See [`Control`].
    pub control: StoredValue<Rc<RefCell<Control>>, LocalStorage>,
}

impl Lab {
    /// The empty Lab.
    pub fn new(storage: Storage) -> Lab {
        let classroom = use_classroom();
        let control = Control {
            trainer: None,
            run: 0,
            is_loaded: false,
            checkpoint: None,
            run_text: Rc::from(""),
            text: Rc::from(""),
            history: History::default(),
            drawn: 0.0,
            is_due: false,
            on_snapshot: None,
            edits: 0,
            unread: None,
            // Part of another page, it stores nothing.
            may_store: !classroom.lesson.with_untracked(|lesson| lesson.embed),
            desk: None,
            desk_lock: None,
            run_lock: None,
            before: None,
            stored: None,
            save_timer: None,
            text_changed: false,
            silent_pauses: 0,
            count: 0,
            opened_link: String::new(),
        };
        Lab {
            settings: RwSignal::new(RunSettings::default()),
            text_revision: RwSignal::new(0),
            facts: RwSignal::new(TextFacts::default()),
            dictionary: RwSignal::new(Dictionary::Unasked),
            samples: RwSignal::new(Vec::new()),
            status: RwSignal::new(Status::Empty),
            has_trainer: RwSignal::new(false),
            running: RwSignal::new(None),
            is_kept: RwSignal::new(true),
            entry: RwSignal::new(None),
            prepared: RwSignal::new(None),
            frame: RwSignal::new(0),
            notice: RwSignal::new(None),
            refusal: RwSignal::new(None),
            sampled: RwSignal::new(None),
            scored: RwSignal::new(None),
            storage,
            classroom,
            control: StoredValue::new_local(Rc::new(RefCell::new(control))),
        }
    }

    /// The machinery.
    pub fn control(self) -> Rc<RefCell<Control>> {
        self.control.get_value()
    }

    /// The text in the box.
    pub fn text(self) -> Rc<str> {
        Rc::clone(&self.control().borrow().text)
    }

    /// Reads the curves; the caller is drawn anew when they have changed.
    pub fn with_history<T>(self, read: impl FnOnce(&History) -> T) -> T {
        self.frame.track();
        read(&self.control().borrow().history)
    }

    /// The settings with the text in them, as the trainer and a link get them. A sample is named, not spelled out.
    pub fn whole_settings(self) -> RunSettings {
        let mut settings = self.settings.get_untracked();
        if let TextSource::Own(own) = &mut settings.text.source {
            *own = self.text().to_string();
        }
        settings
    }
}

/// Provides the Lab's state.
pub fn provide_lab(storage: Storage) {
    provide_context(Lab::new(storage));
}

/// The Lab's state.
pub fn use_lab() -> Lab {
    expect_context()
}
