//! A short training run whose losses are written down: the same bits on the host, in Chromium and in Firefox, today and
//! next year. Both test programs read this file.

use unrolled::training::session::Session;
use unrolled::training::settings::{CellChoice, RunSettings};

/// The first ten losses of each run, as bits of an `f64`: cell, losses.
pub const LOSSES: [(&str, [u64; 10]); 3] = [
    (
        "lstm",
        [
            0x40099b3d3cc00000,
            0x4009013581400000,
            0x4009965dc5c00000,
            0x4006d4a886c00000,
            0x4008f10b91c00000,
            0x400660de76c00000,
            0x4005b83ab0600000,
            0x40090d287d000000,
            0x400375cd54000000,
            0x40096a962c000000,
        ],
    ),
    (
        "gru",
        [
            0x4009994eac400000,
            0x4008fdf763000000,
            0x40094d2e70400000,
            0x40068a7393c00000,
            0x4008a78f49800000,
            0x40058dbcde600000,
            0x40054830d0200000,
            0x4009394ef3a00000,
            0x4002c3b266800000,
            0x4008c86789e00000,
        ],
    ),
    (
        "rnn",
        [
            0x400a43e5c4000000,
            0x4009901abfc00000,
            0x4009a6a50c000000,
            0x40060caf89c00000,
            0x400881ed87000000,
            0x400544a3bce00000,
            0x40050955e2e00000,
            0x400616ca5c200000,
            0x400185fadce00000,
            0x40054e105f200000,
        ],
    ),
];

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
