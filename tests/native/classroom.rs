//! For a class: lesson links, embedding, QR codes.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use unrolled::training::settings::{CellChoice, TextSource};
use unrolled::view::embed::{first_sentence, iframe};
use unrolled::view::link::{
    Held, LeftOut, Lesson, MOST_WEIGHTS, Part, Shared, Tool, WeightsFrom, held, holds_state, read,
    trains_again, write,
};
use unrolled::view::qr::{LONGEST, QUIET, code};
use unrolled::view::stepper::edits::Target;

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
fn a_frame_is_named_by_the_first_sentence_of_a_caption() {
    assert_eq!(first_sentence("A batch of 2.5 rows. Choose one."), "A batch of 2.5 rows.");
    assert_eq!(first_sentence("按住一个门。看看会怎样。"), "按住一个门。");
    assert_eq!(first_sentence("Which step forgets? Drag it."), "Which step forgets?");
    assert_eq!(first_sentence("The memory, W_ax x⟨t⟩"), "The memory, W_ax x⟨t⟩");
    assert_eq!(first_sentence(""), "");
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
    assert!(!trains_again(&state), "random weights are drawn, not trained");
    state.stepper.weights = WeightsFrom::Trained;
    assert!(trains_again(&state));
    state.stepper.weights = WeightsFrom::Given;
    assert!(!trains_again(&state));
    state.weights = vec![0.5; MOST_WEIGHTS];
    assert_eq!(of(&state, Tool::Stepper), [Held::Place, Held::Weights(MOST_WEIGHTS)]);
    state.weights.push(0.5);
    assert_eq!(write(&state).left_out, [LeftOut::Weights]);
    assert_eq!(of(&state, Tool::Stepper), [Held::Place], "what is left out is not said to be in it");
    state.stepper.edits.put(Target::Input { step: 0, row: 1 }, Some(0.7));
    assert_eq!(of(&state, Tool::Stepper), [Held::Place, Held::Edits(1)]);
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
