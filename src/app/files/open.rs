//! "Open a file": by a button, by dropping. What was open before stays whatever the file is.

use std::sync::Arc;

use js_sys::Uint8Array;
use leptos::task::spawn_local;
use leptos::{ev, html, prelude::*};
use unicode_segmentation::UnicodeSegmentation;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::program::{self, FileTrouble};
use super::{Files, OpenedFile, use_files, words};
use crate::app::language::{say, say_with};
use crate::app::parts::use_announcer;
use crate::engine::presets;
use crate::engine::syntax::parse_cell;
use crate::formats::import::MOST_BYTES;
use crate::formats::parcel::{Opened, Said};
use crate::language::Unit;
use crate::language::vocabulary::{EOS, Vocabulary};
use crate::training::settings::{CellChoice, ModelSettings};
use crate::view::link::Network;
use crate::view::saved::file::FORMAT as SAVED_WORK;
use crate::view::stepper::opened::opened;
use crate::view::stepper::sequence::{MOST_STEPS, Sequence, is_special};

/// Symbols of the sentence that a file without one is opened with.
const SENTENCE: usize = 6;

/// The button, with the file's own dialog behind it.
#[component]
pub fn OpenFile(
    /// Called when a network is open.
    #[prop(into)]
    on_open: Callback<Arc<OpenedFile>>,
    /// For tests; `-input` at the field that takes the file.
    #[prop(into)]
    testid: String,
) -> impl IntoView {
    let files = use_files();
    let announcer = use_announcer();
    let input = NodeRef::<html::Input>::new();
    let choose = move |_: ev::MouseEvent| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |_: ev::Event| {
        let Some(input) = input.get_untracked() else { return };
        let file = input.files().and_then(|files| files.get(0));
        // The same file may be chosen again.
        input.set_value("");
        if let Some(file) = file {
            take(files, file, move |opened| {
                announcer.say(say_with!(files.opened; "name" => opened.name));
                on_open.run(opened);
            });
        }
    };
    let field = format!("{testid}-input");
    view! {
        <button class="ghost" type="button" title=say!(files.open_note) data-testid=testid on:click=choose>
            {move || match files.reading.get() {
                Some(name) => say_with!(files.opening; "name" => name),
                None => say!(files.open).to_owned(),
            }}
        </button>
        <input
            hidden type="file"
            node_ref=input data-testid=field on:change=chosen
        />
    }
}

/// Why the last file was not opened.
#[component]
pub fn FileNotices() -> impl IntoView {
    let files = use_files();
    move || {
        files.trouble.get().map(|(name, sentence)| {
            view! {
                <div class="notice bad" role="alert" data-testid="file-trouble">
                    <p><strong>{say_with!(files.not_opened; "name" => name)}</strong>" "{sentence}</p>
                    <button class="ghost small" type="button" data-testid="file-trouble-close" on:click=move |_| files.trouble.set(None)>
                        {say!(files.close)}
                    </button>
                </div>
            }
        })
    }
}

/// The file of a drop; none where something else is dropped.
pub fn dropped(event: &ev::DragEvent) -> Option<File> {
    event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0))
}

/// Whether a file's name says that it holds a network, so that the Lab does not take it for a text.
pub fn is_a_network(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ends = [".safetensors", ".h5", ".hdf5", ".keras", ".onnx", ".pt", ".pth", ".pkl"];
    ends.iter().any(|end| name.ends_with(end))
}

/// Whether a text is a file of this page and not one to be trained on: an experiment, or saved work, of which it is then said
/// where it is taken in.
pub fn is_of_this_page(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(200)];
    let holds = |words: &str| start.windows(words.len()).any(|part| part == words.as_bytes());
    bytes.first() == Some(&b'{') && (holds("unrolled-experiment") || holds(SAVED_WORK))
}

/// Reads a file; `then` is called when a network is open.
pub fn take(files: Files, file: File, then: impl FnOnce(Arc<OpenedFile>) + 'static) {
    let name = file.name();
    files.trouble.set(None);
    files.reading.set(Some(name.clone()));
    spawn_local(async move {
        let result = read(&name, &file).await;
        files.reading.set(None);
        match result {
            Ok(opened) => {
                let opened = Arc::new(opened);
                files.before.set(files.opened.get_untracked());
                files.opened.set(Some(opened.clone()));
                then(opened);
            }
            Err(trouble) => files.trouble.set(Some((name, words::trouble(&trouble)))),
        }
    });
}

