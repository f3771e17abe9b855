//! Files of experiments, runs and draws: any text is computed or refused, in both precisions.
#![no_main]

use libfuzzer_sys::fuzz_target;
use unrolled::formats::{draw, experiment, training_run};

fuzz_target!(|text: &str| {
    let _ = experiment::run::<f64>(text);
    let _ = experiment::run::<f32>(text);
    let _ = draw::run::<f64>(text);
    // A run trains as long as its file says: only short files' worth of reading is fuzzed here.
    if !text.contains("\"steps\"") {
        let _ = training_run::run::<f64>(text);
    }
});
