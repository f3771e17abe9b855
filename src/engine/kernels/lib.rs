//! Loops over numbers: matrix products and element-wise blocks. Deterministic: the same bits in every browser.
//!
//! Every value of the engine is `T × B × n`, row-major: one sample's vector is contiguous, `value[t]` is a contiguous
//! `B × n` matrix, and a whole window is a `(T·B) × n` matrix. Weights are (output rows × input columns), row-major.
//! Here a *row* is therefore one sample's vector, and `rows × columns` are the sizes of such a matrix.
//!
//! One generic path serves `f32` and `f64`, browser and host, and is compiled here for both types, always for speed:
//! this is a package of its own, because generic code is otherwise compiled with the settings of what uses it. A
//! product and a sum are never fused, and every sum has a fixed order that depends on the sizes only, so that no bit
//! depends on the machine. Nothing here allocates except `with_capacity` of [`Packed`] and [`Workspace`], and these
//! two when a shape is larger than they were made for.
//!
//! Element-wise functions take slices of equal length (checked in debug builds; in release builds the shortest one
//! counts). Products and row functions check their shapes and panic on a mistake of the caller; no text or file that
//! a reader brings reaches them with a wrong shape.

mod elementwise;
mod entries;
mod functions;
mod losses;
mod optimisers;
mod product;
mod rows;
mod scalar;
pub mod simd;

pub use elementwise::*;
pub use entries::*;
pub use optimisers::AdamStep;
pub use product::{Packed, Workspace};
pub use scalar::Scalar;