async fn read(name: &str, file: &File) -> Result<OpenedFile, FileTrouble> {
    if file.size() > MOST_BYTES as f64 {
        let megabytes = |bytes: f64| (bytes / 1e6).ceil().to_string();
        let values = [("megabytes", megabytes(file.size())), ("most", megabytes(MOST_BYTES as f64))];
        let values = values.map(|(name, value)| (name.to_owned(), value)).to_vec();
        return Err(FileTrouble::Said(Said { code: "too_large".to_owned(), values }));
    }
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| FileTrouble::Died)?;
    let opened = program::read(name, &Uint8Array::new(&buffer)).await?;
    opened_file(name, opened)
}

/// The network that came with a link.
///
/// # Errors
/// What is wrong with it.
pub fn of_link(network: Network) -> Result<OpenedFile, FileTrouble> {
    let parcel = network.parcel().ok_or(FileTrouble::Died)?;
    opened_file(&network.name, (parcel, network.weights, Vec::new()))
}

fn opened_file(name: &str, (parcel, weights, notes): Opened) -> Result<OpenedFile, FileTrouble> {
    let model = parcel.model(&weights).map_err(|_| FileTrouble::Died)?;
    let mut notes: Vec<String> = notes.iter().map(words::sentence).collect();
    let numbered = parcel.vocabulary.is_empty();
    let symbols: Vec<String> = if numbered {
        notes.push(say!(files.numbered).to_owned());
        (0..parcel.input).map(|row| row.to_string()).collect()
    } else {
        parcel.vocabulary.clone()
    };
    let is_one = |symbol: &String| is_special(symbol) || symbol.graphemes(true).count() == 1;
    let unit = if !numbered && symbols.iter().all(is_one) { Unit::Character } else { Unit::Word };
    let too_much = || FileTrouble::Said(Said { code: "no_sentence".to_owned(), values: Vec::new() });
    let (inputs, edits) = opened(&parcel, &model).ok_or_else(too_much)?;
    let sequence = (!parcel.labels.is_empty()).then(|| sequence(inputs, &parcel.labels, &symbols));
    let sentence = match &sequence {
        Some(sequence) => joined(sequence.labels.iter().map(|label| sequence.symbol(*label)), unit),
        None => joined(symbols.iter().map(String::as_str).take(SENTENCE), unit),
    };
    let (text, hidden) = parcel.layers.first().cloned().unwrap_or_default();
    let preset = parse_cell(&text).ok().and_then(|cell| {
        presets::presets().iter().find(|preset| preset.cell.is_same(&cell)).map(|preset| preset.id)
    });
    let cell = preset.map_or(CellChoice::Own(text), |id| CellChoice::Preset(id.to_owned()));
    let sizes = ModelSettings { cell, layers: parcel.layers.len(), hidden, ..ModelSettings::default() };
    Ok(OpenedFile {
        name: name.to_owned(),
        model: Arc::new(model),
        sizes,
        parcel,
        vocabulary: Vocabulary::from_symbols(symbols),
        unit,
        sentence,
        sequence,
        edits,
        notes,
    })
}

fn sequence(mut inputs: Vec<Option<usize>>, labels: &[usize], symbols: &[String]) -> Sequence {
    let steps = labels.len().min(MOST_STEPS);
    inputs.truncate(steps);
    Sequence {
        vocabulary: symbols.to_vec(),
        inputs,
        labels: labels[..steps].to_vec(),
        cut_off: labels.len() - steps,
        symbols: labels.len(),
        ..Sequence::default()
    }
}

/// Symbols as the sentence that they are cut from; what ends it is not written.
fn joined<'s>(symbols: impl Iterator<Item = &'s str>, unit: Unit) -> String {
    let symbols: Vec<&str> = symbols.filter(|symbol| *symbol != EOS).collect();
    symbols.join(if unit == Unit::Character { "" } else { " " })
}
