//! The menu "Export".

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::code::{Code, Written};
use super::{program, words};
use crate::app::language::{say, say_with};
use crate::app::parts::{Menu, MenuItem, use_announcer};
use crate::app::save::save;
use crate::engine::model::Model;
use crate::engine::presets;
use crate::engine::trace::TraceInput;
use crate::formats::parcel::{Export, Parcel};
use crate::view::formula::Notation;

/// What is exported.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The network and its sentence.
    pub parcel: Parcel,
    /// Its weights, flat.
    pub weights: Vec<f64>,
    /// Whose letters LaTeX has.
    pub letters: &'static str,
}

impl Subject {
    /// A network with what runs through it.
    pub fn new(
        model: &Model<f64>,
        vocabulary: &[String],
        input: &TraceInput<f64>,
        notation: Notation,
    ) -> Subject {
        Subject {
            parcel: Parcel::of(model, vocabulary).with_input(input),
            weights: model.to_flat(),
            letters: notation.id(),
        }
    }

    /// Whether a unit is held.
    fn is_held(&self) -> bool {
        !self.parcel.holds.is_empty()
    }
}

/// How files of a network begin: `lstm`, `own-cell`.
pub fn named(parcel: &Parcel) -> &'static str {
    let cell = parcel.layers.first().and_then(|(text, _)| crate::engine::syntax::parse_cell(text).ok());
    cell.and_then(|cell| presets::known(&cell)).map_or("own-cell", |preset| preset.id)
}

/// What is told who asks for a subject; it may take a moment until the Lab's network is there.
pub type Reply = Box<dyn FnOnce(Option<Subject>)>;

/// A table of a page's own: the name of its file and its text, where there is one now.
pub type Table = Rc<dyn Fn() -> Option<(String, String)>>;

/// The button with its list.
#[component]
pub fn ExportMenu(
    /// What is exported, asked for when something is chosen.
    subject: Rc<dyn Fn(Reply)>,
    /// A table of its own beside the others: the name of its file and its text.
    #[prop(optional)]
    run: Option<Table>,
    /// While true nothing can be exported.
    #[prop(into)]
    disabled: Signal<bool>,
    /// For tests.
    #[prop(into)]
    testid: String,
) -> impl IntoView {
    let announcer = use_announcer();
    let shown = RwSignal::new(None::<Written>);
    let wrong = RwSignal::new(None::<String>);
    let has_run = run.is_some();
    let items = Signal::derive(move || {
        let mut items: Vec<MenuItem> = Export::ALL
            .into_iter()
            .map(|what| {
                let (text, note) = words::export(what);
                MenuItem { value: what.id().into(), text: text.into(), note: note.into() }
            })
            .collect();
        if has_run {
            let (text, note) = (say!(files.run_csv).into(), say!(files.run_csv_note).into());
            items.push(MenuItem { value: "run".into(), text, note });
        }
        items
    });
    let asked = StoredValue::new_local((subject, run));
    let choose = Callback::new(move |value: String| {
        wrong.set(None);
        let (subject, run) = asked.get_value();
        let Some(what) = Export::from_id(&value) else {
            match run.and_then(|run| run()) {
                Some((name, text)) => {
                    save(&name, Export::Csv.media_type(), text.as_bytes());
                    announcer.say(say_with!(files.downloaded; "name" => name));
                }
                None => wrong.set(Some(say!(files.nothing_to_export).to_owned())),
            }
            return;
        };
        announcer.say(say!(files.working));
        subject(Box::new(move |subject| {
            let Some(subject) = subject else {
                wrong.try_set(Some(say!(files.nothing_to_export).to_owned()));
                return;
            };
            if subject.is_held() && !what.has_holds() {
                wrong.try_set(Some(say!(files.held).to_owned()));
                return;
            }
            spawn_local(async move {
                let Subject { parcel, weights, letters, .. } = subject;
                let name = what.file_name(named(&parcel));
                match program::write(what, &parcel, &weights, letters).await {
                    Ok(bytes) if what.is_code() => {
                        let text = String::from_utf8_lossy(&bytes).into_owned();
                        shown.try_set(Some(Written { what, name, text }));
                    }
                    Ok(bytes) => {
                        save(&name, what.media_type(), &bytes);
                        announcer.say(say_with!(files.downloaded; "name" => name));
                    }
                    Err(trouble) => {
                        wrong.try_set(Some(words::trouble(&trouble)));
                    }
                }
            });
        }));
    });
    let dialog = format!("{testid}-code");
    let wrong_id = format!("{testid}-wrong");
    view! {
        <Menu label=say!(files.export) items on_choose=choose testid disabled/>
        <Code written=shown testid=dialog/>
        {move || wrong.get().map(|sentence| view! {
            <div class="notice bad" role="alert" data-testid=wrong_id.clone()>
                <p>{sentence}</p>
                <button class="ghost small" type="button" on:click=move |_| wrong.set(None)>{say!(files.close)}</button>
            </div>
        })}
    }
}
