//! Files out and in: the menu "Export", "Open a file" by a button and by dropping, what is said about them.
//!
//! The reading and writing itself is [`crate::formats::parcel`], in a wasm file of its own ([`program`]).

mod code;
mod export;
mod open;
mod pictures;
mod program;
mod words;

use std::sync::Arc;

use leptos::prelude::*;

pub use self::code::{Code, Written};
pub use self::export::{ExportMenu, Reply, Subject, named};
pub use self::open::{FileNotices, OpenFile, dropped, is_a_network, is_of_this_page, of_link, take};
pub use self::pictures::PictureTools;
use crate::engine::model::Model;
use crate::formats::parcel::Parcel;
use crate::language::Unit;
use crate::language::vocabulary::Vocabulary;
use crate::training::settings::ModelSettings;
use crate::view::stepper::edits::Edits;
use crate::view::stepper::sequence::Sequence;

/// A network from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenedFile {
    /// The file's name.
    pub name: String,
    /// The network.
    pub model: Arc<Model<f64>>,
    /// Cell and sizes as the Lab would name them; the layers may differ from each other.
    pub sizes: ModelSettings,
    /// What the file's reader gave: texts and sizes of its layers, its symbols and its sentence.
    pub parcel: Parcel,
    /// What the rows stand for.
    pub vocabulary: Vocabulary,
    /// What one symbol is.
    pub unit: Unit,
    /// The sentence that it is opened with.
    pub sentence: String,
    /// That sentence as steps, where the file says them.
    pub sequence: Option<Sequence>,
    /// What differs from that sentence and from zero states.
    pub edits: Edits,
    /// What is said beside it, in words.
    pub notes: Vec<String>,
}

/// What is known of files on this page.
#[derive(Clone, Copy)]
pub struct Files {
    /// The network that was opened last; it stays until another one is.
    pub opened: RwSignal<Option<Arc<OpenedFile>>>,
    /// The one that was open before it.
    pub before: RwSignal<Option<Arc<OpenedFile>>>,
    /// Whether the Stepper shows that network when it is opened next: a file that was opened elsewhere.
    pub is_next: RwSignal<bool>,
    /// Why the last file was not opened: its name and the sentence.
    pub trouble: RwSignal<Option<(String, String)>>,
    /// The file that is being read.
    pub reading: RwSignal<Option<String>>,
}

/// Provides it.
pub fn provide_files() {
    provide_context(Files {
        opened: RwSignal::new(None),
        before: RwSignal::new(None),
        is_next: RwSignal::new(false),
        trouble: RwSignal::new(None),
        reading: RwSignal::new(None),
    });
}

/// The files of this page.
pub fn use_files() -> Files {
    expect_context()
}
