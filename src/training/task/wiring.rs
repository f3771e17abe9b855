//! Which steps read, which are asked, and where a second stack takes over.

use serde::{Deserialize, Serialize};

use super::TaskKind;

/// What a step reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepInput {
    /// The next symbol of what is given.
    Given,
    /// `x<t> = y<t-1>`: the label before while training, the model's own choice when it runs free.
    FedBack,
    /// The zero vector.
    Zero,
}

/// One time step of a wiring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WiringStep {
    /// What it reads.
    pub input: StepInput,
    /// Whether ŷ is looked at here, and has a loss.
    pub output: bool,
    /// Whether it is a step of the second stack (the decoder), which has weights of its own.
    pub second: bool,
}

/// One model, rewired: what a figure draws and a task runs.
///
/// ```
/// use unrolled::training::task::{TaskKind, Wiring};
/// let wiring = Wiring::new(TaskKind::EncoderDecoder, 3, 4); // three symbols in, four out
/// assert_eq!(wiring.steps.len(), 7);
/// assert_eq!(wiring.takes_over(), Some(3)); // at the fourth step
/// assert!(wiring.steps[..3].iter().all(|step| !step.output));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wiring {
    /// In the order of time.
    pub steps: Vec<WiringStep>,
}

impl Wiring {
    /// The wiring of a kind for a sample with so many symbols given and labels wanted. A kind that fixes one of the
    /// numbers (one-to-one both) does not look at it.
    pub fn new(kind: TaskKind, given: usize, wanted: usize) -> Self {
        let step = |input, output, second| WiringStep { input, output, second };
        let steps = match kind {
            TaskKind::OneToOne => vec![step(StepInput::Given, true, false)],
            TaskKind::OneToMany => (0..wanted)
                .map(|at| step(if at == 0 { StepInput::Given } else { StepInput::FedBack }, true, false))
                .collect(),
            TaskKind::ManyToOne => {
                (0..given).map(|at| step(StepInput::Given, at + 1 == given, false)).collect()
            }
            TaskKind::ManyToMany | TaskKind::Distractor => vec![step(StepInput::Given, true, false); given],
            TaskKind::EncoderDecoder => {
                let reads = std::iter::repeat_n(step(StepInput::Given, false, false), given);
                let writes = (0..wanted)
                    .map(|at| step(if at == 0 { StepInput::Zero } else { StepInput::FedBack }, true, true));
                reads.chain(writes).collect()
            }
        };
        Self { steps }
    }

    /// The step, from 0, at which the second stack takes over the states of the first.
    pub fn takes_over(&self) -> Option<usize> {
        self.steps.iter().position(|step| step.second)
    }

    /// Input and label ids of a sample, one a step; −1 is the zero vector or no label.
    pub fn ids(&self, given: &[i32], wanted: &[i32]) -> (Vec<i32>, Vec<i32>) {
        let (mut given, mut labels) = (given.iter().copied(), wanted.iter().copied());
        let mut before = -1;
        let step = |step: &WiringStep| {
            let input = match step.input {
                StepInput::Given => given.next().unwrap_or(-1),
                StepInput::FedBack => before,
                StepInput::Zero => -1,
            };
            let label = if step.output { labels.next().unwrap_or(-1) } else { -1 };
            before = label;
            (input, label)
        };
        self.steps.iter().map(step).unzip()
    }
}
