//! The page with the book only: what a chapter loads. Trunk builds it; see README.

#[cfg(target_arch = "wasm32")]
fn main() {
    unrolled::app::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("The page is built for the browser: cargo xtask serve");
}
