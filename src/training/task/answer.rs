//! What a wired model says to an input, step by step.

use serde::{Deserialize, Serialize};

use super::run::choice;
use super::{Sample, StepInput, Task, TaskKind, Wiring};
use crate::engine::architecture::Architecture;
use crate::engine::network::Network;
use crate::engine::plan::{Input, Keep, Mode};
use crate::engine::stack::Stack;
use crate::engine::syntax::LossKind;
use crate::sorted::order;

/// Outputs written freely are no longer than this.
const LONGEST: usize = 16;
/// Candidates told of each step.
const CANDIDATES: usize = 3;

/// An output with its probability.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The symbol; empty for a logistic output, whose ŷ stands in `probability`.
    pub symbol: String,
    /// ŷ of it.
    pub probability: f32,
}

/// One step of an answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AnswerStep {
    /// The symbol that was read; empty: the zero vector.
    pub input: String,
    /// The likeliest outputs; empty where the wiring has no output.
    pub outputs: Vec<Candidate>,
    /// The label; empty where none is known. `1` and `0` for yes and no.
    pub wanted: String,
    /// Whether this is a step of the second stack.
    pub second: bool,
}

/// An answer, with the wiring that it took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// As many steps as there are below.
    pub wiring: Wiring,
    /// In the order of time.
    pub steps: Vec<AnswerStep>,
}

/// A model for one sample and one step at a time.
pub(super) struct Answerer {
    encoder: Stack<f32>,
    network: Network<f32>,
}

impl Answerer {
    pub fn new(task: &Task, architecture: &Architecture) -> Self {
        let network = Network::new(architecture, 1, 1, Keep::Training, true, false);
        let steps = (usize::from(task.kind == TaskKind::EncoderDecoder), 1);
        Self {
            encoder: Stack::new(architecture, network.layout(), steps, Keep::Training, true, false),
            network,
        }
    }

    pub fn answer(&mut self, task: &Task, weights: &[f32], sample: &Sample) -> Answer {
        let (before, weights) = weights.split_at(weights.len() - self.network.layout().len);
        let given = &sample.given[..sample.given.len().min(4 * LONGEST)];
        // Where outputs are fed back, the wiring grows until the model writes <EOS>.
        let is_free = matches!(task.kind, TaskKind::OneToMany | TaskKind::EncoderDecoder);
        let mut wiring = Wiring::new(task.kind, given.len(), if is_free { LONGEST } else { given.len() });
        let end = task.vocabulary.end().and_then(|id| i32::try_from(id).ok());
        self.network.load(weights);
        self.network.zero_initial();
        if !before.is_empty() {
            self.encoder.load(before);
            self.encoder.zero_initial();
        }
        let (mut given, mut wanted) = (given.iter().copied(), sample.wanted.iter().copied());
        let (mut written, mut encoded) = (-1, false);
        let mut steps = Vec::with_capacity(wiring.steps.len());
        for step in &wiring.steps {
            let id = match step.input {
                StepInput::Given => given.next().unwrap_or(-1),
                StepInput::FedBack => written,
                StepInput::Zero => -1,
            };
            let is_first_stack = !before.is_empty() && !step.second;
            let ids = [id];
            let input = Input::OneHot(&ids);
            if is_first_stack {
                self.encoder.forward(before, input, Mode::Evaluate);
                self.encoder.carry();
                encoded = true;
            } else {
                if std::mem::take(&mut encoded) {
                    self.network.stack_mut().start_from(&self.encoder);
                }
                self.network.forward(weights, input, Mode::Evaluate);
                self.network.carry();
            }
            let mut said =
                AnswerStep { input: symbol(task, id), second: step.second, ..AnswerStep::default() };
            if step.output {
                self.network.head_mut().predict();
                let yhat = self.network.head().yhat();
                written = choice(task.loss, yhat);
                said.outputs = candidates(task, yhat);
                said.wanted = match (wanted.next(), task.loss) {
                    (None, _) => String::new(),
                    (Some(answer), LossKind::Logistic) => answer.to_string(),
                    (Some(id), LossKind::SoftmaxCrossEntropy) => symbol(task, id),
                };
            }
            steps.push(said);
            if step.output && is_free && Some(written) == end {
                break;
            }
        }
        wiring.steps.truncate(steps.len());
        Answer { wiring, steps }
    }
}

fn symbol(task: &Task, id: i32) -> String {
    usize::try_from(id).ok().and_then(|id| task.vocabulary.symbol(id)).unwrap_or_default().to_owned()
}

fn candidates(task: &Task, yhat: &[f32]) -> Vec<Candidate> {
    if task.loss == LossKind::Logistic {
        let probability = yhat.first().copied().unwrap_or_default();
        return vec![Candidate { symbol: String::new(), probability }];
    }
    let order = order(yhat.len(), &|one, other| yhat[other].total_cmp(&yhat[one]));
    let candidate = |at: usize| Candidate {
        symbol: task.vocabulary.symbol(at).unwrap_or_default().to_owned(),
        probability: yhat[at],
    };
    order.into_iter().take(CANDIDATES).map(candidate).collect()
}
