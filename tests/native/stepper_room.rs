//! What a class sees of an opened equation: fewer rows and columns, and nothing too small for the back row.

use std::path::Path;

use unrolled::engine::model::Model;
use unrolled::engine::presets::presets;
use unrolled::engine::syntax::Cell;
use unrolled::language::Unit;
use unrolled::training::initial::xavier;
use unrolled::view::diagram::diagram;
use unrolled::view::formula::{NoFacts, Notation, Typesetter};
use unrolled::view::markup::Node;
use unrolled::view::stepper::Direction;
use unrolled::view::stepper::blocks::{Drawn, Scene, Words, draw};
use unrolled::view::stepper::edits::Edits;
use unrolled::view::stepper::matrix::Place;
use unrolled::view::stepper::model::StepperModel;
use unrolled::view::stepper::opened_line::opened;
use unrolled::view::stepper::opening::Takes;
use unrolled::view::stepper::room::{BACK_ROW, PRESENTED, Room};
use unrolled::view::stepper::sequence::own;
use unrolled::view::stepper::spell::Entry;

use crate::common::stacked;

/// A usual projector.
const PROJECTOR: (f64, f64) = (1280.0, 720.0);

fn model(cell: &Cell, units: usize) -> StepperModel {
    let sequence = own("the cat sat on it", Unit::Character, None);
    let architecture = stacked(cell, 1, units, sequence.vocabulary.len());
    let weights = xavier::<f64>(&architecture, 3, |_| 0.25);
    StepperModel::edited(Model::from_flat(&architecture, &weights), sequence, &Edits::default())
        .expect("the sentence fits the model")
}

/// A line at the third step as it is presented.
fn presented(model: &StepperModel, (direction, number): (Direction, usize), chosen: Entry) -> Drawn {
    let line = &model.lines.along(direction)[number];
    let opened = opened(model, line, number, 2).expect("the line has its numbers");
    let scene = Scene {
        place: Place { model, before: None, part: line.part, step: 2 },
        letters: Typesetter { notation: Notation::Notes, step: Some(3), facts: &NoFacts },
        words: Words {
            standing: |_| None,
            windowed: &|rows, columns| format!("{rows} by {columns}"),
            differing: &|count, total, most| format!("{count} of {total}: {most}"),
        },
        room: Room::of(PROJECTOR, true),
        entry: chosen,
        chosen,
        has_column: false,
    };
    draw(&opened.pieces, None, &scene)
}

/// Every line of every preset, with as many hidden units as a reader may choose and with few.
fn each_line(see: impl Fn(&StepperModel, &Drawn, Entry, &str)) {
    for preset in presets() {
        for units in [1, 4, 6, 24, 64] {
            let model = model(&preset.cell, units);
            let chosen = Entry { row: units / 2, column: 0 };
            for direction in [Direction::Forward, Direction::Backward] {
                for number in 0..model.lines.along(direction).len() {
                    let what = format!("{} {units}, {direction:?} {number}", preset.id);
                    see(&model, &presented(&model, (direction, number), chosen), chosen, &what);
                }
            }
        }
    }
}

#[test]
fn digits_of_a_presented_block_are_large_enough_for_the_back_row_and_fit_their_cells() {
    each_line(|_, drawn, _, what| {
        for node in &drawn.nodes {
            node.each(&mut |element| {
                if let Some(size) = element.attribute("font-size") {
                    let size: f64 = size.parse().expect("a number");
                    assert!(size * PRESENTED >= BACK_ROW - 1e-9, "{what}: {size}");
                    let length = Node::from(element.clone()).plain().chars().count() as f64;
                    let widest = drawn.pictures.iter().flat_map(|picture| &picture.columns.entries);
                    let widest = widest.map(|(.., width)| *width).fold(0.0, f64::max);
                    assert!(length * 0.58 * size <= widest, "{what}: {length} digits in {widest} pixels");
                }
            });
        }
    });
}

