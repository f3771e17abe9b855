//! What `cargo xtask` is made of: set-up, building the site, its pages, tests, sizes and pictures.

pub mod fuzz;
pub mod pages;
pub mod run;
pub mod server;
pub mod setup;
pub mod site;
pub mod suite;
pub mod weight;
