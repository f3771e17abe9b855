//! The element-wise part of a plan: expression trees as instructions over whole blocks.

use super::lower::{Lowering, is_input};
use super::{Instruction, Place, Slots, Source};
use crate::engine::syntax::{BinaryOperator, Expr, Function, Time};

impl Lowering {
    /// `to = Σ terms`, or `to += Σ terms`.
    pub(super) fn assign_terms(&mut self, to: Place, terms: &[(bool, &Expr)], adds: bool) {
        // A sum starts with a term that is added, so that no minus sign has to be applied first.
        let first = if adds { None } else { terms.iter().position(|(negative, _)| !negative) };
        match first {
            Some(first) => self.write(to, terms[first].1),
            None if !adds => self.code.push(Instruction::Fill { to }),
            None => {}
        }
        for (index, (negative, term)) in terms.iter().enumerate() {
            if Some(index) != first {
                self.accumulate(to, term, *negative);
            }
        }
    }

    fn accumulate(&mut self, to: Place, term: &Expr, negative: bool) {
        if let (false, Expr::Binary(BinaryOperator::Multiply, left, right)) = (negative, term)
            && self.slope(term).is_none()
        {
            let (left, left_scratch) = self.source(left);
            let (right, right_scratch) = self.source(right);
            if let (Source::Block(left), Source::Block(right)) = (left, right)
                && self.same_rows(to, left)
                && self.same_rows(to, right)
            {
                self.code.push(Instruction::MultiplyAdd { to, left, right });
            } else {
                let rows = self.source_rows(left).max(self.source_rows(right));
                let product = self.scratch(rows);
                self.code.push(Instruction::Binary {
                    operator: BinaryOperator::Multiply,
                    to: product,
                    left,
                    right,
                });
                self.code.push(Instruction::Copy { to, from: Source::Block(product), adds: true });
                self.release(Some(product));
            }
            self.release(left_scratch);
            self.release(right_scratch);
            return;
        }
        let (from, scratch) = self.source(term);
        if negative {
            let rows = self.source_rows(from);
            let negated = self.scratch(rows);
            self.code.push(Instruction::Negate { to: negated, from });
            self.code.push(Instruction::Copy { to, from: Source::Block(negated), adds: true });
            self.release(Some(negated));
        } else {
            self.code.push(Instruction::Copy { to, from, adds: true });
        }
        self.release(scratch);
    }

    /// `to = expr`, where `expr` is not read while it is written.
    pub(super) fn write(&mut self, to: Place, expr: &Expr) {
        let rows = self.rows(expr);
        // A narrower result is computed beside and spread over the rows.
        if rows != self.plan.buffers[to.buffer].rows || self.is_known(expr) {
            let (from, scratch) = self.source(expr);
            self.code.push(Instruction::Copy { to, from, adds: false });
            return self.release(scratch);
        }
        match expr {
            Expr::Number(_) | Expr::Value(..) | Expr::Parameter(_) | Expr::TermGradient(_) => {
                let (from, _) = self.source(expr);
                self.code.push(Instruction::Copy { to, from, adds: false });
            }
            Expr::Negate(inner) => {
                let (from, scratch) = self.source(inner);
                self.code.push(Instruction::Negate { to, from });
                self.release(scratch);
            }
            Expr::Power(inner, exponent) => {
                let (from, scratch) = self.source(inner);
                self.code.push(Instruction::Power { to, from, exponent: *exponent });
                self.release(scratch);
            }
            Expr::Binary(operator, left, right) => {
                if let Some((gradient, value, is_sigmoid)) = self.slope(expr) {
                    let (gradient, scratch) = self.block(gradient);
                    let (value, value_scratch) = self.block(value);
                    self.code.push(if is_sigmoid {
                        Instruction::SigmoidSlope { to, gradient, value }
                    } else {
                        Instruction::TanhSlope { to, gradient, value }
                    });
                    self.release(scratch);
                    return self.release(value_scratch);
                }
                let (left, left_scratch) = self.source(left);
                let (right, right_scratch) = self.source(right);
                self.code.push(Instruction::Binary { operator: *operator, to, left, right });
                self.release(left_scratch);
                self.release(right_scratch);
            }
            Expr::Call(function, argument) => self.call(to, *function, argument),
            Expr::Product(..) => self.assign(to, expr),
            Expr::Stack(parts) => self.stack(to, parts),
            // Transposes stand only in lines that are planned as products.
            Expr::Transpose(_) => {}
        }
    }

    fn stack(&mut self, to: Place, parts: &[Expr]) {
        let mut to_row = 0;
        for part in parts {
            let rows = self.rows(part);
            let (from, scratch) = self.block(part);
            self.code.push(Instruction::Rows { to, to_row, from, from_row: 0, rows, adds: false });
            self.release(scratch);
            to_row += rows;
        }
    }

    fn call(&mut self, to: Place, function: Function, argument: &Expr) {
        let (from, scratch) = self.block(argument);
        if function.is_element_wise() {
            self.code.push(Instruction::Apply { function, to, from });
        } else {
            let site = self.plan.batch_sites.len();
            if function == Function::BatchNorm {
                self.plan.batch_sites.push(self.plan.buffers[to.buffer].rows);
            }
            self.code.push(Instruction::Reduce { function, to, from, site });
        }
        self.release(scratch);
    }

