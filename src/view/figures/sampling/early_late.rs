//! What the model writes while it is trained, from the early to the late.

use crate::language::vocabulary::EOS;
use crate::view::chart::Dash;
use crate::view::figures::lesson::{AboutModel, Lesson, Plan};
use crate::view::figures::parts::{Cell, Grid, Line, chart, grid};
use crate::view::figures::reader::Reader;
use crate::view::figures::{Drawing, Setting, Table, Values, Words};
use crate::view::number::{count, fixed};

/// Samples that are shown: the latest ones would push the first ones out, so they are thinned evenly.
const MOST: usize = 16;

/// The curve of the loss, and a sample every few updates.
pub struct EarlyLate;

impl AboutModel for EarlyLate {
    const PLAN: Plan = super::PLAN;

    fn settings(_: &Values) -> Vec<Setting> {
        vec![]
    }

    fn draw(lesson: &Lesson, now: &Values, words: &Words) -> Drawing {
        let Some(mut reader) = lesson.reader(now) else { return Drawing::only(words.plain("empty")) };
        let text = now.text("text");
        let guess = f64::from(u32::try_from(reader.corpus.vocabulary.len()).unwrap_or(u32::MAX)).ln();
        let mut samples = thinned(&lesson.samples);
        if samples.is_empty() {
            let start = reader.write("", 24, Default::default(), 0);
            samples.extend(start.map(|written| (0, written.text)));
        }
        let mut table = Table::new([words.plain("update"), words.plain("written"), words.plain("in-text")]);
        let heads = [words.plain("update"), words.plain("written"), words.plain("in-text")];
        let heads = heads.into_iter().map(|head| Cell::new(head).class("fig-index"));
        let mut rows = Vec::new();
        let (mut copies, mut all) = (0_usize, 0_usize);
        for (step, sample) in &samples {
            let sample = if sample.is_empty() { EOS } else { sample };
            let is_copy = Reader::knows(text, sample);
            copies += usize::from(is_copy);
            all += 1;
            let mark = words.plain(if is_copy { "known-line" } else { "new-line" });
            table.row([count(u64::from(*step)), sample.to_owned(), mark.clone()]);
            rows.push((
                Cell::new(count(u64::from(*step))).class("fig-index num"),
                vec![
                    Cell::new(crate::view::figures::pieces::shown(sample)).class("fig-sample"),
                    Cell::new(mark).class(if is_copy { "fig-index on" } else { "fig-index" }),
                ],
            ));
        }
        let list =
            grid(Grid { name: words.plain("samples"), heads: heads.collect(), rows, class: "fig-samples" });
        let steps = Self::PLAN.updates;
        let lines = [
            Line { name: words.plain("training-loss"), dash: Dash::Solid, points: lesson.losses.clone() },
            Line { name: words.plain("held-out-loss"), dash: Dash::Dashed, points: lesson.held_out.clone() },
        ];
        let lines: Vec<Line> = lines.into_iter().filter(|line| !line.points.is_empty()).collect();
        let mut body = Vec::new();
        let says = match lesson.losses.last() {
            Some((step, loss)) => {
                body.push(chart(&lines, Some(guess), steps));
                words.say(
                    "says",
                    &[
                        ("step", &count(u64::from(*step))),
                        ("loss", &fixed(f64::from(*loss), 2)),
                        ("guess", &fixed(guess, 2)),
                        ("copies", &copies),
                        ("all", &all),
                    ],
                )
            }
            None => words.say("says-before", &[("guess", &fixed(guess, 2))]),
        };
        body.push(list);
        Drawing { body, sentence: says, table }
    }
}

/// At most [`MOST`] samples, the first and the last among them.
fn thinned(samples: &[(u32, String)]) -> Vec<(u32, String)> {
    if samples.len() <= MOST {
        return samples.to_vec();
    }
    let last = samples.len() - 1;
    (0..MOST).filter_map(|i| samples.get(i * last / (MOST - 1)).cloned()).collect()
}
