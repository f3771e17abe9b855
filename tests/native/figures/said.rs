//! What figures say where there is one of a thing, none of it, or two alike.

use unrolled::view::figures::{Drawing, Values, figure, initial, resolve};
use unrolled::view::markup::Node;

use super::{LANGUAGES, plain, words};

/// A figure as a chapter's words and some settings draw it.
fn draw(language: &str, chapter: &str, name: &str, set: &[(&str, &str)]) -> Drawing {
    let drawn = figure(name).expect("a figure");
    let words = words(language, chapter).of(name);
    let given: Values = initial(&*drawn, set.iter().copied().collect(), &words);
    let (_, now) = resolve(&*drawn, &given);
    drawn.draw(&now, &words)
}

fn says(language: &str, chapter: &str, name: &str, set: &[(&str, &str)]) -> String {
    plain(&draw(language, chapter, name, set).sentence)
}

/// A figure with one of what it counts: its chapter, its name, its settings.
type Single = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const SINGLES: [Single; 9] = [
    ("vectors", "one-hot", &[("sentence", "a"), ("eos", "off")]),
    ("notation", "batch", &[("lines", "a"), ("eos", "off")]),
    ("notation", "cut", &[("sentence", "a"), ("eos", "off")]),
    ("recurrent", "shapes", &[("n-a", "1"), ("n-x", "1"), ("column", "input")]),
    ("recurrent", "shapes", &[("n-a", "1"), ("n-x", "2"), ("column", "before")]),
    ("recurrent", "shapes", &[("n-a", "2"), ("n-x", "1"), ("column", "before")]),
    ("recurrent", "itemised", &[("sentence", "abc"), ("loss", "3"), ("use", "2")]),
    ("recurrent", "unrolled", &[("sentence", "a"), ("drawing", "unrolled")]),
    ("recurrent", "losses", &[("sentence", "a")]),
];

#[test]
fn one_thing_is_not_said_in_the_plural() {
    for (chapter, name, set) in SINGLES {
        let said = says("en", chapter, name, set);
        let pieces: Vec<&str> = said.split([' ', ',', '.', ':', ';']).collect();
        for pair in pieces.windows(2) {
            let is_plural = pair[1].ends_with('s') && !["is", "has", "times"].contains(&pair[1]);
            assert!(pair[0] != "1" || !is_plural, "{name} {set:?}: {said}");
        }
    }
}

#[test]
fn a_vocabulary_of_one_symbol_has_no_other_numbers() {
    for (language, other) in [("en", "everywhere else"), ("zh", "其余")] {
        let said = |sentence| says(language, "vectors", "one-hot", &[("sentence", sentence), ("eos", "off")]);
        assert!(said("b a").contains(other), "{}", said("b a"));
        assert!(!said("a").contains(other), "{}", said("a"));
    }
}

#[test]
fn a_part_of_a_gradient_from_the_same_step_is_not_said_to_come_from_steps_back() {
    let said = |language, used| {
        let set = [("sentence", "abc"), ("weight", "W_aa"), ("loss", "3"), ("use", used)];
        says(language, "recurrent", "itemised", &set)
    };
    assert!(said("en", "3").contains("the same step") && !said("en", "3").contains("back"));
    assert!(said("en", "1").contains("2 steps back"));
    assert!(said("zh", "3").contains("同一步") && said("zh", "2").contains("往回走 1 步"));
}

#[test]
fn a_check_of_zeros_says_what_to_do_instead_of_naming_a_deviation() {
    for (language, what) in [("en", "Type two symbols or more"), ("zh", "请至少输入两个符号")] {
        for (cell, weight) in [("rnn", "W_aa"), ("lstm", "W_f")] {
            let check = |sentence| {
                let set = [("sentence", sentence), ("cell", cell), ("weight", weight)];
                draw(language, "recurrent", "gradient-check", &set)
            };
            let (zeros, numbers) = (check("a"), check("ab"));
            assert!(zeros.sentence.contains(what), "{}", zeros.sentence);
            assert!(!numbers.sentence.contains(what), "{}", numbers.sentence);
            assert!(zeros.body.len() < numbers.body.len(), "no entry is furthest apart");
        }
    }
}

