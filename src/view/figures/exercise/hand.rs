//! Check my hand calculation: one step of a cell with one unit, every intermediate value.

use super::worked::{Wanted, Worked, links};
use super::{Exercise, Task};
use crate::engine::presets::FAMILIES;
use crate::engine::syntax::Symbol;
use crate::view::figures::letters::plain;
use crate::view::figures::network::Wish;
use crate::view::figures::parts::{caption, equation, row};
use crate::view::figures::recurrent::cell;
use crate::view::figures::{Opens, Setting, Values, Words};
use crate::view::markup::Node;

/// Most characters of the sentence.
const LONGEST: usize = 8;

/// One step of a cell, worked out by hand.
pub struct Hand;

impl Exercise for Hand {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let steps = wish(given).network().map_or(1, |network| network.steps());
        vec![
            Setting::text("sentence", LONGEST, "ab"),
            Setting::choice("cell", &FAMILIES),
            Setting::steps("step", steps, 2.min(steps)),
        ]
    }

    fn names(&self, _: u64, now: &Values) -> Vec<String> {
        let step = now.whole("step").max(1);
        let wanted = Worked::of(&wish(now), |_| ()).map(|worked| wanted(&worked, now)).unwrap_or_default();
        wanted.into_iter().map(|wanted| format!("{}<{step}>", wanted.name)).collect()
    }

    fn task(&self, _: u64, now: &Values, words: &Words) -> Option<Task> {
        let worked = Worked::of(&wish(now), |_| ())?;
        let step = now.whole("step").clamp(1, worked.network.steps());
        // What comes in is given, so it is what it looks like.
        let worked = worked.resumed(step)?;
        let wanted = wanted(&worked, now);
        let steps =
            wanted.iter().map(|one| worked.step(one, (0, step), format!("{}<{step}>", one.name), false));
        let steps = steps.collect::<Option<_>>()?;
        let cell = &worked.network.model.layers.first()?.cell;
        let mut given: Vec<Node> = cell.equations.iter().map(equation).collect();
        given.push(caption(words.plain("weights")));
        given.push(row(worked.weights()));
        given.push(caption(words.plain("values")));
        given.push(row(worked.comes_in(step)?));
        Some(Task { question: words.say("question", &[("t", &step)]), given, steps, links: links(&wanted) })
    }

    fn letters_of(&self, now: &Values) -> Option<&'static str> {
        Some(cell(now))
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        let wish = wish(now);
        let worked = Worked::of(&wish, |_| ())?;
        let step = now.whole("step").clamp(1, worked.network.steps());
        // With the numbers that are printed here, not with those that they were rounded from.
        let edits = worked.resumed(step)?.printed(&wish, step)?;
        Wish { edits, ..wish }.opens(step, 1)
    }
}

/// What is to be worked out. Where two names of one value have one letter, as PyTorch's h of a GRU, it is asked for once.
fn wanted(worked: &Worked, now: &Values) -> Vec<Wanted> {
    let spelled = |name: &Symbol| plain(cell(now), &name.0, now);
    let mut wanted = worked.wanted();
    wanted.retain(|one| one.other_name().is_none_or(|other| spelled(other) != spelled(&one.name)));
    wanted
}

fn wish(now: &Values) -> Wish<'_> {
    let seed = if now.has("seed") { now.whole("seed") as u64 } else { 1 };
    Wish::of(cell(now), now.text("sentence"), 1, seed)
}
