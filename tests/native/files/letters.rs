//! Tables and programs by hand in the letters of PyTorch and Keras: other names, the same numbers.

use std::collections::{BTreeMap, BTreeSet};

use unrolled::engine::letters::Elsewhere;
use unrolled::engine::presets;
use unrolled::engine::syntax::Symbol;
use unrolled::formats::code::ascii;
use unrolled::formats::experiment::Experiment;
use unrolled::formats::exported::exported;
use unrolled::formats::latex::Letters;
use unrolled::formats::parcel::Export;

use super::exported::{network, sentence};
use super::python::{Printed, run};

const THERE: [(Letters, Elsewhere); 2] =
    [(Letters::PyTorch, Elsewhere::PyTorch), (Letters::Keras, Elsewhere::Keras)];

fn experiment(text: &str) -> Experiment<f64> {
    let model = network(&[text, text], 3, 5);
    Experiment { model, input: sentence(5, &[1, 4, 2]), vocabulary: None }
}

fn text(of: &Experiment<f64>, what: Export, letters: Letters) -> String {
    String::from_utf8(exported(of, what, letters).unwrap()).unwrap()
}

/// What each symbol of a table in the book's letters is called in another one, by layer; everything else has to be the same.
#[track_caller]
fn names(own: &str, there: &str) -> BTreeMap<(String, String), String> {
    let mut found = BTreeMap::new();
    assert_eq!(own.lines().count(), there.lines().count());
    for (own, there) in own.lines().zip(there.lines()).skip(1) {
        let ([layer, name, rest], [layer_there, name_there, rest_there]) = (cut(own), cut(there));
        assert_eq!((layer, rest), (layer_there, rest_there), "{name}");
        let before = found.insert((layer.to_owned(), name.to_owned()), name_there.to_owned());
        assert!(before.is_none_or(|before| before == name_there), "{name} has two names");
    }
    found
}

/// Layer, symbol, and the rest of a row.
fn cut(row: &str) -> [&str; 3] {
    let mut parts = row.splitn(3, ',');
    [(); 3].map(|()| parts.next().unwrap())
}

#[test]
fn a_table_has_the_names_that_the_formulas_have_and_no_two_alike() {
    for preset in presets::presets() {
        let one = experiment(&preset.cell.text);
        let own = text(&one, Export::Csv, Letters::Notes);
        for (letters, there) in THERE {
            let names = names(&own, &text(&one, Export::Csv, letters));
            let of_layers: Vec<_> = names.iter().filter(|((layer, _), _)| !layer.is_empty()).collect();
            let shown: BTreeSet<_> = of_layers.iter().map(|((layer, _), name)| (layer, name)).collect();
            assert_eq!(shown.len(), of_layers.len(), "{}: two symbols have one name: {names:?}", preset.id);
            for ((layer, name), shown) in &names {
                let formula = preset.facts.letters_elsewhere(&Symbol::from(name.as_str()), there);
                // The GRU's memory and its output have one letter there: the memory gets it.
                let is_second = preset.id.starts_with("gru") && matches!(name.as_str(), "a" | "W_ya");
                let expected = formula.filter(|_| !is_second).unwrap_or_else(|| name.clone());
                assert_eq!(*shown, expected, "{}, layer {layer}: {name}", preset.id);
            }
        }
    }
}

#[test]
fn a_program_by_hand_prints_the_same_numbers_under_the_names_that_the_table_has() {
    let mut programs = Vec::new();
    let mut expected: Vec<BTreeMap<(String, String), String>> = Vec::new();
    for preset in presets::presets() {
        let mut one = experiment(&preset.cell.text);
        one.input.holds = vec![unrolled::engine::trace::Hold {
            layer: 1,
            name: preset.cell.equations[0].target.name.clone(),
            unit: Some(1),
            from: 1,
            to: 2,
            value: 0.25,
        }];
        programs.push((preset.id.to_owned(), text(&one, Export::NumPy, Letters::Notes)));
        let own = text(&one, Export::Csv, Letters::Notes);
        for (letters, _) in THERE {
            let program = text(&one, Export::NumPy, letters);
            programs.push((format!("{} {letters:?}", preset.id), program));
            expected.push(names(&own, &text(&one, Export::Csv, letters)));
        }
    }
    let printed = run(&programs, None, "letters");
    for (place, names) in expected.iter().enumerate() {
        let (own, there) = (&printed[place / 2 * 3], &printed[place / 2 * 3 + 1 + place % 2]);
        let renamed: Printed =
            own.iter().map(|(what, numbers)| (called(what, names), numbers.clone())).collect();
        assert_eq!(renamed, *there, "{}", programs[place / 2 * 3 + 1 + place % 2].0);
    }
    let lstm = programs.iter().find(|(name, _)| name == "lstm PyTorch").unwrap();
    for line in [
        "# z_f<t> = W_f [h<t-1>, x<t>] + b_f",
        "# dz_f<t> = df<t> * f<t> * (1 - f<t>)",
        "# dW_i += dz_i<t> [h<t-1>, x<t>]ᵀ",
        "# z_y<t> = W_yh h<t> + b_y",
    ] {
        assert!(lstm.1.contains(line), "{line} is not in\n{}", lstm.1);
    }
}

