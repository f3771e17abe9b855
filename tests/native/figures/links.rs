//! A figure's state in its link.

use std::collections::BTreeMap;

use proptest::prelude::*;
use unrolled::view::figures::link::{self, Addressed};
use unrolled::view::figures::{Opens, Values, Words, figure, resolve};
use unrolled::view::number::fixed;
use unrolled::view::stepper::Part;

use super::by_hand::stepped;

proptest! {
    #[test]
    fn a_figures_link_is_read_as_it_was_written(
        pairs in proptest::collection::btree_map("[a-d-]{1,6}", "\\PC{0,40}", 0..5),
        embedded: bool,
    ) {
        let changed: Values = pairs.into_iter().collect();
        let addressed = Addressed { id: "cut-2".to_owned(), embedded, changed };
        let query = link::write(&addressed);
        prop_assert_eq!(link::read(&query), Some(addressed));
    }
}

#[test]
fn a_query_without_a_figure_names_none() {
    assert_eq!(link::read("?sentence=the+cat"), None);
    assert_eq!(link::read(""), None);
}

/// The numbers of one value at all steps and units of the Stepper that a figure opens.
fn in_the_stepper(name: &str, set: &[(&str, &str)], value: &str) -> Vec<String> {
    let drawn = figure(name).expect("a figure");
    let (_, now) = resolve(&*drawn, &set.iter().copied().collect());
    let Some(Opens::Stepper(state)) = drawn.opens(&now) else { panic!("{name} opens no Stepper") };
    let (model, _) = stepped(&state);
    let column = |step| model.column(Part::Layer(0), &value.into(), step).expect("a value");
    (0..model.steps())
        .flat_map(|step| column(step).iter().map(|x| fixed(*x, 4)).collect::<Vec<_>>())
        .collect()
}

#[test]
fn a_gate_that_is_held_in_a_figure_is_held_in_the_stepper_that_it_opens() {
    let table = |name: &str, set: &[(&str, &str)]| {
        let drawn = figure(name).expect("a figure");
        let (_, now) = resolve(&*drawn, &set.iter().copied().collect());
        drawn.draw(&now, &Words::new(BTreeMap::new())).table.rows
    };
    let sentence = ("sentence", "the cat");
    for stay in ["off", "on"] {
        // The memory of the unit, step by step.
        let set = [sentence, ("gate", "f"), ("at", "shut"), ("stay", stay), ("unit", "3"), ("step", "4")];
        let rows = table("lstm-memory", &set);
        let there = in_the_stepper("lstm-memory", &set, "c");
        for (step, row) in rows.iter().enumerate() {
            assert_eq!(row[3], there[5 * step + 2], "{stay}, step {}", step + 1);
        }
        // The new state of every unit at the step.
        let set = [sentence, ("stay", stay), ("step", "3"), ("gate-1", "0"), ("gate-4", "0.9")];
        let rows = table("mixing", &set);
        let there = in_the_stepper("mixing", &set, "c");
        for (unit, row) in rows.iter().enumerate() {
            assert_eq!(row[4], there[10 + unit], "{stay}, unit {}", unit + 1);
        }
    }
    let set = [sentence, ("gate", "shut")];
    assert!(in_the_stepper("reset-gate", &set, "Γ_r").iter().all(|gate| gate == "0.0000"));
}
