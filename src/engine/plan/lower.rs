//! From equations to instructions: products are hoisted, shared or deferred; the rest goes block by block.

mod backward;

use super::{Buffer, Hoisted, Instruction, Keep, Pack, Place, Plan, Sizes, Slots, Source};
use crate::engine::derive::Derived;
use crate::engine::syntax::{Cell, Expr, Symbol, Time};

/// Plans a cell for given sizes. `input_gradient`: whether `dx<t>` is wanted (a lower layer or a trace needs it).
pub fn plan(cell: &Cell, derived: &Derived, sizes: Sizes, keep: Keep, input_gradient: bool) -> Plan {
    let mut lowering = Lowering::new(cell, derived, sizes, keep, input_gradient);
    for (value, equation) in derived.forward.iter().enumerate() {
        let to = lowering.value_place(&equation.target.name, Time::Now);
        lowering.assign(to, &equation.expr);
        if keep == Keep::Everything {
            lowering.code.push(Instruction::Hold { value });
        }
    }
    lowering.plan.forward = std::mem::take(&mut lowering.code);
    lowering.begin_backward(cell);
    let mut reached = vec![false; derived.forward.len()];
    for line in &derived.equations {
        // At the first line that a forward equation leads to, everything has arrived at its value.
        let is_reached = reached.get_mut(line.of).is_none_or(|reached| std::mem::replace(reached, true));
        if keep == Keep::Everything && !is_reached {
            lowering.code.push(Instruction::Stop { value: line.of });
        }
        lowering.backward_line(line);
    }
    // A state that no equation reads at the step before passes nothing back.
    for index in 0..lowering.plan.states.len() {
        let to = Place { buffer: lowering.plan.states[index].2, previous: true };
        if !lowering.touched.contains(&to) {
            lowering.code.push(Instruction::Fill { to });
        }
    }
    lowering.plan.backward = std::mem::take(&mut lowering.code);
    lowering.plan
}

/// What a symbol stands for while a plan is made.
pub(super) struct Lowering {
    pub(super) plan: Plan,
    /// The instructions under way.
    pub(super) code: Vec<Instruction>,
    /// Unnamed values whose buffers may be read again: function values and operands of products.
    pub(super) known: Vec<(Expr, usize)>,
    /// Scratch blocks that are free again.
    pub(super) free: Vec<usize>,
    /// Gradients that have received something at this step.
    touched: Vec<Place>,
    keep: Keep,
}

impl Lowering {
    fn new(cell: &Cell, derived: &Derived, sizes: Sizes, keep: Keep, input_gradient: bool) -> Self {
        let parameters = cell
            .parameters
            .iter()
            .map(|parameter| {
                let size = |dim: crate::engine::syntax::Dim| dim.size(sizes.hidden, sizes.input, 0);
                (parameter.name.clone(), size(parameter.rows), size(parameter.columns))
            })
            .collect();
        let plan = Plan {
            sizes,
            parameters,
            buffers: Vec::new(),
            values: Vec::new(),
            states: Vec::new(),
            output: (0, 0),
            terms: Vec::new(),
            input: (None, None),
            packs: Vec::new(),
            hoisted: Vec::new(),
            forward: Vec::new(),
            backward: Vec::new(),
            deferred: Vec::new(),
            batch_sites: Vec::new(),
        };
        let mut lowering =
            Self { plan, code: Vec::new(), known: Vec::new(), free: Vec::new(), touched: Vec::new(), keep };
        let gradient_slots = lowering.gradient_slots();
        for equation in &derived.forward {
            let name = equation.target.name.clone();
            let is_state = cell.states.contains(&name);
            let (value_slots, gradient_slots) =
                if is_state { (Slots::State, Slots::State) } else { (Slots::PerStep, gradient_slots) };
            let value = lowering.buffer(sizes.hidden, value_slots);
            let gradient = lowering.buffer(sizes.hidden, gradient_slots);
            lowering.plan.values.push((name, value, gradient));
        }
        for state in &cell.states {
            if let Some(named) = lowering.plan.values.iter().find(|(name, ..)| name == state) {
                let named = named.clone();
                lowering.plan.states.push(named);
            }
        }
        if let Some((_, value, gradient)) =
            lowering.plan.values.iter().find(|(name, ..)| *name == cell.output)
        {
            lowering.plan.output = (*value, *gradient);
        }
        if input_gradient {
            lowering.plan.input.1 = Some(lowering.buffer(sizes.input, Slots::PerStep));
        }
        lowering
    }

    fn gradient_slots(&self) -> Slots {
        if self.keep == Keep::Everything { Slots::PerStep } else { Slots::One }
    }

    pub(super) fn buffer(&mut self, rows: usize, slots: Slots) -> usize {
        self.plan.buffers.push(Buffer { rows, slots });
        self.plan.buffers.len() - 1
    }

