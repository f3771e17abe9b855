//! For a class: lesson links, embedding, QR codes, the keys of a presentation, and the page for teachers.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use unrolled::training::settings::{CellChoice, TextSource};
use unrolled::view::address::CHAPTERS;
use unrolled::view::embed::iframe;
use unrolled::view::figures::{Values, link as figure_link};
use unrolled::view::link::{
    Held, LeftOut, Lesson, MOST_WEIGHTS, Part, Shared, Tool, WeightsFrom, held, holds_state, read, write,
};
use unrolled::view::present::{Command, Move, Page, belongs_to_field, command};
use unrolled::view::qr::{LONGEST, QUIET, code};

fn lesson(present: bool, embed: bool, hide: &[Part]) -> Lesson {
    Lesson { present, embed, hide: hide.to_vec() }
}

#[test]
fn how_a_page_is_shown_stands_before_the_state_and_comes_back_from_the_link() {
    let mut state = Shared::default();
    state.stepper.step = 3;
    state.lesson = lesson(true, false, &[Part::Cell, Part::Weights]);
    let link = write(&state);
    assert_eq!(link.query, "?v=1.5&present=1&hide=cell,weights&step=3");
    let opened = read(&link.query, &link.fragment);
    assert_eq!(opened.errors, []);
    assert_eq!(opened.state, state);
}

#[test]
fn parts_that_nobody_knows_are_ignored_and_do_no_harm() {
    let opened = read("?hide=cell,everything,,<script>,cell&present=yes&embed=2&step=3", "");
    assert_eq!(opened.errors, []);
    assert_eq!(opened.state.lesson, lesson(false, false, &[Part::Cell]));
    assert_eq!(opened.state.stepper.step, 3);
}

#[test]
fn a_view_that_is_left_does_not_make_a_link_look_cut() {
    let mut state = Shared::default();
    state.stepper.sentence = "cats & dogs".into();
    state.lesson = lesson(true, true, &Part::ALL);
    let link = write(&state);
    // The page takes its own part out of the address without writing the state anew.
    let left = Lesson::default().put(&link.query);
    let opened = read(&left, &link.fragment);
    assert_eq!(opened.errors, []);
    assert_eq!(opened.state, Shared { lesson: Lesson::default(), ..state });
    // The state cut short is still noticed.
    let cut = link.query.strip_suffix("dogs").expect("the sentence stands last");
    assert_eq!(read(cut, "").errors.len(), 1);
}

#[test]
fn only_what_says_something_about_a_run_or_a_walk_is_a_state() {
    for query in ["", "?", "?present=1", "?embed=1&hide=cell"] {
        assert!(!holds_state(query), "{query}");
    }
    for query in ["?v=1.0", "?v=1.0&present=1", "?cell=gru&present=1", "?embed=cut"] {
        assert!(holds_state(query), "{query}");
    }
}

#[test]
fn a_figure_that_stands_alone_in_the_book_stays_so() {
    assert_eq!(lesson(true, false, &[]).put("?embed=cut&at=3"), "?present=1&embed=cut&at=3");
    assert_eq!(Lesson::read("?embed=cut&at=3"), Lesson::default());
}

proptest! {
    #[test]
    fn any_view_comes_back_from_any_query(present: bool, embed: bool, bits in 0_u16..1024, rest in "[a-z]{0,3}=[a-z%&=]{0,12}") {
        let hide: Vec<Part> =
            Part::ALL.into_iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, part)| part).collect();
        let lesson = lesson(present, embed, &hide);
        let query = lesson.put(&rest);
        prop_assert_eq!(Lesson::read(&query), lesson.clone());
        // Twice is once, and taking it out leaves the rest.
        prop_assert_eq!(lesson.put(&query), query.clone());
        prop_assert_eq!(Lesson::default().put(&query), Lesson::default().put(&rest));
    }

    #[test]
    fn no_query_is_too_odd_to_be_shown(query in ".{0,60}") {
        let _ = Lesson::read(&query).put(&query);
    }
}

#[test]
fn a_part_is_put_away_once_and_comes_back() {
    let mut lesson = Lesson::default();
    for part in [Part::Weights, Part::Cell, Part::Weights] {
        lesson.set(part, true);
    }
    assert_eq!(lesson.hide, [Part::Cell, Part::Weights]);
    assert_eq!(lesson.hidden_names(), "cell weights");
    lesson.set(Part::Cell, false);
    assert_eq!(lesson.hide, [Part::Weights]);
}

