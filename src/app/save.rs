//! A file into the reader's downloads: made in the page, sent nowhere.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
#[cfg(feature = "figures")]
use web_sys::Element;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::browser::{after, document};
#[cfg(feature = "figures")]
use crate::formats::csv;

/// The address of a file that is handed out lives so long, milliseconds: a download may wait for the reader's word.
const KEPT: i32 = 60_000;

/// Hands a file to the browser; says whether that could be done.
pub fn save(name: &str, kind: &str, bytes: &[u8]) -> bool {
    save_parts(name, kind, &Array::of1(&Uint8Array::from(bytes)))
}

/// The same of texts and bytes that stand one after the other in the file, without making one of them all.
pub fn save_parts(name: &str, kind: &str, parts: &JsValue) -> bool {
    hand_out(name, kind, parts).is_some()
}

fn hand_out(name: &str, kind: &str, parts: &JsValue) -> Option<()> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_blob_sequence_and_options(parts, &options).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let anchor: HtmlAnchorElement = document().create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    after(KEPT, move || {
        let _ = Url::revoke_object_url(&address);
    });
    Some(())
}

/// Saves a table of the page as comma-separated values: its texts as they stand, minus signs as programs read them.
#[cfg(feature = "figures")]
pub fn save_table(name: &str, table: &Element) -> bool {
    let mut text = String::new();
    let rows = table.get_elements_by_tag_name("tr");
    for row in (0..rows.length()).filter_map(|at| rows.item(at)) {
        let cells = row.children();
        let fields = (0..cells.length()).filter_map(|at| cells.item(at));
        // Minus signs as programs read them.
        let words = |cell: Element| {
            let written = cell.get_attribute("data-text").or_else(|| cell.text_content());
            written.unwrap_or_default().trim().replace('\u{2212}', "-")
        };
        text += &csv::row(fields.map(words));
    }
    save(&format!("{name}.csv"), "text/csv;charset=utf-8", text.as_bytes())
}
