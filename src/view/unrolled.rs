//! A line through a model, a box a step: what Home shows while the model learns.

use ndarray::Array3;

use crate::engine::model::Model;
use crate::engine::syntax::Symbol;
use crate::engine::trace::{Labels, LossAt, TraceInput, trace};
use crate::language::vocabulary::Vocabulary;

/// One step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepBox {
    /// The symbol that goes in; none at the first step, whose input is the zero vector.
    pub input: Option<String>,
    /// The symbol that should come out; none: the end of the line.
    pub next: Option<String>,
    /// The top layer's output, `n_a` values.
    pub state: Vec<f64>,
    /// Probability that the model gives to what should come out, 0 to 1.
    pub probability: f64,
    /// What the model finds likeliest; none: the end.
    pub guess: Option<String>,
}

/// Runs a line through a model: `x<1>` is the zero vector, `x<t> = y<t-1>`, the last label is `<EOS>`.
/// Nothing where the line has a symbol that the vocabulary lacks, or the model does not fit the vocabulary.
pub fn boxes(model: &Model<f64>, vocabulary: &Vocabulary, symbols: &[&str]) -> Option<Vec<StepBox>> {
    let end = vocabulary.end()?;
    let mut labels = Vec::with_capacity(symbols.len() + 1);
    for symbol in symbols {
        labels.push(vocabulary.id(symbol)?);
    }
    labels.push(end);
    let steps = labels.len();
    let mut x = Array3::zeros((steps, vocabulary.len(), 1));
    for (t, id) in labels.iter().take(steps - 1).enumerate() {
        *x.get_mut((t + 1, *id, 0))? = 1.0;
    }
    let y = ndarray::Array2::from_shape_vec((steps, 1), labels.clone()).ok()?;
    let input = TraceInput {
        x,
        y: Labels::Ids(y),
        lengths: vec![steps],
        initial: Vec::new(),
        loss_at: LossAt::EveryStep,
        holds: Vec::new(),
    };
    let trace = trace(model, &input).ok()?;
    let top = model.layers.last()?;
    let output: &Symbol = &top.cell.output;
    let states = trace.layers.last()?.value(output)?;
    let shown = |id: usize| if id == end { None } else { vocabulary.symbol(id).map(str::to_owned) };
    (0..steps)
        .map(|t| {
            let column = trace.head.yhat.slice(ndarray::s![t, .., 0]);
            let mut likeliest = 0;
            for (id, probability) in column.iter().enumerate() {
                if *probability > column[likeliest] {
                    likeliest = id;
                }
            }
            Some(StepBox {
                input: t.checked_sub(1).and_then(|before| shown(*labels.get(before)?)),
                next: shown(*labels.get(t)?),
                state: states.slice(ndarray::s![t, .., 0]).to_vec(),
                probability: *column.get(*labels.get(t)?)?,
                guess: shown(likeliest),
            })
        })
        .collect()
}