/// What a line of a program in the book's letters is called under other names.
fn called(what: &str, names: &BTreeMap<(String, String), String>) -> String {
    let (front, rest) = what.rsplit_once(' ').unwrap_or(("", what));
    let layer = front.strip_prefix("layer ").unwrap_or("");
    let (name, step) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
    let there = |name: &str| {
        let known = names.iter().find(|((of, own), _)| of == layer && ascii(own) == name);
        known.map(|(_, shown)| ascii(shown))
    };
    let gradient = || name.strip_prefix('d').and_then(there).map(|name| format!("d{name}"));
    let name = there(name).or_else(gradient).unwrap_or_else(|| name.to_owned());
    if front.is_empty() { format!("{name}{step}") } else { format!("{front} {name}{step}") }
}

#[test]
fn the_books_letters_stay_as_they_were() {
    let one = experiment(&presets::preset("lstm").unwrap().cell.text);
    let program = text(&one, Export::NumPy, Letters::Notes);
    let subject = unrolled::formats::code::Subject { model: &one.model, input: &one.input };
    assert_eq!(program, unrolled::formats::code::numpy(&subject).unwrap());
    assert!(
        program.contains("steps.append({\"a\": a, \"z_y\": z_y, \"ŷ\": yhat, \"y\": y_t, \"l\": losses})")
    );
    // A cell that is kin to none has no letters but its own.
    let own = experiment("state s\noutput s\ns<t> = tanh(W_s [s<t-1>, x<t>] + b_s)");
    for what in [Export::NumPy, Export::Csv] {
        assert_eq!(text(&own, what, Letters::PyTorch), text(&own, what, Letters::Notes));
    }
}

#[test]
fn a_cell_of_the_readers_own_has_the_letters_of_its_kin_and_no_two_alike() {
    // The residual network takes inputs of its own size alone.
    for (id, cell) in presets::EXAMPLES.into_iter().filter(|(id, _)| *id != "residual-rnn") {
        let one = experiment(cell);
        let own = text(&one, Export::Csv, Letters::Notes);
        for (letters, _) in THERE {
            let names = names(&own, &text(&one, Export::Csv, letters));
            let shown: BTreeSet<_> = names.iter().map(|((layer, _), name)| (layer, name)).collect();
            assert_eq!(shown.len(), names.len(), "{id}: two symbols have one name: {names:?}");
            assert!(names.iter().any(|((_, own), name)| own == "a" && name == "h"), "{id}: {names:?}");
        }
    }
    let peephole = presets::EXAMPLES.iter().find(|(id, _)| *id == "peephole-lstm").unwrap().1;
    let one = experiment(peephole);
    let program = text(&one, Export::NumPy, Letters::PyTorch);
    let document = text(&one, Export::Latex, Letters::PyTorch);
    for (line, formula) in [
        ("# c<t> = i<t> * g<t> + f<t> * c<t-1>", "c_{t} &= i_{t} \\odot g_{t} + f_{t} \\odot c_{t-1}"),
        ("# h<t> = o<t> * tanh(c<t>)", "h_{t} &= o_{t} \\odot \\tanh\\left(c_{t}\\right)"),
        ("# z_y<t> = W_yh h<t> + b_y", "z_{y,t} &= W_{yh} \\, h_{t} + b_{y}"),
    ] {
        assert!(program.contains(line), "{line} is not in\n{program}");
        assert!(document.contains(formula), "{formula} is not in\n{document}");
    }
}

#[test]
fn where_two_of_its_symbols_would_have_one_letter_the_second_keeps_its_own() {
    // The memory and what is read of it are both `h` there; here `h` is a value besides.
    for (cell, memory) in [
        ("state c\noutput a\nc<t> = tanh(W_c [c<t-1>, x<t>] + b_c)\na<t> = 2 * c<t>", "h"),
        ("state c\noutput a\nh<t> = W_c [c<t-1>, x<t>] + b_c\nc<t> = tanh(h)\na<t> = 2 * c<t>", "c"),
    ] {
        let one = experiment(cell);
        let names =
            names(&text(&one, Export::Csv, Letters::Notes), &text(&one, Export::Csv, Letters::PyTorch));
        let of = |name: &str| names.iter().find(|((_, own), _)| own == name).map(|(_, there)| there.as_str());
        assert_eq!((of("c"), of("a")), (Some(memory), Some("a")), "{names:?}");
        let document = text(&one, Export::Latex, Letters::PyTorch);
        let line = format!("a_{{t}} &= 2 \\odot {memory}_{{t}}");
        assert!(document.contains(&line), "{line} is not in\n{document}");
        assert!(document.contains("W_{ya} \\, a_{t}"), "{document}");
    }
}
