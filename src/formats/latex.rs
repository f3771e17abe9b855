//! Equations as LaTeX, from the same trees that run: forward, head and loss, backward.

mod held;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::code::shared::distinct;
use crate::engine::BackwardEquation;
use crate::engine::derive;
use crate::engine::facts::Facts;
use crate::engine::kernels::Scalar;
use crate::engine::model::Model;
use crate::engine::presets;
use crate::engine::syntax::{BinaryOperator, Cell, Equation, Expr, Function, Symbol, Time};
use crate::engine::trace::Hold;

pub use self::held::held;

/// Whose letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Letters {
    /// The notes': `\Gamma_f^{\langle t\rangle}`.
    #[default]
    Notes,
    /// PyTorch's: `f_t`.
    PyTorch,
    /// Keras's: `f_t`.
    Keras,
}

impl Letters {
    /// The letters of this name; the notes', where there are none of it.
    pub fn from_id(id: &str) -> Letters {
        match id {
            "pytorch" => Letters::PyTorch,
            "keras" => Letters::Keras,
            _ => Letters::Notes,
        }
    }
}

/// Every equation of a model as a document that compiles: an `align*` each for every distinct cell forward, the head, and
/// the same backward. It needs `amsmath`.
pub fn document<S: Scalar>(model: &Model<S>, letters: Letters) -> String {
    document_with(model, &[], 0, letters)
}

/// The same with the units that are held through so many steps: after the equations forward, what each is set to, and
/// after those backward, that its gradient goes no further.
pub fn document_with<S: Scalar>(model: &Model<S>, holds: &[Hold], steps: usize, letters: Letters) -> String {
    let cells = distinct(model);
    let head = &model.head.head;
    let mut text = String::from(
        "\\documentclass{article}\n\\usepackage{amsmath}\n\\DeclareMathOperator{\\softmax}{softmax}\n\\begin{document}\n",
    );
    for cell in &cells {
        text += &forward(cell, letters);
    }
    text += &held::forward(model, holds, steps, letters);
    let set = Setter { letters, facts: None };
    let of_head = match model.layers.last() {
        Some(top) => derive::backward_of_head_on(head, &top.cell),
        None => derive::backward_of_head(head),
    };
    text += &block(of_head.forward.iter().map(|line| set.equation(line)));
    text += "% backward\n";
    text += &block(of_head.equations.iter().map(|line| set.backward(line)));
    for cell in cells.iter().rev() {
        text += &backward(cell, letters);
    }
    text += &held::backward(model, holds, steps, letters);
    text + "\\end{document}\n"
}

/// The equations of a cell under each other, every named intermediate written out: an `align*`.
pub fn forward(cell: &Cell, letters: Letters) -> String {
    let set = Setter::of(cell, letters);
    block(derive::backward(cell).forward.iter().map(|line| set.equation(line)))
}

/// Its derived equations likewise.
pub fn backward(cell: &Cell, letters: Letters) -> String {
    let set = Setter::of(cell, letters);
    block(derive::backward(cell).equations.iter().map(|line| set.backward(line)))
}

/// One equation of either kind as it stands in a formula's place, without `&`. Those of a head have no cell.
pub fn line(cell: Option<&Cell>, line: &BackwardEquation, letters: Letters) -> String {
    let set = cell.map_or(Setter { letters, facts: None }, |cell| Setter::of(cell, letters));
    set.backward(line).replace('&', "")
}

fn block(lines: impl Iterator<Item = String>) -> String {
    // An alignment that breaks over pages.
    format!(
        "\\allowdisplaybreaks\n\\begin{{align*}}\n{}\n\\end{{align*}}\n",
        lines.collect::<Vec<_>>().join(" \\\\\n")
    )
}

struct Setter {
    letters: Letters,
    facts: Option<&'static Facts>,
}

/// Where a symbol stands: at which step, in which unit and layer, each only where it matters.
#[derive(Clone, Copy, Default)]
struct Place<'a> {
    /// `t`, `t-1`, `3`.
    step: Option<&'a str>,
    /// From 0.
    unit: Option<usize>,
    /// From 0.
    layer: Option<usize>,
}

