//! Model options as rewrites of a cell's text: the rewritten text is read again, so that formulas, gradients, plan and
//! files follow from it as from any other.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::syntax::make::{binary, call};
use super::syntax::{
    BinaryOperator, Cell, Equation, Expr, Function, Symbol, Time, holds_product, is_named,
    named_intermediates, parse_cell, to_text,
};

/// What is changed in a cell's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// What `g` stands for; none: what the text says.
    pub activation: Option<Activation>,
    /// What the pre-activations are normalised by; none: they are not.
    pub normalisation: Option<Normalisation>,
    /// Whether each layer but the lowest adds its input to its output.
    pub residual: bool,
}

/// An activation that `activation g = …` may be changed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// `tanh`
    Tanh,
    /// `max(0, z)`
    Relu,
    /// `z` where it is positive, else `0.01·z`
    LeakyRelu,
    /// `z·σ(z)`
    Swish,
}

impl Activation {
    /// The function.
    pub fn function(self) -> Function {
        match self {
            Activation::Tanh => Function::Tanh,
            Activation::Relu => Function::Relu,
            Activation::LeakyRelu => Function::LeakyRelu,
            Activation::Swish => Function::Swish,
        }
    }
}

/// How pre-activations are normalised; each then has a gain `g_…` (n_a × 1) of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Normalisation {
    /// Over the units of one sample at one step (Ba et al. 2016): the same while training and afterwards.
    Layer,
    /// Over the samples of one step (Ioffe and Szegedy 2015); running means afterwards.
    Batch,
}

impl Normalisation {
    /// The function.
    pub fn function(self) -> Function {
        match self {
            Normalisation::Layer => Function::LayerNorm,
            Normalisation::Batch => Function::BatchNorm,
        }
    }
}

/// Why an option does not go with a model. The page has the sentences in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum OptionError {
    /// The text has no `activation g = …`.
    #[error("the cell has no activation to choose")]
    NoActivation,
    /// No function of the text takes a matrix product.
    #[error("no function of the cell takes a matrix product")]
    NothingToNormalise,
    /// The text normalises its pre-activations already.
    #[error("the cell normalises already")]
    AlreadyNormalised,
    /// There is no layer above another one.
    #[error("a residual connection needs two layers")]
    ResidualNeedsTwoLayers,
    /// The text adds input and state already.
    #[error("the cell has a residual connection already")]
    AlreadyResidual,
    /// The rewritten text exceeds what a text may hold.
    #[error("the rewritten text is too long")]
    TooLong,
    /// Not exactly one matrix reads the state of the step before.
    #[error("the identity is for a cell with one recurrent matrix")]
    IdentityNeedsOneMatrix,
    /// The cell has no forget gate with a bias.
    #[error("the cell has no forget gate with a bias")]
    NoForgetBias,
}

/// The cell of each of `count` layers, the lowest first. A residual connection adds a layer's input to its output,
/// which have the same height from the second layer on; the lowest reads the symbols and keeps its text.
///
/// # Errors
/// When an option does not go with the cell or the number of layers.
pub fn layers(cell: &Arc<Cell>, options: &Options, count: usize) -> Result<Vec<Arc<Cell>>, OptionError> {
    let mut lowest = cell.clone();
    if let Some(activation) = options.activation {
        lowest = Arc::new(with_activation(&lowest, activation)?);
    }
    if let Some(normalisation) = options.normalisation {
        lowest = Arc::new(with_normalisation(&lowest, normalisation)?);
    }
    let mut layers = vec![lowest; count];
    if options.residual {
        let Some((lowest, upper)) = layers.split_first_mut().filter(|(_, upper)| !upper.is_empty()) else {
            return Err(OptionError::ResidualNeedsTwoLayers);
        };
        upper.fill(Arc::new(with_residual(lowest)?));
    }
    Ok(layers)
}

/// The text with another `activation g = …`.
///
/// # Errors
/// When it has none.
pub fn with_activation(cell: &Cell, activation: Activation) -> Result<Cell, OptionError> {
    if cell.activation.is_none() {
        return Err(OptionError::NoActivation);
    }
    let line = format!("activation g = {}", activation.function().name());
    read_again(&with_line(&cell.text, "activation", &line))
}

