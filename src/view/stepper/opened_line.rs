//! The current equation opened: its blocks, what adds up in it, and the entry that is spelled out.

use ndarray::Array2;

use super::Part;
use super::edits::Edits;
use super::lines::Line;
use super::matrix::scale_of;
use super::model::StepperModel;
use super::opening::{Block, Piece, Sign, Standing, open, result};
use super::spell::{Entry, Token};
use super::subject::{Subject, of_expr};
use super::sums::{Spot, Sum, sum};
use crate::engine::syntax::Expr;

/// A line opened at a step (from 0): `number` is its place along its direction. None where a number is missing.
pub fn opened(model: &StepperModel, line: &Line, number: usize, at: usize) -> Option<Opened> {
    pieces(model, line, number, at).map(|opened| Opened { edits: model.applied.edits.clone(), ..opened })
}

/// What the chosen entry of the result is.
pub fn result_subject(model: &StepperModel, line: &Line, at: usize, entry: Entry) -> Option<Subject> {
    let label = match line.targets.as_slice() {
        [only] => only.clone(),
        several => Expr::Stack(several.to_vec()),
    };
    of_expr(model, line.part, at, &label, entry)
}

/// The row of the target at a step (from 1), where the rows are the symbols of the vocabulary.
pub fn target_row(model: &StepperModel, line: &Line, step: usize) -> Option<usize> {
    let is_symbols = line.part == Part::Head
        && line.name().is_some_and(|name| matches!(name.0.as_str(), "ŷ" | "dz_y" | "dW_ya" | "db_y"));
    model.sequence.labels.get(step.checked_sub(1)?).copied().filter(|_| is_symbols)
}

/// What a line adds, put together with what was there before it.
pub fn added_up(mut spelled: Vec<Token>, sum: Option<&Sum>, entry: Entry) -> Vec<Token> {
    let Some(sum) = sum.filter(|sum| !sum.sources.is_empty()) else { return spelled };
    let at = |values: &Array2<f64>| values.get((entry.row, entry.column)).copied().unwrap_or(f64::NAN);
    let name = match spelled.as_slice() {
        // The line adds one number as it is, which need not stand there twice.
        [Token::Result(_, name)] => {
            let name = name.clone();
            spelled.clear();
            name
        }
        [.., Token::Result(_, name)] => {
            let name = name.clone();
            spelled.push(Token::Then);
            name
        }
        _ => return spelled,
    };
    spelled.extend([
        Token::Number(at(&sum.before), None),
        Token::Plus,
        Token::Number(at(&sum.added), None),
        Token::Equals,
        Token::Result(at(&sum.after), name),
    ]);
    spelled
}

/// What an opened equation is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// The row of blocks.
    pub pieces: Vec<Piece>,
    /// What is marked in them: it may change where no number does.
    pub edits: Edits,
    /// Rows of the result.
    pub rows: usize,
    /// Columns of the result.
    pub columns: usize,
    /// What adds up.
    pub sum: Option<Sum>,
    /// A matrix that grows: what had arrived, what the line adds, what stands there then.
    pub growth: Option<[Block; 3]>,
}

impl Opened {
    /// From a row of blocks that ends with the result.
    fn of(pieces: Vec<Piece>, sum: Option<Sum>, growth: Option<[Block; 3]>) -> Opened {
        let (rows, columns) = match pieces.last() {
            Some(Piece::Block(block)) => block.values.dim(),
            _ => (1, 1),
        };
        Opened { pieces, edits: Edits::default(), rows, columns, sum, growth }
    }

    /// The row of blocks, with the one part of a growing matrix that is opened.
    pub fn shown(&self, part: Standing) -> Vec<Piece> {
        let chosen = self.growth.iter().flatten().find(|block| block.standing == part);
        match chosen {
            Some(block) if part != Standing::Added => vec![Piece::Block(block.clone())],
            _ => self.pieces.clone(),
        }
    }

    /// What can be saved as a table: the row's matrices, and the parts of one that grows.
    pub fn matrices(&self) -> impl Iterator<Item = &Block> {
        let row = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Block(block) if block.values.ncols() > 1 => Some(block),
            _ => None,
        });
        row.chain(self.growth.iter().flatten().filter(|block| block.standing != Standing::Added))
    }

    /// One scale for the three parts of a growing matrix, so that their colours can be compared.
    pub fn full(&self) -> Option<f64> {
        let parts = self.growth.as_ref()?;
        Some(scale_of(parts.iter().flat_map(|part| part.values.iter()), true))
    }

    /// The entry of this row where what is added is largest: a column that says something.
    pub fn largest_in(&self, entry: Entry) -> Entry {
        let Some(sum) = &self.sum else { return entry };
        let Some(row) = sum.added.rows().into_iter().nth(entry.row) else { return entry };
        let mut column = 0;
        for (place, value) in row.iter().enumerate() {
            if row.get(column).is_none_or(|most| value.abs() > most.abs()) {
                column = place;
            }
        }
        Entry { column, ..entry }
    }
}

fn pieces(model: &StepperModel, line: &Line, number: usize, at: usize) -> Option<Opened> {
    let numbers = model.at_line(line, at);
    let mut pieces = open(&line.targets, &line.expr, &numbers)?;
    let sum = if line.adds { sum(model, Spot { step: at, line: number }) } else { None };
    if let Some(sum) = &sum {
        // The last block is what the line adds; it stands as such between what was there and what is there then.
        let added = pieces.pop();
        let target = result(&line.targets, sum.after.clone(), &line.expr, &numbers);
        let part =
            |values: &Array2<f64>, standing| Block { values: values.clone(), standing, ..target.clone() };
        let is_matrix = target.values.ncols() > 1;
        if is_matrix && sum.sources.is_empty() {
            pieces.push(Piece::Block(part(&sum.after, Standing::After)));
            return Some(Opened::of(pieces, Some(sum.clone()), None));
        }
        if is_matrix {
            // Three matrices beside each other would fill the page: one is opened, the others are small pictures.
            let added = part(&sum.added, Standing::Added);
            pieces.push(Piece::Block(added.clone()));
            let growth =
                Some([part(&sum.before, Standing::Before), added, part(&sum.after, Standing::After)]);
            return Some(Opened::of(pieces, Some(sum.clone()), growth));
        }
        if pieces.len() <= 2 {
            // The right-hand side is one block, which need not be shown twice.
            pieces.pop();
        } else if let Some(Piece::Block(block)) = added {
            pieces.push(Piece::Block(Block { standing: Standing::Added, ..block }));
        }
        if !sum.sources.is_empty() {
            pieces.push(Piece::Sign(Sign::Plus));
            pieces.push(Piece::Block(part(&sum.before, Standing::Before)));
        }
        pieces.push(Piece::Sign(Sign::Equals));
        pieces.push(Piece::Block(Block { standing: Standing::After, ..target }));
    }
    matches!(pieces.last(), Some(Piece::Block(_))).then(|| Opened::of(pieces, sum, None))
}
