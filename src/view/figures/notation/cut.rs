//! A sentence as a row of boxes `x<1> … x<T>`, and a label `y<t>` for each.

use crate::language::text::GLUE;
use crate::language::visible::visible;
use crate::view::figures::parts::{Box, boxes};
use crate::view::figures::pieces::{level_settings, shown, symbols, unit};
use crate::view::figures::{Drawing, Figure, Setting, Table, Values, Words};
use crate::view::stepper::sequence::has_spaces_among_words;

/// Most characters of the sentence.
const LONGEST: usize = 160;

/// Most characters of the list of names.
const MOST_NAMED: usize = 80;

/// Any sentence cut into boxes, at word or character level, with or without `<EOS>`, with or without labels that mark
/// names.
pub struct Cut;

/// The labels: 1 for what is a name or a part of one, each name cut as the sentence is.
fn labels(pieces: &[String], now: &Values) -> Vec<u8> {
    let alone = Values::with(now, &[("eos", "off")].into_iter().collect());
    let names = now.text("names").split(|c: char| c.is_whitespace() || ",，、".contains(c));
    let mut labels = vec![0; pieces.len()];
    for name in names.map(|name| symbols(name, &alone)).filter(|name| !name.is_empty()) {
        for (at, here) in pieces.windows(name.len()).enumerate() {
            if here == name {
                labels[at..at + name.len()].fill(1);
            }
        }
    }
    labels
}

impl Figure for Cut {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let mut settings = vec![Setting::text("sentence", LONGEST, "")];
        settings.extend(level_settings(given.text("sentence"), given));
        settings.push(Setting::switch("eos", false));
        settings.push(Setting::switch("labels", false));
        if given.text("labels") == "on" {
            settings.push(Setting::text("names", MOST_NAMED, ""));
        }
        settings.push(Setting::place("at", symbols(given.text("sentence"), given).len(), 1));
        settings
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        let pieces = symbols(now.text("sentence"), now);
        if pieces.is_empty() {
            return Drawing::only(words.plain("empty"));
        }
        let at = now.whole("at").max(1);
        let labels = now.is_on("labels").then(|| labels(&pieces, now));
        let label_of = |t: usize| labels.as_ref().and_then(|labels| labels.get(t - 1)).copied();
        let all = pieces.iter().enumerate().map(|(i, piece)| {
            let t = i + 1;
            let token = shown(piece);
            let label = label_of(t);
            Box {
                name: match label {
                    Some(label) => {
                        words.say("box-labelled", &[("t", &t), ("token", &token), ("label", &label)])
                    }
                    None => words.say("box", &[("t", &t), ("token", &token)]),
                },
                below: label.map_or_else(String::new, |label| format!("y⟨{t}⟩ = {label}")),
                below_class: "y",
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
        let heads = [words.plain("step"), words.plain("symbol"), words.plain("token")];
        let label_head = labels.is_some().then(|| "y<t>".to_owned());
        let mut table = Table::new(heads.into_iter().chain(label_head));
        for (i, piece) in pieces.iter().enumerate() {
            let label = label_of(i + 1).map(|label| label.to_string());
            table.row([(i + 1).to_string(), format!("x<{}>", i + 1), shown(piece)].into_iter().chain(label));
        }
        let mut sentence =
            words.count("says", pieces.len(), &[("level", &level), ("t", &at), ("token", &chosen)]);
        if let Some(label) = label_of(at) {
            let values: [(&str, &dyn ToString); 3] = [("n", &pieces.len()), ("t", &at), ("label", &label)];
            sentence =
                words.say("then", &[("one", &sentence), ("other", &words.say("says-labels", &values))]);
        }
        if has_spaces_among_words(&pieces, unit(now)) {
            let values: [(&str, &dyn ToString); 2] = [("space", &visible(" ")), ("missing", &visible(GLUE))];
            let spaces = words.say("word-spaces", &values);
            sentence = words.say("then", &[("one", &sentence), ("other", &spaces)]);
        }
        Drawing { body: vec![boxes(all, Some(("at", at)), &words.plain("boxes"))], sentence, table }
    }
}
