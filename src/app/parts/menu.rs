//! A button that opens a list of things to choose.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

use crate::app::browser::window_size;
use crate::view::placement::{Area, moved};

/// Something to choose.
#[derive(Clone, Debug, PartialEq)]
pub struct MenuItem {
    /// What is chosen.
    pub value: String,
    /// What the reader sees.
    pub text: String,
    /// A smaller line under it; empty: none.
    pub note: String,
}

/// The button and its list. Arrow keys, Home and End move, Escape closes and gives the focus back.
#[component]
pub fn Menu(
    /// What stands on the button.
    #[prop(into)]
    label: Signal<String>,
    /// The list.
    #[prop(into)]
    items: Signal<Vec<MenuItem>>,
    /// The chosen value, marked in the list; left out where the list is one of things to do.
    #[prop(optional, into)]
    value: Option<Signal<String>>,
    /// Called with the value that the reader chooses.
    #[prop(into)]
    on_choose: Callback<String>,
    /// For tests; `-` and a value at each entry.
    #[prop(into)]
    testid: String,
    /// Read before the label: what is chosen here.
    #[prop(optional, into)]
    name: String,
    /// While true it does not open.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let root = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let focus_button = move || {
        if let Some(button) = button.get_untracked() {
            let _ = button.focus();
        }
    };
    let entries = move || {
        let list = root.get_untracked().and_then(|root| root.query_selector_all(".menu-item").ok());
        let list = list.into_iter().flat_map(|list| (0..list.length()).filter_map(move |i| list.item(i)));
        list.filter_map(|node| node.dyn_into::<web_sys::HtmlElement>().ok()).collect::<Vec<_>>()
    };
    let list_node = NodeRef::<html::Div>::new();
    // A list opens below its button, and moves to where it is seen.
    let place = move || {
        let (Some(button), Some(list)) = (button.get_untracked(), list_node.get_untracked()) else { return };
        let style = web_sys::HtmlElement::style(&list);
        let _ = style.remove_property("transform");
        let area = |element: &web_sys::Element| {
            let area = element.get_bounding_client_rect();
            Area { left: area.left(), top: area.top(), width: area.width(), height: area.height() }
        };
        let (right, down) = moved(area(&list), area(&button), window_size());
        if (right, down) != (0.0, 0.0) {
            let _ = style.set_property("transform", &format!("translate({right}px, {down}px)"));
        }
    };
    let focus_entry = move |choose: fn(usize, usize) -> usize| {
        let entries = entries();
        let active = document().active_element();
        let now =
            entries.iter().position(|entry| active.as_ref() == Some(entry.as_ref())).unwrap_or(usize::MAX);
        if let Some(entry) = entries.get(choose(now, entries.len())) {
            let _ = entry.focus();
        }
    };
    // The first entry, or the chosen one, gets the focus when the list is there.
    Effect::new(move |_| {
        if open.get() {
            place();
            let entries = entries();
            let chosen =
                entries.iter().find(|entry| entry.get_attribute("aria-checked").as_deref() == Some("true"));
            if let Some(entry) = chosen.or(entries.first()) {
                let _ = entry.focus();
            }
        }
    });
    let on_key = move |event: ev::KeyboardEvent| {
        match event.key().as_str() {
            "Escape" if open.get_untracked() => {
                open.set(false);
                focus_button();
            }
            "ArrowDown" if !open.get_untracked() => open.set(!disabled.get_untracked()),
            "ArrowDown" => {
                focus_entry(|now, len| if now.wrapping_add(1) < len { now.wrapping_add(1) } else { 0 })
            }
            "ArrowUp" => {
                focus_entry(|now, len| if now == 0 || now >= len { len.saturating_sub(1) } else { now - 1 })
            }
            "Home" if open.get_untracked() => focus_entry(|_, _| 0),
            "End" if open.get_untracked() => focus_entry(|_, len| len.saturating_sub(1)),
            "Tab" => return open.set(false),
            _ => return,
        }
        event.prevent_default();
    };
    let on_focus_out = move |event: ev::FocusEvent| {
        let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        if to.is_some() && root.get_untracked().is_some_and(|root| !root.contains(to.as_ref())) {
            open.set(false);
        }
    };
    // A click anywhere else closes it.
    let outside = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        if open.get_untracked() && root.get_untracked().is_some_and(|root| !root.contains(target.as_ref())) {
            open.set(false);
        }
    });
    on_cleanup(move || outside.remove());
    let list_id = format!("{testid}-list");
    let name = if name.is_empty() { None } else { Some(name) };
    let entry_id = testid.clone();
    // Things to do are no choices of which one holds.
    let role = if value.is_some() { "menuitemradio" } else { "menuitem" };
    let list = move || {
        items.get().into_iter().map(|item| {
            let (own, marked) = (item.value.clone(), item.value.clone());
            let is_chosen = move || {
                let chosen = value.map(|value| value.with(|value| *value == marked));
                chosen.map(|is_chosen| if is_chosen { "true" } else { "false" })
            };
            let testid = format!("{entry_id}-{}", item.value);
            view! {
                <button
                    class="menu-item"
                    role=role
                    tabindex="-1"
                    aria-checked=is_chosen
                    data-testid=testid
                    on:click=move |_| {
                        open.set(false);
                        focus_button();
                        on_choose.run(own.clone());
                    }
                >
                    <span class="menu-text">{item.text}</span>
                    {(!item.note.is_empty()).then(|| view! { <span class="menu-note">{item.note}</span> })}
                </button>
            }
        }).collect_view()
    };
    view! {
        <div class="menu" node_ref=root on:keydown=on_key on:focusout=on_focus_out>
            <button
                class="ghost"
                node_ref=button
                aria-haspopup="menu"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-controls=list_id.clone()
                data-testid=testid
                disabled=disabled
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {name.map(|name| view! { <span class="sr-only">{name}" "</span> })}
                {label}
                <span aria-hidden="true">"▾"</span>
            </button>
            <div id=list_id class="menu-list" role="menu" node_ref=list_node hidden=move || !open.get()>
                {move || open.get().then(list.clone())}
            </div>
        </div>
    }
}