#[test]
fn no_candidate_wins_over_itself_or_over_one_that_is_as_likely() {
    for (language, one) in [("en", "the cat sat"), ("zh", "小猫在树上")] {
        // What no line of the text has is left out, so both are read alike.
        let (twice, alike) = (format!("{one}\n{one}"), format!("{one}\n{one}7"));
        let three = format!("{one}\n{one}\n{one}{one}");
        let followed = |candidates: &str, by: &str| {
            draw(language, "language-model", "likelier", &[("candidates", candidates), ("by", by)])
        };
        let words = words(language, "language-model").of("likelier");
        let alone = followed(one, "whole").table.rows[0][1].clone();
        for by in ["whole", "symbol"] {
            let same = followed(&twice, by);
            let log = format!("{:.2}", alone.replace('−', "-").parse::<f64>().expect("a logarithm"));
            let expected = words.say("says-same", &[("best", &one), ("log", &log.replace('-', "−"))]);
            assert!(same.sentence.starts_with(&expected), "{}", same.sentence);
            assert_eq!(same.table.rows.len(), 1);
            let key = if by == "whole" { "says-equal" } else { "says-symbol-equal" };
            let other = format!("{one}7 → {one}");
            let perplexity = followed(&alike, by).table.rows[0][3].parse::<f64>().expect("a perplexity");
            let one_of = [("best", &one as &dyn ToString), ("other", &other)];
            let all = [one_of[0], one_of[1], ("one", &format!("{perplexity:.2}"))];
            let equal = followed(&alike, by);
            assert!(equal.sentence.starts_with(&words.say(key, &all)), "{}", equal.sentence);
            let mut marked = 0;
            equal.body.iter().for_each(|node| {
                node.each(&mut |element| {
                    let classes = element.attribute("class").unwrap_or_default();
                    marked += usize::from(classes.split(' ').any(|class| class == "on"));
                })
            });
            assert_eq!(marked, 0, "no bar is the winner's");
            let repeated = followed(&three, by);
            assert!(repeated.sentence.contains(&words.plain("repeated")), "{}", repeated.sentence);
            assert_eq!(repeated.table.rows.len(), 2);
        }
    }
}

#[test]
fn a_held_gate_names_the_step_of_the_largest_change_once() {
    let words = |language| words(language, "lstm").of("lstm-memory");
    let mut seen = [false; 3];
    for language in LANGUAGES {
        for step in 1..=11 {
            for (gate, stay) in [("f", "off"), ("u", "off"), ("u", "on"), ("o", "on")] {
                let at = step.to_string();
                let set = [("sentence", "the cat sat"), ("step", &at), ("gate", gate), ("stay", stay)];
                let drawing = draw(language, "lstm", "lstm-memory", &set);
                let change =
                    |row: &Vec<String>| -> f64 { row[6].replace('−', "-").parse().expect("a number") };
                let changes: Vec<f64> = drawing.table.rows.iter().map(change).collect();
                let most = changes.iter().copied().fold(0.0, f64::max);
                let here = changes[step - 1];
                let (place, key) = match () {
                    () if most == 0.0 => (0, "says-held-idle"),
                    () if here == most => (1, "says-held-here"),
                    () => (2, "says-held"),
                };
                seen[place] = true;
                // What stands behind the last place before the loss tells the three apart.
                let pattern = words(language).plain(key);
                let end = pattern.rsplit('}').nth(if place == 0 { 1 } else { 2 }).expect("a part");
                let end = end.split('{').next().expect("words");
                assert!(drawing.sentence.contains(end), "{key} {set:?}: {}", drawing.sentence);
            }
        }
    }
    assert_eq!(seen, [true; 3], "each of the three is met");
}

#[test]
fn what_a_wiring_does_not_read_of_an_input_is_said() {
    for (language, words, first) in [("en", "big small night", "big"), ("zh", "大 小", "大")] {
        let of = |wiring, own| {
            let language = if language == "en" { "english" } else { "chinese" };
            [("wiring", wiring), ("language", language), ("own", own)]
        };
        let said = |wiring, own| says(language, "recurrent", "wirings", &of(wiring, own));
        let cut = if language == "en" {
            "only the first of your input is used"
        } else {
            "只用你输入的第一个"
        };
        assert!(said("one-to-one", words).contains(&format!("“{first}”")), "{}", said("one-to-one", words));
        assert!(said("one-to-one", words).contains(cut));
        assert!(!said("one-to-one", first).contains(cut));
    }
    let long = "the film was really good , the film was really good , my film";
    let said = |own| says("en", "recurrent", "wirings", &[("wiring", "many-to-one"), ("own", own)]);
    assert!(said(long).contains("Only the first 12 symbols"), "{}", said(long));
    assert!(!said("the film was really good").contains("Only the first"));
}

