//! Names of what has no name: the argument of a function that holds a matrix product is `z_…`.

use super::rows::rows;
use super::{Cell, Dim, Equation, Expr, Head, Symbol, Target, Time};
use crate::unicode;

/// What a head's text calls the output of the cell below it.
const READ: &str = "a";

/// An inner term that has a name of its own: `z_f` for the argument of `Γ_f<t> = σ(…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// The place of the equation that it is part of.
    pub equation: usize,
    /// `z_` + the subscript of the equation's left-hand side, else its letter.
    pub name: Symbol,
    /// The term, as it stands in the equation.
    pub expr: Expr,
}

/// The named intermediates of a cell, in the order in which they are computed.
///
/// The argument of each outermost function call that holds a matrix product is named: `z_f` for `Γ_f`, `z_c` for `c~`,
/// `z_a` for `a`; as a value it has n_a rows, so that an argument of one row or of a stack's is none of them. Where that name is taken, the letter is put before the subscript (`z_Γc`); where that is taken too,
/// a number from 2 follows.
pub fn named_intermediates(cell: &Cell) -> Vec<Named> {
    named_in(&cell.equations, &|expr| is_named(cell, expr))
}

/// Whether an argument of a function is one that gets a name, where it stands in no other.
pub fn is_named(cell: &Cell, argument: &Expr) -> bool {
    holds_product(argument) && cell.rows(argument) == Dim::HIDDEN
}

/// The cell's equations with every named argument replaced by its name, each `z_f<t> = …` just before its use.
pub fn with_intermediates(cell: &Cell) -> Vec<Equation> {
    insert(&cell.equations, &|expr| is_named(cell, expr))
}

/// The head's equations likewise; the logits are `z_y`.
pub fn head_with_intermediates(head: &Head) -> Vec<Equation> {
    let of_outputs = |expr: &Expr| rows(expr, &head.parameters, Dim::INPUT) == Dim::OUTPUT;
    insert(&head.equations, &|expr| holds_product(expr) && of_outputs(expr))
}

/// A head as it stands on a cell: where its text reads the hidden state `a<t>`, it reads the cell's output, under the
/// output's own name. The names that the head gives are reserved: no cell has them.
pub fn head_reading(head: &Head, output: &Symbol) -> Head {
    let read = Symbol::from(READ);
    if *output == read {
        return head.clone();
    }
    let mut renamed = head.clone();
    for equation in &mut renamed.equations {
        equation.expr = equation.expr.map(&mut |part| match part {
            Expr::Value(name, time) if *name == read => Some(Expr::Value(output.clone(), *time)),
            _ => None,
        });
    }
    renamed
}

/// The names for a list of equations, where it is said which arguments get one.
fn named_in(equations: &[Equation], is_named: &dyn Fn(&Expr) -> bool) -> Vec<Named> {
    let mut named: Vec<Named> = Vec::new();
    for (place, equation) in equations.iter().enumerate() {
        let mut terms = Vec::new();
        collect(&equation.expr, is_named, &mut terms);
        for term in terms {
            let name = free_name(&equation.target.name, &named);
            named.push(Named { equation: place, name, expr: term.clone() });
        }
    }
    named
}

/// True where a matrix product stands anywhere in the expression.
pub fn holds_product(expr: &Expr) -> bool {
    expr.any(&|part| matches!(part, Expr::Product(..)))
}

fn insert(equations: &[Equation], is_named: &dyn Fn(&Expr) -> bool) -> Vec<Equation> {
    let mut named = named_in(equations, is_named).into_iter().peekable();
    let mut all = Vec::new();
    for (place, equation) in equations.iter().enumerate() {
        let mut names = Vec::new();
        while let Some(one) = named.next_if(|one| one.equation == place) {
            names.push(one.name.clone());
            all.push(Equation {
                target: Target { name: one.name, span: equation.target.span },
                expr: one.expr,
                line: equation.line,
            });
        }
        let mut names = names.into_iter();
        all.push(Equation { expr: replace(&equation.expr, is_named, &mut names), ..equation.clone() });
    }
    all
}

/// The arguments that get a name, outermost calls only, in reading order.
fn collect<'a>(expr: &'a Expr, is_named: &dyn Fn(&Expr) -> bool, into: &mut Vec<&'a Expr>) {
    match expr {
        Expr::Call(_, argument) if is_named(argument) => into.push(argument),
        other => other.parts().for_each(|part| collect(part, is_named, into)),
    }
}

/// The same walk as [`collect`], putting the names in place of the arguments.
fn replace(expr: &Expr, is_named: &dyn Fn(&Expr) -> bool, names: &mut impl Iterator<Item = Symbol>) -> Expr {
    expr.map(&mut |part| match part {
        Expr::Call(function, argument) if is_named(argument) => Some(match names.next() {
            Some(name) => Expr::Call(*function, Box::new(Expr::Value(name, Time::Now))),
            None => part.clone(),
        }),
        Expr::TermGradient(_) => Some(part.clone()),
        _ => None,
    })
}

fn free_name(target: &Symbol, taken: &[Named]) -> Symbol {
    let is_free = |name: &str| taken.iter().all(|named| named.name.0 != name);
    let short = format!("z_{}", target.subscript().map_or_else(|| plain(target.letter()), str::to_owned));
    if is_free(&short) {
        return Symbol(short);
    }
    let long = format!("z_{}{}", target.letter(), target.subscript().unwrap_or(""));
    if is_free(&long) {
        return Symbol(long);
    }
    let mut number = 2;
    while !is_free(&format!("{long}{number}")) {
        number += 1;
    }
    Symbol(format!("{long}{number}"))
}

/// A letter without its accents: `c` for `c~`, `y` for `ŷ`.
fn plain(letter: &str) -> String {
    unicode::nfd(letter).chars().filter(|c| *c != '~' && !unicode::is_mark(*c)).collect()
}
