//! The segmenter: a wasm file that cuts Chinese text into words. The trainer loads it on demand.

#[cfg(all(any(target_arch = "wasm32", lint_web), feature = "segmenter"))]
mod exported {
    use unrolled::language::segmenter::Dictionary;
    use unrolled::language::text::WordCutter;
    use wasm_bindgen::prelude::wasm_bindgen;

    /// Byte offsets of the word boundaries of `text`, ascending.
    #[wasm_bindgen]
    pub fn cut(text: &str) -> Vec<u32> {
        Dictionary.cut(text).into_iter().filter_map(|at| u32::try_from(at).ok()).collect()
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!(
        "The segmenter runs in a browser: cargo build --target wasm32-unknown-unknown --no-default-features \
         --features segmenter --profile page --bin segmenter"
    );
}