/// How tightly a form binds, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Sum,
    Minus,
    Elementwise,
    Product,
    Power,
    Atom,
}

impl Setter {
    fn of(cell: &Cell, letters: Letters) -> Setter {
        Setter { letters, facts: presets::known(cell).map(|preset| &preset.facts) }
    }

    fn equation(&self, equation: &Equation) -> String {
        let left = self.symbol(&equation.target.name, Some(Time::Now));
        format!("{left} &= {}", self.expr(&equation.expr, Level::Sum))
    }

    fn backward(&self, line: &BackwardEquation) -> String {
        let targets: Vec<String> = line.targets.iter().map(|one| self.expr(one, Level::Sum)).collect();
        let left = match targets.as_slice() {
            [only] => only.clone(),
            several => format!("\\left[{}\\right]", several.join(",\\ ")),
        };
        let sign = if line.adds { "\\mathrel{+}=" } else { "=" };
        format!("{left} &{sign} {}", self.expr(&line.expr, Level::Sum))
    }

    fn expr(&self, expr: &Expr, least: Level) -> String {
        let (text, level) = self.write(expr);
        if level < least { format!("\\left({text}\\right)") } else { text }
    }

    fn write(&self, expr: &Expr) -> (String, Level) {
        match expr {
            Expr::Number(number) => {
                let level = if number.is_sign_negative() { Level::Minus } else { Level::Atom };
                (number_text(*number), level)
            }
            Expr::Value(name, time) => (self.symbol(name, Some(*time)), Level::Atom),
            Expr::Parameter(name) => (self.symbol(name, None), Level::Atom),
            Expr::TermGradient(term) => {
                (format!("\\mathrm{{d}}\\left({}\\right)", self.expr(term, Level::Sum)), Level::Atom)
            }
            Expr::Transpose(of) => (format!("{{{}}}^{{\\top}}", self.expr(of, Level::Atom)), Level::Power),
            Expr::Product(left, right) => (
                format!("{} \\, {}", self.expr(left, Level::Power), self.expr(right, Level::Product)),
                Level::Product,
            ),
            Expr::Binary(operator, left, right) => {
                let (level, sign, right_least) = match operator {
                    BinaryOperator::Add => (Level::Sum, "+", Level::Minus),
                    BinaryOperator::Subtract => (Level::Sum, "-", Level::Elementwise),
                    BinaryOperator::Multiply => (Level::Elementwise, "\\odot", Level::Product),
                    BinaryOperator::Divide => {
                        let (above, below) = (self.expr(left, Level::Sum), self.expr(right, Level::Sum));
                        return (format!("\\frac{{{above}}}{{{below}}}"), Level::Product);
                    }
                };
                (format!("{} {sign} {}", self.expr(left, level), self.expr(right, right_least)), level)
            }
            Expr::Negate(of) => (format!("-{}", self.expr(of, Level::Elementwise)), Level::Minus),
            Expr::Power(_, 0) => ("\\mathbf{1}".to_owned(), Level::Atom),
            Expr::Power(base, exponent) => {
                // A letter with a time above it has its exponent outside of brackets.
                let base = match &**base {
                    Expr::Value(..) => format!("\\left({}\\right)", self.expr(base, Level::Sum)),
                    base => self.expr(base, Level::Atom),
                };
                (format!("{{{base}}}^{{{exponent}}}"), Level::Power)
            }
            Expr::Stack(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.expr(part, Level::Sum)).collect();
                (format!("\\left[{}\\right]", parts.join(",\\ ")), Level::Atom)
            }
            Expr::Call(function, argument) => (
                format!("{}\\left({}\\right)", function_text(*function), self.expr(argument, Level::Sum)),
                Level::Atom,
            ),
        }
    }

    fn symbol(&self, symbol: &Symbol, time: Option<Time>) -> String {
        let step = time.map(|time| if time == Time::Now { "t" } else { "t-1" });
        self.entry(symbol, &Place { step, ..Place::default() })
    }

    /// A symbol, or one entry of it, where it stands.
    fn entry(&self, symbol: &Symbol, place: &Place<'_>) -> String {
        let (gradient, own) = match symbol.of_gradient() {
            Some(own) => (true, own),
            None => (false, symbol.clone()),
        };
        let there = self.facts.and_then(|facts| facts.of(&own)).and_then(|known| match self.letters {
            Letters::Notes => None,
            Letters::PyTorch => known.pytorch.clone(),
            Letters::Keras => known.keras.clone(),
        });
        let shown = there.map_or(own, Symbol);
        let mut text = String::new();
        if gradient {
            text += "\\mathrm{d}";
        }
        text += &letter_text(shown.letter());
        let mut below: Vec<String> = shown.subscript().map(word).into_iter().collect();
        below.extend(place.unit.map(|unit| (unit + 1).to_string()));
        let mut above = place.layer.map(|layer| format!("[{}]", layer + 1)).unwrap_or_default();
        match (place.step, self.letters) {
            (Some(step), Letters::Notes) => {
                let _ = write!(above, "\\langle {step}\\rangle");
            }
            (Some(step), _) => below.push(step.to_owned()),
            (None, _) => {}
        }
        if !below.is_empty() {
            let _ = write!(text, "_{{{}}}", below.join(","));
        }
        if !above.is_empty() {
            let _ = write!(text, "^{{{above}}}");
        }
        text
    }
}

