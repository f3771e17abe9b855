//! Chapter 2: words to vectors.

mod column;
mod one_hot;
mod vocabulary;

pub use column::{Column, nearest};
pub use one_hot::OneHot;
pub use vocabulary::Vocabulary;
