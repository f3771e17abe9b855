//! What a page says about how it is shown: parts that are put away, and the whole page behind an embedded one.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

use super::use_classroom;
use crate::app::language::{gap, say};
use crate::app::link::use_link;

/// Says that a lesson link has put controls away, and brings them back.
#[component]
pub fn LessonBar() -> impl IntoView {
    let classroom = use_classroom();
    let has_hidden = Memo::new(move |_| classroom.lesson.with(|lesson| !lesson.hide.is_empty()));
    view! {
        <Show when=move || has_hidden.get()>
            <p class="lesson-bar" role="region" aria-label=say!(classroom.lesson_view) data-testid="lesson-bar">
                {say!(classroom.lesson_view)}{gap()}
                <button
                    class="as-link" type="button" data-testid="lesson-leave"
                    on:click=move |_| classroom.lesson.update(|lesson| lesson.hide.clear())
                >{say!(classroom.lesson_leave)}</button>
            </p>
        </Show>
    }
}

/// Below an embedded page: the way to the whole one, as it is now.
#[component]
pub fn EmbedFoot() -> impl IntoView {
    let classroom = use_classroom();
    let current = use_link();
    let is_embedded = Memo::new(move |_| classroom.lesson.with(|lesson| lesson.embed));
    let whole = move || {
        let mut lesson = classroom.lesson.get_untracked();
        (lesson.embed, lesson.present) = (false, false);
        current.link_with(&lesson).address
    };
    // The state may have changed since: the address is made when the link is followed.
    let renew = move |event: ev::MouseEvent| {
        let link = event.current_target().and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok());
        if let Some(link) = link {
            link.set_href(&whole());
        }
    };
    view! {
        <Show when=move || is_embedded.get()>
            <footer class="embed-foot">
                <a href=whole() target="_blank" rel="external noopener" data-testid="embed-whole" on:click=renew>
                    {say!(classroom.embed_whole)}
                </a>
            </footer>
        </Show>
    }
}
