//! Links: any address gives a usable state, and that state's own link gives it again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use unrolled::view::link::{read, write};

fuzz_target!(|address: &str| {
    let (query, fragment) = address.split_once('#').unwrap_or((address, ""));
    let opened = read(&format!("?{query}"), &format!("#{fragment}"));
    let link = write(&opened.state);
    let again = read(&link.query, &link.fragment);
    if link.left_out.is_empty() {
        assert_eq!(write(&again.state).query, link.query);
    }
});
