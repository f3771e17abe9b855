//! A picture of numbers compared with what they were before the reader's changes.

use ndarray::{Array2, Zip};

use super::digits::signed;
use super::marks;
use super::matrix::{Chooses, Picture, Place, is_tall};
use crate::view::markup::{Element, el};

/// Differences below it come from rounding alone.
const ROUNDING: f64 = 1e-12;

impl Picture {
    /// How far the numbers are from what they were before the changes; none where nothing is compared. In a column it is
    /// written beside each number, in a matrix only which ones differ is shown.
    pub fn compared(&self, place: Place<'_>) -> Option<Array2<f64>> {
        let before = place.before.filter(|_| self.chooses == Chooses::Entry)?;
        let found = marks::differences(before, place.part, place.step, &self.block)?;
        Some(Zip::from(&found).and(&self.block.values).map_collect(|difference, now| {
            // What comes from rounding alone is none.
            if difference.abs() <= ROUNDING * now.abs().max(1.0) { 0.0 } else { *difference }
        }))
    }

    /// In a matrix, what has become larger and what smaller: a corner that points up or down.
    pub(super) fn changed(&self, place: Place<'_>) -> Vec<Element> {
        let found = if self.all_digits { None } else { self.compared(place) };
        let Some(found) = found else { return Vec::new() };
        let mut paths = [String::new(), String::new()];
        for (row, y, height) in &self.rows.entries {
            for (column, x, _) in &self.columns.entries {
                let difference = found.get((*row, *column)).copied().unwrap_or_default();
                let size = (height / 3.0).clamp(3.0, 6.0);
                let (left, foot) = (x + 1.0, y + height - 2.0);
                match difference.total_cmp(&0.0) {
                    std::cmp::Ordering::Greater => {
                        paths[0] += &format!(
                            "M{left:.1} {foot:.1}l{:.1} -{size:.1}l{:.1} {size:.1}z",
                            size / 2.0,
                            size / 2.0
                        );
                    }
                    std::cmp::Ordering::Less => {
                        paths[1] += &format!(
                            "M{left:.1} {:.1}l{:.1} {size:.1}l{:.1} -{size:.1}z",
                            foot - size,
                            size / 2.0,
                            size / 2.0
                        );
                    }
                    std::cmp::Ordering::Equal => {}
                }
            }
        }
        let drawn = paths.into_iter().filter(|path| !path.is_empty());
        drawn.map(|path| el("path").class("difference-mark").attr("d", path)).collect()
    }

    /// Beside a column how far each number that differs is from what it was before the changes: text and base line. None
    /// where nothing is compared.
    pub(super) fn differences(&self, place: Place<'_>) -> Option<Vec<(String, f64)>> {
        // The factor of a table of products stands too close to it.
        let has_room = self.all_digits && self.columns.entries.len() == 1;
        let found = if has_room { self.compared(place)? } else { return None };
        let tall = self.rows.entries.iter().filter(|(.., height)| is_tall(*height));
        // A row that has not changed carries no sign: an “=” would read as the equation's own.
        let texts = tall.filter_map(|(row, y, height)| {
            let value = found.get((*row, 0)).copied().filter(|value| *value != 0.0)?;
            Some((signed(value), y + height / 2.0 + 3.8))
        });
        Some(texts.collect())
    }
}
