//! Everything that a link may hold.

use super::{Lesson, Network};
use crate::training::settings::{CellChoice, RunSettings, TextSource};
use crate::view::formula::Notation;
use crate::view::stepper::Direction;
use crate::view::stepper::edits::Edits;

/// A state that can be shared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared {
    /// The Lab's run, its text and changes included.
    pub run: RunSettings,
    /// Updates that the run had made: opening the link trains as many again, to the same bits.
    pub trained: u32,
    /// The stepper.
    pub stepper: StepperState,
    /// Weights set by hand, in the order of the parameters; empty: none.
    pub weights: Vec<f32>,
    /// The network of [`WeightsFrom::File`], where it is small enough to travel.
    pub network: Option<Network>,
    /// How the page is shown.
    pub lesson: Lesson,
}

impl Shared {
    /// The state with the run whose weights are shown, where that is known; the run that it had stays where weights come
    /// from elsewhere.
    #[must_use]
    pub fn with_shown_run(self, shown: Option<(&RunSettings, u32)>) -> Shared {
        match shown.filter(|_| self.stepper.weights == WeightsFrom::Trained) {
            Some((run, trained)) => Shared { run: run.clone(), trained, ..self },
            None => self,
        }
    }

    /// Whether the state's trained weights are those of a run after so many updates. A link may have had no room for the
    /// reader's text: then that of the run counts.
    pub fn is_of_run(&self, run: &RunSettings, trained: u32) -> bool {
        let is_without_text = matches!(&self.run.text.source, TextSource::Own(text) if text.is_empty());
        let is_same_run =
            if is_without_text { self.run == run.clone().without_text() } else { self.run == *run };
        self.stepper.weights == WeightsFrom::Trained && self.trained == trained && is_same_run
    }

    /// Whether the Stepper shows the same numbers as with another state, at whatever place and in whoever's letters. This one
    /// may have come by a link without room for the reader's text.
    pub fn shows_the_same_as(&self, other: &Shared) -> bool {
        let (one, two) = (&self.stepper, &other.stepper);
        let is_same_run = self.run == other.run || self.run == other.run.clone().without_text();
        let is_same_network = (&one.cell, one.hidden, &one.weights) == (&two.cell, two.hidden, &two.weights);
        let is_same_rest = one.sentence == two.sentence && one.edits == two.edits;
        is_same_network
            && is_same_rest
            && is_same_run
            && self.trained == other.trained
            && self.weights == other.weights
    }
}

/// Where the stepper's weights come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WeightsFrom {
    /// Drawn anew from a seed.
    Random {
        /// The seed.
        seed: u64,
    },
    /// A preset, by id.
    Preset(String),
    /// The run of [`Shared::run`] after [`Shared::trained`] updates; the stepper then has the run's cell and size.
    Trained,
    /// The numbers in [`Shared::weights`].
    Given,
    /// Those of a file that the reader opened; a link has room for small ones ([`Shared::network`]).
    File,
}

/// The time step at which the Stepper opens where nothing says another: at the first, input and states are 0, and so is
/// almost every number.
pub const OPENING_STEP: usize = 3;

/// What the stepper shows.
#[derive(Clone, Debug, PartialEq)]
pub struct StepperState {
    /// The cell, unless the weights are the run's.
    pub cell: CellChoice,
    /// The sentence.
    pub sentence: String,
    /// Hidden units `n_a`, unless the weights are the run's.
    pub hidden: usize,
    /// The weights.
    pub weights: WeightsFrom,
    /// Time step, from 1.
    pub step: usize,
    /// Equation among all of a step, from 1 (as the page counts; [`crate::view::stepper::Position`] counts from 0).
    pub equation: usize,
    /// Forward or backward.
    pub direction: Direction,
    /// Whose letters.
    pub notation: Notation,
    /// The row (unit) spelled out, from 1; none: none.
    pub row: Option<usize>,
    /// What the reader has changed.
    pub edits: Edits,
}

impl Default for StepperState {
    fn default() -> Self {
        Self {
            cell: CellChoice::Preset("lstm".into()),
            sentence: "the cat sat".into(),
            hidden: 6,
            weights: WeightsFrom::Random { seed: 7 },
            step: 1,
            equation: 1,
            direction: Direction::Forward,
            notation: Notation::Notes,
            row: None,
            edits: Edits::default(),
        }
    }
}
