//! A short training run whose losses are written down: the same bits on the host, in Chromium and in Firefox, today and
//! next year. Both test programs read this file.

use unrolled::training::session::Session;
use unrolled::training::settings::{CellChoice, RunSettings};

/// The first ten losses of each run, as bits of an `f64`: cell, losses.
pub const LOSSES: [(&str, [u64; 10]); 3] = [("lstm", [0; 10]), ("gru", [0; 10]), ("rnn", [0; 10])];

/// Trains from a fixed seed on a fixed text: two layers of 20 units, 8 streams of 16 steps, Adam.
pub fn losses(cell: &str) -> [u64; 10] {
    let mut settings = RunSettings::default();
    settings.model.cell = CellChoice::Preset(cell.to_owned());
    settings.model.layers = 2;
    settings.model.hidden = 20;
    settings.training.window = 16;
    settings.training.batch = 8;
    settings.training.seed = 12;
    settings.training.learning_rate = 0.01;
    let text =
        "every night the light in the attic was the only light in the street; 每天晚上都亮着。".repeat(40);
    let mut session = Session::new(settings, &text, None, None).expect("the text can be trained on");
    std::array::from_fn(|_| session.update().expect("the run is stable").loss.to_bits())
}
