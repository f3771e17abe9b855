//! What `cargo xtask` is made of: set-up, building the site, its pages, tests, sizes and pictures.

pub mod pages;
