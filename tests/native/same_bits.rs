//! The host has the browsers' bits: one path of kernels, no fused products, fixed orders of sums.

use crate::pinned;

#[test]
fn a_pinned_run_has_the_losses_written_down_bit_for_bit() {
    let found = pinned::LOSSES.map(|(cell, _)| (cell, pinned::losses(cell)));
    assert_eq!(found, pinned::LOSSES);
}
