//! The cell language.

mod good;
