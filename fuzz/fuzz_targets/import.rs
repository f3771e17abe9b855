//! Other programs' files: any bytes are opened or refused, as the page does it, whatever they begin like.
#![no_main]

use libfuzzer_sys::fuzz_target;
use unrolled::formats::parcel::open;
use unrolled::view::stepper::opened::opened;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((parcel, weights, _)) = open("file", bytes)
        && let Ok(model) = parcel.model(&weights)
    {
        let _ = opened(&parcel, &model);
    }
});
