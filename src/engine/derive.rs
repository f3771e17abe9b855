//! Reverse-mode derivation: from a cell's equations to its backward equations.
//!
//! The chain rule is applied to the text, once: each line of the result is one local derivative, in the order in
//! which a person would follow it (the last forward equation first), in the learners' letters. There is no other
//! backward pass: the page shows these lines and the plan runs them.

use super::BackwardEquation;
use super::syntax::make::{binary, call, multiply, negate};
use super::syntax::{
    BinaryOperator, Cell, Equation, Expr, Function, Head, Symbol, Time, head_reading,
    head_with_intermediates, with_intermediates,
};

/// A cell's forward equations with every named intermediate written out, and what is derived from them.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// `z_f<t> = W_f [a<t-1>, x<t>] + b_f`, `Γ_f<t> = σ(z_f<t>)`, …: every line in order.
    pub forward: Vec<Equation>,
    /// The backward equations in order; `of` counts lines of `forward`.
    pub equations: Vec<BackwardEquation>,
}

/// Derives the backward equations of a cell.
///
/// A gradient arrives from the next step at every state and from above at the cell's output; it leaves at the
/// states of the step before, at `x<t>` and at the parameters, whose gradients add up over the steps.
pub fn backward(cell: &Cell) -> Derived {
    let forward = with_intermediates(cell);
    let mut arrived: Vec<Expr> = cell.states.iter().map(|state| now(&state.gradient())).collect();
    arrived.push(now(&cell.output.gradient()));
    let equations = derive(&forward, arrived);
    Derived { forward, equations }
}

/// Derives the backward equations of an output head with its loss: `dz_y<t> = ŷ<t> - y<t>` and what follows.
///
/// Softmax with cross-entropy, and σ with the logistic loss, contract to the same line (both are the canonical
/// link of their loss), which also never overflows.
pub fn backward_of_head(head: &Head) -> Derived {
    // z_y<t> = …, ŷ<t> = softmax(z_y<t>) or σ(z_y<t>), l<t> = …: a checked head has no other lines.
    let forward = head_with_intermediates(head);
    let [logits, prediction] = [&forward[0].target.name, &forward[1].target.name];
    let gradient = now(&logits.gradient());
    let mut equations = vec![BackwardEquation {
        targets: vec![gradient.clone()],
        adds: false,
        expr: binary(BinaryOperator::Subtract, now(prediction), now(&Symbol::from("y"))),
        of: 1,
    }];
    equations.extend(derive(&forward[..1], vec![gradient]));
    Derived { forward, equations }
}

/// The same for a head on a cell, whose output has the cell's own name: where it is one of the cell's states, a part of
/// its gradient has arrived from the next step before, and the head adds to it.
pub fn backward_of_head_on(head: &Head, top: &Cell) -> Derived {
    let mut derived = backward_of_head(&head_reading(head, &top.output));
    if top.states.contains(&top.output) {
        // The head hands down one gradient of a value: the first is its own, of the logits.
        for equation in derived.equations.iter_mut().skip(1) {
            equation.adds |= matches!(equation.targets[..], [Expr::Value(_, Time::Now)]);
        }
    }
    derived
}

/// The value `name<t>`.
pub fn now(name: &Symbol) -> Expr {
    Expr::Value(name.clone(), Time::Now)
}

fn derive(forward: &[Equation], arrived: Vec<Expr>) -> Vec<BackwardEquation> {
    let mut derivation =
        Derivation { arrived, lines: Vec::new(), of: 0, shared: shared_terms(forward), pending: Vec::new() };
    for (place, equation) in forward.iter().enumerate().rev() {
        derivation.settle(|term| mentions(term, &now(&equation.target.name)));
        let result = now(&equation.target.name);
        let gradient = now(&equation.target.name.gradient());
        if !derivation.arrived.contains(&gradient) {
            continue; // Nothing depends on this value, so its gradient is zero.
        }
        derivation.of = place;
        let first = derivation.lines.len();
        let gradient = if equation.expr.is_one_row() { call(Function::Sum, gradient) } else { gradient };
        derivation.walk(&equation.expr, gradient, Some(&result));
        // Parameters first: their lines end here, the others lead on. What comes of an unnamed term has to wait for it.
        let (ends, leads_on): (Vec<_>, Vec<_>) =
            derivation.lines.split_off(first).into_iter().partition(|line| {
                matches!(line.targets[..], [Expr::Parameter(_)]) && !reads_a_term(&line.expr)
            });
        derivation.lines.extend(ends.into_iter().chain(leads_on));
    }
    derivation.settle(|_| true);
    derivation.lines
}

struct Derivation {
    /// Gradients that have received something: what comes next is added.
    arrived: Vec<Expr>,
    lines: Vec<BackwardEquation>,
    of: usize,
    /// Inner terms that stand in more than one product: each product adds to the one gradient of the term.
    shared: Vec<Expr>,
    /// Shared terms whose gradient has not been sent on yet, with the equation that last added to it.
    pending: Vec<(Expr, usize)>,
}

