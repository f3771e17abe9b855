//! Saved work: the list's order and its limit, names, seats of tabs, the file out and in.

use std::sync::OnceLock;

use proptest::prelude::*;
use unrolled::language::text::MAX_TEXT_BYTES;
use unrolled::training::checkpoint::Checkpoint;
use unrolled::training::session::Session;
use unrolled::training::settings::{CellChoice, RunSettings, TextSource};
use unrolled::view::run::History;
use unrolled::view::saved::desk::{self, Desk, Seat, seat};
use unrolled::view::saved::file::{self, CLOSING, EntryError, FileError, Import, opening, piece};
use unrolled::view::saved::{
    Deleted, Entry, KEPT_RUNS, Kind, NAME_LIMIT, Parts, Status, begins, clean_name, is_same, next_order,
    sort, surplus, weights_mark,
};

fn entry(id: &str, order: u64) -> Entry {
    Entry { id: id.into(), order, ..Entry::default() }
}

fn ids(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.id.as_str()).collect()
}

#[test]
fn the_list_goes_by_its_own_count_and_not_by_a_clock() {
    let mut entries = vec![entry("b", 2), entry("a", 2), entry("c", 3), entry("d", 1)];
    // A clock that was set back.
    entries[2].saved = 1.0;
    entries[3].saved = 9e12;
    sort(&mut entries);
    assert_eq!(ids(&entries), ["c", "a", "b", "d"]);
    assert_eq!(next_order(&entries), 4);
    assert_eq!(next_order(&[]), 1);
    assert_eq!(next_order(&[entry("x", u64::MAX)]), u64::MAX);
}

#[test]
fn only_old_runs_without_a_name_go_and_none_that_is_open() {
    let mut entries: Vec<Entry> =
        (0..KEPT_RUNS as u64 + 4).map(|order| entry(&format!("run{order}"), order)).collect();
    entries[0].name = "mine".into();
    entries[1].kind = Kind::Text;
    assert_eq!(surplus(&entries, &[]), ["run3", "run2"]);
    assert_eq!(surplus(&entries, &["run2".to_owned()]), ["run3"]);
    assert!(surplus(&entries[..KEPT_RUNS], &[]).is_empty());
}

#[test]
fn a_name_is_one_line_of_bounded_length() {
    assert_eq!(clean_name("  my \n best\trun\u{0} "), "my best run");
    assert_eq!(clean_name("\u{7f}\u{9b}"), "");
    // A family is one character, and is not cut in half.
    let family = "👩‍👩‍👧‍👦";
    assert_eq!(clean_name(&family.repeat(2 * NAME_LIMIT)), family.repeat(NAME_LIMIT));
    assert_eq!(begins("\n\n  the cat sat\non the mat"), "the cat sat");
    assert_eq!(begins(&"words ".repeat(20)), "words words words words words words word…");
    assert_eq!(begins(""), "");
}

#[test]
fn what_came_back_from_a_file_is_not_offered_to_be_put_back_again() {
    let named = |id: &str, name: &str| Entry { name: name.into(), text_mark: "one".into(), ..entry(id, 1) };
    let names = named("a", "Names");
    let others = [named("b", "Sums"), named("c", "Names, longer")];
    let before: Vec<Entry> = [names.clone()].into_iter().chain(others.clone()).collect();
    let deleted = Deleted::from(&before, names.clone());
    assert!(deleted.is_missing(&others));
    assert!(deleted.is_missing(&before), "a list that is not read anew yet still has it");
    let mut again = others.to_vec();
    again.push(named("d", "Names"));
    assert!(!deleted.is_missing(&again));
    // Two that hold the same: one of them is deleted, and can be put back.
    let two = [names.clone(), named("d", "Names")];
    assert!(Deleted::from(&two, names).is_missing(&two[1..]));
}

#[test]
fn a_file_of_one_run_is_called_after_it() {
    let name = |name: &str| file::file_name(name, "2026-05-01");
    assert_eq!(name(""), "unrolled-saved-2026-05-01.json");
    assert_eq!(name("Names"), "unrolled-saved-names-2026-05-01.json");
    assert_eq!(name("“To be, or/not\\..”"), "unrolled-saved-to-be-or-not-2026-05-01.json");
    assert_eq!(name("古诗 二"), "unrolled-saved-古诗-二-2026-05-01.json");
    assert_eq!(name("../.."), "unrolled-saved-2026-05-01.json");
    assert!(name(&"long ".repeat(40)).chars().count() < 80);
}

