//! Loops over numbers: matrix products and element-wise blocks. Deterministic: the same bits in every browser.
