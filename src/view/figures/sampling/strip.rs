//! Probabilities laid end to end, as pieces of a line from 0 to 1.

use crate::view::figures::parts::{label, tenth};
use crate::view::markup::{Element, el};

/// A piece of the line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Piece {
    /// The symbol.
    pub name: String,
    /// Its probability.
    pub share: f64,
    /// Whether it was hit.
    pub on: bool,
    /// Whether it is one of the special symbols.
    pub special: bool,
}

/// The pieces between `from` and `to`; names only where there is room.
pub(super) fn pieces(all: &[Piece], from: f64, to: f64, y: f64, height: f64) -> Vec<Element> {
    let mut parts = Vec::new();
    let mut sum = 0.0;
    for piece in all.iter().filter(|piece| piece.share > 0.0) {
        let x = from + sum * (to - from);
        sum += piece.share;
        let width = piece.share * (to - from);
        let class = format!(
            "fig-piece{}{}",
            if piece.on { " on" } else { "" },
            if piece.special { " special" } else { "" }
        );
        let rect = el("rect")
            .attr("x", tenth(x))
            .attr("y", tenth(y))
            .attr("width", tenth((width - 0.8).max(0.4)))
            .attr("height", tenth(height));
        let needed = 5.0 + 8.5 * ems(&piece.name);
        let name = (width >= needed).then(|| {
            label(x + width / 2.0 - 0.4, y + height / 2.0 + 4.5, piece.name.clone())
                .attr("text-anchor", "middle")
        });
        parts.push(el("g").class(class).child(rect).children(name));
    }
    parts
}

/// About how wide a word is, in letters of the fixed face.
pub(super) fn ems(words: &str) -> f64 {
    words.chars().map(|letter| if u32::from(letter) >= 0x2E80 { 1.7 } else { 1.0 }).sum()
}