/// The text with every pre-activation normalised: `σ(W_f [a<t-1>, x<t>] + b_f)` becomes
/// `σ(layernorm(W_f [a<t-1>, x<t>]) * g_f + b_f)`. What holds no product (a bias, a peephole) stays outside.
///
/// # Errors
/// When there is none, or when the text normalises already.
pub fn with_normalisation(cell: &Cell, normalisation: Normalisation) -> Result<Cell, OptionError> {
    let named = named_intermediates(cell);
    if named.is_empty() {
        return Err(OptionError::NothingToNormalise);
    }
    if cell.equations.iter().any(|equation| holds_normalisation(&equation.expr)) {
        return Err(OptionError::AlreadyNormalised);
    }
    let mut taken: Vec<Symbol> = cell.parameters.iter().map(|parameter| parameter.name.clone()).collect();
    taken.extend(cell.equations.iter().map(|equation| equation.target.name.clone()));
    let mut gains = Vec::new();
    for one in &named {
        let gain = free_name("g", one.name.subscript().unwrap_or_default(), &taken);
        taken.push(gain.clone());
        gains.push(gain);
    }
    let mut gains = gains.into_iter();
    let equations = each_equation(cell, &mut |expr| match expr {
        Expr::Call(function, argument) if is_named(cell, argument) => {
            let gain = gains.next().unwrap_or_else(|| Symbol::from("g"));
            Some(Expr::Call(*function, Box::new(normalised(argument, normalisation.function(), gain))))
        }
        _ => None,
    });
    read_again(&text_of(cell, &equations))
}

/// The text with its input added to its output: `output o` and `o<t> = a<t> + x<t>`. Such a cell fits layers with
/// n_x = n_a only ([`Cell::check_sizes`]).
///
/// # Errors
/// When the cell adds its input already.
pub fn with_residual(cell: &Cell) -> Result<Cell, OptionError> {
    if cell.only_if_square.is_some() {
        return Err(OptionError::AlreadyResidual);
    }
    let mut taken: Vec<Symbol> = cell.parameters.iter().map(|parameter| parameter.name.clone()).collect();
    taken.extend(cell.equations.iter().map(|equation| equation.target.name.clone()));
    let output = if taken.contains(&Symbol::from("o")) { free_name("o", "", &taken) } else { "o".into() };
    let text = with_line(&cell.text, "output", &format!("output {output}"));
    read_again(&format!("{}\n{output}<t> = {}<t> + x<t>\n", text.trim_end(), cell.output))
}

/// The cell as it works after training: `batchnorm(z)` written out as `(z - m_…) / s_…` with the running means and
/// deviations as columns, whose names are returned in the order of the engine's statistics. None: no such call.
pub fn with_running_means(cell: &Cell) -> Option<(Cell, Vec<(Symbol, Symbol)>)> {
    let mut taken: Vec<Symbol> = cell.parameters.iter().map(|parameter| parameter.name.clone()).collect();
    taken.extend(cell.equations.iter().map(|equation| equation.target.name.clone()));
    let mut names: Vec<(Symbol, Symbol)> = Vec::new();
    let equations: Vec<Equation> = cell
        .equations
        .iter()
        .map(|equation| {
            let subscript = equation.target.name.subscript().map_or_else(
                || equation.target.name.letter().trim_end_matches('~').to_owned(),
                str::to_owned,
            );
            let expr = equation.expr.map(&mut |expr| match expr {
                Expr::Call(Function::BatchNorm, argument) => {
                    let [mean, deviation] = ["m", "s"].map(|letter| {
                        let name = free_name(letter, &subscript, &taken);
                        taken.push(name.clone());
                        name
                    });
                    let centred =
                        binary(BinaryOperator::Subtract, (**argument).clone(), Expr::Parameter(mean.clone()));
                    let divided = binary(BinaryOperator::Divide, centred, Expr::Parameter(deviation.clone()));
                    names.push((mean, deviation));
                    Some(divided)
                }
                _ => None,
            });
            Equation { expr, ..equation.clone() }
        })
        .collect();
    if names.is_empty() {
        return None;
    }
    Some((read_again(&text_of(cell, &equations)).ok()?, names))
}

