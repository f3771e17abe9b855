//! The dictionary that cuts words of Chinese: a wasm file of its own, loaded by the worker's loader when a text first
//! needs it.

use std::rc::Rc;

use js_sys::{Function, Promise, Reflect, Uint32Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::language::text::WordCutter;

/// The segmenter's `cut`: a text in, the byte offsets of its word boundaries out.
struct Segmenter(Function);

impl WordCutter for Segmenter {
    fn cut(&self, text: &str) -> Vec<usize> {
        let bounds = self.0.call1(&JsValue::NULL, &text.into()).ok();
        let bounds = bounds.and_then(|bounds| bounds.dyn_into::<Uint32Array>().ok());
        bounds.map_or_else(Vec::new, |bounds| bounds.to_vec().into_iter().map(|at| at as usize).collect())
    }
}

/// Loads it; nothing where that did not work.
pub async fn load() -> Option<Rc<dyn WordCutter>> {
    let load: Function = Reflect::get(&js_sys::global(), &"loadSegmenter".into()).ok()?.dyn_into().ok()?;
    let promise: Promise = load.call0(&JsValue::NULL).ok()?.dyn_into().ok()?;
    let cut: Function = JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
    Some(Rc::new(Segmenter(cut)))
}
