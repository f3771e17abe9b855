//! The unrolled network as a language model: a distribution a step, each step fed the true symbol before it.

use super::distribution_bars;
use crate::view::figures::lesson::{AboutModel, Lesson, Plan};
use crate::view::figures::parts::{caption, column, label, scroller, svg, tenth};
use crate::view::figures::reader::{Followed, Reader, likeliest};
use crate::view::figures::{Drawing, Setting, Table, Values, Words};
use crate::view::markup::{Element, Node, el, text};
use crate::view::number::{fixed, percent};

/// Most characters of the sentence.
const LONGEST: usize = 24;
/// Rows of a step's small distribution.
const ROWS: usize = 4;
/// Width of a step, and of the gap before the next one.
const STEP: (f64, f64) = (70.0, 26.0);

/// Every step with what it reads, its state and its distribution.
pub struct Fed;

impl AboutModel for Fed {
    const PLAN: Plan = super::PLAN;

    fn settings(given: &Values) -> Vec<Setting> {
        let steps = given.text("sentence").trim().chars().count() + 1;
        vec![Setting::text("sentence", LONGEST, ""), Setting::steps("at", steps.min(LONGEST + 1), 3)]
    }

    fn draw(lesson: &Lesson, now: &Values, words: &Words) -> Drawing {
        let reader = lesson.reader(now);
        let Some((reader, followed)) = reader.and_then(|mut reader| {
            let followed = reader.follow(now.text("sentence"))?;
            Some((reader, followed))
        }) else {
            return Drawing::only(words.plain("empty"));
        };
        let at = now.whole("at").clamp(1, followed.labels.len()) - 1;
        let truth = followed.labels.get(at).copied().unwrap_or_default();
        let here = followed.distributions.get(at).map(Vec::as_slice).unwrap_or_default();
        let p = here.get(truth).copied().unwrap_or_default();
        let drawing = scroller("fig-strip", &words.plain("drawing"), strip(&reader, &followed, at, words));
        let bars = column([
            caption(words.say("at-step", &[("t", &(at + 1))])),
            distribution_bars(&reader, here, Some(truth), 8, words),
        ]);
        let mut table = Table::new([
            words.plain("step"),
            words.plain("input"),
            words.plain("label"),
            words.plain("p-label"),
            words.plain("guess"),
            words.plain("p-guess"),
        ]);
        for (t, (label, all)) in followed.labels.iter().zip(&followed.distributions).enumerate() {
            let guess = likeliest(all, 1).first().copied().unwrap_or_default();
            let of = |id: usize| fixed(all.get(id).copied().unwrap_or_default(), 4);
            let input = input(&reader, &followed, t, words);
            table.row([
                (t + 1).to_string(),
                input,
                reader.shown(*label),
                of(*label),
                reader.shown(guess),
                of(guess),
            ]);
        }
        let guess = likeliest(here, 1).first().copied().unwrap_or_default();
        let values: [(&str, &dyn ToString); 4] = [
            ("t", &(at + 1)),
            ("label", &reader.shown(truth)),
            ("p", &percent(p, 1)),
            ("guess", &reader.shown(guess)),
        ];
        let mut says = words.say(if guess == truth { "says-right" } else { "says-other" }, &values);
        if guess != truth && at + 1 < followed.labels.len() {
            says += &(words.plain("gap") + &words.say("says-next", &values));
        }
        let sentence = says + &reader.standing(words) + &Reader::left_out(&followed.left_out, words);
        Drawing { body: vec![Node::from(drawing), bars], sentence, table }
    }
}

fn input(reader: &Reader, followed: &Followed, t: usize, words: &Words) -> String {
    let before = t.checked_sub(1).and_then(|before| followed.labels.get(before));
    before.map_or_else(|| words.plain("zero-short"), |id| reader.shown(*id))
}

/// A letter with its step raised.
fn stepped(x: f64, y: f64, letter: &str, t: usize, class: &str) -> Element {
    el("text")
        .class(format!("fig-step-name {class}"))
        .attr("x", tenth(x))
        .attr("y", tenth(y))
        .attr("text-anchor", "middle")
        .child(text(letter))
        .child(el("tspan").class("index upright").attr("dy", -5).child(text(format!("⟨{t}⟩"))))
}