fn letter_text(letter: &str) -> String {
    if let Some(bare) = letter.strip_suffix('~') {
        return format!("\\tilde{{{}}}", letter_text(bare));
    }
    if letter == "ŷ" {
        return "\\hat{y}".to_owned();
    }
    word(letter)
}

/// A letter, or a word set upright. What LaTeX would read as a command is left out.
fn word(text: &str) -> String {
    let mut letters = text.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return match super::code::greek(letter) {
            Some(name) => format!("\\{name}"),
            None if letter.is_alphanumeric() => letter.to_string(),
            None => format!("\\text{{U+{:04X}}}", u32::from(letter)),
        };
    }
    // Indices such as `aa`, `ya` are letters side by side.
    if text.len() <= 2 && text.is_ascii() && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return text.to_owned();
    }
    let plain: String = text.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let greek: BTreeSet<char> =
        plain.chars().filter(|letter| super::code::greek(*letter).is_some()).collect();
    if greek.is_empty() {
        return format!("\\mathrm{{{plain}}}");
    }
    plain
        .chars()
        .map(|letter| {
            super::code::greek(letter).map_or_else(|| letter.to_string(), |name| format!("\\{name} "))
        })
        .collect()
}

fn function_text(function: Function) -> &'static str {
    match function {
        Function::Sigmoid => "\\sigma",
        Function::Tanh => "\\tanh",
        Function::Exp => "\\exp",
        Function::Log => "\\log",
        Function::Softmax => "\\softmax",
        Function::Sum => "\\operatorname{sum}",
        Function::Relu => "\\operatorname{relu}",
        Function::LeakyRelu => "\\operatorname{leaky\\,relu}",
        Function::Swish => "\\operatorname{swish}",
        Function::LayerNorm => "\\operatorname{layernorm}",
        Function::BatchNorm => "\\operatorname{batchnorm}",
        Function::ReluSlope => "\\operatorname{relu}'",
        Function::LeakyReluSlope => "\\operatorname{leaky\\,relu}'",
        Function::Mean => "\\operatorname{mean}",
        Function::Deviation => "\\operatorname{deviation}",
        Function::BatchMean => "\\operatorname{mean}_B",
        Function::BatchDeviation => "\\operatorname{deviation}_B",
    }
}

fn number_text(number: f64) -> String {
    let text = format!("{number}");
    if text.len() <= 12 { text } else { format!("{number:e}").replace('e', " \\cdot 10^{") + "}" }
}
