//! The page with Stepper and Lab. Trunk builds it; see README.

#[cfg(target_arch = "wasm32")]
fn main() {
    // The same file helps in a worker: see `worker::helper`.
    if !unrolled::worker::helper::start() {
        unrolled::app::start();
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("The page is built for the browser: cargo xtask serve");
}