fn strip(reader: &Reader, followed: &Followed, at: usize, words: &Words) -> Element {
    let (wide, gap) = STEP;
    let pitch = wide + gap;
    // From the top: label, distribution, state, input.
    let (label_y, bars_y, state_y, input_y, height) = (4.0, 50.0, 146.0, 206.0, 258.0);
    let steps = followed.labels.len();
    // Below everything else: the line into the step comes from the one before it.
    let here = gap + pitch * at as f64 - 7.0;
    let mut parts: Vec<Element> =
        vec![rect("fig-here", here, 0.0, wide + 14.0, height, 8.0).attr("data-here", at)];
    for (t, (truth, all)) in followed.labels.iter().zip(&followed.distributions).enumerate() {
        let x = gap + pitch * t as f64;
        let middle = x + wide / 2.0;
        // The true symbol becomes the next step's input.
        if t + 1 < steps {
            let (turn, end) = (x + wide + gap / 2.0, x + pitch + wide / 2.0 - 17.0);
            let d = format!(
                "M{} {}H{}V{}H{}",
                tenth(middle + 17.0),
                tenth(label_y + 13.0),
                tenth(turn),
                tenth(input_y + 13.0),
                tenth(end)
            );
            parts.push(el("path").class("fig-feed").attr("d", d));
        }
        parts.push(token(middle, label_y, &reader.shown(*truth), "y", false));
        parts.push(stepped(x + 4.0, label_y + 18.0, "y", t + 1, "y-t"));
        let mut rows = likeliest(all, ROWS);
        if !rows.contains(truth) {
            rows.pop();
            rows.push(*truth);
        }
        for (row, id) in rows.iter().enumerate() {
            let p = all.get(*id).copied().unwrap_or_default();
            let y = bars_y + 17.0 * row as f64;
            let name = reader.shown(*id);
            let long = if name.chars().count() > 2 { " long" } else { "" };
            let class = if id == truth { "fig-small y" } else { "fig-small" };
            parts.push(
                label(x + 15.0, y + 11.0, name)
                    .class(format!("fig-small-name{}{}", if id == truth { " on" } else { "" }, long))
                    .attr("text-anchor", "end"),
            );
            parts.push(rect(class, x + 20.0, y + 2.0, (50.0 * p).max(0.6), 10.0, 1.0));
        }
        parts.push(line("fig-flow", format!("M{} {}V{}", tenth(middle), state_y, bars_y + 72.0)));
        parts.push(line("fig-flow", format!("M{} {}V{}", tenth(middle), input_y, state_y + 30.0)));
        if t > 0 {
            let from = x - gap;
            parts.push(line("fig-flow", format!("M{} {}H{}", tenth(from), state_y + 15.0, tenth(x))));
        }
        parts.push(rect("fig-carried", x, state_y, wide, 30.0, 7.0));
        parts.push(stepped(middle, state_y + 20.0, "a", t + 1, "a-t"));
        let read = input(reader, followed, t, words);
        parts.push(token(middle, input_y, &read, "x", t == 0));
        parts.push(stepped(middle, input_y + 46.0, "x", t + 1, "x-t"));
    }
    svg(gap + pitch * steps as f64, height, parts).attr("aria-hidden", "true")
}

fn token(middle: f64, y: f64, words: &str, class: &str, is_special: bool) -> Element {
    let is_long = words.chars().count() > 2;
    let half = if is_long { 20.0 } else { 15.0 };
    el("g")
        .class(format!("fig-token {class}{}", if is_special { " special" } else { "" }))
        .child(rect("", middle - half, y, 2.0 * half, 26.0, 5.0))
        .child(
            label(middle, y + 18.0, words)
                .maybe("class", is_long.then_some("long"))
                .attr("text-anchor", "middle"),
        )
}

fn rect(class: &str, x: f64, y: f64, width: f64, height: f64, radius: f64) -> Element {
    el("rect")
        .maybe("class", (!class.is_empty()).then_some(class))
        .attr("x", tenth(x))
        .attr("y", tenth(y))
        .attr("width", tenth(width))
        .attr("height", tenth(height))
        .attr("rx", tenth(radius))
}

fn line(class: &str, d: String) -> Element {
    el("path").class(class).attr("d", d)
}
