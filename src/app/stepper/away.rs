//! Whether an element has scrolled away.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{IntersectionObserver, IntersectionObserverEntry};

/// Whether an element has left the window at its upper edge.
pub fn away(place: NodeRef<html::Div>) -> RwSignal<bool> {
    let is_away = RwSignal::new(false);
    let watch = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
        if let Some(entry) =
            entries.iter().next_back().and_then(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok())
        {
            let now = !entry.is_intersecting() && entry.bounding_client_rect().bottom() < 1.0;
            is_away.try_update(|away| *away = now);
        }
    });
    let observer = IntersectionObserver::new(watch.as_ref().unchecked_ref()).ok();
    let kept = StoredValue::new_local((observer, watch));
    Effect::new(move |_| {
        if let Some(place) = place.get() {
            kept.with_value(|(observer, _)| {
                if let Some(observer) = observer {
                    observer.observe(&place);
                }
            });
        }
    });
    on_cleanup(move || {
        kept.try_with_value(|(observer, _)| {
            if let Some(observer) = observer {
                observer.disconnect();
            }
        });
    });
    is_away
}
