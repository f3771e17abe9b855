use unrolled::language::Unit;
use unrolled::protocol::Request;
use unrolled::protocol::waiting::Waiting;
use unrolled::training::settings::{RunSettings, TextSettings};

fn text_settings(unit: Unit) -> TextSettings {
    TextSettings { unit, ..TextSettings::default() }
}

fn start(run: u32, text: &str, unit: Unit) -> Request {
    let settings = Box::new(RunSettings { text: text_settings(unit), ..RunSettings::default() });
    Request::Start { run, settings, text: text.into(), paused: false, until: None, measures: true }
}

fn count(number: u32, text: &str) -> Request {
    Request::Count { number, settings: Box::new(text_settings(Unit::ChineseWord)), text: text.into() }
}

/// Keeps the requests one after another; returns those that came back, then those that wait.
fn keep(requests: Vec<Request>, has_dictionary: bool) -> (Vec<Request>, Vec<Request>) {
    let mut waiting = Waiting::default();
    let back = requests.into_iter().filter_map(|request| waiting.keep((request, None), has_dictionary));
    let back: Vec<Request> = back.map(|(request, _)| request).collect();
    (back, waiting.take().into_iter().map(|(request, _)| request).collect())
}

#[test]
fn only_words_of_scripts_without_spaces_wait_for_the_dictionary() {
    for (request, waits) in [
        (start(1, "今天有风", Unit::ChineseWord), true),
        (start(1, "วันนี้", Unit::ChineseWord), true),
        (start(1, "今天有风", Unit::Word), false),
        (start(1, "今天有风", Unit::Character), false),
        (start(1, "the cat, été", Unit::ChineseWord), false),
        (count(1, "a 猫"), true),
        (count(1, "a cat"), false),
    ] {
        let (back, kept) = keep(vec![request.clone()], false);
        assert_eq!((back.len(), kept.len()), if waits { (0, 1) } else { (1, 0) }, "{request:?}");
        assert_eq!(keep(vec![request.clone()], true), (vec![request], vec![]));
    }
}

#[test]
fn what_is_asked_of_a_waiting_run_waits_behind_its_start() {
    let asked = vec![
        start(3, "猫", Unit::ChineseWord),
        Request::Resume { run: 3 },
        Request::Snapshot { run: 2 },
        Request::Pause { run: 3 },
    ];
    let (back, kept) = keep(asked.clone(), false);
    assert_eq!(back, [asked[2].clone()]);
    assert_eq!(kept, [asked[0].clone(), asked[1].clone(), asked[3].clone()]);
}

#[test]
fn a_newer_start_or_text_replaces_the_one_that_waits() {
    let (first, second) = (start(1, "猫", Unit::ChineseWord), start(2, "狗", Unit::ChineseWord));
    let asked = vec![first, count(1, "猫"), Request::Resume { run: 1 }, count(2, "狗"), second.clone()];
    assert_eq!(keep(asked, false), (vec![], vec![count(2, "狗"), second]));
}

#[test]
fn a_stopped_run_waits_no_longer() {
    let asked = vec![start(1, "猫", Unit::ChineseWord), Request::Resume { run: 1 }, Request::Stop { run: 1 }];
    assert_eq!(keep(asked, false), (vec![Request::Stop { run: 1 }], vec![]));
}
