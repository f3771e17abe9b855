//! From equation text to numbers: syntax tree → shapes → derived gradients → plan → trace.
//!
//! Letters mean the same everywhere in this crate, in the docs and on the page:
//! - `T` time steps, `B` samples in a batch, `V` symbols in the vocabulary,
//! - `n_a` hidden units, `n_x` rows of an input, `n_y` rows of an output.
//!
//! Matrices are named output–input (`W_ax`: to `a`, from `x`). A gradient is called `d` + the name of its value,
//! and has the type and the shape of its value.

#[cfg(all(target_arch = "wasm32", not(target_feature = "simd128")))]
compile_error!(
    "build for wasm32 with simd128: it stands in .cargo/config.toml, and RUSTFLAGS in the environment replaces it"
);

pub mod analysis;
pub mod architecture;
mod backward;
pub mod derive;
pub mod evaluate;
pub mod facts;
pub mod head;
pub mod kin;
pub mod letters;
pub mod model;
pub mod network;
pub mod options;
pub mod plan;
pub mod presets;
pub mod role;
pub mod stack;
pub mod syntax;
pub mod trace;

pub use backward::BackwardEquation;
/// The loops; a package of its own, so that they are always compiled for speed.
pub use unrolled_kernels as kernels;