#[test]
fn nothing_of_the_sliding_blocks_stands_outside_of_their_drawing() {
    for sentence in ["a", "the cat", "abcdefgh"] {
        for share in 0..=50 {
            let together = (f64::from(share) / 50.0).to_string();
            let drawing =
                draw("en", "recurrent", "stacked", &[("sentence", sentence), ("together", &together)]);
            let number =
                |text: Option<&str>| text.and_then(|text| text.parse::<f64>().ok()).unwrap_or_default();
            let mut size = (0.0, 0.0);
            drawing.body[0].each(&mut |element| {
                let (x, y) = (number(element.attribute("x")), number(element.attribute("y")));
                match element.tag {
                    "svg" => {
                        size = (number(element.attribute("width")), number(element.attribute("height")));
                    }
                    // A letter is about as high as its size, 15, and as wide with its index twice that.
                    "text" => {
                        let is_in = y >= 15.0 && y <= size.1 && x >= 0.0 && x + 15.0 <= size.0;
                        let text = Node::Element(element.clone()).plain();
                        assert!(is_in, "{text} at {x}, {y} in {size:?}, {sentence} {together}");
                    }
                    _ => {}
                }
            });
        }
    }
}

/// The words of a language's chapters and interface, one text.
fn all_words(language: &str) -> String {
    let mut all = String::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["content/LANGUAGE", "content/LANGUAGE/figures", "locales/LANGUAGE"] {
        let entries = root.join(folder.replace("LANGUAGE", language)).read_dir().expect("a folder");
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            all += &std::fs::read_to_string(path).unwrap_or_default();
        }
    }
    all
}

#[test]
fn the_simplified_gru_has_one_name_in_each_language() {
    let (en, zh) = (all_words("en").to_lowercase(), all_words("zh"));
    for other in ["gru, simplified", "simple gru", "gru (simplified", "gru simplified"] {
        assert!(!en.contains(other), "{other}");
    }
    for other in ["简化的 GRU", "简单 GRU", "简单的 GRU", "GRU，简化", "完整的 GRU"] {
        assert!(!zh.contains(other), "{other}");
    }
    assert!(en.contains("simplified gru") && zh.contains("简化 GRU"));
}

#[test]
fn after_the_last_step_nothing_is_said_to_come_from_a_later_one() {
    let text = |step: &str| {
        let set = [("sentence", "abc"), ("step", step)];
        draw("en", "recurrent", "backward", &set).body.iter().map(Node::plain).collect::<String>()
    };
    assert!(text("4").contains("from later: nothing") && !text("4").contains("step 5"), "{}", text("4"));
    assert!(text("3").contains("from step 4") && text("3").contains("sum of steps 4 … 3"), "{}", text("3"));
}

#[test]
fn a_space_that_is_a_piece_of_its_own_is_explained_where_there_is_one() {
    let said = |sentence| says("en", "notation", "cut", &[("sentence", sentence), ("level", "word")]);
    assert!(said("a - b").contains("symbol of its own"), "{}", said("a - b"));
    assert!(!said("a cat sat").contains("symbol of its own"), "{}", said("a cat sat"));
}

#[test]
fn the_end_of_a_line_is_compared_with_nothing_because_it_never_goes_in() {
    let text = ("text", "the cat sat\nthe dog sat");
    let said = |at: &str| says("en", "vectors", "column", &[text, ("at", at)]);
    let all: Vec<String> = (1..=5).map(|at| said(&at.to_string())).collect();
    let ends: Vec<&String> = all.iter().filter(|said| said.contains("never goes in")).collect();
    assert!(ends.len() == 1 && ends[0].contains("<EOS>") && !ends[0].contains("cosine"), "{all:?}");
}

#[test]
fn a_printed_probability_leads_to_the_printed_loss() {
    let number = |text: &str| -> f64 {
        let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
        text[..end].trim_end_matches('.').parse().expect("a number")
    };
    for (name, place) in [("answer", "step"), ("losses", "at")] {
        for seed in ["1", "2", "3", "4", "5"] {
            for step in ["1", "2", "3", "4"] {
                let said =
                    says("en", "recurrent", name, &[("sentence", "abac"), ("seed", seed), (place, step)]);
                let (_, rest) = said.split_once("−log ").expect("an equation");
                let (share, loss) = rest.split_once(" = ").expect("its result");
                assert_eq!(format!("{:.3}", -number(share).ln()), format!("{:.3}", number(loss)), "{said}");
            }
        }
    }
}

#[test]
fn of_an_empty_answer_it_is_not_said_that_all_is_right_before_the_first() {
    let said = |first: &str| says("en", "notation", "padding-task", &[("checked", "1"), ("answer-1", first)]);
    assert_eq!(said(""), "Columns is still empty.");
    assert!(!said("1.5").contains("still empty"));
}
