//! A distribution over the vocabulary as bars, the target marked.

use leptos::prelude::*;

use super::state::use_stepper;
use super::words;
use crate::app::language::{say, say_with};
use crate::view::number::fixed;

/// Most symbols with a bar of their own.
const MOST: usize = 8;

/// The bars of a step.
#[component]
pub fn Bars(
    /// The step, from 1.
    #[prop(into)]
    step: Signal<usize>,
) -> impl IntoView {
    let stepper = use_stepper();
    let rows = move || {
        let at = step.get().saturating_sub(1);
        let model = stepper.model.get()?;
        let model = &model.0;
        let distribution = model.distribution(at).map(|values| values.to_vec()).unwrap_or_default();
        let label = model.sequence.labels.get(at).copied();
        let mut order: Vec<usize> = (0..distribution.len()).collect();
        order.sort_by(|one, other| distribution[*other].total_cmp(&distribution[*one]).then(one.cmp(other)));
        let mut shown: Vec<usize> = order.iter().copied().take(MOST).collect();
        if let Some(label) = label.filter(|label| !shown.contains(label) && *label < distribution.len()) {
            shown.truncate(MOST - 1);
            shown.push(label);
        }
        let rest: f64 =
            order.iter().filter(|place| !shown.contains(place)).map(|place| distribution[*place]).sum();
        let left = distribution.len().saturating_sub(shown.len());
        let items = shown
            .into_iter()
            .map(|place| {
                let share = distribution.get(place).copied().unwrap_or(0.0);
                let is_target = label == Some(place);
                view! {
                    <li class="dist-row" class:target=is_target>
                        <span class="dist-symbol">{words::quoted(model.sequence.symbol(place))}</span>
                        <svg class="dist-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                            <rect class="prob-frame" width="100" height="8"></rect>
                            <rect class="prob-bar" width=100.0 * share.clamp(0.0, 1.0) height="8"></rect>
                        </svg>
                        <span class="num">{fixed(share, 3)}</span>
                        {is_target.then(|| view! { <span class="dist-mark">{say!(stepper.target_mark)}</span> })}
                    </li>
                }
            })
            .collect_view();
        let more = (left > 0).then(|| {
            view! { <li class="muted dist-more">{say_with!(stepper.more_symbols; "count" => left, "share" => fixed(rest, 3))}</li> }
        });
        Some(view! { {items} {more} })
    };
    view! {
        <ul class="dist" aria-label=say!(stepper.distribution) data-testid="stepper-distribution">{rows}</ul>
    }
}
