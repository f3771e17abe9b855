//! The words of a chapter's figures: `content/<language>/figures/common.json` and `<chapter>.json`, as elements of a
//! template at the end of the article. The figures read them there; nothing of them is in a wasm file.
//!
//! The page of worksheets asks what the chapters ask, so it has the words of all their exercises as well: the groups
//! whose name ends in `-task`.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use super::frame::escape;
use super::{PagesError, entries, read};

/// The page that has the words of all exercises.
const WORKSHEETS: &str = "worksheets";

/// The template; empty for a page without figures.
pub fn words(project: &Path, language: &str, chapter: &str) -> Result<String, PagesError> {
    let folder = project.join("content").join(language).join("figures");
    if !folder.join(format!("{chapter}.json")).is_file() {
        return Ok(String::new());
    }
    let mut out = String::from("<template class=\"figure-words\">");
    let mut paths = vec![folder.join("common.json"), folder.join(format!("{chapter}.json"))];
    if chapter == WORKSHEETS {
        let others = entries(&folder)?.into_iter().filter(|path| !paths.contains(path)).collect::<Vec<_>>();
        paths.extend(others);
    }
    for (place, path) in paths.iter().enumerate() {
        let whole = |what: String| PagesError::Whole { path: path.clone(), what };
        let mut words: Value =
            serde_json::from_str(&read(path)?).map_err(|error| whole(error.to_string()))?;
        if let Some(groups) = words.as_object_mut().filter(|_| place > 1) {
            groups.retain(|name, _| name.ends_with("-task"));
        }
        let prefix = if place == 0 { "common." } else { "" };
        add(prefix, &words, &mut out).map_err(whole)?;
    }
    Ok(out + "</template>\n")
}

/// Keys are joined with dots; the forms of a sentence that counts with `#`.
fn add(prefix: &str, words: &Value, out: &mut String) -> Result<(), String> {
    let Value::Object(entries) = words else { return Err(format!("`{prefix}` is no group of words")) };
    for (key, value) in entries {
        match value {
            Value::String(sentence) => {
                let key = format!("{prefix}{key}");
                let _ = write!(out, "<p data-key=\"{}\">{}</p>", escape(&key), escape(sentence));
            }
            Value::Object(forms) => {
                let is_counted = forms.contains_key("other");
                add(&format!("{prefix}{key}{}", if is_counted { "#" } else { "." }), value, out)?;
            }
            other => return Err(format!("`{prefix}{key}` is {other}, not words")),
        }
    }
    Ok(())
}
