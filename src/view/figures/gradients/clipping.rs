//! A gradient of two numbers as an arrow, before and after clipping.

use super::super::parts::{label, svg, tenth};
use crate::training::optimiser::{Clip, clip};
use crate::view::figures::{Drawing, Figure, Setting, Table, Values, Words};
use crate::view::markup::{Element, Node, el};
use crate::view::number::{brief, fixed};

/// Half the side of the drawing, and what it stands for.
const HALF: f64 = 130.0;
const MOST: f64 = 10.0;

/// The arrow, the limit, the numbers.
pub struct Clipping;

impl Figure for Clipping {
    fn settings(&self, _: &Values) -> Vec<Setting> {
        vec![
            Setting::slider("first", -MOST, MOST, 0.2, 6.0),
            Setting::slider("second", -MOST, MOST, 0.2, 8.0),
            Setting::slider("limit", 0.5, MOST, 0.5, 5.0),
            Setting::choice("way", &["norm", "value"]),
        ]
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let before = [now.number("first"), now.number("second")];
        let limit = now.number("limit");
        let by_value = now.text("way") == "value";
        let mut after = before;
        // The training's own clipping.
        clip(&mut after, if by_value { Clip::Value(limit) } else { Clip::GlobalNorm(limit) });
        let (long, short) = (length(before), length(after));
        let pair = |[first, second]: [f64; 2]| format!("[{}, {}]", brief(first, 3), brief(second, 3));
        let key = match (by_value, before == after) {
            (_, true) => "says-short",
            (false, false) => "says-norm",
            (true, false) => "says-value",
        };
        let turned = (angle(after) - angle(before)).abs();
        let turned = if turned > 180.0 { 360.0 - turned } else { turned };
        let sentence = words.say(
            key,
            &[
                ("before", &pair(before)),
                ("after", &pair(after)),
                ("long", &brief(long, 3)),
                ("short", &brief(short, 3)),
                ("limit", &brief(limit, 3)),
                ("factor", &brief(if long > 0.0 { short / long } else { 1.0 }, 3)),
                ("turned", &fixed(turned, 1)),
            ],
        );
        let mut table =
            Table::new([words.plain("which"), words.plain("row-before"), words.plain("row-after")]);
        for (name, place) in ["first", "second"].into_iter().zip(0..) {
            let of = |pair: [f64; 2]| fixed(pair.get(place).copied().unwrap_or(0.0), 3);
            table.row([words.plain(name), of(before), of(after)]);
        }
        table.row([words.plain("norm"), fixed(long, 3), fixed(short, 3)]);
        table.row([words.plain("angle"), fixed(angle(before), 1), fixed(angle(after), 1)]);
        Drawing { body: vec![picture(before, after, limit, by_value, words)], sentence, table }
    }
}

fn length([first, second]: [f64; 2]) -> f64 {
    libm::hypot(first, second)
}

/// The direction in degrees; 0 of nothing.
fn angle([first, second]: [f64; 2]) -> f64 {
    libm::atan2(second, first).to_degrees()
}

fn picture(before: [f64; 2], after: [f64; 2], limit: f64, by_value: bool, words: &Words) -> Node {
    let at = |[x, y]: [f64; 2]| (HALF + x / MOST * HALF, HALF - y / MOST * HALF);
    let reach = limit / MOST * HALF;
    let bound = if by_value {
        el("rect")
            .attr("x", tenth(HALF - reach))
            .attr("y", tenth(HALF - reach))
            .attr("width", tenth(2.0 * reach))
            .attr("height", tenth(2.0 * reach))
    } else {
        el("circle").attr("cx", HALF).attr("cy", HALF).attr("r", tenth(reach))
    };
    let full = 2.0 * HALF;
    let mut parts = vec![
        el("path").class("fig-cross").attr("d", format!("M0 {HALF}H{full}M{HALF} 0V{full}")),
        bound.class("fig-bound"),
        label(HALF + 4.0, HALF - reach - 5.0, "θ").class("fig-theta"),
    ];
    parts.extend(arrow(at(before), "fig-vector before"));
    parts.extend(arrow(at(after), "fig-vector after"));
    let drawing = svg(full, full, parts).attr("aria-hidden", "true");
    let key = |class: &'static str, word: &str| {
        let line = el("path").class(class).attr("d", "M1 6H27");
        el("span")
            .class("fig-vector-key")
            .child(svg(28.0, 12.0, [line]).attr("aria-hidden", "true"))
            .child(el("span").say(words.plain(word)))
    };
    el("div")
        .class("fig-row fig-plane")
        .child(drawing)
        .child(
            el("div")
                .class("fig-pile")
                .child(key("fig-vector before", "key-before"))
                .child(key("fig-vector after", "key-after"))
                .child(key("fig-bound", "key-limit")),
        )
        .into()
}

/// A line from the middle, and its tip where it is long enough for one.
fn arrow((x, y): (f64, f64), class: &str) -> Vec<Element> {
    let (dx, dy) = (x - HALF, y - HALF);
    let long = libm::hypot(dx, dy);
    let line = el("path").class(class).attr("d", format!("M{HALF} {HALF}L{} {}", tenth(x), tenth(y)));
    if long < 4.0 {
        return vec![line];
    }
    let (ux, uy) = (dx / long, dy / long);
    let corner = |side: f64| {
        format!("{} {}", tenth(x - 9.0 * ux + side * 4.5 * uy), tenth(y - 9.0 * uy - side * 4.5 * ux))
    };
    let tip = format!("M{}L{} {}L{}", corner(1.0), tenth(x), tenth(y), corner(-1.0));
    vec![line, el("path").class(class).attr("d", tip)]
}
