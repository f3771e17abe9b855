//! Presenting: what the keys of a clicker mean, and where a page stops on the way down.

use proptest::prelude::*;
use unrolled::view::present::{Command, Move, Page, belongs_to_field, command};

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