    /// Makes a buffer readable at every step, after the loop or on the way back.
    pub(super) fn promote(&mut self, buffer: usize) {
        if self.plan.buffers[buffer].slots == Slots::One {
            self.plan.buffers[buffer].slots = Slots::PerStep;
        }
    }

    pub(super) fn parameter(&self, name: &Symbol) -> usize {
        // A checked cell lists every parameter that its equations use.
        self.plan.parameters.iter().position(|(known, ..)| known == name).unwrap_or(0)
    }

    pub(super) fn value_place(&mut self, name: &Symbol, time: Time) -> Place {
        let previous = time == Time::Previous;
        if let Some((_, buffer, _)) = self.plan.values.iter().find(|(known, ..)| known == name) {
            return Place { buffer: *buffer, previous };
        }
        // Only `x<t>` is left: it gets a buffer where it is used outside a product.
        let buffer = match self.plan.input.0 {
            Some(buffer) => buffer,
            None => {
                let buffer = self.buffer(self.plan.sizes.input, Slots::PerStep);
                self.plan.input.0 = Some(buffer);
                buffer
            }
        };
        Place { buffer, previous: false }
    }

    /// `to = expr` in the forward direction. Products become: input products and biases for all steps at once,
    /// and products with states, those which share an operand in one instruction.
    pub(super) fn assign(&mut self, to: Place, expr: &Expr) {
        let terms = expr.terms();
        let is_product = |term: &(bool, &Expr)| !term.0 && matches!(term.1, Expr::Product(..));
        if !terms.iter().any(is_product) {
            return self.assign_terms(to, &terms, false);
        }
        let is_bias = |term: &(bool, &Expr)| !term.0 && matches!(term.1, Expr::Parameter(_));
        let biases = terms
            .iter()
            .filter(|term| is_bias(term))
            .filter_map(
                |(_, term)| if let Expr::Parameter(name) = term { Some(self.parameter(name)) } else { None },
            )
            .collect();
        self.plan.hoisted.push(Hoisted::Start { buffer: to.buffer, biases });
        for (_, term) in terms.iter().filter(|term| is_product(term)) {
            if let Expr::Product(matrix, operand) = term {
                self.forward_product(to, matrix, operand);
            }
        }
        let rest: Vec<_> = terms.into_iter().filter(|term| !is_product(term) && !is_bias(term)).collect();
        self.assign_terms(to, &rest, true);
    }

    fn forward_product(&mut self, to: Place, matrix: &Expr, operand: &Expr) {
        let Expr::Parameter(name) = matrix else { return };
        let parameter = self.parameter(name);
        let mut first_column = 0;
        for part in parts(operand) {
            let columns = self.rows(part);
            let pack = self.pack(Pack { parameter, first_column, columns, transposed: true });
            if matches!(part, Expr::Value(name, Time::Now) if is_input(name)) {
                self.plan.hoisted.push(Hoisted::Input { buffer: to.buffer, parameter, first_column, pack });
            } else {
                let from = self.operand(part);
                let shared = self.code.iter_mut().find_map(|instruction| match instruction {
                    Instruction::Products { from: known, each } if *known == from => Some(each),
                    _ => None,
                });
                match shared {
                    // The results were started before the first step, so adding earlier changes nothing.
                    Some(each) => each.push((to, pack)),
                    None => self.code.push(Instruction::Products { from, each: vec![(to, pack)] }),
                }
            }
            first_column += columns;
        }
    }

    fn pack(&mut self, pack: Pack) -> usize {
        if let Some(known) = self.plan.packs.iter().position(|known| *known == pack) {
            return known;
        }
        self.plan.packs.push(pack);
        self.plan.packs.len() - 1
    }
}

/// `x`, the only input.
pub(super) fn is_input(name: &Symbol) -> bool {
    name.0 == "x"
}

/// The parts of a stack, or the one operand.
pub(super) fn parts(operand: &Expr) -> &[Expr] {
    match operand {
        Expr::Stack(parts) => parts,
        single => std::slice::from_ref(single),
    }
}

impl Lowering {
    /// A block that holds the operand of a product, readable at every step.
    pub(super) fn operand(&mut self, expr: &Expr) -> Place {
        let (source, _) = self.source(expr);
        let place = match source {
            Source::Block(place) => place,
            other => {
                let rows = self.rows(expr);
                let buffer = self.buffer(rows, Slots::PerStep);
                let place = Place { buffer, previous: false };
                self.code.push(Instruction::Copy { to: place, from: other, adds: false });
                place
            }
        };
        let named = matches!(expr, Expr::Value(..) | Expr::TermGradient(_));
        if !named && !self.known.iter().any(|(known, _)| known == expr) {
            // Not released: the way back reads it again under this name.
            self.known.push((expr.clone(), place.buffer));
        }
        self.promote_unless_named(place, named);
        place
    }

    fn promote_unless_named(&mut self, place: Place, named: bool) {
        if !named {
            self.promote(place.buffer);
        }
    }
}