/// Columns that a normalised value is multiplied by; they start at 1.
pub fn gains(cell: &Cell) -> Vec<Symbol> {
    let mut gains = Vec::new();
    each_equation(cell, &mut |expr| {
        if let Expr::Binary(BinaryOperator::Multiply, left, right) = expr {
            for pair in [(left, right), (right, left)] {
                if let (Expr::Call(function, _), Expr::Parameter(gain)) = (&**pair.0, &**pair.1)
                    && function.is_normalisation()
                {
                    gains.push(gain.clone());
                }
            }
        }
        None
    });
    gains
}

fn holds_normalisation(expr: &Expr) -> bool {
    expr.any(&|part| matches!(part, Expr::Call(function, _) if function.is_normalisation()))
}

/// `function(products) * gain + rest`.
fn normalised(argument: &Expr, function: Function, gain: Symbol) -> Expr {
    let (products, rest): (Vec<_>, Vec<_>) =
        argument.terms().into_iter().partition(|(_, term)| holds_product(term));
    let sum = |start: Option<Expr>, terms: Vec<(bool, &Expr)>| {
        terms.into_iter().fold(start, |sum, (negative, term)| {
            let term = term.clone();
            Some(match (sum, negative) {
                (None, false) => term,
                (None, true) => Expr::Negate(Box::new(term)),
                (Some(sum), false) => binary(BinaryOperator::Add, sum, term),
                (Some(sum), true) => binary(BinaryOperator::Subtract, sum, term),
            })
        })
    };
    let products = sum(None, products).unwrap_or_else(|| argument.clone());
    let scaled = binary(BinaryOperator::Multiply, call(function, products), Expr::Parameter(gain));
    sum(Some(scaled.clone()), rest).unwrap_or(scaled)
}

/// The equations, each [changed](Expr::map) in the same way.
fn each_equation(cell: &Cell, change: &mut dyn FnMut(&Expr) -> Option<Expr>) -> Vec<Equation> {
    let each = cell.equations.iter();
    each.map(|equation| Equation { expr: equation.expr.map(change), ..equation.clone() }).collect()
}

/// `letter_subscript`, with a number from 2 behind it where that is taken.
fn free_name(letter: &str, subscript: &str, taken: &[Symbol]) -> Symbol {
    let plain = format!("{letter}_{subscript}");
    let numbered = (2..).map(|number| format!("{plain}{number}"));
    let is_free = |name: &String| !name.ends_with('_') && taken.iter().all(|one| one.0 != *name);
    // Numbers do not end.
    Symbol(std::iter::once(plain.clone()).chain(numbered).find(is_free).unwrap_or(plain))
}

/// The text with its line that begins with `word` replaced, or a new one after its `state` line.
fn with_line(text: &str, word: &str, line: &str) -> String {
    let begins = |line: &str, word: &str| line.split_whitespace().next() == Some(word);
    let anchor = if text.lines().any(|line| begins(line, word)) { word } else { "state" };
    let mut lines = Vec::new();
    for known in text.lines() {
        if begins(known, anchor) {
            if anchor != word {
                lines.push(known);
            }
            lines.push(line);
        } else {
            lines.push(known);
        }
    }
    lines.join("\n") + "\n"
}

/// A cell as text, from its equations; functions stand by their own names.
fn text_of(cell: &Cell, equations: &[Equation]) -> String {
    let states: Vec<&str> = cell.states.iter().map(|state| state.0.as_str()).collect();
    let mut text = format!("state {}\n", states.join(", "));
    if cell.output.0 != "a" {
        text += &format!("output {}\n", cell.output);
    }
    for equation in equations {
        let target = to_text(&Expr::Value(equation.target.name.clone(), Time::Now));
        text += &format!("{target} = {}\n", to_text(&equation.expr));
    }
    text
}

fn read_again(text: &str) -> Result<Cell, OptionError> {
    parse_cell(text).map_err(|_| OptionError::TooLong)
}
