//! The page without Stepper and Lab: what a first visit to Home or a chapter loads. Trunk builds it; see README.

#[cfg(target_arch = "wasm32")]
fn main() {
    unrolled::app::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("The page is built for the browser: cargo xtask serve");
}