impl Derivation {
    /// Sends on the gradients of shared terms that `is_due` picks and that nothing more will reach: every
    /// equation which holds such a term comes after those that define what the term is made of.
    fn settle(&mut self, is_due: impl Fn(&Expr) -> bool) {
        let of = self.of;
        // A term inside another one is reached by it, so the outer one goes first.
        while let Some(place) = (0..self.pending.len()).find(|place| {
            let term = &self.pending[*place].0;
            let outer = |(other, _): &(Expr, usize)| other != term && mentions(other, term);
            is_due(term) && !self.pending.iter().any(outer)
        }) {
            let (term, from) = self.pending.remove(place);
            self.of = from;
            self.walk(&term, Expr::TermGradient(Box::new(term.clone())), None);
        }
        self.of = of;
    }

    /// Sends `gradient`, which has arrived at `expr`, on to what `expr` was made of.
    /// `result` is the name of the value of `expr`, where it has one.
    fn walk(&mut self, expr: &Expr, gradient: Expr, result: Option<&Expr>) {
        match expr {
            Expr::Number(_) => {}
            Expr::Value(name, time) => self.emit(vec![Expr::Value(name.gradient(), *time)], gradient),
            Expr::Parameter(name) => {
                let target = Expr::Parameter(name.gradient());
                self.lines.push(BackwardEquation {
                    targets: vec![target],
                    adds: true, // Adds up over the steps.
                    expr: gradient,
                    of: self.of,
                });
            }
            Expr::Negate(inner) => self.walk(inner, negate(gradient), None),
            Expr::Binary(operator, left, right) => self.walk_binary(*operator, left, right, gradient),
            Expr::Power(base, exponent) => {
                // d(e^n) = n·e^(n-1)
                let slope = match exponent {
                    0 => return,
                    1 => return self.walk(base, gradient, None),
                    2 => (**base).clone(),
                    n => Expr::Power(base.clone(), n - 1),
                };
                let slope = multiply(Expr::Number(f64::from(*exponent)), slope);
                self.walk(base, multiply(gradient, slope), None);
            }
            Expr::Product(matrix, operand) => self.walk_product(expr, matrix, operand, gradient),
            Expr::Call(function, argument) => self.walk_call(*function, argument, gradient, result, expr),
            // One row is the same for all parts; of more, each part gets its own.
            Expr::Stack(parts) if parts.len() == 1 || gradient.is_one_row() => {
                parts.iter().for_each(|part| self.walk(part, gradient.clone(), None));
            }
            Expr::Stack(parts) => self.share_out(parts, gradient),
            // These never stand in a cell.
            Expr::TermGradient(_) | Expr::Transpose(_) => {}
        }
    }

    fn walk_binary(&mut self, operator: BinaryOperator, left: &Expr, right: &Expr, gradient: Expr) {
        let (to_left, to_right) = match operator {
            BinaryOperator::Add => (gradient.clone(), gradient),
            BinaryOperator::Subtract => (gradient.clone(), negate(gradient)),
            BinaryOperator::Multiply => {
                (multiply(gradient.clone(), right.clone()), multiply(gradient, left.clone()))
            }
            BinaryOperator::Divide => (
                binary(BinaryOperator::Divide, gradient.clone(), right.clone()),
                negate(binary(
                    BinaryOperator::Divide,
                    multiply(gradient, left.clone()),
                    Expr::Power(Box::new(right.clone()), 2),
                )),
            ),
        };
        // What was spread over the rows is summed over them on the way back.
        let wide = !left.is_one_row() || !right.is_one_row();
        let over = if left.is_one_row() { right } else { left };
        let gather = |side: &Expr, gradient: Expr| {
            if wide && side.is_one_row() { call(Function::Sum, spread(gradient, over)) } else { gradient }
        };
        self.walk(left, gather(left, to_left), None);
        self.walk(right, gather(right, to_right), None);
    }

    fn walk_product(&mut self, product: &Expr, matrix: &Expr, operand: &Expr, gradient: Expr) {
        let gradient = spread(gradient, product);
        if let Expr::Parameter(name) = matrix {
            self.lines.push(BackwardEquation {
                targets: vec![Expr::Parameter(name.gradient())],
                adds: true,
                expr: Expr::Product(
                    Box::new(gradient.clone()),
                    Box::new(Expr::Transpose(Box::new(operand.clone()))),
                ),
                of: self.of,
            });
        }
        let parts: &[Expr] = match operand {
            Expr::Stack(parts) => parts,
            single => std::slice::from_ref(single),
        };
        let transposed = Box::new(Expr::Transpose(Box::new(matrix.clone())));
        self.share_out(parts, Expr::Product(transposed, Box::new(gradient)));
    }