#[test]
fn every_part_has_its_name_in_the_style_sheet_and_in_some_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sheet = fs::read_to_string(root.join("style/classroom.css")).expect("the style sheet");
    let sources: String = ["shell", "stepper", "lab", "cell"]
        .iter()
        .flat_map(|folder| fs::read_dir(root.join("src/app").join(folder)).expect("a folder"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
        .map(|path| fs::read_to_string(path).expect("a source"))
        .collect();
    for part in Part::ALL {
        let name = part.id();
        assert!(sheet.contains(&format!("[data-hide~={name}] [data-part={name}]")), "{name}");
        let is_named = [format!("data-part=\"{name}\""), format!("part=\"{name}\"")];
        assert!(is_named.iter().any(|attribute| sources.contains(attribute)), "{name}");
        assert!([Tool::Stepper, Tool::Lab, Tool::Cell].into_iter().any(|tool| part.is_in(tool)), "{name}");
    }
}

#[test]
fn what_a_link_holds_is_what_it_was_given() {
    let mut state = Shared::default();
    let of = |state: &Shared, tool| held(state, &write(state), tool);
    assert_eq!(of(&state, Tool::Stepper), [Held::Place, Held::Seed]);
    assert_eq!(of(&state, Tool::Lab), [Held::Settings, Held::Sample]);
    state.run.text.source = TextSource::Own("a short text".into());
    state.run.model.cell = CellChoice::Own("state a".into());
    state.trained = 900;
    assert_eq!(of(&state, Tool::Lab), [Held::Settings, Held::Text(12), Held::Trained(900), Held::Cell]);
    state.stepper.weights = WeightsFrom::Given;
    state.weights = vec![0.5; MOST_WEIGHTS];
    assert_eq!(of(&state, Tool::Stepper), [Held::Place, Held::Weights(MOST_WEIGHTS)]);
    state.weights.push(0.5);
    assert_eq!(write(&state).left_out, [LeftOut::Weights]);
    assert_eq!(of(&state, Tool::Stepper), [Held::Place], "what is left out is not said to be in it");
}

#[test]
fn weights_up_to_the_limit_travel_in_a_lesson_link_too() {
    let mut state = Shared::default();
    state.stepper.weights = WeightsFrom::Given;
    state.weights = (0..MOST_WEIGHTS).map(|place| (place as f32 * 0.37).sin()).collect();
    state.lesson = lesson(false, true, &[Part::Navigation]);
    let link = write(&state);
    assert_eq!(link.left_out, []);
    let opened = read(&link.query, &link.fragment);
    assert_eq!(opened.errors, []);
    assert_eq!(opened.state, state);
}

#[test]
fn the_text_for_another_page_escapes_what_would_end_it() {
    let text = iframe("https://x.org/?a=1&b=\"><script>", "“a” & <b>", 720);
    assert_eq!(
        text,
        "<iframe src=\"https://x.org/?a=1&amp;b=&quot;&gt;&lt;script&gt;\" title=\"“a” &amp; &lt;b&gt;\" width=\"100%\" \
         height=\"720\" loading=\"lazy\" allow=\"fullscreen\"></iframe>"
    );
}

/// The squares of a code's path, true where dark.
fn squares(path: &str, size: usize) -> Vec<bool> {
    let mut dark = vec![false; size * size];
    for stretch in path.split('M').skip(1) {
        let (x, rest) = stretch.split_once(' ').expect("x y");
        let (y, rest) = rest.split_once('h').expect("h");
        let (length, _) = rest.split_once('v').expect("v");
        let [x, y, length] = [x, y, length].map(|number| number.parse::<usize>().expect("a number"));
        dark[y * size + x..y * size + x + length].fill(true);
    }
    dark
}

/// What a reader of codes reads, each square a few pixels wide.
fn decoded(text: &str) -> String {
    let code = code(text).expect("it fits");
    let dark = squares(&code.path, code.size);
    const PIXELS: usize = 4;
    let side = code.size * PIXELS;
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
        if dark[y / PIXELS * code.size + x / PIXELS] { 0 } else { 255 }
    });
    let grids = picture.detect_grids();
    assert_eq!(grids.len(), 1, "one code is found");
    grids[0].decode().expect("it can be read").1
}

#[test]
fn a_qr_code_is_read_back_to_the_same_link() {
    let mut state = Shared::default();
    state.stepper.sentence = "小猫坐在垫子上".into();
    state.lesson = lesson(true, false, &Part::ALL);
    let link = format!("https://example.org/unrolled/zh/stepper/{}", write(&state).query);
    assert_eq!(decoded(&link), link);
    for length in [1, 100, 500, LONGEST] {
        let text: String = "https://example.org/?".chars().cycle().take(length).collect();
        assert_eq!(decoded(&text), text, "{length} bytes");
    }
}

