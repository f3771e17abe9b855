//! Tests on the host, by subject.
#![cfg(not(target_arch = "wasm32"))]

// What tests of several subjects begin with.
mod common;
// Addresses of pages.
mod address;
// For a class: lesson links, embedding, QR codes; the page for teachers.
mod classroom;
mod teachers;
// Cells as syntax trees, shared by the tests of the views.
mod view_cells;
// Curves, dots and tables.
mod view_chart;
// MathML and spoken words.
mod view_formula;
// Numbers as text, axes, colours.
mod view_numbers;
// Kernels: products, element-wise blocks, losses, optimisers.
mod kernels;
// Windows for training from running text and from lines.
mod batches;
// Jacobians, their sizes, the itemised gradient, the gradient check.
mod analysis;
// Temperature, top-k, top-p, the choice; random numbers; the probability of a sequence.
mod sampling;
// Cutting, joining, vocabularies, sample texts.
mod text;

// The stepper: windows onto matrices, digits.
mod stepper_pieces;
// The stepper: what a class sees of it.
mod stepper_room;
// The walk through the equations, a row spelled out.
mod view_stepper;
// Every shareable state as a link, and back.
mod view_link;
// The cell language: good texts and their shapes, bad texts and their errors, hostile texts.
mod language_of_cells;
// The cells that come with the project.
mod presets;
// Sentences with values in them, and the two languages against each other.
mod words;
// The naive reference: one expression at one step.
mod evaluate;
// Diagrams laid out from equations.
mod view_controls;
mod view_diagram;

// Derived gradients against central differences.
mod gradients;
// The five wirings: their data, their gradients, and that each is learnt.
mod tasks;
// Two stages of training.
mod tuning;
// Model options: rewritten texts, their gradients, their training.
mod options;
// Sessions of the Lab.
mod training;
// The engine against an independent implementation, and bad files, through the command line.
mod reference;
// Exported code, weights, tables; files of PyTorch and Keras; files that nobody can read.
mod files;
// Lists that open find room; a presentation's keys and stops.
mod view_placement;
mod view_present;
// A run as the page shows it; settings as a reader types them.
mod view_run;
mod view_typed;
// The stepper: its numbers against the trace, every row spelled out.
mod stepper_model;
// The stepper: numbers changed, units held, and where each number came from.
mod stepper_edits;
mod stepper_head;
// The stepper: what it says where PyTorch's or Keras's cell is another one.
mod starts;
mod stepper_blocks;
// The stepper: the sentence unrolled.
mod stepper_differences;
mod stepper_strip;
// The book's live figures: they draw whatever is done to them, in both languages; the rows of the curriculum.
mod figures;
// Figures of the chapter on gradients, and figures once their model is trained.
mod chapter_gradients;
mod figures_trained;
// What the chapters claim about behaviour, each claim with its test, over several seeds.
mod claims;
// The figures of chapters 7 and 8: gates held, numbers against the engine.
mod gated_figures;
// The book: its links, and its two languages against each other.
mod book;
// The glossary: every symbol and term of the chapters, and the letters of others.
mod glossary;
// The stepper: what its helper computes for the page.
mod stepper_task;
// The stepper: a sentence as steps.
mod stepper_sequence;
// A run whose losses are written down; shared with the tests in browsers.
#[path = "../pinned.rs"]
mod pinned;
// The host computes the bits that browsers do.
mod same_bits;

// Saved work: the list, seats of tabs, the file out and in.
mod saved;
// What the trainer keeps until its dictionary is there.
mod protocol;
// The figures of chapter 3: their numbers against small calculations.
mod recurrent_figures;
// A reader's own cell: its editor, its letters, its comparison.
mod own_cell;
// The project's layers, checked in its own sources.
mod layers;
