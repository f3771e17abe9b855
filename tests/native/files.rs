//! What is handed out and taken back: programs in NumPy, PyTorch and Keras, LaTeX, tables, safetensors; files of PyTorch and
//! Keras; files that nobody can read.

#[path = "files/beside.rs"]
mod beside;
#[path = "files/exported.rs"]
mod exported;
#[path = "files/held.rs"]
mod held;
#[path = "files/hostile.rs"]
mod hostile;
#[path = "files/imported.rs"]
mod imported;
#[path = "files/keras_made.rs"]
mod keras_made;
#[path = "files/letters.rs"]
mod letters;
#[path = "files/parcels.rs"]
mod parcels;
#[path = "files/python.rs"]
mod python;
#[path = "files/unusual.rs"]
mod unusual;
#[path = "files/written.rs"]
mod written;