    /// Something to read for an expression, and the scratch block to release after use, if there is one.
    pub(super) fn source(&mut self, expr: &Expr) -> (Source, Option<Place>) {
        if let Some((_, buffer)) = self.known.iter().find(|(known, _)| known == expr) {
            let buffer = *buffer;
            self.promote(buffer);
            return (Source::Block(Place { buffer, previous: false }), None);
        }
        match expr {
            Expr::Number(number) => (Source::Number(*number), None),
            Expr::Parameter(name) => (Source::Column(self.parameter(name)), None),
            Expr::Value(name, time) => {
                let place = match self.named_gradient(name, *time) {
                    Some(place) if !self.plan.values.iter().any(|(known, ..)| known == name) => place,
                    _ => self.value_place(name, *time),
                };
                (Source::Block(place), None)
            }
            Expr::TermGradient(term) => {
                let buffer =
                    self.plan.terms.iter().find(|(known, _)| known == &**term).map_or(0, |(_, b)| *b);
                (Source::Block(Place { buffer, previous: false }), None)
            }
            Expr::Product(..) => {
                let rows = self.rows(expr);
                let buffer = self.buffer(rows, Slots::PerStep);
                let to = Place { buffer, previous: false };
                self.assign(to, expr);
                self.known.push((expr.clone(), buffer));
                (Source::Block(to), None)
            }
            Expr::Call(..) => {
                // A function's value is kept under its expression: the way back often needs it again.
                let rows = self.rows(expr);
                let buffer = self.buffer(rows, Slots::One);
                let to = Place { buffer, previous: false };
                self.write(to, expr);
                self.known.push((expr.clone(), buffer));
                (Source::Block(to), None)
            }
            _ => {
                let rows = self.rows(expr);
                let to = self.scratch(rows);
                self.write(to, expr);
                (Source::Block(to), Some(to))
            }
        }
    }

    /// Like [`Self::source`], copied into a block where it is none.
    pub(super) fn block(&mut self, expr: &Expr) -> (Place, Option<Place>) {
        match self.source(expr) {
            (Source::Block(place), scratch) => (place, scratch),
            (other, _) => {
                let rows = self.rows(expr);
                let to = self.scratch(rows);
                self.code.push(Instruction::Copy { to, from: other, adds: false });
                (to, Some(to))
            }
        }
    }

    /// `g * y * (1 - y)` (true) or `g * (1 - y^2)` (false): the slopes of σ and tanh as one pass.
    fn slope<'e>(&self, expr: &'e Expr) -> Option<(&'e Expr, &'e Expr, bool)> {
        let Expr::Binary(BinaryOperator::Multiply, left, right) = expr else { return None };
        let Expr::Binary(BinaryOperator::Subtract, one, value) = &**right else { return None };
        if **one != Expr::Number(1.0) {
            return None;
        }
        let all_rows = |gradient: &Expr, value: &Expr| self.rows(gradient) == self.rows(value);
        match (&**left, &**value) {
            (gradient, Expr::Power(value, 2)) if all_rows(gradient, value) => Some((gradient, value, false)),
            (Expr::Binary(BinaryOperator::Multiply, gradient, factor), value)
                if **factor == *value && all_rows(gradient, value) =>
            {
                Some((gradient, value, true))
            }
            _ => None,
        }
    }

    /// How many rows an expression has; a number has one, which spreads.
    pub(super) fn rows(&self, expr: &Expr) -> usize {
        match expr {
            Expr::Number(_) => 1,
            Expr::Value(name, Time::Now) if is_input(name) || name.0 == "dx" => self.plan.sizes.input,
            Expr::Value(..) => self.plan.sizes.hidden,
            Expr::Parameter(name) => self.plan.parameters[self.parameter(name)].1,
            Expr::TermGradient(inner) | Expr::Negate(inner) | Expr::Power(inner, _) => self.rows(inner),
            Expr::Transpose(inner) => self.rows(inner),
            Expr::Product(matrix, _) => match &**matrix {
                Expr::Parameter(name) => self.plan.parameters[self.parameter(name)].1,
                _ => self.plan.sizes.hidden,
            },
            Expr::Binary(_, left, right) => self.rows(left).max(self.rows(right)),
            Expr::Stack(parts) => parts.iter().map(|part| self.rows(part)).sum(),
            Expr::Call(Function::Sum | Function::Mean | Function::Deviation, _) => 1,
            Expr::Call(_, argument) => self.rows(argument),
        }
    }

    fn is_known(&self, expr: &Expr) -> bool {
        self.known.iter().any(|(known, _)| known == expr)
    }

    fn source_rows(&self, source: Source) -> usize {
        match source {
            Source::Block(place) => self.plan.buffers[place.buffer].rows,
            Source::Column(parameter) => self.plan.parameters[parameter].1,
            Source::Number(_) => 1,
        }
    }

    fn same_rows(&self, left: Place, right: Place) -> bool {
        self.plan.buffers[left.buffer].rows == self.plan.buffers[right.buffer].rows
    }

    fn scratch(&mut self, rows: usize) -> Place {
        let free = self.free.iter().position(|buffer| self.plan.buffers[*buffer].rows == rows);
        let buffer = match free {
            Some(index) => self.free.swap_remove(index),
            None => self.buffer(rows, Slots::One),
        };
        Place { buffer, previous: false }
    }

    pub(super) fn release(&mut self, scratch: Option<Place>) {
        if let Some(place) = scratch {
            // What has been promoted is read again later and never goes back.
            if self.plan.buffers[place.buffer].slots == Slots::One && !self.free.contains(&place.buffer) {
                self.free.push(place.buffer);
            }
        }
    }
}
