//! A sentence as a row of boxes `x<1> … x<T>`.

use crate::view::figures::parts::{Box, boxes};
use crate::view::figures::pieces::{level_settings, shown, symbols};
use crate::view::figures::{Drawing, Figure, Setting, Table, Values, Words};

/// Most characters of the sentence.
const LONGEST: usize = 160;

/// Any sentence cut into boxes, at word or character level, with or without `<EOS>`.
pub struct Cut;

impl Figure for Cut {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let mut settings = vec![Setting::text("sentence", LONGEST, "")];
        settings.extend(level_settings(given.text("sentence"), given));
        settings.push(Setting::switch("eos", false));
        settings.push(Setting::place("at", symbols(given.text("sentence"), given).len(), 1));
        settings
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let pieces = symbols(now.text("sentence"), now);
        if pieces.is_empty() {
            return Drawing::only(words.plain("empty"));
        }
        let at = now.whole("at").max(1);
        let all = pieces.iter().enumerate().map(|(i, piece)| {
            let t = i + 1;
            let token = shown(piece);
            Box {
                name: words.say("box", &[("t", &t), ("token", &token)]),
                inside: token,
                above: format!("x⟨{t}⟩"),
                class: if piece == crate::language::vocabulary::EOS { "x special" } else { "x" },
                symbol: "x",
                ..Box::default()
            }
        });
        let all: Vec<Box> = all.collect();
        let chosen = pieces.get(at - 1).map(|piece| shown(piece)).unwrap_or_default();
        let level = words.plain(&format!("unit-{}", now.text("level")));
        let mut table = Table::new([words.plain("step"), words.plain("symbol"), words.plain("token")]);
        for (i, piece) in pieces.iter().enumerate() {
            table.row([(i + 1).to_string(), format!("x<{}>", i + 1), shown(piece)]);
        }
        let sentence =
            words.count("says", pieces.len(), &[("level", &level), ("t", &at), ("token", &chosen)]);
        Drawing { body: vec![boxes(all, Some(("at", at)), &words.plain("boxes"))], sentence, table }
    }
}
