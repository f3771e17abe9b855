//! Several tabs with the same page: what one of them has open, and that something has changed.
//!
//! A browser's lock is held by one tab at a time and let go when the tab ends, however it ends. Where a browser has no locks,
//! every tab gets what it asks for, as if it were the only one.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, MessageEvent};

use crate::app::browser::{after, window};

/// The name before the id of a run's lock.
pub const RUN: &str = "unrolled run ";
/// The name before the id of a desk's lock.
pub const DESK: &str = "unrolled desk ";

/// How often a lock is looked at that may be let go of soon, and after how many milliseconds.
const LOOKS: usize = 12;
/// See [`LOOKS`].
const LOOK_EVERY: i32 = 100;

/// The channel on which tabs tell each other that the list of kept work has changed.
const CHANNEL: &str = "unrolled kept";

/// A lock that this tab holds until this is dropped.
pub struct Held(Option<Function>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

fn locks() -> Option<JsValue> {
    Reflect::get(&window().navigator(), &"locks".into()).ok().filter(JsValue::is_object)
}

fn method(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}

/// Takes a lock, unless another tab holds it.
pub async fn take(name: &str) -> Option<Held> {
    let Some((locks, request)) = locks().and_then(|locks| method(&locks, "request").map(|r| (locks, r)))
    else {
        return Some(Held(None));
    };
    let options = Object::new();
    let _ = Reflect::set(&options, &"ifAvailable".into(), &true.into());
    let name = JsValue::from_str(name);
    // Answers with the function that lets go, with null where another tab holds it, with undefined where locks are refused.
    let answered = Promise::new(&mut |answer, _| {
        let tell = answer.clone();
        let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            if lock.is_null() {
                let _ = tell.call1(&JsValue::NULL, &JsValue::NULL);
                return JsValue::UNDEFINED;
            }
            let release = Rc::new(RefCell::new(JsValue::UNDEFINED));
            let into = Rc::clone(&release);
            let held = Promise::new(&mut move |done, _| *into.borrow_mut() = done.into());
            let _ = tell.call1(&JsValue::NULL, &release.borrow());
            held.into()
        });
        let refused = Closure::once_into_js(move |_: JsValue| {
            let _ = answer.call1(&JsValue::NULL, &JsValue::UNDEFINED);
        });
        let asked = request.call3(&locks, &name, &options, &granted);
        match asked.ok().and_then(|promise| promise.dyn_into::<Promise>().ok()) {
            Some(promise) => {
                if let Some(catch) = method(&promise, "catch") {
                    let _ = catch.call1(&promise, &refused);
                }
            }
            None => {
                let _ = refused.unchecked_ref::<Function>().call0(&JsValue::NULL);
            }
        }
    });
    let answer = JsFuture::from(answered).await.unwrap_or(JsValue::UNDEFINED);
    if answer.is_null() { None } else { Some(Held(answer.dyn_into().ok())) }
}

/// Takes a lock that a page which is just being left may still hold.
pub async fn take_soon(name: &str) -> Option<Held> {
    for _ in 0..LOOKS {
        let held = take(name).await;
        if held.is_some() {
            return held;
        }
        let pause = Promise::new(&mut |resolve, _| {
            after(LOOK_EVERY, move || {
                let _ = resolve.call0(&JsValue::NULL);
            });
        });
        let _ = JsFuture::from(pause).await;
    }
    take(name).await
}

/// What follows `prefix` in the names of all locks that are held, in any tab.
pub async fn held(prefix: &str) -> Vec<String> {
    let Some(query) = locks().and_then(|locks| method(&locks, "query")?.call0(&locks).ok()) else {
        return Vec::new();
    };
    let Ok(promise) = query.dyn_into::<Promise>() else { return Vec::new() };
    let Ok(snapshot) = JsFuture::from(promise).await else { return Vec::new() };
    let list = Reflect::get(&snapshot, &"held".into()).unwrap_or(JsValue::NULL);
    let Ok(list) = list.dyn_into::<Array>() else { return Vec::new() };
    let names = list.iter().filter_map(|lock| Reflect::get(&lock, &"name".into()).ok()?.as_string());
    names.filter_map(|name| name.strip_prefix(prefix).map(str::to_owned)).collect()
}

/// Tells other tabs that the list of kept work has changed.
pub fn tell() {
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        let _ = channel.post_message(&JsValue::NULL);
        channel.close();
    }
}

/// Hears of other tabs' changes until it is dropped.
pub struct Hearing(
    BroadcastChannel,
    #[allow(dead_code, reason = "lives as long as it is called")] Closure<dyn FnMut(MessageEvent)>,
);

impl Hearing {
    /// Calls at each change; nothing where a browser has no such channels.
    pub fn new(mut call: impl FnMut() + 'static) -> Option<Hearing> {
        let channel = BroadcastChannel::new(CHANNEL).ok()?;
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |_| call());
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        Some(Hearing(channel, heard))
    }
}

impl Drop for Hearing {
    fn drop(&mut self) {
        self.0.set_onmessage(None);
        self.0.close();
    }
}
