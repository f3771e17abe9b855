//! A run as numbers that can be kept, and back.

use super::Session;
use crate::training::checkpoint::{Checkpoint, Header};
use crate::training::optimiser::Optimiser;
use crate::training::report::Refusal;

impl Session {
    pub(super) fn empty_checkpoint(&self) -> Checkpoint {
        let settings = self.settings.clone().without_text();
        Checkpoint { header: Header { settings, ..Header::default() }, ..Checkpoint::default() }
    }

    /// Copies numbers into lists that are already long enough after the first time.
    pub(super) fn write_into(&self, checkpoint: &mut Checkpoint) {
        let fill = |list: &mut Vec<f32>, from: &[f32]| {
            list.clear();
            list.extend_from_slice(from);
        };
        fill(&mut checkpoint.weights, self.trainer.weights());
        fill(&mut checkpoint.first, &self.trainer.optimiser().first);
        fill(&mut checkpoint.second, &self.trainer.optimiser().second);
        checkpoint.carried.clear();
        checkpoint.statistics.clear();
        for layer in self.trainer.network().layers() {
            for state in 0..layer.plan().state_names().len() {
                checkpoint.carried.extend_from_slice(layer.last_state(state));
            }
            checkpoint.statistics.extend(layer.statistics());
        }
        checkpoint.header.step = self.step;
        checkpoint.header.position = self.batches.position();
        checkpoint.header.loss = self.loss;
    }

    pub(super) fn keep_good(&mut self) {
        let mut good = std::mem::take(&mut self.good);
        self.write_into(&mut good);
        good.header.settings.changes.clone_from(&self.settings.changes);
        self.good = good;
    }

    pub(super) fn restore(&mut self, from: &Checkpoint) -> Result<(), Refusal> {
        let vocabulary = self.corpus.vocabulary.symbols();
        let known = &from.header.vocabulary;
        let carried: usize = {
            let layers = self.trainer.network().layers();
            layers.iter().map(|layer| layer.plan().state_names().len() * layer.last_state(0).len()).sum()
        };
        let statistics: usize =
            self.trainer.network().layers().iter().map(|layer| layer.statistics().len()).sum();
        let optimiser = self.trainer.optimiser();
        let fits = (known.is_empty() || known == vocabulary)
            && from.weights.len() == self.trainer.weights().len()
            && from.first.len() == optimiser.first.len()
            && from.second.len() == optimiser.second.len()
            && from.carried.len() == carried
            && from.statistics.len() == statistics;
        if !fits {
            return Err(Refusal::CheckpointMismatch);
        }
        let optimiser = Optimiser {
            first: from.first.clone(),
            second: from.second.clone(),
            updates: u64::from(from.header.step),
        };
        self.trainer.restore(&from.weights, optimiser);
        let (mut carried, mut statistics) = (from.carried.as_slice(), from.statistics.as_slice());
        for layer in self.trainer.network_mut().layers_mut() {
            for state in 0..layer.plan().state_names().len() {
                let into = layer.last_state_mut(state);
                let (these, rest) = carried.split_at(into.len());
                into.copy_from_slice(these);
                carried = rest;
            }
            let (these, rest) = statistics.split_at(layer.statistics().len());
            layer.set_statistics(these);
            statistics = rest;
        }
        self.batches.seek(from.header.position);
        self.step = from.header.step;
        self.loss = from.header.loss;
        Ok(())
    }
}
