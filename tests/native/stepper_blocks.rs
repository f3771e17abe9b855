//! An opened equation as it is drawn: its pictures, what stands in them, and what a pointer finds there.

use unrolled::engine::model::Model;
use unrolled::engine::presets::presets;
use unrolled::engine::syntax::Cell;
use unrolled::language::Unit;
use unrolled::training::initial::xavier;
use unrolled::view::formula::{NoFacts, Notation, Typesetter};
use unrolled::view::markup::{Element, Node};
use unrolled::view::number::MINUS;
use unrolled::view::stepper::Direction;
use unrolled::view::stepper::blocks::{Drawn, ROWS, Scene, Words, draw};
use unrolled::view::stepper::digits::{Digits, without_zero};
use unrolled::view::stepper::edits::{Edits, Target};
use unrolled::view::stepper::matrix::{Chooses, Place};
use unrolled::view::stepper::model::StepperModel;
use unrolled::view::stepper::opened_line::opened;
use unrolled::view::stepper::opening::{Standing, Takes};
use unrolled::view::stepper::room::Room;
use unrolled::view::stepper::sequence::own;
use unrolled::view::stepper::spell::Entry;

use crate::common::stacked;

fn model(cell: &Cell, units: usize, edits: &Edits) -> StepperModel {
    let sequence = own("the cat", Unit::Character, None);
    let architecture = stacked(cell, 1, units, sequence.vocabulary.len());
    let weights = xavier::<f64>(&architecture, 3, |_| 0.25);
    StepperModel::edited(Model::from_flat(&architecture, &weights), sequence, edits)
        .expect("the sentence fits the model")
}

fn standing(standing: Standing) -> Option<&'static str> {
    (standing == Standing::Added).then_some("added")
}

/// The line with this number of a direction, drawn at a step (from 0).
fn drawn(model: &StepperModel, line: (Direction, usize), step: usize, entry: Entry) -> Drawn {
    drawn_beside(model, None, line, step, entry)
}

/// The same, compared with a model before changes.
fn drawn_beside(
    model: &StepperModel,
    before: Option<&StepperModel>,
    (direction, number): (Direction, usize),
    step: usize,
    entry: Entry,
) -> Drawn {
    let line = &model.lines.along(direction)[number];
    let opened = opened(model, line, number, step).expect("the line has its numbers");
    let scene = Scene {
        place: Place { model, before, part: line.part, step },
        letters: Typesetter { notation: Notation::Notes, step: Some(step + 1), facts: &NoFacts },
        words: Words {
            standing,
            windowed: &|rows, columns| format!("{rows} by {columns}"),
            differing: &|count, total, most| format!("{count} of {total}: {most}"),
        },
        room: Room::of((1280.0, 800.0), false),
        entry,
        chosen: entry,
        has_column: false,
    };
    draw(&opened.pieces, None, &scene)
}

fn all(nodes: &[Node], wanted: impl Fn(&Element) -> bool) -> Vec<Element> {
    let mut found = Vec::new();
    for node in nodes {
        node.each(&mut |element| {
            if wanted(element) {
                found.push(element.clone());
            }
        });
    }
    found
}

fn is_picture(element: &Element) -> bool {
    element.tag == "svg"
}

#[test]
fn every_line_of_every_cell_is_drawn_with_the_numbers_of_its_result() {
    for preset in presets() {
        let model = model(&preset.cell, 4, &Edits::default());
        for direction in [Direction::Forward, Direction::Backward] {
            for number in 0..model.lines.along(direction).len() {
                let drawn = drawn(&model, (direction, number), 2, Entry::default());
                let pictures = all(&drawn.nodes, is_picture);
                assert_eq!(pictures.len(), drawn.pictures.len());
                for (place, element) in pictures.iter().enumerate() {
                    let id = format!("{}, {direction:?} {number}, {place}", preset.id);
                    let index: usize =
                        element.attribute("data-place").expect("a place").parse().expect("a number");
                    let picture = &drawn.pictures[index];
                    let digits = Digits::of(picture.block.values.iter());
                    let seen = all(&[element.clone().into()], |one| {
                        one.tag == "text"
                            && one.attribute("class").is_some_and(|class| class.starts_with("digits"))
                    });
                    // Where whole numbers would be too small, the zero before the point is left out.
                    let with_zero =
                        |text: String| match text.strip_prefix(MINUS).unwrap_or(&text).starts_with('.') {
                            true => text.replace('.', "0."),
                            false => text,
                        };
                    let seen: Vec<String> =
                        seen.into_iter().map(|one| with_zero(Node::from(one).plain())).collect();
                    let values: Vec<f64> = if picture.all_digits {
                        picture.block.values.iter().copied().collect()
                    } else if picture.follows() {
                        picture
                            .columns
                            .entries
                            .iter()
                            .map(|(column, ..)| picture.block.values[(0, *column)])
                            .collect()
                    } else {
                        Vec::new()
                    };
                    let is_thin = picture.rows.entries.iter().any(|(.., height)| *height < 14.0);
                    if !is_thin {
                        assert_eq!(
                            seen,
                            values.iter().map(|value| digits.show(*value)).collect::<Vec<_>>(),
                            "{id}"
                        );
                    }
                }
                assert!(drawn.pictures.iter().any(|picture| picture.block.standing != Standing::Read));
            }
        }
    }
}

