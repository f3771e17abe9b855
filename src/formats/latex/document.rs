//! All equations of a model as one document.

use super::words::needs;
use super::{Letters, Setter, block, held, lines_backward, lines_forward};
use crate::engine::derive;
use crate::engine::kernels::Scalar;
use crate::engine::model::Model;
use crate::engine::syntax::Cell;
use crate::engine::trace::Hold;
use crate::formats::code::shared::distinct;

/// Every equation of a model as a document that compiles: an `align*` each for every distinct cell forward, the head, and
/// the same backward. It needs `amsmath`; where names have letters that pdfLaTeX does not know, its first
/// lines say what else.
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
        text += &whose(model, cell, "forward");
        text += &inputs(model, cell);
        text += &lines_forward(cell, letters);
    }
    text += &held::forward(model, holds, steps, letters);
    // The head reads the output of the top layer, in the letters of its cell.
    let set = match model.layers.last() {
        Some(top) => Setter::of(&top.cell, letters),
        None => Setter::plain(letters),
    };
    let of_head = match model.layers.last() {
        Some(top) => derive::backward_of_head_on(head, &top.cell),
        None => derive::backward_of_head(head),
    };
    text += &block(of_head.forward.iter().map(|line| set.equation(line)));
    text += "% backward\n";
    text += &block(of_head.equations.iter().map(|line| set.backward(line)));
    for cell in cells.iter().rev() {
        text += &whose(model, cell, "backward");
        text += &lines_backward(cell, letters);
    }
    text += &held::backward(model, holds, steps, letters);
    text += "\\end{document}\n";
    format!("{}{text}", needs(&text))
}

/// A comment on which layers a block is of, the lowest being 1; nothing where there is only one.
fn whose<S: Scalar>(model: &Model<S>, cell: &Cell, way: &str) -> String {
    if model.layers.len() < 2 {
        return String::new();
    }
    let numbers: Vec<String> = places(model, cell).map(|place| (place + 1).to_string()).collect();
    let layers = if numbers.len() == 1 { "layer" } else { "layers" };
    format!("% {layers} {}, {way}\n", numbers.join(", "))
}

/// A comment on what x is in the layers of a cell that stand on another.
fn inputs<S: Scalar>(model: &Model<S>, cell: &Cell) -> String {
    places(model, cell)
        .filter(|place| *place > 0)
        .map(|place| format!("% in layer {}, x is the output of layer {place}\n", place + 1))
        .collect()
}

/// The layers of a cell, from 0.
fn places<'m, S: Scalar>(model: &'m Model<S>, cell: &'m Cell) -> impl Iterator<Item = usize> + 'm {
    let layers = model.layers.iter().enumerate();
    layers.filter(|(_, layer)| layer.cell.is_same(cell)).map(|(place, _)| place)
}
