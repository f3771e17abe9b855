//! One draw at a time: the distribution, its cumulative line, the random number on it, and the symbol on its way to the
//! next input.

use super::strip::{Piece, pieces};
use super::{LONGEST_PROMPT, SEEDS};
use crate::language::SamplingRules;
use crate::view::figures::lesson::{AboutModel, Lesson, Plan};
use crate::view::figures::models::distribution_bars;
use crate::view::figures::parts::{caption, column, label, scroller, svg, tenth};
use crate::view::figures::reader::{Drawn, Reader, Written};
use crate::view::figures::{Drawing, Kind, Setting, Table, Values, Words};
use crate::view::markup::{Element, Node, el};
use crate::view::number::{fixed, percent};

/// Most symbols that are drawn.
const LENGTH: usize = 12;
/// Width of the drawing.
const WIDTH: f64 = 620.0;

/// The loop of drawing and feeding back.
pub struct Draw;

impl AboutModel for Draw {
    const PLAN: Plan = super::PLAN;

    fn settings(_: &Values) -> Vec<Setting> {
        vec![
            Setting::text("prompt", LONGEST_PROMPT, ""),
            Setting::steps("seed", SEEDS, 1),
            Setting::steps("at", LENGTH, 1),
            Setting::button("next-draw"),
        ]
    }

    fn rename(lesson: &Lesson, given: &Values, settings: &mut [Setting]) {
        let Some((_, all)) = written(lesson, given) else { return };
        // A text that ends early has fewer draws.
        if let Some(at) = settings.iter_mut().find(|setting| setting.name == "at") {
            at.kind = Kind::Steps { most: all.draws.len() };
        }
        // After the last draw the button leads back to the first.
        let is_last = given.whole("at") > 1 && given.whole("at") >= all.draws.len();
        if let Some(button) = settings.last_mut().filter(|_| is_last) {
            button.label = "begin-again".to_owned();
        }
    }

    fn draw(lesson: &Lesson, now: &Values, words: &Words) -> Drawing {
        let Some((reader, written)) = written(lesson, now) else {
            return Drawing::only(words.plain("empty"));
        };
        let at = now.whole("at").clamp(1, written.draws.len());
        let Some(draw) = written.draws.get(at - 1) else { return Drawing::only(words.plain("empty")) };
        let token = reader.shown(draw.id);
        let (from, to) = ends(draw);
        let drawn = picture(&reader, &written, at, words);
        let line = scroller("fig-strip", &words.plain("drawing"), drawn.line);
        let text = scroller("fig-strip", &words.plain("written"), drawn.text);
        let drawing = el("div").class("fig-draw").child(line).child(text);
        let title = words.say("distribution", &[("t", &(written.prompt.len() + at))]);
        let bars = column([
            caption(title),
            distribution_bars(&reader, &draw.distribution.probabilities, Some(draw.id), 6, words),
        ]);
        let mut table = Table::new([
            words.plain("draw"),
            words.plain("u"),
            words.plain("piece"),
            words.plain("token"),
            words.plain("probability"),
        ]);
        for (i, one) in written.draws.iter().take(at).enumerate() {
            let (from, to) = ends(one);
            table.row([
                (i + 1).to_string(),
                fixed(one.u, 4),
                format!("{} – {}", fixed(from, 4), fixed(to, 4)),
                reader.shown(one.id),
                fixed(to - from, 4),
            ]);
        }
        let says = words.say(
            "says",
            &[
                ("n", &at),
                ("u", &fixed(draw.u, 4)),
                ("from", &fixed(from, 4)),
                ("to", &fixed(to, 4)),
                ("token", &token),
                ("p", &percent(to - from, 1)),
            ],
        );
        let is_last = at == written.draws.len();
        let then = match (is_last, written.ended) {
            (false, _) => words.plain("then"),
            (true, true) => words.say("ended", &[("text", &written.text)]),
            (true, false) => words.say("limit", &[("text", &written.text)]),
        };
        let sentence = format!("{says}{}{then}{}", words.plain("gap"), reader.standing(words))
            + &Reader::left_out(&written.left_out, words);
        Drawing { body: vec![bars, Node::from(drawing)], sentence, table }
    }

    fn press(lesson: &Lesson, now: &Values) -> Vec<(&'static str, String)> {
        // After the last draw the text begins anew.
        let draws = written(lesson, now).map_or(1, |(_, written)| written.draws.len());
        let at = now.whole("at").min(draws);
        vec![("at", (if at < draws { at + 1 } else { 1 }).to_string())]
    }
}

/// The draws that follow the prompt; none where there is not one.
fn written(lesson: &Lesson, now: &Values) -> Option<(Reader, Written)> {
    let mut reader = lesson.reader(now)?;
    let seed = now.whole("seed") as u64;
    let written = reader.write(now.text("prompt"), LENGTH, SamplingRules::default(), seed)?;
    (!written.draws.is_empty()).then_some((reader, written))
}

