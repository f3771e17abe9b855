//! Charts from `view::chart` as SVG, with their numbers as a table behind them.

use leptos::prelude::*;

use crate::app::language::{say, say_with};
use crate::view::chart::{Curve, Dash, Frame, ReachSeries, line_chart, reach_chart, reach_table, table};
use crate::view::number::fixed;

/// A curve with its name and its dash.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// Stands beside the curve and over its column.
    pub name: String,
    /// How it is drawn.
    pub dash: Dash,
    /// Drawn thinner and softer: it goes with another curve of the same dash.
    pub is_soft: bool,
    /// (updates, value).
    pub points: Vec<(u32, f32)>,
}

/// Curves over updates.
#[component]
pub fn Chart(
    /// What the chart shows, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// The curves.
    #[prop(into)]
    curves: Signal<Vec<Drawn>>,
    /// The height of a dotted rule.
    #[prop(into)]
    rule: Signal<Option<f64>>,
    /// Updates at the end of the axis.
    #[prop(into)]
    steps: Signal<u32>,
    /// Width and height of the drawing; it scales to the width of its place.
    #[prop(into)]
    size: Signal<(f64, f64)>,
    /// For tests; `-table` at the table.
    #[prop(into)]
    testid: String,
) -> impl IntoView {
    let keyed = Memo::new(move |_| {
        curves.with(|curves| {
            curves
                .iter()
                .enumerate()
                .map(|(key, curve)| Curve { key, points: curve.points.clone() })
                .collect::<Vec<_>>()
        })
    });
    let drawing = move || {
        let (width, height) = size.get();
        let frame = curves.with(|curves| {
            Frame::new(width, height).with_names(curves.iter().map(|curve| curve.name.as_str()))
        });
        let chart = keyed.with(|curves| line_chart(curves, rule.get(), steps.get(), frame));
        let right = frame.width - frame.right + 8.0;
        let base = frame.height - frame.bottom;
        let rules = chart.y_ticks.iter().map(|tick| view! {
            <path class="grid" d=format!("M{} {}H{right}", frame.left, fixed(tick.place, 1))/>
            <text class="tick" x=frame.left - 8.0 y=fixed(tick.place + 4.0, 1) text-anchor="end">{tick.label.clone()}</text>
        }).collect_view();
        let ticks = chart.x_ticks.iter().map(|tick| view! {
            <text class="tick" x=fixed(tick.place, 1) y=base + 20.0 text-anchor="middle">{tick.label.clone()}</text>
        }).collect_view();
        let guess = chart.rule.map(|(y, _)| {
            view! {
                <path class="guess" d=format!("M{} {}H{right}", frame.left, fixed(y, 1))/>
            }
        });
        let (lines, names) = curves.with(|curves| {
            let lines = curves.iter().zip(&chart.paths).filter(|(_, path)| !path.is_empty()).map(|(curve, path)| view! {
                <path class="curve" class:soft=curve.is_soft d=path.clone() stroke-dasharray=curve.dash.svg()/>
            }).collect_view();
            let names = chart.labels.iter().filter_map(|label| {
                let curve = curves.get(label.key)?;
                let name = curve.name.clone();
                Some(view! {
                    <text class="curve-name" class:soft=curve.is_soft x=fixed(label.x, 1) y=fixed(label.y, 1) text-anchor=label.anchor.svg()>{name}</text>
                })
            }).collect_view();
            (lines, names)
        });
        view! {
            <svg class="chart" viewBox=format!("0 0 {width} {height}") role="img" aria-label=label data-testid=testid.clone()>
                {rules}{ticks}{guess}{lines}{names}
            </svg>
        }
    };
    let rows = move || {
        keyed.with(|curves| table(curves, 12)).into_iter().map(|row| view! {
            <tr>
                <th scope="row">{row.step}</th>
                {row.values.into_iter().map(|value| view! { <td>{value.unwrap_or_default()}</td> }).collect_view()}
            </tr>
        }).collect_view()
    };
    let heads = move || {
        curves.with(|curves| {
            curves.iter().map(|curve| view! { <th scope="col">{curve.name.clone()}</th> }).collect_view()
        })
    };
    view! {
        {drawing}
        <ChartTable label>
            <thead><tr><th scope="col">{say!(shell.chart_step)}</th>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </ChartTable>
    }
}

