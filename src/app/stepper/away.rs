//! Whether an element has scrolled away.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// Whether an element has left the window at its upper edge.
pub fn away(place: NodeRef<html::Div>) -> RwSignal<bool> {
    let is_away = RwSignal::new(false);
    let watch = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
        if let Some(entry) =
            entries.iter().next_back().and_then(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok())
        {
            let now = !entry.is_intersecting();
            is_away.try_update(|away| *away = now);
        }
    });
    // What lies below counts as seen: a jump from there to above is a change too.
    let options = IntersectionObserverInit::new();
    options.set_root_margin("0px 0px 1000000px 0px");
    let observer = IntersectionObserver::new_with_options(watch.as_ref().unchecked_ref(), &options).ok();
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
