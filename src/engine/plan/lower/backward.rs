//! Lowers the derived backward equations.

use super::{Lowering, is_input, parts};
use crate::engine::BackwardEquation;
use crate::engine::plan::{Deferred, Instruction, Pack, Place, Slots};
use crate::engine::syntax::{Cell, Expr, Symbol, Time};

impl Lowering {
    pub(super) fn begin_backward(&mut self, cell: &Cell) {
        for state in &cell.states {
            let place = self.gradient_place(state, Time::Now);
            self.touched.push(place);
        }
        self.touched.push(Place { buffer: self.plan.output.1, previous: false });
    }

    fn gradient_place(&self, name: &Symbol, time: Time) -> Place {
        let buffer =
            self.plan.values.iter().find(|(known, ..)| known == name).map_or(0, |(.., buffer)| *buffer);
        Place { buffer, previous: time == Time::Previous }
    }

    /// The place of a gradient that is named in a derived equation, `dΓ_f<t>`; none for a `dx<t>` that nobody wants.
    pub(in crate::engine::plan) fn named_gradient(&self, name: &Symbol, time: Time) -> Option<Place> {
        let value = Symbol(name.0.strip_prefix('d')?.to_owned());
        if is_input(&value) {
            return self.plan.input.1.map(|buffer| Place { buffer, previous: false });
        }
        let known = self.plan.values.iter().any(|(known, ..)| *known == value);
        known.then(|| self.gradient_place(&value, time))
    }

    pub(super) fn backward_line(&mut self, line: &BackwardEquation) {
        match (&line.targets[..], &line.expr) {
            ([Expr::Parameter(name)], expr) => self.parameter_gradient(name, expr),
            (targets, Expr::Product(matrix, gradient)) if matches!(**matrix, Expr::Transpose(_)) => {
                self.transposed_product(targets, matrix, gradient);
            }
            ([target], expr) => {
                let Some(to) = self.gradient_target(target) else { return };
                let adds = self.touch(to);
                self.assign_terms(to, &expr.terms(), adds);
            }
            // The gradient of a stack.
            (targets, expr) => {
                let (from, scratch) = self.block(expr);
                let mut from_row = 0;
                for target in targets {
                    let rows = self.gradient_rows(target);
                    if let Some(to) = self.gradient_target(target) {
                        let adds = self.touch(to);
                        self.code.push(Instruction::Rows { to, to_row: 0, from, from_row, rows, adds });
                    }
                    from_row += rows;
                }
                self.release(scratch);
            }
        }
    }

    fn parameter_gradient(&mut self, gradient_name: &Symbol, expr: &Expr) {
        let name = Symbol(gradient_name.0.strip_prefix('d').unwrap_or(&gradient_name.0).to_owned());
        let parameter = self.parameter(&name);
        if let Expr::Product(gradient, transposed) = expr
            && let Expr::Transpose(operand) = &**transposed
        {
            let gradient = self.operand(gradient).buffer;
            self.promote(gradient);
            let mut first_column = 0;
            for part in parts(operand) {
                let rows = self.rows(part);
                let deferred = if matches!(part, Expr::Value(name, Time::Now) if is_input(name)) {
                    Deferred::InputWeight { parameter, first_column, gradient, rows }
                } else {
                    let operand = self.operand(part);
                    self.promote(operand.buffer);
                    Deferred::Weight { parameter, first_column, gradient, operand, rows }
                };
                self.plan.deferred.push(deferred);
                first_column += rows;
            }
            return;
        }
        let rows = self.plan.parameters[parameter].1;
        if let Expr::Value(name, Time::Now) = expr
            && let Some(place) = self.named_gradient(name, Time::Now)
            && self.plan.buffers[place.buffer].slots != Slots::State
            && self.rows(expr) == rows
        {
            self.promote(place.buffer);
            self.plan.deferred.push(Deferred::Bias { parameter, gradient: place.buffer });
            return;
        }
        let (from, scratch) = self.source(expr);
        self.code.push(Instruction::ColumnGradient { parameter, from, rows });
        self.release(scratch);
    }

    fn transposed_product(&mut self, targets: &[Expr], matrix: &Expr, gradient: &Expr) {
        let Expr::Transpose(matrix) = matrix else { return };
        let from = self.operand(gradient);
        let Expr::Parameter(name) = &**matrix else { return };
        let parameter = self.parameter(name);
        let mut first_column = 0;
        for target in targets {
            let columns = self.gradient_rows(target);
            let pack = Pack { parameter, first_column, columns, transposed: false };
            first_column += columns;
            let Some(to) = self.gradient_target(target) else { continue };
            let pack = self.pack(pack);
            if Some(to.buffer) == self.plan.input.1 {
                self.promote(from.buffer);
                self.plan.deferred.push(Deferred::Input { gradient: from.buffer, pack });
                continue;
            }
            let adds = self.touch(to);
            self.code.push(Instruction::Product { to, from, pack, adds });
        }
    }

    /// Where a derived equation's result goes; none for a `dx<t>` that nobody wants.
    fn gradient_target(&mut self, target: &Expr) -> Option<Place> {
        match target {
            Expr::Value(name, time) => self.named_gradient(name, *time),
            Expr::TermGradient(term) => {
                if let Some((_, buffer)) = self.plan.terms.iter().find(|(known, _)| *known == **term) {
                    return Some(Place { buffer: *buffer, previous: false });
                }
                let rows = self.rows(term);
                let slots = self.gradient_slots();
                let buffer = self.buffer(rows, slots);
                self.plan.terms.push(((**term).clone(), buffer));
                Some(Place { buffer, previous: false })
            }
            _ => None,
        }
    }

    fn gradient_rows(&self, target: &Expr) -> usize {
        match target {
            Expr::Value(name, _) if name.0 == "dx" => self.plan.sizes.input,
            Expr::TermGradient(term) => self.rows(term),
            _ => self.plan.sizes.hidden,
        }
    }

    /// Whether something has already arrived there at this step; from now on it has. `dx<t>` starts at zero.
    fn touch(&mut self, to: Place) -> bool {
        if Some(to.buffer) == self.plan.input.1 || self.touched.contains(&to) {
            return true;
        }
        self.touched.push(to);
        false
    }
}
