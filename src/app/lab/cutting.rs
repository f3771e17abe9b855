//! How the text is cut and read, and what it comes to.

use std::rc::Rc;

use leptos::prelude::*;

use super::state::{Lab, Status};
use super::{counting, keep};
use crate::app::language::{say, say_with};
use crate::app::parts::{Field, FieldError, Segment, Segmented};
use crate::language::text::GLUE;
use crate::language::visible::visible;
use crate::language::{Reading, Unit};
use crate::protocol::Dictionary;
use crate::training::settings::RunSettings;
use crate::view::number::{count, data_size, fixed};
use crate::view::typed::whole;

/// What a symbol is, how the text is read, how many symbols are kept.
#[component]
pub fn Cutting(lab: Lab) -> impl IntoView {
    let unit = Memo::new(move |_| {
        lab.settings.with(|settings| {
            match settings.text.unit {
                Unit::Character => "character",
                Unit::Word => "word",
                Unit::ChineseWord => "chinese-word",
            }
            .to_owned()
        })
    });
    let reading = Memo::new(move |_| {
        lab.settings.with(|settings| {
            match settings.text.reading {
                Reading::Running => "running",
                Reading::Lines => "lines",
            }
            .to_owned()
        })
    });
    let limit = Memo::new(move |_| {
        lab.settings
            .with(|settings| settings.text.vocabulary_limit.map_or(String::new(), |limit| limit.to_string()))
    });
    let limit_error = RwSignal::new(None::<String>);
    let changed = move || {
        counting::count(lab);
        keep::edited(lab);
    };
    view! {
        <div class="row wrap lab-cutting">
            <Segmented
                label=say!(lab.unit)
                options=vec![
                    Segment::new("character", say!(lab.characters)),
                    Segment::new("word", say!(lab.words)),
                    Segment::new("chinese-word", say!(lab.chinese_words)),
                ]
                value=unit
                testid="unit"
                on_change=move |value: String| {
                    lab.settings.update(|settings| settings.text.unit = match value.as_str() {
                        "word" => Unit::Word,
                        "chinese-word" => Unit::ChineseWord,
                        _ => Unit::Character,
                    });
                    changed();
                }
            />
            <Segmented
                label=say!(lab.reading)
                options=vec![Segment::new("running", say!(lab.running_text)), Segment::new("lines", say!(lab.lines))]
                value=reading
                testid="reading"
                on_change=move |value: String| {
                    lab.settings.update(|settings| settings.text.reading = match value.as_str() {
                        "lines" => Reading::Lines,
                        _ => Reading::Running,
                    });
                    changed();
                }
            />
        </div>
        <SpacesLine unit/>
        <DictionaryLine lab/>
        <div class="row lab-line">
            <span class="muted grow">{say!(lab.vocabulary_limit)}</span>
            <Field
                label=say!(lab.vocabulary_limit)
                value=limit
                testid="vocabulary-limit"
                placeholder=say!(lab.vocabulary_all)
                error=limit_error
                on_change=move |text: String| {
                    let typed = text.trim();
                    let read = if typed.is_empty() { Some(None) } else {
                        whole(typed).filter(|n| (1..=100_000).contains(n)).map(|n| Some(n as usize))
                    };
                    match read {
                        Some(value) => {
                            limit_error.set(None);
                            lab.settings.update(|settings| settings.text.vocabulary_limit = value);
                            changed();
                        }
                        None => limit_error.set(Some(say!(errors.vocabulary_limit).to_owned())),
                    }
                }
            />
        </div>
        <FieldError id="vocabulary-limit-error" sentence=limit_error/>
        <p class="label lab-reason" data-testid="vocabulary-special" hidden=move || limit.with(String::is_empty)>
            {say!(lab.vocabulary_special)}
        </p>
    }
}

/// What becomes of spaces where a symbol is a word.
#[component]
fn SpacesLine(unit: Memo<String>) -> impl IntoView {
    let is_of_words = Memo::new(move |_| unit.with(|unit| unit != "character"));
    move || {
        is_of_words.get().then(|| {
            view! { <p class="muted lab-line" data-testid="word-spaces">{spaces_among_words()}</p> }
        })
    }
}

/// The sentence about spaces among words, with the signs that they are drawn as.
pub fn spaces_among_words() -> String {
    say_with!(lab.word_spaces; "space" => visible(" "), "missing" => visible(GLUE))
}

