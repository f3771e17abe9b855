//! The same link gives the same numbers: in this browser, in the other one, and after a restart.

use unrolled::training::checkpoint::Checkpoint;
use unrolled::training::session::Session;
use unrolled::training::settings::RunSettings;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::pinned;

#[wasm_bindgen_test]
fn a_pinned_run_has_the_losses_written_down_bit_for_bit() {
    let found = pinned::LOSSES.map(|(cell, _)| (cell, pinned::losses(cell)));
    assert_eq!(found, pinned::LOSSES);
}

#[wasm_bindgen_test]
fn a_run_continued_from_a_checkpoint_gives_the_same_bits() {
    let text = "one hill, two hills, three hills high. ".repeat(30);
    let start =
        || Session::new(RunSettings::default(), &text, None, None).expect("the text can be trained on");
    let losses = |session: &mut Session| -> Vec<u64> {
        (0..5).map(|_| session.update().expect("the run is stable").loss.to_bits()).collect()
    };
    let (mut whole, mut first) = (start(), start());
    losses(&mut first);
    losses(&mut whole);
    let checkpoint = Checkpoint::from_bytes(&first.checkpoint().to_bytes()).expect("our own bytes");
    let mut second =
        Session::new(RunSettings::default(), &text, None, Some(&checkpoint)).expect("its own checkpoint");
    assert_eq!(losses(&mut second), losses(&mut whole));
}
