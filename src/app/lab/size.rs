//! How many numbers a model has, before it is made.

use leptos::prelude::*;

use super::state::Lab;

/// Trainable numbers of the model in the controls; nothing until the vocabulary is known.
pub fn parameters(lab: Lab) -> Option<usize> {
    let vocabulary = lab.facts.with(|facts| facts.symbols.map(|_| facts.vocabulary));
    let vocabulary =
        vocabulary.or_else(|| lab.prepared.with(|prepared| prepared.as_ref().map(|p| p.vocabulary.len())))?;
    let model = lab.settings.with(|settings| settings.model.clone());
    if vocabulary == 0 {
        return None;
    }
    Some(crate::training::choice::architecture(&model, vocabulary).ok()?.layout().len)
}
