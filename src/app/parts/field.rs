//! A number that can be typed, with the sentence about a wrong one beside it.

use leptos::prelude::*;

/// A sentence about a wrong value, tied to its control by `aria-describedby`.
#[component]
pub fn FieldError(
    /// The id that the control points to.
    #[prop(into)]
    id: String,
    /// The sentence; none: all is well.
    #[prop(into)]
    sentence: Signal<Option<String>>,
) -> impl IntoView {
    let testid = id.clone();
    view! {
        <p id=id class="field-error" role="alert" data-testid=testid hidden=move || sentence.with(Option::is_none)>
            {move || sentence.get().unwrap_or_default()}
        </p>
    }
}

/// A field for a number. What is typed is handed on when the field is left or Enter is pressed, as text: the caller
/// reads it and answers with a sentence where it cannot.
#[component]
pub fn Field(
    /// Its name, for screen readers.
    #[prop(into)]
    label: String,
    /// The value as text.
    #[prop(into)]
    value: Signal<String>,
    /// Called with what was typed.
    #[prop(into)]
    on_change: Callback<String>,
    /// For tests; `-error` is added for its sentence.
    #[prop(into)]
    testid: String,
    /// The sentence about what was typed.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// While true it cannot be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Shown while it is empty.
    #[prop(optional, into)]
    placeholder: String,
    /// How many characters wide: `3`, `5` or `8`.
    #[prop(default = 5)]
    width: u8,
) -> impl IntoView {
    let error_id = format!("{testid}-error");
    view! {
        <input
            class=format!("num field field-{width}")
            type="text"
            inputmode="decimal"
            autocomplete="off"
            spellcheck="false"
            placeholder=placeholder
            aria-label=label
            aria-describedby=error_id
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            data-testid=testid
            disabled=disabled
            prop:value=value
            on:change=move |event| on_change.run(event_target_value(&event))
        />
    }
}
