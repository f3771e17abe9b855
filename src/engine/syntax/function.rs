//! What the functions are called, and which work on each entry alone.

use super::Function;

impl Function {
    /// The functions that a cell's text may call.
    pub const IN_TEXTS: [Function; 11] = [
        Function::Sigmoid,
        Function::Tanh,
        Function::Relu,
        Function::LeakyRelu,
        Function::Swish,
        Function::Exp,
        Function::Log,
        Function::Softmax,
        Function::Sum,
        Function::LayerNorm,
        Function::BatchNorm,
    ];

    /// Those that `activation g = …` may name.
    pub const ACTIVATIONS: [Function; 5] =
        [Function::Sigmoid, Function::Tanh, Function::Relu, Function::LeakyRelu, Function::Swish];

    /// Its name in a text. The names of what only derived equations call cannot be read back.
    pub fn name(self) -> &'static str {
        match self {
            Function::Sigmoid => "σ",
            Function::Tanh => "tanh",
            Function::Relu => "relu",
            Function::LeakyRelu => "leaky_relu",
            Function::Swish => "swish",
            Function::Exp => "exp",
            Function::Log => "log",
            Function::Softmax => "softmax",
            Function::Sum => "sum",
            Function::LayerNorm => "layernorm",
            Function::BatchNorm => "batchnorm",
            Function::ReluSlope => "relu′",
            Function::LeakyReluSlope => "leaky_relu′",
            Function::Mean => "mean",
            Function::Deviation => "deviation",
            Function::BatchMean => "batch_mean",
            Function::BatchDeviation => "batch_deviation",
        }
    }

    /// Whether each entry of its result follows from the entry at the same place of its argument alone.
    pub fn is_element_wise(self) -> bool {
        match self {
            Function::Sigmoid
            | Function::Tanh
            | Function::Relu
            | Function::LeakyRelu
            | Function::Swish
            | Function::Exp
            | Function::Log
            | Function::ReluSlope
            | Function::LeakyReluSlope => true,
            Function::Softmax
            | Function::Sum
            | Function::LayerNorm
            | Function::BatchNorm
            | Function::Mean
            | Function::Deviation
            | Function::BatchMean
            | Function::BatchDeviation => false,
        }
    }

    /// Whether it shifts and scales the rows of a sample, or the samples of a row, to mean 0 and deviation 1.
    pub fn is_normalisation(self) -> bool {
        matches!(self, Function::LayerNorm | Function::BatchNorm)
    }

    /// The function that a text may call by this name.
    pub fn from_name(name: &str) -> Option<Function> {
        Self::IN_TEXTS.into_iter().find(|function| function.name() == name)
    }
}
