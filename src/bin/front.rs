//! The page with Home and the book: what a first visit to Home loads. Trunk builds it; see README.

#[cfg(target_arch = "wasm32")]
fn main() {
    unrolled::app::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("The page is built for the browser: cargo xtask serve");
}