/// Names of elements and how they are nested, without the cells, whose shapes follow from the colours.
fn shape(node: &Node) -> String {
    match node {
        Node::Text(_) => "t".into(),
        Node::Element(element) => {
            let is_cells = element.tag == "svg";
            let children = element.children.iter().skip(usize::from(is_cells));
            format!("{}({})", element.tag, children.map(shape).collect::<String>())
        }
    }
}

#[test]
fn a_number_that_changes_leaves_the_elements_where_they_are() {
    let lstm = presets().iter().find(|preset| preset.id == "lstm").expect("it is there");
    let weight = |value: f64| {
        let mut edits = Edits::default();
        let target = Target::Weight { layer: Some(0), name: "W_f".into(), row: 1, column: 0 };
        edits.put(target, Some(value));
        model(&lstm.cell, 5, &edits)
    };
    let (one, other) = (weight(0.5), weight(-0.75));
    for direction in [Direction::Forward, Direction::Backward] {
        for number in 0..one.lines.along(direction).len() {
            let of = |model: &StepperModel| drawn(model, (direction, number), 1, Entry::default()).nodes;
            let (before, after) = (of(&one), of(&other));
            let shapes = |nodes: &[Node]| nodes.iter().map(shape).collect::<Vec<_>>();
            assert_eq!(shapes(&before), shapes(&after), "{direction:?} {number}");
        }
    }
    // The second line is the forget gate's.
    let gate = |model: &StepperModel| drawn(model, (Direction::Forward, 1), 1, Entry::default());
    assert!(gate(&one) != gate(&other), "the numbers differ");
}

#[test]
fn a_number_that_was_typed_over_has_its_mark() {
    let rnn = presets().first().expect("there is one");
    let mut edits = Edits::default();
    let marked = |model: &StepperModel| {
        let nodes = drawn(model, (Direction::Forward, 0), 0, Entry::default()).nodes;
        all(&nodes, |one| one.attribute("class") == Some("mark-changed")).len()
    };
    assert_eq!(marked(&model(&rnn.cell, 4, &edits)), 0);
    let name = rnn.cell.parameters.first().expect("it has weights").name.clone();
    edits.put(Target::Weight { layer: Some(0), name, row: 0, column: 0 }, Some(0.5));
    assert_eq!(marked(&model(&rnn.cell, 4, &edits)), 1);
}

#[test]
fn a_pointer_finds_the_entry_it_is_over_at_any_size() {
    let lstm = presets().iter().find(|preset| preset.id == "lstm").expect("it is there");
    let model = model(&lstm.cell, 24, &Edits::default());
    let drawn = drawn(&model, (Direction::Forward, 0), 1, Entry { row: 12, column: 9 });
    let mut gaps = 0;
    for picture in &drawn.pictures {
        let element = picture.draw(
            Place { model: &model, before: None, part: model.lines.forward[0].part, step: 1 },
            Entry::default(),
        );
        let height: f64 = element.attribute("height").expect("a height").parse().expect("a number");
        for size in [0.6, 1.0, 1.36] {
            for (row, y, tall) in &picture.rows.entries {
                for (column, x, wide) in &picture.columns.entries {
                    // The margin around the cells is four pixels; numbers of rows stand in 22 more.
                    let index = if picture.is_numbered { 22.0 } else { 0.0 };
                    let middle = ((x + wide / 2.0 + 4.0 + index) * size, (y + tall / 2.0 + 4.0) * size);
                    let found = picture.entry_at(middle, height * size);
                    assert_eq!(found, Some(Entry { row: *row, column: *column }));
                }
            }
            for (_, y) in &picture.rows.gaps {
                gaps += 1;
                assert_eq!(picture.entry_at((30.0 * size, (y + 5.0 + 4.0) * size), height * size), None);
            }
            assert_eq!(picture.entry_at((-1.0, 8.0), height * size), None);
        }
    }
    assert!(gaps > 0, "24 units do not fit");
}

