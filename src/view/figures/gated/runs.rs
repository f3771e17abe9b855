//! Runs that are compared: the curves and last weights of every run that a figure has heard of, by its settings.

use crate::training::settings::RunSettings;
use crate::view::figures::job::News;

/// What was heard of one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// The vocabulary of its text.
    pub vocabulary: Vec<String>,
    /// (updates, training loss in nats per symbol).
    pub losses: Vec<(u32, f32)>,
    /// (updates, held-out loss in nats per symbol).
    pub held_out: Vec<(u32, f32)>,
    /// The last weights, flat, and the updates that they have seen.
    pub weights: (u32, Vec<f32>),
}

/// All runs of a figure. Another cell is another run: the earlier ones stay, they are what it is compared with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Runs {
    /// The one under way, whose settings are known once weights arrive.
    now: Run,
    known: Vec<(RunSettings, Run)>,
}

impl Runs {
    /// Takes in what a job says.
    pub fn hear(&mut self, news: &News) {
        match news {
            News::Reset => self.now = Run::default(),
            News::Prepared(prepared) => self.now.vocabulary.clone_from(&prepared.vocabulary),
            News::Progress(progress) => {
                self.now.losses.extend_from_slice(&progress.losses);
                self.now.held_out.extend_from_slice(&progress.held_out);
            }
            News::Weights { step, settings, weights, .. } => {
                self.now.weights = (*step, weights.to_vec());
                self.known.retain(|(known, _)| known != *settings);
                self.known.push(((*settings).clone(), self.now.clone()));
            }
            _ => {}
        }
    }

    /// The run of some settings; `is_chosen`: of those that the figure trains now.
    pub fn of(&self, settings: &RunSettings, is_chosen: bool) -> Option<&Run> {
        if is_chosen && !self.now.losses.is_empty() {
            return Some(&self.now);
        }
        let known = self.known.iter().find(|(known, _)| known == settings);
        known.map(|(_, run)| run).filter(|run| !run.losses.is_empty())
    }
}
