//! Figures about one gated cell on the reader's sentence. What they train, whose numbers can be changed and where they open
//! is the same for all of them.

use std::marker::PhantomData;

use super::clamp::{Hold, hand_over};
use super::learnt::{self, Learnt};
use super::{UNITS, is_blank, sentence, training_text};
use crate::engine::presets::preset;
use crate::view::figures::numbers::edits;
use crate::view::figures::{Drawing, Figure, Job, News, Numbers, Opens, Setting, Values, Words};
use crate::view::stepper::model::StepperModel;

/// What one of them is; [`Learns`] makes a [`Figure`] of it.
pub trait AboutCell {
    /// Its cell, by the id of its preset.
    const CELL: &'static str;
    /// Updates of its training.
    const STEPS: u32;

    /// The cell that it is about now.
    fn cell(now: &Values) -> &str {
        let _ = now;
        Self::CELL
    }

    /// Its own settings, between those of the sentence and of the text that is trained on. There is no model without a
    /// sentence.
    fn settings(model: Option<&StepperModel>, given: &Values) -> Vec<Setting>;

    /// Draws it; none where the model has no such values.
    fn draw(model: StepperModel, learnt: &Learnt, now: &Values, words: &Words) -> Option<Drawing>;

    /// The gates that the reader holds.
    fn holds(model: &StepperModel, now: &Values) -> Vec<Hold> {
        let _ = (model, now);
        Vec::new()
    }

    /// The equation and the row that the Stepper opens (both from 1).
    fn opens(now: &Values) -> (usize, usize);
}

/// A figure about a cell, with what the cell has learnt.
pub struct Learns<F> {
    learnt: Learnt,
    figure: PhantomData<F>,
}

impl<F> Default for Learns<F> {
    fn default() -> Self {
        Learns { learnt: Learnt::default(), figure: PhantomData }
    }
}

impl<F: AboutCell> Learns<F> {
    fn model(&self, now: &Values) -> Option<StepperModel> {
        if is_blank(now) {
            return None;
        }
        self.learnt.model(F::cell(now), UNITS, now.text("sentence"), &edits(now))
    }
}

impl<F: AboutCell> Figure for Learns<F> {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let mut settings = vec![sentence()];
        settings.extend(F::settings(self.model(given).as_ref(), given));
        settings.push(training_text());
        settings
    }

    fn numbers(&self, now: &Values) -> Option<Numbers> {
        if is_blank(now) {
            return None;
        }
        self.learnt.numbers(F::cell(now), UNITS, now.text("sentence"), &edits(now))
    }

    fn letters_of(&self, now: &Values) -> Option<&'static str> {
        preset(F::cell(now)).map(|preset| preset.id)
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let drawn = self.model(now).and_then(|model| F::draw(model, &self.learnt, now, words));
        drawn.unwrap_or_else(|| Drawing::only(words.plain("empty")))
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        let mut edits = edits(now);
        if let Some(model) = self.model(now) {
            hand_over(&F::holds(&model, now), model.steps(), &mut edits);
        }
        Some(self.learnt.opens(self.job(now), F::cell(now), (now, edits), F::opens(now)))
    }

    fn job(&self, now: &Values) -> Option<Job> {
        learnt::job(F::cell(now), UNITS, F::STEPS, now)
    }

    fn hear(&mut self, news: News) {
        self.learnt.hear(&news);
    }
}
