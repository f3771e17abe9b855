//! Pure: formulas, diagram layout, scales, colour maps, the link codec, the stepper's state as a function of (link, step).
//!
//! Nothing here knows a browser or Leptos: everything returns plain values, and the page turns them into elements.

pub mod address;
pub mod chart;
pub mod colour;
pub mod comparison;
pub mod controls;
pub mod diagram;
pub mod editor;
pub mod embed;
pub mod figures;
pub mod formula;
pub mod link;
pub mod markup;
pub mod number;
pub mod placement;
pub mod present;
pub mod qr;
pub mod role;
pub mod run;
pub mod saved;
pub mod scale;
pub mod stepper;
pub mod typed;
pub mod unrolled;
pub mod words;
