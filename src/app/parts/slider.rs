//! A slider over a list of places, with the number beside it.

use leptos::prelude::*;

/// The slider. It runs over whole places, 0 to `places - 1`; what number stands at a place is the caller's, so that a
/// learning rate can go up by 1–2–5.
#[component]
pub fn Slider(
    /// Its name, for screen readers.
    #[prop(into)]
    label: String,
    /// How many places there are.
    places: usize,
    /// The place of the value.
    #[prop(into)]
    place: Signal<usize>,
    /// The value in words, seen beside the slider and read out.
    #[prop(into)]
    text: Signal<String>,
    /// Called with the place that the reader moves to.
    #[prop(into)]
    on_input: Callback<usize>,
    /// For tests.
    #[prop(into)]
    testid: String,
    /// While true it cannot be moved.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Whether the number stands beside it; false where a field beside it shows the number.
    #[prop(default = true)]
    with_text: bool,
) -> impl IntoView {
    let last = places.saturating_sub(1);
    view! {
        <span class="slider">
            <input
                type="range"
                min="0"
                max=last.to_string()
                step="1"
                aria-label=label
                aria-valuetext=text
                data-testid=testid
                disabled=disabled
                prop:value=move || place.get().to_string()
                on:input=move |event| {
                    if let Ok(place) = event_target_value(&event).parse::<usize>() {
                        on_input.run(place.min(last));
                    }
                }
            />
            {with_text.then(|| view! { <span class="num slider-number" aria-hidden="true">{text}</span> })}
        </span>
    }
}
