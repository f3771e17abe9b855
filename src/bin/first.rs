//! The book's live figures that need no engine. Trunk builds it; see README.

#[cfg(target_arch = "wasm32")]
fn main() {
    unrolled::app::figures::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("The figures are built for the browser: cargo xtask serve");
}
