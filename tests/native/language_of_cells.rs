//! The cell language.

mod bad;
mod good;
mod hostile;
mod printed;