fn desk(id: &str, order: u64) -> Desk {
    Desk { id: id.into(), order, ..Desk::default() }
}

#[test]
fn a_tab_comes_back_to_its_own_desk_and_never_to_one_in_use() {
    let desks = [desk("a", 1), desk("b", 3), desk("c", 2)];
    let at = |id: &str| Seat::At(id.to_owned());
    let beside = |id: &str| Seat::Beside(id.to_owned());
    let held = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<String>>();
    assert_eq!(seat(&[], None, &[]), Seat::New);
    assert_eq!(seat(&[], Some("gone"), &[]), Seat::New);
    // A reload comes back to its own; a browser that was closed, to the one left last.
    assert_eq!(seat(&desks, Some("a"), &[]), at("a"));
    assert_eq!(seat(&desks, None, &[]), at("b"));
    assert_eq!(seat(&desks, Some("gone"), &held(&["b"])), at("c"));
    // A tab that was duplicated remembers a desk at which the other one sits.
    assert_eq!(seat(&desks, Some("a"), &held(&["a"])), beside("a"));
    assert_eq!(seat(&desks, None, &held(&["a", "b", "c"])), beside("b"));
}

#[test]
fn desks_of_closed_tabs_are_cleared_away_oldest_first() {
    let desks: Vec<Desk> = (0..8).map(|order| desk(&format!("d{order}"), order)).collect();
    assert_eq!(desk::surplus(&desks, &["d0".to_owned()]), ["d3", "d2", "d1"]);
    assert_eq!(desk::next_order(&desks), 8);
}

const TEXT: &str = "the cat sat on the mat and the dog lay on the log, and so it went on and on.\n";

fn settings() -> RunSettings {
    let mut settings = RunSettings::default();
    settings.text.source = TextSource::Own(String::new());
    settings.model.cell = CellChoice::Preset("gru".into());
    settings.model.hidden = 6;
    settings.training.batch = 2;
    settings.training.window = 8;
    settings
}

fn trained() -> (Entry, Parts) {
    let text = TEXT.repeat(4);
    let mut session = Session::new(settings(), &text, None, None).expect("a run");
    for _ in 0..5 {
        session.update().expect("an update");
    }
    let weights = session.checkpoint().to_bytes();
    let history = History {
        step: 5,
        losses: (1..=5).map(|step| (step, 3.0 / step as f32)).collect(),
        samples: vec![(0, "xq".into())],
        ..History::default()
    };
    let entry = Entry {
        name: "a <b>name</b>".into(),
        settings: settings(),
        status: Status::Running,
        step: 5,
        saved: 1_764_260_000_000.0,
        ..entry("0123456789abcdef", 7)
    };
    (entry, Parts { text, history, prepared: Some(session.prepared()), weights })
}

fn written(works: &[(Entry, Parts)]) -> String {
    let pieces: Vec<String> =
        works.iter().enumerate().map(|(place, (entry, parts))| piece(entry, parts, place == 0)).collect();
    format!("{}{}{CLOSING}", opening(), pieces.concat())
}

/// One file for many damages.
fn good_file() -> &'static str {
    static FILE: OnceLock<String> = OnceLock::new();
    FILE.get_or_init(|| written(&[trained()]))
}

#[track_caller]
fn refused(json: &str) -> EntryError {
    let Import { taken, mut refused } = file::read(&format!("{}{json}{CLOSING}", opening())).expect("a file");
    assert!(taken.is_empty(), "{taken:?}");
    refused.remove(0).1
}

#[test]
fn the_loss_of_a_run_is_the_list_s_own_before_and_after_the_file() {
    let loss = |history: History| {
        let (run, parts) = trained();
        let import = file::read(&written(&[(run, Parts { history, ..parts })])).expect("a file");
        let (entry, parts) = import.taken.into_iter().next().expect("an entry");
        (entry.loss, parts.history.recent_loss)
    };
    let history = trained().1.history;
    let recent = History { recent_loss: Some(0.3214609), ..history.clone() };
    assert_eq!(loss(recent.clone()), (Some(0.3214609), Some(0.3214609)));
    // Without it, the end of the curve says it, and without a curve the last update.
    assert_eq!(loss(history.clone()), (history.loss().map(|loss| loss as f32), None));
    let header = Checkpoint::from_bytes(&trained().1.weights).expect("a checkpoint").header;
    assert_eq!(loss(History { step: 5, ..History::default() }), (Some(header.loss), None));
    // Of a run that had gone on after these weights, it is not theirs.
    let (later, _) = loss(History { step: 6, losses: vec![(5, 0.5), (6, 9.0)], ..recent });
    assert_eq!(later, Some(0.5));
}

