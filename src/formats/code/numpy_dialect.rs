//! Expressions in NumPy, and the functions that NumPy has not.

use super::expression::Dialect;
use crate::engine::syntax::Function;

/// NumPy: columns are the samples.
pub(super) struct NumPy;

impl Dialect for NumPy {
    fn stack(&self, parts: &[String]) -> String {
        format!("np.vstack([{}])", parts.join(", "))
    }

    fn call(&self, function: Function, argument: &str) -> String {
        match function {
            Function::Exp => format!("np.exp({argument})"),
            Function::Log => format!("np.log({argument})"),
            Function::Tanh => format!("np.tanh({argument})"),
            Function::Sum => format!("np.sum({argument}, axis=0, keepdims=True)"),
            Function::Mean => format!("np.mean({argument}, axis=0, keepdims=True)"),
            Function::BatchMean => format!("np.mean({argument}, axis=1, keepdims=True)"),
            Function::ReluSlope => format!("np.where({argument} > 0, 1.0, 0.0)"),
            Function::LeakyReluSlope => format!("np.where({argument} > 0, 1.0, 0.01)"),
            other => format!("{}({argument})", helper(other)),
        }
    }
}

/// The name of a function that the program defines.
fn helper(function: Function) -> &'static str {
    match function {
        Function::Sigmoid => "sigma",
        Function::Relu => "relu",
        Function::LeakyRelu => "leaky_relu",
        Function::Swish => "swish",
        Function::Softmax => "softmax",
        Function::LayerNorm => "layernorm",
        Function::BatchNorm => "batchnorm",
        Function::Deviation => "deviation",
        Function::BatchDeviation => "batch_deviation",
        _ => "",
    }
}

/// The definition of such a function.
pub(super) fn definition(function: Function) -> Option<&'static str> {
    Some(match function {
        // With e to the power of -|z|, which is never too large for a number.
        Function::Sigmoid => {
            "def sigma(z):\n    e = np.exp(-np.abs(z))\n    return np.where(z < 0, e, 1) / (1 + e)"
        }
        Function::Relu => "def relu(z):\n    return np.maximum(z, 0)",
        Function::LeakyRelu => "def leaky_relu(z):\n    return np.where(z > 0, z, 0.01 * z)",
        Function::Swish => {
            "def swish(z):\n    e = np.exp(-np.abs(z))\n    return z * np.where(z < 0, e, 1) / (1 + e)"
        }
        Function::Softmax => {
            "def softmax(z):\n    e = np.exp(z - np.max(z, axis=0, keepdims=True))\n    return e / np.sum(e, axis=0, keepdims=True)"
        }
        Function::LayerNorm => {
            "def layernorm(z):\n    return (z - np.mean(z, axis=0, keepdims=True)) / np.sqrt(np.var(z, axis=0, keepdims=True) + 1e-5)"
        }
        Function::BatchNorm => {
            "def batchnorm(z):\n    return (z - np.mean(z, axis=1, keepdims=True)) / np.sqrt(np.var(z, axis=1, keepdims=True) + 1e-5)"
        }
        Function::Deviation => {
            "def deviation(z):\n    return np.sqrt(np.var(z, axis=0, keepdims=True) + 1e-5)"
        }
        Function::BatchDeviation => {
            "def batch_deviation(z):\n    return np.sqrt(np.var(z, axis=1, keepdims=True) + 1e-5)"
        }
        _ => return None,
    })
}
