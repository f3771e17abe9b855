//! Kinks: where ReLU and leaky ReLU have two slopes, one on each side of 0, and a difference of two losses says nothing
//! about either.

use super::jacobian::AnalysisError;
use super::scope::LayerAtStep;
use crate::engine::evaluate::evaluate;
use crate::engine::model::Model;
use crate::engine::syntax::{Cell, Equation, Expr, Function, with_intermediates};
use crate::engine::trace::{Trace, TraceInput};

/// Whether a cell has a function with a kink.
pub(super) fn has_kinks(cell: &Cell) -> bool {
    cell.equations.iter().any(|equation| equation.expr.any(&is_kinked))
}

/// Whether each argument of a function with a kink lies above 0: layer by layer, sample by sample, step by step.
pub(super) fn sides(
    model: &Model<f64>,
    trace: &Trace<f64>,
    input: &TraceInput<f64>,
) -> Result<Vec<bool>, AnalysisError> {
    let mut sides = Vec::new();
    for (layer, found) in model.layers.iter().zip(&trace.layers) {
        let equations = with_intermediates(&layer.cell);
        let arguments = arguments(&equations);
        for (sample, length) in input.lengths.iter().enumerate() {
            for step in 0..*length {
                let at = LayerAtStep { layer, trace: found, step, sample };
                for argument in &arguments {
                    sides.extend(evaluate(argument, &at)?.iter().map(|value| *value > 0.0));
                }
            }
        }
    }
    Ok(sides)
}

fn arguments(equations: &[Equation]) -> Vec<&Expr> {
    let mut found = Vec::new();
    for equation in equations {
        equation.expr.each(&mut |part| {
            if let Expr::Call(Function::Relu | Function::LeakyRelu, argument) = part {
                found.push(&**argument);
            }
        });
    }
    found
}

fn is_kinked(expr: &Expr) -> bool {
    matches!(expr, Expr::Call(Function::Relu | Function::LeakyRelu, _))
}
