//! Signed values as coloured cells: purple below zero, orange above, the paper's colour at zero.

use leptos::prelude::*;

use crate::view::colour::heat_class;
use crate::view::number::fixed;

/// Values side by side, as beside an equation, in colour up to the magnitude `full`. The numbers are in each cell's title
/// and in the strip's name, after what they are. It listens to nothing: drawn anew, it changes the elements that are there.
pub fn heat_strip(values: &[f64], full: f64, label: &str) -> impl IntoView + use<> {
    let numbers: Vec<String> = values.iter().map(|value| fixed(*value, 2)).collect();
    let name = format!("{label}: {}", numbers.join(", "));
    let cell = |(place, value): (usize, &f64)| {
        view! {
            <rect class=heat_class(*value, full) x=place * 17 y="0" width="15" height="14" rx="2">
                <title>{fixed(*value, 4)}</title>
            </rect>
        }
    };
    let cells = values.iter().enumerate().map(cell).collect_view();
    let width = (values.len() * 17).saturating_sub(2).max(1);
    view! { <svg class="heat-strip" role="img" aria-label=name width=width height="14">{cells}</svg> }
}