#[test]
fn what_is_written_is_read_again_without_its_id() {
    let (run, parts) = trained();
    let text = Entry { kind: Kind::Text, settings: settings(), ..entry("t", 3) };
    let text_parts = Parts { text: "一段自己的文本\n".into(), ..Parts::default() };
    let file = written(&[(run.clone(), parts.clone()), (text, text_parts.clone())]);
    let Import { taken, refused } = file::read(&file).expect("a file");
    assert_eq!(refused, []);
    let [(first, first_parts), (second, second_parts)] = taken.as_slice() else { panic!("{taken:?}") };
    assert_eq!(*first_parts, parts);
    assert_eq!((first.id.as_str(), first.order), ("", 0));
    assert_eq!((first.name.as_str(), first.step, first.saved), (run.name.as_str(), 5, run.saved));
    assert_eq!(first.settings, run.settings);
    // Nothing trains because a file says so.
    assert_eq!(first.status, Status::Paused);
    assert_eq!(first.weights_mark, weights_mark(&parts.weights));
    assert_eq!((second.kind, second.begins.as_str()), (Kind::Text, "一段自己的文本"));
    assert_eq!(second_parts.text, text_parts.text);
    // Written and read once more, it is the same, which is how an import knows what is there already.
    let again = file::read(&written(&taken)).expect("a file").taken;
    assert!(is_same(&again[0].0, first) && is_same(&again[1].0, second));
    assert!(!is_same(first, second));
    assert!(!is_same(&Entry { name: "another".into(), ..first.clone() }, first));
    // The run goes on with the very numbers.
    let checkpoint = Checkpoint::from_bytes(&first_parts.weights).expect("a checkpoint");
    let mut continued =
        Session::new(first.settings.clone(), &first_parts.text, None, Some(&checkpoint)).expect("a run");
    let mut whole = Session::new(settings(), &parts.text, None, None).expect("a run");
    for _ in 0..5 {
        whole.update().expect("an update");
    }
    let losses = [continued.update(), whole.update()].map(|update| update.expect("an update").loss.to_bits());
    assert_eq!(losses[0], losses[1]);
}

#[test]
fn other_files_are_told_apart() {
    assert_eq!(file::read(""), Err(FileError::Foreign));
    assert_eq!(file::read("no json"), Err(FileError::Foreign));
    assert_eq!(file::read("{\"format\":\"unrolled-experiment/1\"}"), Err(FileError::Foreign));
    assert_eq!(file::read("{\"format\":\"unrolled-saved/0\",\"entries\":[]}"), Err(FileError::Foreign));
    assert_eq!(
        file::read("{\"format\":\"unrolled-saved/2\",\"entries\":[]}"),
        Err(FileError::Newer { version: 2 })
    );
    assert_eq!(file::read(&"[".repeat(100_000)), Err(FileError::Foreign));
    let deep = format!("{}{}{CLOSING}", opening(), "[".repeat(100_000));
    assert_eq!(file::read(&deep), Err(FileError::Foreign));
    let many = format!("{}{}{CLOSING}", opening(), vec!["{}"; file::MOST_ENTRIES + 1].join(","));
    assert_eq!(file::read(&many), Err(FileError::TooMany { count: file::MOST_ENTRIES + 1 }));
    assert_eq!(file::read(&format!("\u{feff}{}{CLOSING}", opening())), Ok(Import::default()));
    // Cut in half.
    let file = written(&[trained()]);
    assert_eq!(file::read(&file[..file.len() / 2]), Err(FileError::CutOff));
}

#[test]
fn an_entry_that_cannot_be_taken_is_named_and_the_others_are_taken() {
    let (run, parts) = trained();
    let mut damaged = parts.clone();
    let last = damaged.weights.len() - 1;
    damaged.weights[last] ^= 1;
    let mut wider = run.clone();
    wider.settings.model.hidden = 7;
    wider.name = "wider".into();
    let file = written(&[(run.clone(), damaged), (run.clone(), parts.clone()), (wider, parts)]);
    let Import { taken, refused } = file::read(&file).expect("a file");
    assert_eq!(taken.len(), 1);
    let names: Vec<&str> = refused.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, [run.name.as_str(), "wider"]);
    assert!(matches!(refused[0].1, EntryError::Weights(_)), "{:?}", refused[0]);
    assert_eq!(refused[1].1, EntryError::OtherWeights);
}

