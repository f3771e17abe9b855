//! Links: any address gives a usable state, and that state's own link gives it again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use unrolled::view::link::{read, write};

fuzz_target!(|address: &str| {
    let (query, fragment) = address.split_once('#').unwrap_or((address, ""));
    let opened = read(&format!("?{query}"), &format!("#{fragment}"));
    if let Some(network) = &opened.state.network {
        if let Some(parcel) = network.parcel() {
            let model = parcel.model(&network.weights).expect("a network has the numbers that its sizes ask for");
            let _ = unrolled::view::stepper::opened::opened(&parcel, &model);
        }
    }
    let link = write(&opened.state);
    let again = read(&link.query, &link.fragment);
    if link.left_out.is_empty() {
        assert_eq!(write(&again.state).query, link.query);
    }
});