/// How far the dictionary for words of Chinese is, while the text needs it; what to do where it could not be loaded.
#[component]
fn DictionaryLine(lab: Lab) -> impl IntoView {
    let is_wanted = Memo::new(move |_| lab.settings.with(|settings| settings.text.unit == Unit::ChineseWord));
    move || {
        match lab.dictionary.get() {
        Dictionary::Loading if is_wanted.get() => Some(view! {
            <p class="muted lab-line" role="status" data-testid="dictionary-loading">{say!(lab.dictionary_loading)}</p>
        }.into_any()),
        Dictionary::Failed if is_wanted.get() => Some(view! {
            <div class="lab-line" role="alert" data-testid="dictionary-failed">
                <p class="field-error">{say!(errors.no_dictionary)}</p>
                <button class="ghost small" data-testid="dictionary-retry" on:click=move |_| counting::count(lab)>
                    {say!(shell.try_again)}
                </button>
            </div>
        }.into_any()),
        _ => None,
    }
    }
}

/// How many lines of the run's text are longer than its window, or that the text is shorter than one.
#[component]
pub fn CutLines(lab: Lab) -> impl IntoView {
    move || {
        // Said of the text in the box as long as it is the run's.
        lab.facts.track();
        let is_same = lab.status.with(|status| *status != Status::Empty)
            && Rc::ptr_eq(&lab.control().borrow().run_text, &lab.text());
        let run = lab.prepared.with(|prepared| prepared.as_ref().map(|run| (run.cut_lines, run.window)));
        let (lines, window) = run.filter(|_| is_same)?;
        // Of a running text: among lines the longest one decides, and nothing is missing.
        let is_asked = |running: &&RunSettings| running.text.reading == Reading::Running;
        let asked = lab
            .running
            .with(|running| running.as_ref().filter(is_asked).map_or(0, |running| running.training.window));
        let (sentence, testid) = match (lines, window < asked) {
            (0, false) => return None,
            (0, true) => (say_with!(lab.short_text; "window" => window, "asked" => asked), "short-text"),
            (lines, _) => {
                (say_with!(lab.cut_lines; "n" => count(lines as u64), "window" => window), "cut-lines")
            }
        };
        Some(view! { <p class="muted lab-line" role="status" data-testid=testid>{sentence}</p> })
    }
}

/// Symbols, V, the share of `<UNK>`.
#[component]
pub fn Facts(lab: Lab) -> impl IntoView {
    let text = move || {
        let facts = lab.facts.get();
        let unit = lab.settings.with(|settings| settings.text.unit);
        // A text that only the trainer counts: known once it has.
        let counted = match facts.symbols {
            Some(symbols) => Some((symbols, facts.vocabulary, facts.unknown_share)),
            None if lab.status.with(|status| *status != Status::Empty) => {
                let is_same = Rc::ptr_eq(&lab.control().borrow().run_text, &lab.text());
                lab.prepared.with(|prepared| {
                    let prepared = prepared.as_ref().filter(|_| is_same)?;
                    Some((prepared.symbols, prepared.vocabulary.len(), prepared.unknown_share))
                })
            }
            None => None,
        };
        let Some((symbols, vocabulary, unknown)) = counted else {
            return if facts.is_asked {
                say!(lab.facts_asked).to_owned()
            } else {
                say_with!(lab.facts_size; "size" => data_size(facts.bytes as u64))
            };
        };
        if symbols == 0 {
            return say!(lab.facts_none).to_owned();
        }
        let n = count(symbols as u64);
        let symbols = match (unit, symbols) {
            (Unit::Character, 1) => say!(lab.facts_one_character).to_owned(),
            (Unit::Character, _) => say_with!(lab.facts_characters; "n" => n),
            (_, 1) => say!(lab.facts_one_word).to_owned(),
            _ => say_with!(lab.facts_words; "n" => n),
        };
        let share = if unknown == 0.0 {
            say!(lab.facts_no_unknown).to_owned()
        } else {
            say_with!(lab.facts_unknown; "share" => fixed(unknown * 100.0, 1))
        };
        format!("{symbols} · V = {} · {share}", count(vocabulary as u64))
    };
    view! { <p id="text-facts" class="muted num lab-facts" data-testid="text-facts">{text}</p> }
}
