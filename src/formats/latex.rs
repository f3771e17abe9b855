//! Equations as LaTeX, from the same trees that run: forward, head and loss, backward.

mod document;
mod held;
mod words;

use std::fmt::Write as _;

use super::letters::{Renamed, all_of_cell, facts_of};
use crate::engine::BackwardEquation;
use crate::engine::derive;
use crate::engine::facts::Facts;
use crate::engine::letters::Elsewhere;
use crate::engine::presets;
use crate::engine::syntax::{BinaryOperator, Cell, Equation, Expr, Symbol, Time};

use self::words::{function_text, letter_text, needs, number_text, word};

pub use self::document::{document, document_with};
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

    /// Whose formulas they are from; none: the notes'.
    pub fn elsewhere(self) -> Option<Elsewhere> {
        match self {
            Letters::Notes => None,
            Letters::PyTorch => Some(Elsewhere::PyTorch),
            Letters::Keras => Some(Elsewhere::Keras),
        }
    }
}

/// The equations of a cell under each other, every named intermediate written out: an `align*`. A comment stands first where
/// letters need more than pdfLaTeX.
pub fn forward(cell: &Cell, letters: Letters) -> String {
    with_needs(lines_forward(cell, letters))
}

/// Its derived equations likewise.
pub fn backward(cell: &Cell, letters: Letters) -> String {
    with_needs(lines_backward(cell, letters))
}

fn lines_forward(cell: &Cell, letters: Letters) -> String {
    let set = Setter::of(cell, letters);
    block(derive::backward(cell).forward.iter().map(|line| set.equation(line)))
}

fn lines_backward(cell: &Cell, letters: Letters) -> String {
    let set = Setter::of(cell, letters);
    block(derive::backward(cell).equations.iter().map(|line| set.backward(line)))
}

/// The text below a comment on what its letters need.
fn with_needs(text: String) -> String {
    format!("{}{text}", needs(&text))
}

/// One equation of either kind as it stands in a formula's place, without `&`. One of a head has the letters of the cell
/// below it.
pub fn line(cell: Option<&Cell>, line: &BackwardEquation, letters: Letters) -> String {
    let set = cell.map_or(Setter::plain(letters), |cell| Setter::of(cell, letters));
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
    /// What is known of every symbol that has no name below.
    facts: Option<&'static Facts>,
    /// The names of a reader's own cell, no two alike.
    names: Renamed,
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
        let facts = facts_of(cell);
        let (Some(known), Some(there), None) = (facts, letters.elsewhere(), presets::known(cell)) else {
            return Setter { facts, ..Setter::plain(letters) };
        };
        let names = all_of_cell(cell, known, there);
        // A head reads the output under the name that this has: where it keeps its own, `W_ya` does too.
        let keeps = names.get(&cell.output).is_none_or(|name| *name == cell.output);
        Setter { letters, facts: facts.filter(|_| !keeps), names }
    }

    fn plain(letters: Letters) -> Setter {
        Setter { letters, facts: None, names: Renamed::new() }
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
        let known = || {
            let (facts, there) = self.facts.zip(self.letters.elsewhere())?;
            facts.letters_elsewhere(&own, there).map(Symbol)
        };
        let shown = self.names.get(&own).cloned().or_else(known).unwrap_or(own);
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
