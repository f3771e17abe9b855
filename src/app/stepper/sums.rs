//! A line that adds: where what had arrived before it came from.

use leptos::prelude::*;

use super::state::{Shared, use_stepper};
use crate::app::language::{say, say_with};
use crate::app::parts::Formula;
use crate::engine::syntax::Expr;
use crate::view::stepper::lines::Line;
use crate::view::stepper::sums::{Spot, Sum};

/// Most sources that are named one by one.
const MOST: usize = 4;

/// The sentence about the sources, with the equations that they are.
#[component]
pub fn Arrivals(model: Shared, line: Line, sum: Sum) -> impl IntoView {
    let stepper = use_stepper();
    let is_weight = matches!(line.targets.first(), Some(Expr::Parameter(_)));
    let sentence = match sum.sources.as_slice() {
        [] => say!(stepper.sources_none).to_owned(),
        sources if is_weight => {
            let steps =
                (sources.first().map_or(0, |spot| spot.step), sources.last().map_or(0, |spot| spot.step));
            if steps.0 == steps.1 {
                say_with!(stepper.source_step; "step" => steps.0 + 1)
            } else {
                say_with!(stepper.sources_steps; "last" => steps.0 + 1, "first" => steps.1 + 1)
            }
        }
        _ => say!(stepper.sources).to_owned(),
    };
    let list = (!is_weight && !sum.sources.is_empty()).then(|| {
        sum.sources
            .iter()
            .take(MOST)
            .filter_map(|spot| {
                let Spot { step, line } = *spot;
                let equation = model.0.lines.backward.get(line)?.equation();
                let node = stepper.typesetter(step + 1).backward(&equation);
                Some(view! {
                    <li>
                        <button
                            class="source"
                            type="button"
                            on:click=move |_| {
                                let position = stepper.position.get_untracked();
                                stepper.go(crate::view::stepper::Position { step: step + 1, equation: line, ..position });
                            }
                        >
                            <span class="num">{say_with!(stepper.source; "step" => step + 1, "line" => line + 1)}</span>
                            " "
                            <Formula node=Signal::stored(node)/>
                        </button>
                    </li>
                })
            })
            .collect_view()
    });
    view! {
        <div class="arrivals" data-testid="stepper-arrivals">
            <p class="muted">{sentence}</p>
            {list.map(|list| view! { <ul class="sources">{list}</ul> })}
        </div>
    }
}
