//! How a layer's state depends on its state one step before, and further back.

use std::collections::BTreeMap;

use ndarray::{Array2, Axis, concatenate, s};
use thiserror::Error;

use super::scope::LayerAtStep;
use crate::engine::derive;
use crate::engine::evaluate::{EvaluateError, Scope, evaluate};
use crate::engine::syntax::{Expr, Function, Symbol, Time};

/// Why a trace cannot be analysed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AnalysisError {
    /// The cell normalises over a batch, so that one sample's state depends on the other samples.
    #[error("a cell with batchnorm has no Jacobian of one sample alone")]
    BatchNorm,
    /// A number that an equation needs is not in the trace.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// The model and the input do not fit together.
    #[error(transparent)]
    Trace(#[from] crate::engine::trace::TraceError),
    /// There is no such weight.
    #[error("there is no weight {0}")]
    NoWeight(String),
}

/// `∂s<t>/∂s<t-1>` of one layer and one sample, where s stacks the states in the order of the `state` line: row i holds
/// the derivatives of `s<t>`'s entry i. (number of states · n_a) squared.
///
/// The derived backward equations are evaluated once, with the identity in place of `ds<t>`.
///
/// # Errors
/// A cell with `batchnorm`, or a trace of another cell.
pub fn state_jacobian(at: LayerAtStep<'_>) -> Result<Array2<f64>, AnalysisError> {
    let cell = &at.layer.cell;
    if cell.equations.iter().any(|equation| normalises_over_a_batch(&equation.expr)) {
        return Err(AnalysisError::BatchNorm);
    }
    let hidden = at.layer.hidden;
    let width = hidden * cell.states.len();
    let mut backward = Backward { at, width, gradients: BTreeMap::new(), terms: Vec::new() };
    let nothing = Array2::zeros((hidden, width));
    backward.gradients.insert((cell.output.gradient(), Time::Now), nothing.clone());
    for (index, state) in cell.states.iter().enumerate() {
        let mut seed = nothing.clone();
        seed.slice_mut(s![.., index * hidden..(index + 1) * hidden]).diag_mut().fill(1.0);
        backward.gradients.insert((state.gradient(), Time::Now), seed);
    }
    backward.run()?;
    let blocks: Vec<Array2<f64>> = cell
        .states
        .iter()
        .map(|state| {
            let gradient = backward.gradients.remove(&(state.gradient(), Time::Previous));
            gradient.unwrap_or_else(|| nothing.clone())
        })
        .collect();
    let views: Vec<_> = blocks.iter().map(|block| block.view()).collect();
    // Each block is (∂s<t>/∂state<t-1>)ᵀ, all of the same width.
    let transposed = concatenate(Axis(0), &views).unwrap_or_else(|_| Array2::zeros((width, width)));
    Ok(transposed.reversed_axes())
}

/// `∂s<t>/∂s<k>` for each k from t back to 0, given the Jacobians of the steps 1 … t: the first is the identity, the
/// last the product of all.
pub fn product_back_to(jacobians: &[Array2<f64>]) -> Vec<Array2<f64>> {
    let size = jacobians.first().map_or(0, |jacobian| jacobian.nrows());
    let mut products = vec![Array2::eye(size)];
    for jacobian in jacobians.iter().rev() {
        let next = products[products.len() - 1].dot(jacobian);
        products.push(next);
    }
    products
}

fn normalises_over_a_batch(expr: &Expr) -> bool {
    use Function::{BatchDeviation, BatchMean, BatchNorm};
    expr.any(&|part| matches!(part, Expr::Call(BatchNorm | BatchMean | BatchDeviation, _)))
}

/// The backward equations of one step for `width` right-hand sides at once.
struct Backward<'a> {
    at: LayerAtStep<'a>,
    width: usize,
    /// By the gradient's own name (`dc`), rows × width.
    gradients: BTreeMap<(Symbol, Time), Array2<f64>>,
    terms: Vec<(Expr, Array2<f64>)>,
}

impl Backward<'_> {
    fn run(&mut self) -> Result<(), AnalysisError> {
        let derived = derive::backward(&self.at.layer.cell);
        for line in &derived.equations {
            if matches!(line.targets[..], [Expr::Parameter(_)]) {
                continue; // What arrives at a weight is not asked for.
            }
            let arriving = evaluate(&line.expr, self)?;
            let mut first = 0;
            let last = line.targets.len().saturating_sub(1);
            for (place, target) in line.targets.iter().enumerate() {
                let rows = if place == last { arriving.nrows() - first } else { self.rows_of(target)? };
                let part = arriving.slice(s![first..(first + rows).min(arriving.nrows()), ..]);
                self.receive(target, part.to_owned(), line.adds)?;
                first += rows;
            }
        }
        Ok(())
    }

    fn rows_of(&self, target: &Expr) -> Result<usize, AnalysisError> {
        Ok(match target {
            Expr::Value(name, _) if name.0 == "dx" => self.at.trace.x.dim().1,
            Expr::TermGradient(term) => evaluate(term, self)?.nrows(),
            _ => self.at.layer.hidden,
        })
    }

    fn receive(&mut self, target: &Expr, part: Array2<f64>, adds: bool) -> Result<(), AnalysisError> {
        let rows = self.rows_of(target)?;
        let part = part.broadcast((rows, self.width)).map_or(part.clone(), |wide| wide.to_owned());
        match target {
            Expr::Value(name, time) => {
                let key = (name.clone(), *time);
                let sum = match self.gradients.remove(&key).filter(|_| adds) {
                    Some(before) => before + part,
                    None => part,
                };
                self.gradients.insert(key, sum);
            }
            Expr::TermGradient(term) => match self.terms.iter_mut().find(|(known, _)| known == &**term) {
                Some((_, before)) if adds => *before += &part,
                Some((_, before)) => *before = part,
                None => self.terms.push(((**term).clone(), part)),
            },
            _ => {}
        }
        Ok(())
    }
}

impl Scope<f64> for Backward<'_> {
    fn value(&self, name: &Symbol, time: Time) -> Option<Array2<f64>> {
        // A gradient that nothing has reached yet must not be taken from the trace, where it is another run's.
        match self.gradients.get(&(name.clone(), time)) {
            Some(gradient) => Some(gradient.clone()),
            None if name.0.starts_with('d') && self.at.trace.value(name).is_none() => None,
            None => self.at.value(name, time),
        }
    }

    fn parameter(&self, name: &Symbol) -> Option<Array2<f64>> {
        self.at.parameter(name)
    }

    fn term_gradient(&self, term: &Expr) -> Option<Array2<f64>> {
        self.terms.iter().find(|(known, _)| known == term).map(|(_, gradient)| gradient.clone())
    }

    fn mask(&self) -> Vec<bool> {
        vec![true; self.width]
    }
}