#[test]
fn a_presented_block_is_a_window_around_the_chosen_unit_that_leaves_room_for_the_rest() {
    let most = Room::of(PROJECTOR, true).rows(1);
    assert!((4..8).contains(&most), "{most} rows");
    each_line(|_, drawn, chosen, what| {
        for picture in drawn.pictures.iter().filter(|picture| picture.block.takes == Takes::Row) {
            assert!(picture.rows.entries.len() <= most, "{what}");
            if picture.block.values.nrows() > chosen.row {
                assert!(picture.rows.find(chosen.row).is_some(), "{what}: the chosen row is left out");
            }
            let width = picture.columns.length;
            assert!(width <= Room::of(PROJECTOR, true).width(), "{what}: {width} pixels");
        }
    });
}

#[test]
fn a_small_matrix_stays_whole_beside_a_large_one_in_a_presentation() {
    let rnn = presets().first().expect("there is one");
    let model = model(&rnn.cell, 4);
    let drawn = presented(&model, (Direction::Forward, 0), Entry::default());
    let columns: Vec<(usize, usize)> = drawn
        .pictures
        .iter()
        .filter(|picture| picture.block.values.ncols() > 1)
        .map(|picture| (picture.block.values.ncols(), picture.columns.entries.len()))
        .collect();
    let [(4, 4), (all, shown)] = columns[..] else { panic!("{columns:?}") };
    assert!((3..all).contains(&shown), "{shown} of {all}");
}

#[test]
fn a_larger_screen_shows_more_rows_and_two_lines_of_blocks_show_fewer() {
    let small = Room::of(PROJECTOR, true);
    let large = Room::of((1920.0, 1080.0), true);
    assert!(large.rows(1) > small.rows(1));
    assert!(small.rows(2) <= small.rows(1));
    // What is not presented has as many as ever.
    assert_eq!(Room::of(PROJECTOR, false).rows(1), Room::of((1920.0, 1080.0), false).rows(2));
}

#[test]
fn the_letters_of_a_presented_drawing_are_as_large_as_the_back_row_needs() {
    for preset in presets() {
        let laid = diagram(&preset.cell, &NoFacts);
        let (height, letters) =
            Room::of(PROJECTOR, true).drawing((laid.width, laid.height)).expect("it is presented");
        let scale = height / laid.height;
        assert!((letters * scale - BACK_ROW).abs() < 1e-9, "{}", preset.id);
        // Larger ones would leave their boxes, which are 34 pixels high.
        assert!(letters < 30.0, "{}: {letters}", preset.id);
        assert_eq!(Room::of(PROJECTOR, false).drawing((laid.width, laid.height)), None);
    }
}

#[test]
fn the_style_sheet_shows_an_opened_equation_as_large_as_the_room_reckons() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("style/classroom-tools.css");
    let style = std::fs::read_to_string(path).expect("the style sheet");
    let rule = style.lines().find(|line| line.starts_with("[data-present] .open-rows,")).expect("its rule");
    assert!(rule.contains(&format!("zoom:{PRESENTED}}}")), "{rule}");
}

#[test]
fn an_equation_of_one_matrix_stands_on_one_presented_line_and_numbers_its_rows_once() {
    for preset in presets().iter().filter(|preset| ["lstm", "gru", "gru-simplified"].contains(&preset.id)) {
        let model = model(&preset.cell, 16);
        let drawn = presented(&model, (Direction::Forward, 0), Entry::default());
        let most = Room::of(PROJECTOR, true).rows(1);
        let windows: Vec<bool> = drawn
            .pictures
            .iter()
            .filter(|picture| picture.block.takes == Takes::Row)
            .map(|picture| picture.is_numbered)
            .collect();
        assert_eq!(
            windows.iter().filter(|is_numbered| **is_numbered).count(),
            1,
            "{}: {windows:?}",
            preset.id
        );
        assert_eq!(windows.first(), Some(&true), "{}", preset.id);
        // Below a matrix stands its size alone: what is left out would take a second line.
        let notes: String = drawn.nodes.iter().map(Node::plain).collect();
        assert!(notes.contains("16 × ") && !notes.contains('↓'), "{}: {notes}", preset.id);
        // As many rows as one line of blocks has: a second line would have taken some.
        assert_eq!(drawn.pictures[0].rows.entries.len(), most.min(16), "{}", preset.id);
    }
}