#[test]
fn a_large_block_is_a_window_around_the_chosen_row_and_says_so() {
    let rnn = presets().first().expect("there is one");
    let model = model(&rnn.cell, 40, &Edits::default());
    let drawn = drawn(&model, (Direction::Forward, 0), 1, Entry { row: 30, column: 0 });
    for picture in drawn.pictures.iter().filter(|picture| picture.block.takes == Takes::Row) {
        assert_eq!(picture.rows.entries.len(), ROWS);
        assert!(picture.rows.find(30).is_some());
        assert!(picture.rows.find(10).is_none());
        let element = picture.draw(
            Place { model: &model, before: None, part: model.lines.forward[0].part, step: 1 },
            Entry::default(),
        );
        let indices = all(&[element.into()], |one| one.attribute("class") == Some("matrix-index"));
        let indices: Vec<String> = indices.into_iter().map(|one| Node::from(one).plain()).collect();
        let rows = picture.rows.entries.iter().map(|(row, ..)| (row + 1).to_string());
        assert_eq!(indices, rows.collect::<Vec<_>>(), "each row says its number");
    }
    let titles =
        all(&drawn.nodes, |one| one.attribute("title").is_some_and(|title| title.starts_with("40 by ")));
    assert!(!titles.is_empty());
}

#[test]
fn the_factors_of_a_table_of_products_choose_their_own_half() {
    let rnn = presets().first().expect("there is one");
    let model = model(&rnn.cell, 4, &Edits::default());
    let lines = model.lines.along(Direction::Backward);
    let number = lines.iter().position(|line| line.name().is_some_and(|name| name.0.starts_with("dW_a")));
    let drawn =
        drawn(&model, (Direction::Backward, number.expect("a weight's gradient")), 3, Entry::default());
    let chooses: Vec<Chooses> = drawn.pictures.iter().map(|picture| picture.chooses).collect();
    assert_eq!(chooses, [Chooses::Column, Chooses::Row, Chooses::Entry]);
    let (own, now) = (Entry { row: 2, column: 3 }, Entry { row: 0, column: 1 });
    let chosen: Vec<Entry> = drawn.pictures.iter().map(|picture| picture.chosen(own, now)).collect();
    assert_eq!(chosen, [Entry { row: 0, column: 3 }, Entry { row: 2, column: 1 }, own]);
    assert_eq!(all(&drawn.nodes, |one| one.attribute("class") == Some("outer")).len(), 1);
}

#[test]
fn compared_with_before_a_matrix_says_which_numbers_differ_and_by_how_much() {
    let rnn = presets().first().expect("there is one");
    let before = model(&rnn.cell, 4, &Edits::default());
    let mut edits = Edits::default();
    let target = Target::Weight { layer: Some(0), name: "W_aa".into(), row: 2, column: 1 };
    edits.put(target, Some(5.0));
    let after = model(&rnn.cell, 4, &edits);
    let was = before.model.weight(Some(0), &"W_aa".into()).expect("it is there")[(2, 1)];
    let drawn = drawn_beside(&after, Some(&before), (Direction::Forward, 0), 1, Entry::default());
    let notes = all(&drawn.nodes, |one| {
        one.attribute("class").is_some_and(|class| class.starts_with("block-note num"))
    });
    let notes: Vec<String> = notes.into_iter().map(|one| Node::from(one).plain()).collect();
    let expected = format!("1 of 16: +{:.2}", 5.0 - was);
    assert!(notes.iter().any(|note| note.starts_with(&expected)), "{expected}: {notes:?}");
    let marks = all(&drawn.nodes, |one| one.attribute("class") == Some("difference-mark"));
    assert_eq!(marks.len(), 1, "one number is larger, none smaller");
    assert!(
        notes.iter().all(|note| !note.starts_with("0 of ")),
        "of what did not change nothing is said: {notes:?}"
    );
}

