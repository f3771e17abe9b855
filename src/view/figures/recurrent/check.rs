//! The gradient check: what the derived equations say beside what two losses say.

use ndarray::Array2;

use super::{cell, weight_settings, wish};
use crate::engine::analysis::GradientCheck;
use crate::engine::syntax::Symbol;
use crate::view::colour::full_scale;
use crate::view::figures::parts::{Matrix, column, matrix, paragraph, row};
use crate::view::figures::{Drawing, Figure, Numbers, Opens, Setting, Table, Values, Words};
use crate::view::markup::Node;
use crate::view::number::{brief, fixed};

/// Hidden units.
const HIDDEN: usize = 3;
/// Most characters of the sentence.
const LONGEST: usize = 16;

/// The derived gradient of one weight, and the same by central differences.
pub struct Check;

impl Figure for Check {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        weight_settings(LONGEST, given)
    }

    fn numbers(&self, now: &Values) -> Option<Numbers> {
        wish(now, HIDDEN).numbers()
    }

    fn letters_of(&self, now: &Values) -> Option<&'static str> {
        Some(cell(now))
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let weight = Symbol::from(now.text("weight"));
        let check = wish(now, HIDDEN).network().and_then(|network| {
            let mut check = GradientCheck::of_weight(network.model, network.input, Some(0), &weight).ok()?;
            check.advance(usize::MAX).ok()?;
            Some(check)
        });
        let found = check.as_ref().and_then(|check| Some((check, check.worst()?)));
        let Some((check, worst)) = found else { return Drawing::only(words.plain("empty")) };
        let rows = check.checked().iter().map(|one| one.row + 1).max().unwrap_or(0);
        let columns = check.checked().len() / rows.max(1);
        let of = |value: &dyn Fn(usize) -> f64| {
            Array2::from_shape_fn((rows, columns), |(row, column)| value(row * columns + column))
        };
        let derived = of(&|place| check.checked()[place].derived);
        let differences = of(&|place| check.checked()[place].difference);
        let full = full_scale(derived.iter().chain(&differences).copied());
        let drawn = |values: &Array2<f64>, title: String| -> Node {
            let size = if columns > 8 { (25.0, 25.0) } else { (50.0, 25.0) };
            let decimals = (columns <= 8).then_some(4);
            let how = Matrix { full: Some(full), size, decimals, title, ..Matrix::default() };
            column([matrix(values.view(), &how)])
        };
        let name = format!("d{weight}");
        let mut table = Table::new([
            words.plain("entry"),
            words.plain("derived"),
            words.plain("difference"),
            words.plain("deviation"),
        ]);
        for one in check.checked() {
            table.row([
                format!("[{}, {}]", one.row + 1, one.column + 1),
                fixed(one.derived, 13),
                fixed(one.difference, 13),
                brief(one.deviation(), 2),
            ]);
        }
        let mut body = vec![row([
            drawn(&derived, words.say("by-derivation", &[("name", &name)])),
            drawn(&differences, words.say("by-difference", &[("name", &name)])),
        ])];
        // After one symbol the first state is still zero: zeros agree, but they check nothing.
        if derived.iter().chain(&differences).all(|value| *value == 0.0) {
            return Drawing { body, sentence: words.say("says-zero", &[("name", &name)]), table };
        }
        let place = format!("[{}, {}]", worst.row + 1, worst.column + 1);
        let sentence = words.count(
            "says",
            check.total(),
            &[("name", &name), ("place", &place), ("worst", &brief(worst.deviation(), 2))],
        );
        body.push(paragraph(words.say(
            "one",
            &[
                ("place", &place),
                ("derived", &fixed(worst.derived, 13)),
                ("difference", &fixed(worst.difference, 13)),
            ],
        )));
        Drawing { body, sentence, table }
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        wish(now, HIDDEN).opens(1, 1)
    }
}
