//! A model as matrices with names: what files hold, what the stepper shows.

use std::sync::Arc;

use ndarray::Array2;

use super::architecture::{Architecture, LayerShape};
use super::evaluate::EPSILON;
use super::kernels::Scalar;
use super::options::with_running_means;
use super::syntax::{Cell, Head, Parameter, Symbol};

/// One layer with its weights, in the order of the cell's parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer<S> {
    /// The cell.
    pub cell: Arc<Cell>,
    /// Hidden units, `n_a`.
    pub hidden: usize,
    /// Each parameter's matrix, rows × columns (a column is n × 1).
    pub weights: Vec<(Symbol, Array2<S>)>,
}

/// The output head with its weights.
#[derive(Clone, Debug, PartialEq)]
pub struct HeadWeights<S> {
    /// Head and loss.
    pub head: Arc<Head>,
    /// `W_ya` (n_y × n_a), `b_y` (n_y × 1).
    pub weights: Vec<(Symbol, Array2<S>)>,
}

/// A stack of layers with its head.
#[derive(Clone, Debug, PartialEq)]
pub struct Model<S> {
    /// Layers, the lowest first.
    pub layers: Vec<Layer<S>>,
    /// The head.
    pub head: HeadWeights<S>,
    /// Rows of the input, `n_x`.
    pub input: usize,
    /// Rows of the output, `n_y`.
    pub output: usize,
}

impl<S: Scalar> Model<S> {
    /// A model from flat weights.
    pub fn from_flat(architecture: &Architecture, weights: &[S]) -> Self {
        let layout = architecture.layout();
        let matrices = |layer: Option<usize>| -> Vec<(Symbol, Array2<S>)> {
            let entries = layout.entries.iter().filter(|entry| entry.layer == layer);
            entries
                .map(|entry| {
                    let numbers = &weights[entry.range()];
                    let matrix = Array2::from_shape_fn((entry.rows, entry.columns), |(row, column)| {
                        numbers[row * entry.columns + column]
                    });
                    (entry.name.clone(), matrix)
                })
                .collect()
        };
        let layers = architecture.layers.iter().enumerate().map(|(index, layer)| Layer {
            cell: layer.cell.clone(),
            hidden: layer.hidden,
            weights: matrices(Some(index)),
        });
        Self {
            layers: layers.collect(),
            head: HeadWeights { head: architecture.head.clone(), weights: matrices(None) },
            input: architecture.input,
            output: architecture.output,
        }
    }

    /// Cells and sizes.
    pub fn architecture(&self) -> Architecture {
        let layers = self.layers.iter().map(|layer| LayerShape::new(layer.cell.clone(), layer.hidden));
        Architecture {
            layers: layers.collect(),
            head: self.head.head.clone(),
            input: self.input,
            output: self.output,
        }
    }

    /// All weights in one flat list, in the order of [`Architecture::layout`].
    pub fn to_flat(&self) -> Vec<S> {
        let layers = self.layers.iter().flat_map(|layer| &layer.weights);
        layers.chain(&self.head.weights).flat_map(|(_, matrix)| matrix.iter().copied()).collect()
    }

    /// A weight by layer (none: the head) and name.
    pub fn weight(&self, layer: Option<usize>, name: &Symbol) -> Option<&Array2<S>> {
        let weights = match layer {
            Some(layer) => &self.layers.get(layer)?.weights,
            None => &self.head.weights,
        };
        weights.iter().find(|(known, _)| known == name).map(|(_, matrix)| matrix)
    }

    /// The model as it works after training: batch normalisations written out with their running means (see
    /// [`with_running_means`]). `statistics`: of each layer, for each call its means, then its variances.
    pub fn with_running_means(mut self, statistics: &[Vec<S>]) -> Self {
        for (layer, numbers) in self.layers.iter_mut().zip(statistics) {
            let Some((cell, names)) = with_running_means(&layer.cell) else { continue };
            let mut columns = numbers.chunks_exact(layer.hidden.max(1));
            let mut known = std::mem::take(&mut layer.weights);
            for (mean, deviation) in names {
                let mut column = || columns.next().unwrap_or(&[]).to_vec();
                let (means, variances) = (column(), column());
                let deviations = variances.into_iter().map(|one| (one + S::from_f64(EPSILON)).sqrt());
                let column = |numbers: Vec<S>| {
                    Array2::from_shape_fn((layer.hidden, 1), |(row, _)| {
                        numbers.get(row).copied().unwrap_or(S::ONE)
                    })
                };
                let deviations = column(deviations.collect());
                known.extend([(mean, column(means)), (deviation, deviations)]);
            }
            // In the order of the new text.
            let find =
                |parameter: &Parameter| known.iter().find(|(name, _)| *name == parameter.name).cloned();
            layer.weights = cell.parameters.iter().filter_map(find).collect();
            layer.cell = Arc::new(cell);
        }
        self
    }

    /// The same numbers in another precision; to f64 it is exact.
    pub fn convert<R: Scalar>(&self) -> Model<R> {
        let convert = |weights: &[(Symbol, Array2<S>)]| {
            let each = weights.iter();
            each.map(|(name, matrix)| (name.clone(), matrix.mapv(|number| R::from_f64(number.to_f64()))))
                .collect()
        };
        let layers = self.layers.iter().map(|layer| Layer {
            cell: layer.cell.clone(),
            hidden: layer.hidden,
            weights: convert(&layer.weights),
        });
        Model {
            layers: layers.collect(),
            head: HeadWeights { head: self.head.head.clone(), weights: convert(&self.head.weights) },
            input: self.input,
            output: self.output,
        }
    }
}