#[test]
fn compared_with_before_a_number_that_has_not_changed_carries_no_sign() {
    let rnn = presets().first().expect("there is one");
    let before = model(&rnn.cell, 4, &Edits::default());
    let mut edits = Edits::default();
    edits.put(Target::Weight { layer: Some(0), name: "b_a".into(), row: 2, column: 0 }, Some(5.0));
    let after = model(&rnn.cell, 4, &edits);
    let drawn = drawn_beside(&after, Some(&before), (Direction::Forward, 0), 0, Entry::default());
    let signs = all(&drawn.nodes, |one| {
        one.attribute("class").is_some_and(|class| class.split(' ').any(|class| class == "difference"))
    });
    let signs: Vec<String> = signs.into_iter().map(|one| Node::from(one).plain()).collect();
    assert!(!signs.is_empty() && signs.iter().all(|sign| sign.starts_with(['+', MINUS])), "{signs:?}");
}

#[test]
fn what_is_subtracted_has_as_many_digits_as_what_it_is_subtracted_from() {
    let cell = &presets().first().expect("there is one").cell;
    // So many symbols that no share reaches a tenth, while the label's row of the gradient is near −1.
    let sequence = own("abcdefghijklmnopqrstuvwxyz", Unit::Character, None);
    let architecture = stacked(cell, 1, 4, sequence.vocabulary.len());
    let weights = xavier::<f64>(&architecture, 3, |_| 0.25);
    let model = StepperModel::new(Model::from_flat(&architecture, &weights), sequence).expect("it fits");
    let drawn = drawn(&model, (Direction::Backward, 0), 2, Entry { row: 3, column: 0 });
    let columns: Vec<Vec<String>> = drawn
        .nodes
        .iter()
        .flat_map(|node| all(std::slice::from_ref(node), is_picture))
        .map(|picture| {
            let digits = all(&[picture.into()], |one| {
                one.attribute("class").is_some_and(|class| class.starts_with("digits"))
            });
            digits.into_iter().map(|one| Node::from(one).plain()).collect()
        })
        .collect();
    let decimals = |number: &String| number.split('.').nth(1).map(|part| part.chars().count());
    let found: Vec<usize> = columns.iter().flatten().filter_map(decimals).collect();
    assert!(columns.len() >= 3 && found.iter().all(|count| *count == 3), "{columns:?}");
}

#[test]
fn neighbours_in_a_row_of_digits_stand_apart_in_the_widest_font() {
    for preset in presets() {
        for units in [4, 6, 24] {
            let model = model(&preset.cell, units, &Edits::default());
            for number in 0..model.lines.along(Direction::Forward).len() {
                let drawn = drawn(&model, (Direction::Forward, number), 2, Entry::default());
                for (picture, element) in drawn.pictures.iter().zip(all(&drawn.nodes, is_picture)) {
                    if picture.all_digits {
                        continue;
                    }
                    let width =
                        picture.columns.entries.iter().map(|(.., width)| *width).fold(f64::MAX, f64::min);
                    for text in all(&[element.into()], |one| one.attribute("font-size").is_some()) {
                        let size: f64 =
                            text.attribute("font-size").and_then(|size| size.parse().ok()).expect("a size");
                        let length = Node::from(text).plain().chars().count() as f64;
                        let taken = 0.62 * size * length;
                        assert!(taken + 2.5 <= width, "{} {units}, {number}: {taken} in {width}", preset.id);
                    }
                }
            }
        }
    }
}

#[test]
fn the_zero_before_the_point_goes_where_whole_numbers_would_be_too_small() {
    assert_eq!(
        ["0.37", "−0.37", "1.20", "−1.20", "0", "10.05"].map(without_zero),
        [".37", "−.37", "1.20", "−1.20", "0", "10.05"]
    );
    // Fourteen columns leave room for small letters only, six for whole numbers.
    let lstm = presets().iter().find(|preset| preset.id == "lstm").expect("an LSTM");
    let texts = |units: usize| -> Vec<String> {
        let model = model(&lstm.cell, units, &Edits::default());
        let drawn = drawn(&model, (Direction::Forward, 0), 2, Entry::default());
        let marked = all(&drawn.nodes, |one| one.attribute("font-size").is_some());
        marked.into_iter().map(|text| Node::from(text).plain()).collect()
    };
    assert!(texts(6).iter().any(|text| text.starts_with('.') || text.starts_with("−.")), "{:?}", texts(6));
    assert!(texts(2).iter().all(|text| !text.starts_with('.')), "{:?}", texts(2));
}
