//! An equation opened: the blocks of numbers that stand between its signs, at one step.
//!
//! Nothing here knows a cell by name: the blocks follow from the equation's own tree.

use ndarray::{Array2, Axis, concatenate};

use crate::engine::syntax::{BinaryOperator, Expr, Function, Symbol, Time, holds_product};

/// What an opened equation needs to know about the step it stands at.
pub trait Numbers {
    /// The value of an expression at this step, rows × columns (columns = 1 for a vector).
    fn of(&self, expr: &Expr) -> Option<Array2<f64>>;

    /// The name of a function's argument that holds a product (`z_f`), where the cell gives it one.
    fn name_of(&self, argument: &Expr) -> Option<Symbol>;
}

/// What stands between two blocks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sign {
    /// `+`
    Plus,
    /// `−`, between two blocks or in front of one.
    Minus,
    /// Element-wise product.
    Times,
    /// Element-wise quotient.
    Over,
    /// Matrix product.
    Dot,
    /// `=`
    Equals,
    /// The function that makes the next block from the one before.
    Into(Function),
    /// The function whose argument follows in parentheses.
    Of(Function),
    /// `(`
    Open,
    /// `)`
    Close,
    /// A power of what stands before.
    Power(i32),
}

/// A stretch of a block's rows or columns that belongs to one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The value: `a<t-1>`.
    pub label: Expr,
    /// How many rows or columns are its.
    pub size: usize,
}

/// Which entries of a block take part in the chosen row of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// The row of the same number.
    Row,
    /// All of them.
    Whole,
}

/// What a block is in its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Something the equation reads.
    Read,
    /// What the equation defines, or a step on the way that has a name.
    Result,
    /// What a line of a sum adds.
    Added,
    /// What had arrived at the sum before.
    Before,
    /// What stands there then.
    After,
}

/// A matrix or a column with its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// What it is, in the equation's own letters.
    pub label: Expr,
    /// Rows × columns.
    pub values: Array2<f64>,
    /// The rows by the value they belong to; empty where they belong to one.
    pub rows: Vec<Group>,
    /// The columns by the value they meet; empty where they meet one.
    pub columns: Vec<Group>,
    /// Which entries the chosen row uses.
    pub takes: Takes,
    /// What it is in its row.
    pub standing: Standing,
}

/// One thing in the row of an opened equation.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Numbers.
    Block(Block),
    /// What is done with them.
    Sign(Sign),
}

/// The equation's blocks in reading order, from its right-hand side to its result; none where a value is missing.
pub fn open(targets: &[Expr], expr: &Expr, numbers: &dyn Numbers) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    match expr {
        Expr::Call(function, argument) if *function != Function::Sum => {
            read(argument, numbers, Takes::Row, &mut pieces)?;
            if holds_product(argument) {
                pieces.push(Piece::Sign(Sign::Equals));
                let label = match numbers.name_of(argument) {
                    Some(name) => Expr::Value(name, Time::Now),
                    None => (**argument).clone(),
                };
                pieces.push(block(label, numbers.of(argument)?, Takes::Row, Standing::Result));
            }
            pieces.push(Piece::Sign(Sign::Into(*function)));
        }
        _ => {
            read(expr, numbers, Takes::Row, &mut pieces)?;
            pieces.push(Piece::Sign(Sign::Equals));
        }
    }
    pieces.push(Piece::Block(result(targets, numbers.of(expr)?, expr, numbers)));
    Some(pieces)
}

