//! Formulas: from the syntax tree to MathML, one element per symbol, and to words for screen readers.

mod node;
mod pieces;
mod spoken;
mod symbol;
mod typeset;

pub use node::{Content, Node, Tag};
pub use pieces::{Level, Math, Piece, pieces, written};
pub use spoken::{Spoken, speak, speak_backward, speak_equation};
pub use symbol::{Accent, Facts, NoFacts, Notation, Spelling, SymbolId, there};
pub use typeset::Typesetter;
pub(crate) use typeset::function_text;