    /// Shares the rows of a gradient out among the parts of a stack, or gives them to the one operand of a product.
    fn share_out(&mut self, parts: &[Expr], gradient: Expr) {
        let targets: Vec<Expr> = parts
            .iter()
            .map(|part| match part {
                Expr::Value(name, time) => Expr::Value(name.gradient(), *time),
                inner => Expr::TermGradient(Box::new(inner.clone())),
            })
            .collect();
        self.emit(targets.clone(), gradient);
        for (part, target) in parts.iter().zip(targets) {
            if let Expr::TermGradient(_) = target {
                if !self.shared.contains(part) {
                    self.walk(part, target, None);
                } else if let Some((_, of)) = self.pending.iter_mut().find(|(term, _)| term == part) {
                    *of = self.of;
                } else {
                    self.pending.push((part.clone(), self.of));
                }
            }
        }
    }

    fn walk_call(
        &mut self,
        function: Function,
        argument: &Expr,
        gradient: Expr,
        result: Option<&Expr>,
        expr: &Expr,
    ) {
        // The function's own value: by its name where it has one, else spelled out.
        let value = result.unwrap_or(expr).clone();
        let one = || Expr::Number(1.0);
        let minus = |left, right| binary(BinaryOperator::Subtract, left, right);
        let slope = |gradient, slope| multiply(gradient, slope);
        let onward = match function {
            Function::Sigmoid => slope(slope(gradient, value.clone()), minus(one(), value)),
            Function::Tanh => slope(gradient, minus(one(), Expr::Power(Box::new(value), 2))),
            Function::Relu => slope(gradient, call(Function::ReluSlope, argument.clone())),
            Function::LeakyRelu => slope(gradient, call(Function::LeakyReluSlope, argument.clone())),
            Function::Swish => {
                // swish(z) = z·σ(z), so its slope is σ(z) + swish(z)·(1 - σ(z)).
                let gate = call(Function::Sigmoid, argument.clone());
                let rest = multiply(value, minus(one(), gate.clone()));
                slope(gradient, binary(BinaryOperator::Add, gate, rest))
            }
            Function::Exp => slope(gradient, value),
            Function::Log => binary(BinaryOperator::Divide, gradient, argument.clone()),
            Function::Softmax => {
                let mean = call(Function::Sum, multiply(gradient.clone(), value.clone()));
                multiply(value, minus(gradient, mean))
            }
            Function::Sum => gradient,
            Function::LayerNorm => normalised(gradient, value, argument, Function::Mean, Function::Deviation),
            Function::BatchNorm => {
                normalised(gradient, value, argument, Function::BatchMean, Function::BatchDeviation)
            }
            // Derived only, never differentiated again.
            Function::ReluSlope
            | Function::LeakyReluSlope
            | Function::Mean
            | Function::Deviation
            | Function::BatchMean
            | Function::BatchDeviation => return,
        };
        self.walk(argument, onward, None);
    }

    fn emit(&mut self, targets: Vec<Expr>, expr: Expr) {
        let adds = targets.iter().any(|target| self.arrived.contains(target));
        for target in &targets {
            if !self.arrived.contains(target) {
                self.arrived.push(target.clone());
            }
        }
        self.lines.push(BackwardEquation { targets, adds, expr, of: self.of });
    }
}

/// Unnamed operands of products and parts of stacks that stand in more than one of the equations' places.
fn shared_terms(forward: &[Equation]) -> Vec<Expr> {
    let (mut once, mut shared) = (Vec::new(), Vec::new());
    for equation in forward {
        equation.expr.each(&mut |expr| {
            let parts: &[Expr] = match expr {
                Expr::Stack(parts) => parts,
                // A stack under a product is seen by itself.
                Expr::Product(_, operand) if !matches!(**operand, Expr::Stack(_)) => {
                    std::slice::from_ref(operand)
                }
                _ => return,
            };
            for part in parts.iter().filter(|part| !matches!(part, Expr::Value(..))) {
                let list = if once.contains(part) { &mut shared } else { &mut once };
                if !list.contains(part) {
                    list.push(part.clone());
                }
            }
        });
    }
    shared
}

fn mentions(expr: &Expr, what: &Expr) -> bool {
    expr.any(&|part| part == what)
}

/// A gradient of one row, written out for each row of what it arrives at, whose power of 0 is 1 in all of them.
fn spread(gradient: Expr, over: &Expr) -> Expr {
    if !gradient.is_one_row() || over.is_one_row() {
        return gradient;
    }
    multiply(gradient, Expr::Power(Box::new(over.clone()), 0))
}

/// The slope of a normalisation `n = (z - mean(z)) / deviation(z)`:
/// `dz = (dn - mean(dn) - n·mean(dn·n)) / deviation(z)` (Ioffe and Szegedy 2015, Ba et al. 2016).
fn normalised(gradient: Expr, value: Expr, argument: &Expr, mean: Function, deviation: Function) -> Expr {
    let along = multiply(value.clone(), call(mean, multiply(gradient.clone(), value)));
    let centred = binary(BinaryOperator::Subtract, gradient.clone(), call(mean, gradient));
    binary(
        BinaryOperator::Divide,
        binary(BinaryOperator::Subtract, centred, along),
        call(deviation, argument.clone()),
    )
}

fn reads_a_term(expr: &Expr) -> bool {
    expr.any(&|part| matches!(part, Expr::TermGradient(_)))
}
