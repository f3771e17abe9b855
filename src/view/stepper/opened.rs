//! A sentence from a file as the Stepper holds it: symbols where a column is one, changes for every other number.

use super::edits::{Edits, MOST_EDITS, Target};
use crate::engine::model::Model;
use crate::formats::parcel::Parcel;

/// The inputs of a file's sentence, and what is changed in them and in the states before the first step; none where that
/// is more than can be changed.
pub fn opened(parcel: &Parcel, model: &Model<f64>) -> Option<(Vec<Option<usize>>, Edits)> {
    let (mut edits, mut wanted) = (Edits::default(), 0);
    let mut put = |target, value| {
        wanted += 1;
        edits.put(target, Some(value));
    };
    let mut inputs = parcel.inputs.clone();
    for (step, column) in parcel.x.chunks(parcel.input.max(1)).take(parcel.labels.len()).enumerate() {
        let others = column.iter().enumerate().filter(|(_, value)| **value != 0.0).collect::<Vec<_>>();
        if let [(row, 1.0)] = others[..] {
            inputs.push(Some(row));
            continue;
        }
        inputs.push(None);
        for (row, value) in others {
            put(Target::Input { step, row }, *value);
        }
    }
    for (layer, (of, numbers)) in model.layers.iter().zip(&parcel.initial).enumerate() {
        for (name, state) in of.cell.states.iter().zip(numbers.chunks(of.hidden.max(1))) {
            for (row, value) in state.iter().enumerate().filter(|(_, value)| **value != 0.0) {
                put(Target::Initial { layer, name: name.clone(), row }, *value);
            }
        }
    }
    (wanted <= MOST_EDITS).then_some((inputs, edits))
}