#[test]
fn a_qr_code_has_its_quiet_zone_and_says_when_a_link_is_too_long() {
    let code = code("https://example.org/").expect("it fits");
    let dark = squares(&code.path, code.size);
    let inner = QUIET..code.size - QUIET;
    for (at, _) in dark.iter().enumerate().filter(|(_, dark)| **dark) {
        assert!(inner.contains(&(at / code.size)) && inner.contains(&(at % code.size)));
    }
    assert_eq!(unrolled::view::qr::code(&"x".repeat(LONGEST + 1)).map_err(|e| e.bytes), Err(LONGEST + 1));
}

#[test]
fn a_clickers_keys_mean_what_they_say_on_it() {
    for (key, shift, expected) in [
        ("PageDown", false, Command::Go(Move::Next)),
        ("PageUp", false, Command::Go(Move::Previous)),
        ("ArrowRight", false, Command::Go(Move::Next)),
        ("ArrowLeft", false, Command::Go(Move::Previous)),
        ("ArrowRight", true, Command::Go(Move::NextLarge)),
        ("ArrowDown", false, Command::Go(Move::NextLarge)),
        ("d", false, Command::Go(Move::Turn)),
        ("b", false, Command::Blank),
        (".", false, Command::Blank),
        ("F5", false, Command::Fullscreen),
        ("Escape", false, Command::Leave),
        ("p", false, Command::Spotlight),
        ("L", true, Command::Spotlight),
        ("?", true, Command::Help),
    ] {
        assert_eq!(command(key, shift), Some(expected), "{key}");
    }
    for key in ["a", "Tab", "Enter", " ", "Shift", "F12"] {
        assert_eq!(command(key, false), None, "{key}");
    }
    // In a field letters and arrows are the field's, a clicker's own keys are not.
    assert!(belongs_to_field("b") && belongs_to_field("ArrowLeft") && belongs_to_field("?"));
    assert!(!belongs_to_field("PageDown") && !belongs_to_field("Escape"));
}

fn page(stops: &[f64], top: f64) -> Page {
    Page { figures: stops.to_vec(), questions: Vec::new(), top, window: 600.0, height: 2000.0 }
}

#[test]
fn a_question_is_shown_by_one_press_and_answered_by_the_next() {
    let at = |top: f64| Page { questions: vec![700.0, 1900.0], ..page(&[100.0], top) };
    assert_eq!((at(100.0).opens(), at(100.0).next()), (None, Some(580.0)), "it is not in view yet");
    assert_eq!((at(580.0).opens(), at(580.0).next()), (None, Some(700.0)), "in view, but not shown");
    assert_eq!(at(700.0).opens(), Some(0));
    assert_eq!((at(1100.0).opens(), at(1100.0).next()), (None, Some(1400.0)));
    assert_eq!(at(1400.0).opens(), Some(1), "the page goes no farther");
    assert_eq!(at(1000.0).previous(), Some(700.0));
    // A page of one window is all in view at once.
    assert_eq!(Page { questions: vec![300.0], height: 500.0, ..page(&[], 0.0) }.opens(), Some(0));
}

#[test]
fn a_press_goes_to_the_next_figure_or_turns_and_never_jumps_over_anything() {
    assert_eq!(page(&[200.0, 900.0], 0.0).next(), Some(200.0));
    assert_eq!(page(&[200.0, 900.0], 200.0).next(), Some(680.0), "the figure is farther than a turn");
    assert_eq!(page(&[], 1300.0).next(), Some(1400.0), "the end is kept to");
    assert_eq!(page(&[], 1400.0).next(), None);
    assert_eq!(page(&[200.0, 900.0], 900.0).previous(), Some(420.0));
    assert_eq!(page(&[200.0, 900.0], 420.0).previous(), Some(200.0));
    assert_eq!(page(&[], 0.0).previous(), None);
}

proptest! {
    #[test]
    fn pressing_on_shows_all_of_a_page_and_ends(figures in prop::collection::vec(0.0..5000.0_f64, 0..6), questions in prop::collection::vec(0.0..5000.0_f64, 0..4), height in 100.0..5000.0_f64) {
        let mut page = Page { figures, questions, top: 0.0, window: 600.0, height };
        for _ in 0..100 {
            if let Some(question) = page.opens() {
                page.questions.remove(question);
                continue;
            }
            let Some(next) = page.next() else {
                prop_assert!(page.top + page.window >= height - 8.0, "the bottom is seen");
                return Ok(());
            };
            prop_assert!(next > page.top && next - page.top < page.window, "{} to {next}", page.top);
            page.top = next;
        }
        prop_assert!(false, "it does not end");
    }
}

