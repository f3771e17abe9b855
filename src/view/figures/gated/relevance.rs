//! What the gates of a trained full GRU do where a running sum begins anew, and where it goes on.

use super::{heat_row, layer};
use crate::engine::syntax::Symbol;
use crate::engine::trace::{Hold, LayerTrace, Trace, TraceInput, trace};
use crate::training::task::{Asker, Sample, Stepped};
use crate::view::figures::Words;
use crate::view::figures::parts::{Cell, Grid, grid};
use crate::view::markup::Node;
use crate::view::number::{fixed, percent};

/// The gates of the full cell.
pub(super) const GATES: [&str; 2] = ["Γ_r", "Γ_u"];

/// Means over all units and all steps but the first, which has no past, and the shares of right sums. Of each pair the
/// first is of the steps that begin anew, the second of those that go on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Relevance {
    /// Γ_r.
    pub reset: [f64; 2],
    /// Γ_u.
    pub update: [f64; 2],
    /// Sums that are right.
    pub right: [f64; 2],
    /// The same with Γ_r held at 1 in all units where a sum begins anew.
    pub open: [f64; 2],
}

impl Relevance {
    /// Measured on the first so many sequences that were kept apart; none where the weights do not fit.
    pub fn of(asker: &Asker, weights: &[f32], sequences: usize) -> Option<Relevance> {
        let (mut sums, mut steps) = (Relevance::default(), [0.0, 0.0]);
        for sample in asker.task().measured().iter().take(sequences) {
            let stepped = asker.trace(weights, sample).ok()?.stack;
            let open = opened(asker, &stepped, sample)?;
            let layer = layer(&stepped.trace)?;
            let (reset, update) = (means(layer, "Γ_r"), means(layer, "Γ_u"));
            for step in 1..sample.given.len() {
                let kind = usize::from(!begins(asker, sample, step));
                let is_right = |trace: &Trace<f64>| f64::from(u8::from(is_right(trace, sample, step)));
                steps[kind] += 1.0;
                sums.reset[kind] += reset[step];
                sums.update[kind] += update[step];
                sums.right[kind] += is_right(&stepped.trace);
                sums.open[kind] += is_right(&open);
            }
        }
        let mean = |sums: [f64; 2]| [sums[0] / steps[0], sums[1] / steps[1]];
        Some(Relevance {
            reset: mean(sums.reset),
            update: mean(sums.update),
            right: mean(sums.right),
            open: mean(sums.open),
        })
    }

    /// The numbers, a column for either kind of step.
    pub(super) fn shown(&self, words: &Words) -> Node {
        let share = |(key, shares): (&str, [f64; 2])| {
            let cell = |share| Cell::new(percent(share, 1)).class("fig-cell");
            (Cell::new(words.plain(key)).class("fig-index"), shares.map(cell).to_vec())
        };
        let means = [self.reset, self.update].into_iter().zip(GATES);
        let mut rows: Vec<Row> = means.map(|(means, gate)| gate_row(gate, means, words)).collect();
        rows.extend([("right-free", self.right), ("right-open", self.open)].map(share));
        let heads = ["of-steps", "anew", "on"].map(|key| Cell::new(words.plain(key)).class("fig-index"));
        grid(Grid { name: words.plain("of-steps"), heads: heads.to_vec(), rows, class: "fig-heat" })
    }

    /// The same in a sentence.
    pub(super) fn says(&self, seed: usize, words: &Words) -> String {
        let [anew, on] = self.reset;
        let values: [(&str, &dyn ToString); 5] = [
            ("seed", &seed),
            ("anew", &fixed(anew, 2)),
            ("on", &fixed(on, 2)),
            ("right", &percent(self.right[1], 0)),
            ("open", &percent(self.open[1], 0)),
        ];
        words.say(if anew < on { "gates-lower" } else { "gates-higher" }, &values)
    }
}

/// A row with its head.
type Row = (Cell, Vec<Cell>);

/// The means of a gate as a row.
pub(super) fn gate_row(gate: &str, means: impl IntoIterator<Item = f64>, words: &Words) -> Row {
    heat_row(words.say("gate-mean", &[("gate", &gate)]), means, 1.0, 2)
}

/// The mean of a gate over the units, at each step.
pub(super) fn means(layer: &LayerTrace<f64>, gate: &str) -> Vec<f64> {
    let value = layer.value(&Symbol::from(gate));
    let steps = value.iter().flat_map(|value| value.outer_iter());
    steps.map(|units| units.sum() / units.len() as f64).collect()
}

/// The same run with Γ_r held at 1 where a sum begins anew.
fn opened(asker: &Asker, stepped: &Stepped, sample: &Sample) -> Option<Trace<f64>> {
    let anew = (0..sample.given.len()).filter(|step| begins(asker, sample, *step));
    let hold =
        |step| Hold {
            layer: 0, name: Symbol::from("Γ_r"), unit: None, from: step, to: step + 1, value: 1.0
        };
    trace(&stepped.model, &TraceInput { holds: anew.map(hold).collect(), ..stepped.input.clone() }).ok()
}

/// Whether a step begins a sum anew.
fn begins(asker: &Asker, sample: &Sample, step: usize) -> bool {
    let id = sample.given.get(step).and_then(|id| usize::try_from(*id).ok());
    id.and_then(|id| asker.task().vocabulary.symbol(id)).is_some_and(|symbol| symbol.starts_with('='))
}

/// Whether the likeliest symbol of a step is the sum.
fn is_right(trace: &Trace<f64>, sample: &Sample, step: usize) -> bool {
    let yhat = trace.head.yhat.index_axis(ndarray::Axis(0), step);
    let best = yhat.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1));
    best.map(|(place, _)| place) == sample.wanted.get(step).and_then(|id| usize::try_from(*id).ok())
}
