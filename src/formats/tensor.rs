//! Tensors in files: `{"shape": [...], "data": [...]}`, row-major.

use ndarray::{Array2, Array3, ArrayBase, Data, Dimension};
use serde::{Deserialize, Serialize, Serializer};

use super::error::{FormatError, shape_text};
use super::object::Named;
use crate::engine::kernels::Scalar;
use crate::engine::syntax::Symbol;

/// A tensor as it is read. Numbers are read in double precision, whatever they are used in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TensorFile {
    /// Sizes, outermost first.
    pub shape: Vec<usize>,
    /// Numbers, row-major.
    pub data: Vec<f64>,
}

/// Tensors by name.
pub type NamedFiles = Named<TensorFile>;

impl TensorFile {
    /// Checks that there are as many numbers as the shape says.
    pub fn check(&self, path: &str) -> Result<(), FormatError> {
        let count = self.shape.iter().try_fold(1usize, |count, size| count.checked_mul(*size));
        if count == Some(self.data.len()) {
            return Ok(());
        }
        let found = format!("{} numbers", self.data.len());
        Err(FormatError::Value { path: path.to_owned(), found, expected: shape_text(&self.shape) })
    }

    /// Checks shape and count.
    pub fn check_shape(&self, path: &str, shape: &[usize]) -> Result<(), FormatError> {
        if self.shape != shape {
            let (found, expected) = (shape_text(&self.shape), shape_text(shape));
            return Err(FormatError::Shape { path: path.to_owned(), found, expected });
        }
        self.check(path)
    }

    /// The sizes, if there are so many.
    pub fn sizes<const N: usize>(&self, path: &str, expected: &str) -> Result<[usize; N], FormatError> {
        self.check(path)?;
        <[usize; N]>::try_from(self.shape.as_slice()).map_err(|_| FormatError::Shape {
            path: path.to_owned(),
            found: shape_text(&self.shape),
            expected: expected.to_owned(),
        })
    }

    /// Checks that every number is finite in the precision that it will be used in.
    pub fn fits<S: Scalar>(&self, path: &str) -> Result<(), FormatError> {
        let Some(place) = self.data.iter().position(|number| !S::from_f64(*number).is_finite()) else {
            return Ok(());
        };
        let (path, found) = (format!("{path}.data[{place}]"), format!("{:e}", self.data[place]));
        Err(FormatError::Value {
            path,
            found,
            expected: "a number that single precision can hold".to_owned(),
        })
    }

    /// As a matrix; its shape has been checked.
    pub fn matrix<S: Scalar>(&self, rows: usize, columns: usize) -> Array2<S> {
        Array2::from_shape_fn((rows, columns), |(row, column)| S::from_f64(self.data[row * columns + column]))
    }

    /// As `T × n × B`; its shape has been checked.
    pub fn cube<S: Scalar>(&self, steps: usize, rows: usize, batch: usize) -> Array3<S> {
        Array3::from_shape_fn((steps, rows, batch), |(step, row, sample)| {
            S::from_f64(self.data[(step * rows + row) * batch + sample])
        })
    }

    /// A whole number at a place of the data.
    pub fn whole(&self, path: &str, place: usize, expected: &str) -> Result<i64, FormatError> {
        let number = self.data[place];
        if number.fract() == 0.0 && number.abs() < 9e15 {
            return Ok(number as i64);
        }
        let path = format!("{path}.data[{place}]");
        Err(FormatError::Value { path, found: number.to_string(), expected: expected.to_owned() })
    }
}

/// A tensor as it is written: every number so that reading it back gives the same bits.
#[derive(Clone, Debug, Serialize)]
pub struct TensorOut<S> {
    shape: Vec<usize>,
    data: Vec<S>,
}

impl<S: Scalar> TensorOut<S> {
    /// Any array, row-major.
    pub fn new<D: Dimension>(array: &ArrayBase<impl Data<Elem = S>, D>) -> Self {
        Self { shape: array.shape().to_vec(), data: array.iter().copied().collect() }
    }

    /// In which of the outermost slices, from 1, a number is not finite first; none: all are.
    fn not_finite(&self) -> Option<usize> {
        let place = self.data.iter().position(|number| !number.is_finite())?;
        let slice = self.shape.iter().skip(1).product::<usize>().max(1);
        Some(place / slice + 1)
    }
}

/// Tensors by name, written as an object in this order.
#[derive(Clone, Debug)]
pub struct NamedOut<S>(Vec<(String, TensorOut<S>)>);

impl<S: Scalar> NamedOut<S> {
    /// From arrays with symbols.
    pub fn new<D: Dimension, R: Data<Elem = S>>(named: &[(Symbol, ArrayBase<R, D>)]) -> Self {
        Self(named.iter().map(|(name, array)| (name.0.clone(), TensorOut::new(array))).collect())
    }

    /// Of values over time, the first step, from 1, with a number that is not finite, and whose it is.
    pub fn not_finite(&self) -> Option<(usize, &str)> {
        let found = self.0.iter().filter_map(|(name, tensor)| Some((tensor.not_finite()?, name.as_str())));
        found.min_by_key(|(step, _)| *step)
    }
}

impl<S: Scalar> Serialize for NamedOut<S> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        serializer.collect_map(self.0.iter().map(|(name, tensor)| (name, tensor)))
    }
}