/// The block of a left-hand side with the given values; rows and columns are divided as the targets and the factors ask.
pub fn result(targets: &[Expr], values: Array2<f64>, expr: &Expr, numbers: &dyn Numbers) -> Block {
    let columns = match expr {
        Expr::Product(_, right) => match &**right {
            Expr::Transpose(inner) => groups(inner, numbers),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    let label = match targets {
        [only] => only.clone(),
        several => Expr::Stack(several.to_vec()),
    };
    let rows = groups(&label, numbers);
    Block { label, values, rows, columns, takes: Takes::Row, standing: Standing::Result }
}

/// The rows of a stack by the value they belong to; nothing for anything else.
pub fn groups(expr: &Expr, numbers: &dyn Numbers) -> Vec<Group> {
    match expr {
        Expr::Stack(parts) => parts
            .iter()
            .filter_map(|part| {
                let shown = match part {
                    Expr::Value(name, time) => numbers.of(&Expr::Value(name.clone(), *time)),
                    other => numbers.of(other),
                };
                shown.map(|values| Group { label: part.clone(), size: values.nrows() })
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn block(label: Expr, values: Array2<f64>, takes: Takes, standing: Standing) -> Piece {
    Piece::Block(Block { label, values, rows: Vec::new(), columns: Vec::new(), takes, standing })
}

fn read(expr: &Expr, numbers: &dyn Numbers, takes: Takes, pieces: &mut Vec<Piece>) -> Option<()> {
    match expr {
        Expr::Product(left, right) => product(left, right, numbers, pieces),
        Expr::Negate(inner) => {
            pieces.push(Piece::Sign(Sign::Minus));
            grouped(inner, numbers, takes, matches!(**inner, Expr::Binary(..)), pieces)
        }
        Expr::Call(function, inner) if *function == Function::Sum || holds_product(inner) => {
            pieces.push(Piece::Sign(Sign::Of(*function)));
            let inner_takes = if *function == Function::Sum { Takes::Whole } else { takes };
            grouped(inner, numbers, inner_takes, true, pieces)
        }
        Expr::Power(inner, exponent) if holds_product(inner) => {
            grouped(inner, numbers, takes, true, pieces)?;
            pieces.push(Piece::Sign(Sign::Power(*exponent)));
            Some(())
        }
        Expr::Binary(operator, left, right) if !is_one_block(left, right) => {
            let sums = matches!(operator, BinaryOperator::Multiply | BinaryOperator::Divide);
            grouped(left, numbers, takes, sums && is_sum(left), pieces)?;
            pieces.push(Piece::Sign(match operator {
                BinaryOperator::Add => Sign::Plus,
                BinaryOperator::Subtract => Sign::Minus,
                BinaryOperator::Multiply => Sign::Times,
                BinaryOperator::Divide => Sign::Over,
            }));
            let tight = match operator {
                BinaryOperator::Add => false,
                BinaryOperator::Subtract => is_sum(right),
                BinaryOperator::Multiply => is_sum(right),
                BinaryOperator::Divide => matches!(**right, Expr::Binary(..)),
            };
            grouped(right, numbers, takes, tight, pieces)
        }
        _ => {
            let values = numbers.of(expr)?;
            let rows = groups(expr, numbers);
            pieces.push(Piece::Block(Block {
                label: expr.clone(),
                values,
                rows,
                columns: Vec::new(),
                takes,
                standing: Standing::Read,
            }));
            Some(())
        }
    }
}

fn product(left: &Expr, right: &Expr, numbers: &dyn Numbers, pieces: &mut Vec<Piece>) -> Option<()> {
    let outer = matches!(right, Expr::Transpose(_));
    let columns = if outer { Vec::new() } else { groups(right, numbers) };
    pieces.push(Piece::Block(Block {
        label: left.clone(),
        values: numbers.of(left)?,
        rows: Vec::new(),
        columns,
        takes: Takes::Row,
        standing: Standing::Read,
    }));
    pieces.push(Piece::Sign(Sign::Dot));
    let (rows, columns) = match right {
        Expr::Transpose(inner) => (Vec::new(), groups(inner, numbers)),
        _ => (groups(right, numbers), Vec::new()),
    };
    pieces.push(Piece::Block(Block {
        label: right.clone(),
        values: numbers.of(right)?,
        rows,
        columns,
        takes: Takes::Whole,
        standing: Standing::Read,
    }));
    Some(())
}

fn grouped(
    expr: &Expr,
    numbers: &dyn Numbers,
    takes: Takes,
    brackets: bool,
    pieces: &mut Vec<Piece>,
) -> Option<()> {
    // A compound that is shown as one block needs no brackets around it: its label says what it is.
    let one = match expr {
        Expr::Binary(_, left, right) => is_one_block(left, right),
        _ => false,
    };
    let brackets = brackets && !one && !is_leaf(expr);
    if brackets {
        pieces.push(Piece::Sign(Sign::Open));
    }
    read(expr, numbers, takes, pieces)?;
    if brackets {
        pieces.push(Piece::Sign(Sign::Close));
    }
    Some(())
}

fn is_leaf(expr: &Expr) -> bool {
    matches!(expr, Expr::Number(_) | Expr::Value(..) | Expr::Parameter(_) | Expr::TermGradient(_))
}

fn is_sum(expr: &Expr) -> bool {
    matches!(expr, Expr::Binary(BinaryOperator::Add | BinaryOperator::Subtract, ..) | Expr::Negate(_))
}

/// `1 - Γ_u`, `1 - tanh(c)^2`: a number with something that holds no product is one block with the whole as its label.
fn is_one_block(left: &Expr, right: &Expr) -> bool {
    let number = matches!(left, Expr::Number(_)) || matches!(right, Expr::Number(_));
    number && !holds_product(left) && !holds_product(right)
}

/// Columns stacked on each other; none where one is missing or the widths differ.
pub fn stacked(parts: &[Array2<f64>]) -> Option<Array2<f64>> {
    let views: Vec<_> = parts.iter().map(|part| part.view()).collect();
    concatenate(Axis(0), &views).ok()
}
