//! What a screen reader is told without a move of the focus.

use leptos::prelude::*;

/// The sentence to say next.
#[derive(Clone, Copy)]
pub struct Announcer(RwSignal<(u32, String)>);

impl Announcer {
    /// Says a sentence, also when it is the same as the last.
    pub fn say(self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        self.0.update(|(count, said)| {
            *count = count.wrapping_add(1);
            *said = sentence;
        });
    }
}

/// Provides the announcer.
pub fn provide_announcer() -> Announcer {
    let announcer = Announcer(RwSignal::new((0, String::new())));
    provide_context(announcer);
    announcer
}

/// The announcer.
pub fn use_announcer() -> Announcer {
    expect_context()
}

/// The live region. It stands outside of the pages, so that a change of page does not silence it.
#[component]
pub fn Announcements(announcer: Announcer) -> impl IntoView {
    // A no-break space at the end of every other sentence makes an equal one a new one.
    let text = move || {
        announcer.0.with(|(count, said)| if count % 2 == 0 { said.clone() } else { format!("{said}\u{a0}") })
    };
    view! { <div class="sr-only" role="status" aria-live="polite" data-testid="announcer">{text}</div> }
}