/// A language's page for teachers.
fn teachers(language: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content").join(language).join("teachers.md");
    fs::read_to_string(path).expect("the page for teachers")
}

/// Links to something: what stands behind `](kind:`.
fn links<'t>(text: &'t str, kind: &str) -> Vec<&'t str> {
    let start = format!("]({kind}:");
    text.split(&start).skip(1).map(|rest| rest.split(')').next().expect("the link's end")).collect()
}

#[test]
fn every_link_of_the_page_for_teachers_opens_as_it_says() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("public/samples/index.json");
    let samples = fs::read_to_string(samples).expect("the samples");
    let keys = "present hide text reading cell hidden rule rate clip window steps show sentence units weights step \
                equation direction notation row";
    let keys: BTreeSet<&str> = keys.split_whitespace().collect();
    for language in ["en", "zh"] {
        let text = teachers(language);
        let (mut tools, mut lessons, mut sheets) = (0, 0, 0);
        for link in links(&text, "page") {
            let (target, query) = link.split_once('?').unwrap_or((link, ""));
            if target == "worksheets" {
                // The page as it begins, or the sheet of a chapter.
                let sheet = query.is_empty().then(Values::default);
                let sheet = sheet.or_else(|| figure_link::read(query).map(|figure| figure.changed));
                let sheet = sheet.unwrap_or_else(|| panic!("{language}: {link}"));
                let chapter = sheet.text("chapter");
                assert!(chapter.is_empty() || CHAPTERS.contains(&chapter), "{language}: {link}");
                sheets += 1;
                continue;
            }
            assert!(!query.is_empty(), "{language}: {link} has no state");
            let tool = match target {
                "stepper" => Tool::Stepper,
                "lab" => Tool::Lab,
                other => panic!("{language}: {other}"),
            };
            tools += 1;
            let opened = read(query, "");
            assert_eq!(opened.errors, [], "{language}: {link}");
            for (key, value) in query.split('&').map(|pair| pair.split_once('=').expect("key=value")) {
                assert!(keys.contains(key), "{language}: {key} in {link}");
                if key == "text" {
                    assert!(samples.contains(&format!("\"{value}\"")), "{language}: {value}");
                }
                if key == "hide" {
                    lessons += 1;
                    assert_eq!(
                        opened.state.lesson.hide.len(),
                        value.split(',').count(),
                        "{language}: {link}"
                    );
                    assert!(
                        opened.state.lesson.hide.iter().all(|part| part.is_in(tool)),
                        "{language}: {link}"
                    );
                }
            }
            let stepper = &opened.state.stepper;
            let steps = stepper.sentence.chars().count() + 1;
            assert!(stepper.step <= steps, "{language}: {link} has {steps} steps");
        }
        assert!(tools > 15 && lessons == 6, "{language}: {tools} links, {lessons} lessons");
        assert!(sheets > 0, "{language}: no link to the worksheets");
        for link in links(&text, "chapter") {
            let chapter = link.split(['?', '#']).next().expect("a name");
            assert!(CHAPTERS.contains(&chapter), "{language}: {link}");
            if let Some((_, rest)) = link.split_once('?') {
                let query = rest.split('#').next().expect("a query");
                assert!(Lesson::read(query).present, "{language}: {link}");
            }
        }
    }
}

#[test]
fn both_pages_for_teachers_give_the_same_lessons() {
    let shape = |language: &str| {
        let text = teachers(language);
        let minutes: Vec<String> = text
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.split_once(" |"))
            .map(|(first, _)| first.to_owned())
            .filter(|first| first.contains('–'))
            .collect();
        let chapters: Vec<String> = links(&text, "chapter").into_iter().map(str::to_owned).collect();
        let hidden: Vec<Vec<Part>> =
            links(&text, "page").iter().map(|link| read(link, "").state.lesson.hide).collect();
        let points = text.lines().filter(|line| line.starts_with("- *")).count();
        (minutes, chapters, hidden, points)
    };
    assert_eq!(shape("en"), shape("zh"));
    // Each plan leaves no minute out.
    let (minutes, ..) = shape("en");
    let mut ends = Vec::new();
    let mut last = 0;
    for stretch in minutes {
        let (from, to) = stretch.split_once('–').expect("from–to");
        let (from, to): (u32, u32) = (from.parse().expect("minutes"), to.parse().expect("minutes"));
        if from == 0 {
            ends.extend((last > 0).then_some(last));
        } else {
            assert_eq!(from, last, "{stretch}");
        }
        assert!(to > from, "{stretch}");
        last = to;
    }
    ends.push(last);
    assert_eq!(ends, [45, 45, 90, 90]);
}
