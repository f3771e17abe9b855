//! Which cells are stacked, how wide they are, and where each weight lies in one flat list of numbers.

use std::sync::Arc;

use super::derive::{Derived, backward};
use super::options::with_running_means;
use super::syntax::{Cell, Head, LossKind, Parameter, Symbol};

/// One layer: a cell and its number of hidden units.
#[derive(Clone, Debug)]
pub struct LayerShape {
    /// The cell.
    pub cell: Arc<Cell>,
    /// What is derived from it.
    pub derived: Arc<Derived>,
    /// Hidden units, `n_a`.
    pub hidden: usize,
}

impl LayerShape {
    /// A layer of a cell with so many hidden units.
    pub fn new(cell: Arc<Cell>, hidden: usize) -> Self {
        let derived = Arc::new(backward(&cell));
        Self { cell, derived, hidden }
    }
}

/// Layers from the input up, and the output head on top.
#[derive(Clone, Debug)]
pub struct Architecture {
    /// Layers, the lowest first. Each reads the output of the one below.
    pub layers: Vec<LayerShape>,
    /// Output head and loss.
    pub head: Arc<Head>,
    /// Rows of the input, `n_x`.
    pub input: usize,
    /// Rows of the output, `n_y`.
    pub output: usize,
}

impl Architecture {
    /// The same with batch normalisations written out with their running means (see [`with_running_means`]).
    pub fn with_running_means(mut self) -> Self {
        for layer in &mut self.layers {
            if let Some((cell, _)) = with_running_means(&layer.cell) {
                *layer = LayerShape::new(Arc::new(cell), layer.hidden);
            }
        }
        self
    }

    /// Rows of the input of a layer: `n_x` for the lowest, else the hidden units of the one below.
    pub fn input_of(&self, layer: usize) -> usize {
        if layer == 0 { self.input } else { self.layers[layer - 1].hidden }
    }

    /// Hidden units of the top layer.
    pub fn top(&self) -> usize {
        self.layers.last().map_or(self.input, |layer| layer.hidden)
    }

    /// The loss.
    pub fn loss(&self) -> LossKind {
        self.head.loss
    }

    /// How many weights there are, before anything is made of them.
    pub fn weights(&self) -> u64 {
        let size = |parameter: &Parameter, n_a: usize, n_x: usize| {
            let [rows, columns] =
                [parameter.rows, parameter.columns].map(|dim| dim.size(n_a, n_x, self.output) as u64);
            rows.saturating_mul(columns)
        };
        let layers = self.layers.iter().enumerate().flat_map(|(index, layer)| {
            let input = self.input_of(index);
            layer.cell.parameters.iter().map(move |parameter| (parameter, layer.hidden, input))
        });
        let head = self.head.parameters.iter().map(|parameter| (parameter, self.top(), self.top()));
        layers.chain(head).map(|(parameter, n_a, n_x)| size(parameter, n_a, n_x)).fold(0, u64::saturating_add)
    }

    /// Where every weight lies: layers from the lowest, then the head, each parameter row-major.
    pub fn layout(&self) -> Layout {
        let mut layout = Layout { entries: Vec::new(), len: 0 };
        for (index, layer) in self.layers.iter().enumerate() {
            for parameter in &layer.cell.parameters {
                layout.push(Some(index), parameter, layer.hidden, self.input_of(index), self.output);
            }
        }
        for parameter in &self.head.parameters {
            layout.push(None, parameter, self.top(), self.top(), self.output);
        }
        layout
    }
}

/// A weight's place in the flat list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The layer from 0; none: the output head.
    pub layer: Option<usize>,
    /// The name that the equations give it.
    pub name: Symbol,
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// First number in the flat list.
    pub start: usize,
    /// Whether it is a matrix (L2 regularisation acts on matrices only).
    pub is_matrix: bool,
}

impl Entry {
    /// Its numbers in the flat list.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start..self.start + self.rows * self.columns
    }

    /// How files and messages call it: `layers[0].W_f`, `output.b_y`.
    pub fn path(&self) -> String {
        match self.layer {
            Some(layer) => format!("layers[{layer}].{}", self.name),
            None => format!("output.{}", self.name),
        }
    }
}

/// Every weight of a model in one flat list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// In order.
    pub entries: Vec<Entry>,
    /// Numbers in all.
    pub len: usize,
}

impl Layout {
    fn push(&mut self, layer: Option<usize>, parameter: &Parameter, n_a: usize, n_x: usize, n_y: usize) {
        let (rows, columns) = (parameter.rows.size(n_a, n_x, n_y), parameter.columns.size(n_a, n_x, n_y));
        let is_matrix = parameter.name.0.chars().next().is_some_and(char::is_uppercase);
        let start = self.len;
        self.entries.push(Entry { layer, name: parameter.name.clone(), rows, columns, start, is_matrix });
        self.len += rows * columns;
    }

    /// The numbers of a layer (none: of the head).
    pub fn range(&self, layer: Option<usize>) -> std::ops::Range<usize> {
        let mut of_layer = self.entries.iter().filter(|entry| entry.layer == layer);
        match of_layer.next() {
            Some(first) => {
                let end = of_layer.next_back().unwrap_or(first).range().end;
                first.start..end
            }
            None => self.len..self.len,
        }
    }

    /// The entry that holds the number at a place of the flat list.
    pub fn entry_at(&self, place: usize) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.range().contains(&place))
    }
}