/// How far a gradient reaches back: a dot a step on a logarithmic axis, in the colours of the states.
#[component]
pub fn Reach(
    /// What the chart shows, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// State and norms.
    #[prop(into)]
    series: Signal<Vec<ReachSeries>>,
    /// Width and height of the drawing; it scales to the width of its place.
    #[prop(into)]
    size: Signal<(f64, f64)>,
    /// For tests.
    #[prop(into)]
    testid: String,
) -> impl IntoView {
    let drawing = move || {
        let (width, height) = size.get();
        let chart = series.with(|series| reach_chart(series, width, height));
        let frame = chart.frame;
        let rules = chart.y_ticks.iter().map(|tick| view! {
            <path class="grid" d=format!("M{} {}H{}", frame.left, fixed(tick.place, 1), width - frame.right)/>
            <text class="tick" x=frame.left - 8.0 y=fixed(tick.place + 4.0, 1) text-anchor="end">{tick.label.clone()}</text>
        }).collect_view();
        let dots = series.with(|series| {
            series.iter().zip(&chart.dots).zip(&chart.labels).map(|((one, dots), label)| {
                let class = role_class(&one.name);
                let name = format!("‖∂L/∂{}‖", one.name);
                let label = label.map(|label| view! {
                    <text class=format!("{class} reach-name") x=fixed(label.x, 1) y=fixed(label.y, 1) text-anchor="middle">{name}</text>
                });
                let dots = dots.iter().map(|dot| view! {
                    <circle class:open=dot.outside cx=fixed(dot.x, 1) cy=fixed(dot.y, 1) r="2.6"/>
                }).collect_view();
                view! { <g class=format!("{class} dots")>{dots}</g>{label} }
            }).collect_view()
        });
        view! {
            <svg class="chart" viewBox=format!("0 0 {width} {height}") role="img" aria-label=label data-testid=testid.clone()>
                {rules}{dots}
                <text class="tick" x=frame.left y=height - 6.0>{say_with!(shell.chart_back; "n" => chart.steps)}</text>
                <text class="tick" x=width - frame.right y=height - 6.0 text-anchor="end">{say!(shell.chart_now)}</text>
            </svg>
        }
    };
    let heads = move || {
        series.with(|series| {
            series
                .iter()
                .map(|one| view! { <th scope="col">{format!("‖∂L/∂{}‖", one.name)}</th> })
                .collect_view()
        })
    };
    let rows = move || {
        series.with(|series| reach_table(series)).into_iter().map(|(back, values)| view! {
            <tr>
                <th scope="row">{back}</th>
                {values.into_iter().map(|value| view! { <td>{value.unwrap_or_default()}</td> }).collect_view()}
            </tr>
        }).collect_view()
    };
    view! {
        {drawing}
        <ChartTable label>
            <thead><tr><th scope="col">{say!(shell.chart_steps_back)}</th>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </ChartTable>
    }
}

/// The numbers of a chart, made only while they are open: an open table of a running chart is drawn with it.
#[component]
fn ChartTable(label: Signal<String>, children: ChildrenFn) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <details class="chart-table" on:toggle=move |_| open.update(|open| *open = !*open)>
            <summary>{say!(shell.chart_table)}</summary>
            {move || open.get().then(|| view! {
                <div class="scroller" tabindex="0" role="region" aria-label=label>
                    <table>{children()}</table>
                </div>
            })}
        </details>
    }
}

/// The colour of a state, by its letter.
fn role_class(name: &str) -> &'static str {
    crate::view::role::Role::of(&name.into()).class()
}
