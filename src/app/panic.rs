//! When the page itself breaks: one calm sentence. The instance is dead after a panic, so nothing of Leptos may be used.

use super::browser::{document, window};
use super::language::say;

/// Puts the hook in place: the message goes to the console as usual, and the reader is told.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        // A panic while the words are drawn must not panic again.
        let _ = tell();
    }));
}

fn tell() -> Option<()> {
    let document = document();
    if document.get_element_by_id("broken").is_some() {
        return None;
    }
    let bar = document.create_element("div").ok()?;
    bar.set_id("broken");
    bar.set_class_name("broken");
    bar.set_attribute("role", "alert").ok()?;
    bar.set_attribute("data-testid", "broken").ok()?;
    let sentence = document.create_element("p").ok()?;
    sentence.set_text_content(Some(say!(shell.broken)));
    let link = document.create_element("a").ok()?;
    link.set_text_content(Some(say!(shell.reload)));
    link.set_attribute("href", &window().location().href().ok()?).ok()?;
    // The router must not catch this click: a full load is what it is for.
    link.set_attribute("rel", "external").ok()?;
    bar.append_child(&sentence).ok()?;
    bar.append_child(&link).ok()?;
    document.body()?.prepend_with_node_1(&bar).ok()
}