#[test]
fn what_an_entry_says_is_checked_like_settings() {
    assert_eq!(refused("{}"), EntryError::Empty);
    assert_eq!(refused("7"), EntryError::Unreadable);
    assert_eq!(refused("{\"text\":7}"), EntryError::Unreadable);
    assert_eq!(refused("{\"kind\":\"text\",\"text\":\"\"}"), EntryError::Empty);
    let long = format!("{{\"kind\":\"text\",\"text\":\"{}\"}}", "a".repeat(MAX_TEXT_BYTES + 1));
    assert_eq!(refused(&long), EntryError::TextTooLarge { bytes: MAX_TEXT_BYTES + 1 });
    let sample = "{\"settings\":{\"text\":{\"source\":{\"Sample\":\"../../x\"}}},\"weights\":\"AAAA\"}";
    assert_eq!(refused(sample), EntryError::Unreadable);
    let huge = "{\"settings\":{\"model\":{\"hidden\":1000000000}},\"weights\":\"AAAA\"}";
    assert!(matches!(refused(huge), EntryError::Settings(_)));
    let not_base64 = "{\"weights\":\"not base64!\"}";
    assert!(matches!(refused(not_base64), EntryError::Weights(_)));
    let brackets = format!(
        "{{\"settings\":{{\"model\":{{\"cell\":{{\"Own\":\"state a\\na<t> = {}\"}}}}}},\"weights\":\"AAAA\"}}",
        "(".repeat(100_000)
    );
    assert!(matches!(refused(&brackets), EntryError::Settings(_)));
}

#[test]
fn curves_are_stored_without_what_json_cannot_say() {
    let history = History {
        step: 9,
        losses: vec![(1, 2.0), (2, f32::NAN), (3, 1.5), (3, 9.0), (2, 9.0), (4, f32::INFINITY)],
        gradient_norm: f32::INFINITY,
        symbols_per_second: f64::NAN,
        reach: vec![("a".into(), vec![1.0, f32::NAN]), ("c".into(), vec![1.0])],
        ..History::default()
    };
    let stored = history.storable();
    assert_eq!(stored.losses, [(1, 2.0), (3, 1.5)]);
    assert_eq!(stored.reach, [("c".to_owned(), vec![1.0])]);
    let json = serde_json::to_string(&stored).expect("JSON");
    assert_eq!(serde_json::from_str::<History>(&json).expect("a history"), stored);
}

proptest! {
    #[test]
    fn no_text_makes_the_importer_panic(text in "\\PC{0,200}") {
        let _ = file::read(&text);
    }

    #[test]
    fn no_change_of_a_good_file_makes_it_panic(at in 0usize..100_000, with in any::<u8>(), length in 0usize..40) {
        let mut bytes = good_file().as_bytes().to_vec();
        let at = at % bytes.len();
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, [with]);
        if let Ok(import) = file::read(&String::from_utf8_lossy(&bytes)) {
            // What is taken can be trained on, or is refused in words.
            for (entry, parts) in import.taken {
                prop_assert!(entry.id.is_empty() && entry.name.chars().count() <= 40 * NAME_LIMIT);
                if let Ok(checkpoint) = Checkpoint::from_bytes(&parts.weights) {
                    let _ = Session::new(entry.settings, &parts.text, None, Some(&checkpoint));
                }
            }
        }
    }

    #[test]
    fn a_tab_never_sits_where_another_does(
        orders in prop::collection::vec(0u64..6, 0..7),
        mine in prop::option::of(0usize..8),
        held in prop::collection::vec(0usize..8, 0..7),
    ) {
        let desks: Vec<Desk> =
            orders.iter().enumerate().map(|(place, order)| desk(&format!("d{place}"), *order)).collect();
        let mine = mine.map(|place| format!("d{place}"));
        let held: Vec<String> = held.into_iter().map(|place| format!("d{place}")).collect();
        match seat(&desks, mine.as_deref(), &held) {
            Seat::At(id) => prop_assert!(!held.contains(&id) && desks.iter().any(|desk| desk.id == id)),
            Seat::Beside(id) => prop_assert!(held.contains(&id)),
            Seat::New => prop_assert!(desks.is_empty()),
        }
    }
}
