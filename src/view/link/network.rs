//! The network of a reader's file in a link, while it is small: the file itself need not travel beside the link.

use super::MOST_WEIGHTS;
use crate::engine::model::Model;
use crate::formats::parcel::Parcel;

/// Longest name of a file, in characters.
const MOST_NAME: usize = 80;
/// Most layers.
const MOST_LAYERS: usize = 16;

/// A network with its numbers and the sentence that its file came with. Pages that only write and read links know no more
/// of it than its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// The file's name.
    pub name: String,
    /// Its cells, sizes and symbols, and what goes in and should come out at each step: a [`Parcel`] as JSON.
    pub parcel: String,
    /// Its numbers, at most [`MOST_WEIGHTS`], in the order of the parameters.
    pub weights: Vec<f64>,
}

impl Network {
    /// The network of a file as it travels; none where it is too large, or where a link with it would not be read back.
    /// What its sentence has besides symbols is among the changes of the link's state.
    pub fn new(name: &str, parcel: &Parcel, inputs: &[Option<usize>], model: &Model<f64>) -> Option<Network> {
        // Asked whenever the address is written: a large network is not laid out for it.
        if model.architecture().layout().len > MOST_WEIGHTS {
            return None;
        }
        let parcel = Parcel {
            inputs: inputs.to_vec(),
            labels: parcel.labels.iter().copied().take(inputs.len()).collect(),
            x: Vec::new(),
            initial: Vec::new(),
            ..parcel.clone()
        };
        let parcel = serde_json::to_string(&parcel).ok()?;
        let name = name.chars().take(MOST_NAME).collect();
        let network = Network { name, parcel, weights: model.to_flat() };
        network.parcel().is_some().then_some(network)
    }

    /// What came with a link, if it can be a network at all: sizes are bounded before anything is made of them.
    pub fn parcel(&self) -> Option<Parcel> {
        let parcel: Parcel = serde_json::from_str(&self.parcel).ok()?;
        let can_be = |size: usize| (1..=MOST_WEIGHTS).contains(&size);
        let is_sized = can_be(parcel.input)
            && parcel.input == parcel.output
            && (1..=MOST_LAYERS).contains(&parcel.layers.len())
            && parcel.layers.iter().all(|(_, hidden)| can_be(*hidden))
            && (parcel.vocabulary.is_empty() || parcel.vocabulary.len() == parcel.input);
        let is_row = |row: &usize| *row < parcel.input;
        let is_sentence = parcel.inputs.len() == parcel.labels.len()
            && parcel.inputs.iter().flatten().all(is_row)
            && parcel.labels.iter().all(is_row)
            && parcel.x.is_empty()
            && parcel.initial.is_empty();
        let is_numbers =
            self.weights.len() <= MOST_WEIGHTS && self.weights.iter().all(|weight| weight.is_finite());
        let is_named = self.name.chars().count() <= MOST_NAME;
        let fits = |parcel: &Parcel| {
            parcel.architecture().is_ok_and(|architecture| architecture.layout().len == self.weights.len())
        };
        (is_sized && is_sentence && is_numbers && is_named && fits(&parcel)).then_some(parcel)
    }
}
