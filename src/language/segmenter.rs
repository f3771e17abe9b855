//! Chinese (and Japanese) words by a dictionary, with ICU4X. Two megabytes: a wasm file of its own, fetched only when a
//! reader turns on words for Chinese text. ICU4X and its data are under the licence Unicode-3.0.

use icu_segmenter::WordSegmenter;

use super::text::WordCutter;

/// Cuts with the dictionary that is compiled into this file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dictionary;

impl WordCutter for Dictionary {
    fn cut(&self, text: &str) -> Vec<usize> {
        WordSegmenter::new_auto(Default::default()).segment_str(text).collect()
    }
}
