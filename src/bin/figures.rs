//! The book's live figures. Trunk builds it; see README.

#[cfg(target_arch = "wasm32")]
fn main() {
    // The same file trains in a worker: see `worker::study`.
    if !unrolled::worker::study::start() {
        unrolled::app::figures::start();
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("The figures are built for the browser: cargo xtask serve");
}
