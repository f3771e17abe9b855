//! One of a few choices, side by side: a group of radio buttons, so arrow keys and names come from the browser.

use leptos::prelude::*;

/// A choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// What is chosen.
    pub value: String,
    /// What the reader sees.
    pub text: String,
}

impl Segment {
    /// A choice from a value and its words.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Segment {
        Segment { value: value.into(), text: text.into() }
    }
}

/// The group.
#[component]
pub fn Segmented(
    /// Its name, for screen readers.
    #[prop(into)]
    label: String,
    /// The choices.
    options: Vec<Segment>,
    /// The chosen value.
    #[prop(into)]
    value: Signal<String>,
    /// Called with the value that the reader chooses.
    #[prop(into)]
    on_change: Callback<String>,
    /// Stands at the group, and with `-` and a value at each button.
    #[prop(into)]
    testid: String,
    /// While true nothing can be chosen.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What a lesson link calls it; empty: it cannot be put away by itself.
    #[prop(optional)]
    part: &'static str,
) -> impl IntoView {
    let part = (!part.is_empty()).then_some(part);
    let name = testid.clone();
    let buttons = options
        .into_iter()
        .map(|Segment { value: own, text }| {
            let testid = format!("{testid}-{own}");
            let (checked, chosen) = (own.clone(), own.clone());
            let is_on = Memo::new(move |_| value.with(|value| *value == checked));
            view! {
                <label class="segment" class:on=is_on>
                    <input
                        type="radio"
                        name=name.clone()
                        value=own
                        data-testid=testid
                        prop:checked=is_on
                        disabled=disabled
                        on:change=move |_| on_change.run(chosen.clone())
                    />
                    <span>{text}</span>
                </label>
            }
        })
        .collect_view();
    view! { <div class="seg" role="radiogroup" aria-label=label data-part=part data-testid=testid.clone()>{buttons}</div> }
}
