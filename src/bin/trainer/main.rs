//! The trainer, which runs in the worker. Trunk builds it; see README.

#[cfg(target_arch = "wasm32")]
fn main() {
    unrolled::worker::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("The trainer is built for the browser: cargo xtask serve");
}
