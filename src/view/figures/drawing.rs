//! What a figure shows: elements, the sentence that says the same, the numbers as a table.

use crate::view::markup::Node;

/// A drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// The elements, in order. [`super::parts`] makes the usual ones.
    pub body: Vec<Node>,
    /// What it shows now, in words: seen below the drawing and read out when it changes.
    pub sentence: String,
    /// Its numbers.
    pub table: Table,
}

/// Numbers in rows; the first cell of a row is its head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The heads of the columns, that of the row heads included.
    pub heads: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

impl Drawing {
    /// A drawing that says only why there is nothing to draw.
    pub fn only(sentence: String) -> Drawing {
        Drawing { body: Vec::new(), sentence, table: Table::default() }
    }
}

impl Table {
    /// A table without rows.
    pub fn new<H: Into<String>>(heads: impl IntoIterator<Item = H>) -> Table {
        Table { heads: heads.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// One more row.
    pub fn row<C: Into<String>>(&mut self, cells: impl IntoIterator<Item = C>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }
}