/// Where the piece that was hit begins and ends.
fn ends(draw: &Drawn) -> (f64, f64) {
    let before: f64 = draw.distribution.probabilities.iter().take(draw.id).sum();
    let own = draw.distribution.probabilities.get(draw.id).copied().unwrap_or_default();
    (before, before + own)
}

/// Both parts of the drawing. They stand right below each other and move sideways each on its own, so that where the line
/// is wider than the page the text is seen all the same.
struct Picture {
    /// The line with the random number above it, and the way of the new symbol.
    line: Element,
    /// The text, where that way ends.
    text: Element,
}

fn picture(reader: &Reader, written: &Written, at: usize, words: &Words) -> Picture {
    let (left, right, line_y, line_height) = (10.0, WIDTH - 10.0, 40.0, 126.0);
    let nothing = || svg(WIDTH, 10.0, Vec::<Element>::new());
    let Some(draw) = written.draws.get(at - 1) else { return Picture { line: nothing(), text: nothing() } };
    let all: Vec<Piece> = draw
        .distribution
        .probabilities
        .iter()
        .enumerate()
        .map(|(id, share)| Piece {
            name: reader.shown(id),
            share: *share,
            on: id == draw.id,
            special: Some(id) == reader.corpus.vocabulary.end(),
        })
        .collect();
    let place = |share: f64| left + share.clamp(0.0, 1.0) * (right - left);
    let mut parts = pieces(&all, left, right, line_y, 30.0);
    let (from, to) = ends(draw);
    let u = place(draw.u);
    let anchor = if draw.u < 0.12 {
        "start"
    } else if draw.u > 0.88 {
        "end"
    } else {
        "middle"
    };
    let shift = match anchor {
        "start" => -4.0,
        "end" => 4.0,
        _ => 0.0,
    };
    parts.push(
        label(u + shift, 18.0, format!("u = {}", fixed(draw.u, 4)))
            .class("fig-u")
            .attr("text-anchor", anchor),
    );
    parts.push(
        el("path")
            .class("fig-u-mark")
            .attr("data-here", tenth(u))
            .attr("d", format!("M{} 24V{}", tenth(u), tenth(line_y + 30.0))),
    );
    parts.push(label(left, line_y + 46.0, "0").class("tick").attr("text-anchor", "start"));
    parts.push(label(right, line_y + 46.0, "1").class("tick").attr("text-anchor", "end"));

    // The text so far; a text too long for the line loses its beginning.
    let given = written.prompt.iter().map(|id| (*id, "x"));
    let drawn = written.draws.iter().take(at).map(|draw| (draw.id, "y"));
    let row: Vec<(usize, &str)> = given.chain(drawn).collect();
    let widths: Vec<f64> =
        row.iter().map(|(id, _)| 14.0 + 9.0 * super::strip::ems(&reader.shown(*id))).collect();
    let mut tokens = Vec::new();
    let (mut x, text_y) = (left, 2.0);
    let last = row.len().saturating_sub(1);
    let mut end = x;
    for (i, ((id, class), width)) in row.iter().zip(&widths).enumerate() {
        let is_new = i == last;
        // Alternating names start the animation anew with every draw.
        let turn = if !is_new {
            ""
        } else if at.is_multiple_of(2) {
            " arrives-b"
        } else {
            " arrives-a"
        };
        let special = if Some(*id) == reader.corpus.vocabulary.end() { " special" } else { "" };
        tokens.push(
            el("g")
                .class(format!("fig-token {class}{special}{turn}"))
                .child(
                    el("rect")
                        .attr("x", tenth(x))
                        .attr("y", tenth(text_y))
                        .attr("width", tenth(*width))
                        .attr("height", 28)
                        .attr("rx", 5),
                )
                .child(
                    label(x + width / 2.0, text_y + 19.0, reader.shown(*id)).attr("text-anchor", "middle"),
                ),
        );
        end = x + width / 2.0;
        x += width + 4.0;
    }
    let middle = place((from + to) / 2.0);
    let d = format!(
        "M{} {}C{} {} {} {} {} {}",
        tenth(middle),
        tenth(line_y + 31.0),
        tenth(middle),
        tenth(line_height - 22.0),
        tenth(end),
        tenth(line_y + 58.0),
        tenth(end),
        tenth(line_height)
    );
    let turn = if at.is_multiple_of(2) { "travels-b" } else { "travels-a" };
    parts.push(el("path").class(format!("fig-travel {turn}")).attr("pathLength", 1).attr("d", d));
    let is_end = Some(draw.id) == reader.corpus.vocabulary.end();
    let note = if is_end { words.plain("stops") } else { words.plain("next-input") };
    tokens.push(label(left, text_y + 50.0, note).class("tick").attr("text-anchor", "start"));
    // What is drawn last is kept in view.
    tokens.push(el("path").attr("data-here", tenth(end)).attr("d", format!("M{} {text_y}v28", tenth(end))));
    let width = WIDTH.max(x);
    Picture {
        line: svg(width, line_height, parts).attr("aria-hidden", "true"),
        text: svg(width, text_y + 56.0, tokens).attr("aria-hidden", "true"),
    }
}
