//! A dialog in front of the page: the browser's own, which keeps the focus inside, closes on Escape and gives the
//! focus back.

use leptos::{ev, html, prelude::*};

use crate::app::language::say;

/// The dialog. Its content is made when it opens and dropped when it closes.
#[component]
pub fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: String,
    /// For tests.
    #[prop(into)]
    testid: String,
    /// What is in it.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let open = open.get();
        let Some(dialog) = node.get() else { return };
        if open && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    let heading = format!("{testid}-title");
    // A click on the dialog itself, not on what is in it, is one on the backdrop.
    let on_click = move |event: ev::MouseEvent| {
        let on_backdrop = node.get().is_some_and(|dialog| event.target().as_ref() == Some(dialog.as_ref()));
        if on_backdrop {
            open.set(false);
        }
    };
    view! {
        <dialog
            class="dialog"
            node_ref=node
            aria-labelledby=heading.clone()
            data-testid=testid
            on:close=move |_| open.set(false)
            on:click=on_click
        >
            <div class="dialog-in">
                <div class="row">
                    <h2 id=heading.clone() class="grow">{title}</h2>
                    <button class="ghost icon" aria-label=say!(shell.close) on:click=move |_| open.set(false)>"×"</button>
                </div>
                {move || open.get().then(|| children())}
            </div>
        </dialog>
    }
}
