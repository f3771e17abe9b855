//! The words of a chapter's figures and of its walk, which stand in the article itself.

use std::collections::BTreeMap;

use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use super::browser::all;
use crate::view::figures::Words;

/// The words that came with the article.
pub fn words_of(article: &Element) -> Words {
    let mut entries = BTreeMap::new();
    for template in all(article, "template.figure-words") {
        let content = js_sys::Reflect::get(&template, &"content".into()).ok();
        let Some(list) = content.and_then(|content| content.dyn_into::<Node>().ok()) else { continue };
        let list = list.child_nodes();
        let entries_of = (0..list.length()).filter_map(|at| list.item(at)?.dyn_into::<Element>().ok());
        for entry in entries_of {
            if let (Some(key), Some(words)) = (entry.get_attribute("data-key"), entry.text_content()) {
                entries.insert(key, words);
            }
        }
    }
    Words::new(entries)
}
