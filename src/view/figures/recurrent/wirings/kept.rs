//! Task and model of a wiring, and what was heard of its training.

use super::walk::Walked;
use super::{Chosen, direction, own};
use crate::engine::syntax::{Cell, LossKind};
use crate::training::task::{Answer, Asker, Measured, Sample, Task, TaskSettings};
use crate::view::figures::Values;
use crate::view::stepper::Part;
use crate::view::stepper::lines::{Line, Lines};

/// What was heard of a run.
#[derive(Default)]
pub(super) struct Heard {
    /// (update, training loss in nats per label).
    pub losses: Vec<(u32, f32)>,
    /// (update, what was measured).
    pub measured: Vec<(u32, Measured)>,
    /// Updates done, and the weights after them.
    pub weights: Option<(u32, Vec<f32>)>,
}

/// Task and model of some settings.
pub(super) struct Kept {
    /// The settings.
    pub settings: TaskSettings,
    asker: Asker,
    /// The equations of a stack and of the head above it.
    pub lines: Lines,
}

impl Kept {
    pub fn new(settings: TaskSettings) -> Option<Kept> {
        let asker = Asker::new(&settings).ok()?;
        let architecture = asker.architecture();
        let cells: Vec<_> = architecture.layers.iter().map(|layer| layer.cell.clone()).collect();
        Some(Kept { lines: Lines::of(&cells, &architecture.head), asker, settings })
    }

    /// Symbols and samples.
    pub fn task(&self) -> &Task {
        self.asker.task()
    }

    /// The cell of each stack.
    pub fn cell(&self) -> Option<&Cell> {
        self.asker.architecture().layers.first().map(|layer| &*layer.cell)
    }

    /// The example that was chosen, or the reader's own input; none where nothing of it is known.
    pub fn chosen(&self, now: &Values) -> Option<Chosen> {
        let typed = now.text("own").trim();
        if !typed.is_empty() {
            return own::read(self.task(), typed);
        }
        let samples = self.task().measured();
        let place = now.whole("example").max(1) - 1;
        let sample = samples.get(place % samples.len().max(1))?.clone();
        Some(Chosen { sample, left_out: Vec::new(), is_cut: false })
    }

    /// Updates done, and the answers before them and now.
    pub fn answers(&mut self, heard: &Heard, sample: &Sample) -> (u32, Answer, Answer) {
        let (step, weights) = self.weights(heard);
        let start = self.asker.start_weights().to_vec();
        let before = self.asker.answer(&start, sample);
        let now = if step == 0 { before.clone() } else { self.asker.answer(&weights, sample) };
        (step, before, now)
    }

    /// The weights as they are now: those drawn from the seed where none were heard of.
    fn weights(&self, heard: &Heard) -> (u32, Vec<f32>) {
        let start = self.asker.start_weights();
        match &heard.weights {
            Some((step, weights)) if weights.len() == start.len() => (*step, weights.clone()),
            _ => (0, start.to_vec()),
        }
    }

    /// Whether it is known what is wanted.
    pub fn has_label(&self, sample: &Sample) -> bool {
        !sample.wanted.is_empty()
    }

    /// Steps of the sample, and equations of the step that is walked through.
    pub fn walk_sizes(&mut self, heard: &Heard, now: &Values) -> (usize, usize) {
        let Some(chosen) = self.chosen(now) else { return (1, 1) };
        let (_, weights) = self.weights(heard);
        let sample = self.labelled(&weights, chosen.sample);
        let wiring = self.task().wiring(&sample);
        let steps = wiring.steps.len().max(1);
        let step = now.whole("step").clamp(1, steps) - 1;
        let is_asked = wiring.steps.get(step).is_some_and(|step| step.output);
        (steps, self.lines_at(now, is_asked).len().max(1))
    }

    /// Every number of a sample with the weights as they are now, at the step and the equation that are walked through.
    pub fn walk(&mut self, heard: &Heard, sample: &Sample, now: &Values) -> Option<Walked> {
        let (_, weights) = self.weights(heard);
        let sample = self.labelled(&weights, sample.clone());
        let trace = self.asker.trace(&weights, &sample).ok()?;
        let steps = trace.wiring.steps.len();
        let step = now.whole("step").clamp(1, steps.max(1)) - 1;
        let is_asked = trace.wiring.steps.get(step)?.output;
        let lines = self.lines_at(now, is_asked);
        let place = now.whole("line").clamp(1, lines.len().max(1)) - 1;
        let line = lines.get(place)?.clone();
        let count = lines.len();
        Some(Walked::new(trace, &sample, self.task(), (step, place, count), line, direction(now)))
    }

    /// The equations of a step; the head's only where it is asked.
    fn lines_at(&self, now: &Values, is_asked: bool) -> Vec<Line> {
        let all = self.lines.along(direction(now)).iter();
        all.filter(|line| is_asked || line.part != Part::Head).cloned().collect()
    }

    /// A sample with a label: where it is not known, what the model itself answers.
    fn labelled(&mut self, weights: &[f32], sample: Sample) -> Sample {
        if self.has_label(&sample) {
            return sample;
        }
        let answer = self.asker.answer(weights, &sample);
        let task = self.asker.task();
        let first = |step: &crate::training::task::AnswerStep| -> Option<i32> {
            let first = step.outputs.first()?;
            Some(match task.loss {
                LossKind::Logistic => i32::from(first.probability > 0.5),
                LossKind::SoftmaxCrossEntropy => task.id(&first.symbol),
            })
        };
        Sample { wanted: answer.steps.iter().filter_map(first).collect(), ..sample }
    }
}
