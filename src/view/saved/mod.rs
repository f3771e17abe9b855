//! Work that a browser keeps: runs with their models, and texts. What the list of them says and in which order, what goes
//! when there are too many, which tab has which, and the file by which work is handed out and taken back.

pub mod desk;
mod entry;
pub mod file;

pub use entry::{
    Deleted, Entry, KEPT_RUNS, Kind, NAME_LIMIT, Parts, Status, begins, clean_name, has_text, is_same, mark,
    next_order, sort, surplus, weights_mark,
};

/// The version of what is written into the browser's storage.
pub const VERSION: u32 = 1;
