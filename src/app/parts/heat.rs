//! Signed values as coloured cells: purple below zero, orange above, the paper's colour at zero.

use leptos::prelude::*;

use crate::view::colour::heat_class;
use crate::view::number::fixed;

/// Values side by side, as beside an equation. The numbers are in each cell's title and in the strip's name.
#[component]
pub fn HeatStrip(
    /// The values.
    #[prop(into)]
    values: Signal<Vec<f64>>,
    /// The magnitude at which the colour is full.
    #[prop(into)]
    full: Signal<f64>,
    /// What the values are, for screen readers; the numbers are added.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let name = move || {
        let numbers: Vec<String> = values.with(|values| values.iter().map(|v| fixed(*v, 2)).collect());
        format!("{}: {}", label.get(), numbers.join(", "))
    };
    let cells = move || {
        let full = full.get();
        values.with(|values| {
            values
                .iter()
                .enumerate()
                .map(|(i, value)| view! {
                    <rect class=heat_class(*value, full) x=(i * 17).to_string() y="0" width="15" height="14" rx="2">
                        <title>{fixed(*value, 4)}</title>
                    </rect>
                })
                .collect_view()
        })
    };
    let width = move || values.with(|values| (values.len() * 17).saturating_sub(2).max(1).to_string());
    view! { <svg class="heat-strip" role="img" aria-label=name width=width height="14">{cells}</svg> }
}

/// Values over one another, as in a box of the unrolled network. Drawn inside an SVG of the caller's.
#[component]
pub fn HeatColumn(
    /// The values, at most as many as fit.
    #[prop(into)]
    values: Signal<Vec<f64>>,
    /// The magnitude at which the colour is full.
    #[prop(into)]
    full: Signal<f64>,
    /// The left edge.
    x: f64,
    /// The upper edge.
    y: f64,
    /// The width.
    width: f64,
    /// The height of the whole column.
    height: f64,
) -> impl IntoView {
    let cells = move || {
        let full = full.get();
        values.with(|values| {
            let pitch = height / values.len().max(1) as f64;
            values
                .iter()
                .enumerate()
                .map(|(i, value)| {
                    view! {
                        <rect
                            class=heat_class(*value, full)
                            x=x.to_string()
                            y=fixed(y + i as f64 * pitch, 2)
                            width=width.to_string()
                            height=fixed(pitch * 0.88, 2)
                            rx="1.5"
                        />
                    }
                })
                .collect_view()
        })
    };
    view! { <g aria-hidden="true">{cells}</g> }
}
