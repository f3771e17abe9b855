//! A value that is dragged in a drawing, or moved with the arrow keys.

use super::tenth;
use crate::view::markup::{Element, el};
use crate::view::number::brief;

/// A handle on a straight track.
#[derive(Clone, Debug, PartialEq)]
pub struct Handle<'a> {
    /// The setting that it changes.
    pub setting: &'a str,
    /// The value now.
    pub value: f64,
    /// Smallest and largest value.
    pub range: (f64, f64),
    /// From one value to the next.
    pub step: f64,
    /// Where the smallest and the largest value lie along x.
    pub track: (f64, f64),
    /// The height of the track.
    pub y: f64,
    /// What it is, for screen readers.
    pub name: String,
    /// The class of its role.
    pub class: &'static str,
}

/// The track and the handle, as parts of an [`super::svg`].
pub fn handle(handle: &Handle) -> Element {
    let (least, most) = handle.range;
    let (from, to) = handle.track;
    let share = if most > least { (handle.value - least) / (most - least) } else { 0.0 };
    let x = from + share.clamp(0.0, 1.0) * (to - from);
    let y = tenth(handle.y);
    let line = |class: &str, to: f64| {
        el("path").class(class).attr("d", format!("M{} {y}H{}", tenth(from), tenth(to)))
    };
    el("g")
        .class(format!("fig-handle {}", handle.class))
        .attr("role", "slider")
        .attr("tabindex", 0)
        .attr("aria-label", &handle.name)
        .attr("aria-valuemin", least)
        .attr("aria-valuemax", most)
        .attr("aria-valuenow", handle.value)
        .attr("aria-valuetext", brief(handle.value, 3))
        .attr("data-drag", handle.setting)
        .attr("data-from", tenth(from))
        .attr("data-to", tenth(to))
        .attr("data-step", handle.step)
        .child(line("fig-track", to))
        .child(line("fig-done", x))
        .child(el("circle").class("fig-reach").attr("cx", tenth(x)).attr("cy", &y).attr("r", 20))
        .child(el("circle").class("fig-knob").attr("cx", tenth(x)).attr("cy", &y).attr("r", 8))
}
