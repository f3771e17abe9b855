//! Kernel benchmarks on the host.

fn main() {}
