//! The glossary: every symbol and every term of the chapters stands in it, in both languages, with the letters that the
//! presets' own facts give to PyTorch and Keras.

use std::collections::BTreeSet;

use unrolled::engine::presets::preset;
use unrolled::engine::syntax::Symbol;
use unrolled::view::address::CHAPTERS;
use unrolled::view::formula::{Notation, there};

use crate::common::page;

/// The cells of every row of a page's tables.
fn rows(text: &str) -> Vec<Vec<String>> {
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// Commands of LaTeX that are no symbols.
const COMMANDS: &[&str] = &[
    "step",
    "hat",
    "tilde",
    "frac",
    "log",
    "exp",
    "tanh",
    "max",
    "sqrt",
    "sum",
    "prod",
    "cdot",
    "cdots",
    "dots",
    "vdots",
    "quad",
    "qquad",
    "bigl",
    "bigr",
    "Bigl",
    "Bigr",
    "begin",
    "end",
    "left",
    "right",
    "langle",
    "rangle",
    "mid",
    "approx",
    "geq",
    "leq",
    "to",
    "top",
    "times",
    "infty",
    "leftarrow",
    "lVert",
    "rVert",
    "partial",
    "mathrel",
    "mathrm",
    "text",
    "odot",
    "aligned",
];

/// Indices and counters, the number e, and what a chapter says others write.
const PLAIN: &[&str] = &["e", "t", "i", "j", "k", "s", "m", "n", "r", "z", "h", "x", "h_t", "i_t", "z_t"];

/// The symbols of a formula: `W_{aa}`, `\Gamma_u`, `z_y`. A step, an index and the `d` of a derivative are left out.
fn symbols(formula: &str) -> BTreeSet<String> {
    let letters: Vec<char> = formula.chars().collect();
    let mut found = BTreeSet::new();
    let mut at = 0;
    while at < letters.len() {
        let (name, next) = match letters[at] {
            '\\' => {
                let end = (at + 1..letters.len()).find(|i| !letters[*i].is_ascii_alphabetic());
                let end = end.unwrap_or(letters.len());
                let command: String = letters[at + 1..end].iter().collect();
                match command.as_str() {
                    // The environment's name, and the words of an operator.
                    "begin" | "end" | "mathrm" | "text" => {
                        let close = (end..letters.len()).find(|i| letters[*i] == '}');
                        at = close.map_or(letters.len(), |close| close + 1);
                        continue;
                    }
                    command if command.is_empty() || COMMANDS.contains(&command) => {
                        at = end.max(at + 2);
                        continue;
                    }
                    _ => (format!("\\{command}"), end),
                }
            }
            letter if letter.is_ascii_alphabetic() => (letter.to_string(), at + 1),
            _ => {
                at += 1;
                continue;
            }
        };
        let (below, after) = match letters.get(next) {
            Some('_') if letters.get(next + 1) == Some(&'{') => {
                let close = (next..letters.len()).find(|i| letters[*i] == '}').unwrap_or(letters.len() - 1);
                (letters[next + 2..close].iter().collect(), close + 1)
            }
            Some('_') => (letters.get(next + 1).map(char::to_string).unwrap_or_default(), next + 2),
            _ => (String::new(), next),
        };
        at = after;
        let is_index = below.chars().next().is_none_or(|first| ['t', 'k', 'j', 'T'].contains(&first));
        // `h_t` and its like stand for other notations' letters.
        let is_other = below == "t" && ["h", "i", "z"].contains(&name.as_str());
        let symbol = if is_index && !is_other { name } else { format!("{name}_{below}") };
        // The `d` of `dW_{aa}` stands for itself.
        if symbol != "d" && !PLAIN.contains(&symbol.as_str()) {
            found.insert(symbol);
        }
    }
    found
}

fn formulas(text: &str) -> impl Iterator<Item = String> {
    let text = text.replace("$$", "$");
    text.split('$').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>().into_iter()
}

#[test]
fn every_symbol_of_the_chapters_stands_in_the_glossary() {
    for language in ["en", "zh"] {
        let glossary: BTreeSet<String> =
            formulas(&page(language, "glossary")).flat_map(|formula| symbols(&formula)).collect();
        for chapter in CHAPTERS {
            for formula in formulas(&page(language, chapter)) {
                let missing: Vec<String> = symbols(&formula).difference(&glossary).cloned().collect();
                assert!(missing.is_empty(), "{language}/{chapter}: {missing:?} of {formula}");
            }
        }
    }
    let of = |formula: &str| symbols(formula).into_iter().collect::<Vec<_>>();
    let found = of(r"\step{dz_a}{t} = \step{\hat{y}_k}{t} + W_{aa}^{\top} \Gamma_u * J_{t+1}");
    assert_eq!(found, ["J", "W_aa", r"\Gamma_u", "y", "z_a"]);
}

/// What is set in bold and is no term: what blocks begin with, examples, sayings.
const NO_TERMS: &[&str] = &[
    "predict",
    "try it",
    "1",
    "2",
    "3",
    "4",
    "5",
    "geese",
    "were",
    "picks a column",
    "a sensible start",
    "other activations",
    "the size of the first weights",
    "running sums",
    "先想一想",
    "动手试试",
    "挑出一列",
    "合适的起点",
    "换激活函数",
    "初始权重的大小",
    "连加",
];

#[test]
fn every_term_of_the_chapters_stands_in_the_glossary() {
    for language in ["en", "zh"] {
        let words: Vec<String> = rows(&page(language, "glossary"))
            .into_iter()
            .filter(|row| row.len() == 3)
            .map(|row| row[0].to_lowercase())
            .collect();
        assert!(words.len() > 60, "{language}: {}", words.len());
        for chapter in CHAPTERS {
            let text = page(language, chapter);
            for term in text.split("**").skip(1).step_by(2) {
                let term = term.to_lowercase();
                let term = term.split([',', '，', '.', ':', '：']).next().unwrap_or_default();
                let stands = |term: &str| words.iter().any(|known| known.contains(term));
                let is_there = stands(term)
                    || term.strip_suffix('s').is_some_and(stands)
                    || term.strip_suffix("es").is_some_and(stands);
                assert!(is_there || NO_TERMS.contains(&term), "{language}/{chapter}: {term}");
            }
        }
    }
}

#[test]
fn both_glossaries_have_the_same_rows_and_no_word_twice() {
    let [en, zh] = ["en", "zh"].map(|language| rows(&page(language, "glossary")));
    let sizes = |rows: &[Vec<String>]| rows.iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(sizes(&en), sizes(&zh));
    for rows in [en, zh] {
        let words: Vec<&String> = rows.iter().filter(|row| row.len() == 3).map(|row| &row[0]).collect();
        let different: BTreeSet<&&String> = words.iter().collect();
        assert_eq!(words.len(), different.len());
    }
}

/// A name of the cell language as the glossary writes it.
fn latex(name: &str) -> String {
    let name = name.replace('Γ', "\\Gamma").replace("c~", "\\tilde{c}").replace("h~", "\\tilde{h}");
    if name.starts_with(['W', 'b']) { format!("${name}$") } else { format!("\\step{{{name}}}{{t}}") }
}

#[test]
fn the_letters_of_pytorch_and_keras_are_those_of_the_presets_facts() {
    let rows = rows(&page("en", "glossary"));
    let mut checked = 0;
    for (id, word) in [("lstm", "LSTM"), ("gru", "GRU")] {
        let preset = preset(id).expect("a preset");
        let names =
            ["a", "c", "c~", "Γ_u", "Γ_f", "Γ_o", "Γ_r", "W_c", "b_c", "W_u", "b_u", "W_f", "W_o", "W_r"];
        for name in names {
            let symbol = Symbol::from(name);
            let is_its_own = preset.cell.parameters.iter().any(|parameter| parameter.name == symbol)
                || preset.cell.equations.iter().any(|equation| equation.target.name == symbol);
            if !is_its_own {
                continue;
            }
            let fits = |row: &&Vec<String>| {
                let other = if word == "LSTM" { "GRU" } else { "LSTM" };
                row.len() == 4 && row[0].contains(&latex(name)) && !row[3].contains(other)
            };
            let row = rows.iter().find(fits).unwrap_or_else(|| panic!("{id}: {name}"));
            for (column, notation) in [(1, Notation::PyTorch), (2, Notation::Keras)] {
                let known = preset.facts.of(&symbol).expect("a symbol of the table");
                let letter = there(known, notation).expect("a letter there");
                let letter = letter.replace("c~", "\\tilde{c}").replace("h~", "\\tilde{h}");
                let written = if name.starts_with(['W', 'b']) { letter } else { format!("{letter}_t") };
                assert!(row[column].contains(&written), "{id} {name}: {written} in {row:?}");
                checked += 1;
            }
        }
    }
    assert!(checked > 30, "{checked}");
}

/// A chapter's section by its anchor, from its heading to the next one, and what stands before the first: some terms of
/// the first sections are introduced there.
fn section(text: &str, anchor: &str) -> String {
    let mut parts = text.split("\n## ");
    let beginning = parts.next().unwrap_or_default();
    let heading = format!("{{#{anchor}}}");
    let is_it = |part: &&str| part.lines().next().is_some_and(|line| line.contains(&heading));
    let own = parts.find(is_it).unwrap_or_else(|| panic!("no section {anchor}"));
    format!("{beginning}\n{own}").to_lowercase()
}

/// Whether a text has the words of a term, whatever their ending: `vanishing gradient` and “the gradient vanishes”.
fn has_words(text: &str, term: &str) -> bool {
    let stem = |word: &str| word.chars().take(5).collect::<String>();
    term.split_whitespace().all(|word| text.contains(&stem(word)))
}

#[test]
fn the_section_that_a_term_of_the_glossary_leads_to_speaks_of_it() {
    for language in ["en", "zh"] {
        let mut checked = 0;
        for row in rows(&page(language, "glossary")).into_iter().filter(|row| row.len() == 3) {
            for link in row[2].split("](chapter:").skip(1) {
                let place = link.split(')').next().unwrap_or_default();
                let Some((chapter, anchor)) = place.split_once('#') else { continue };
                let text = section(&page(language, chapter), anchor);
                let term = row[0].to_lowercase();
                let mut names = term.split([',', '，', '、', ';', '；', '(', '（', ':', '：']);
                assert!(names.any(|name| has_words(&text, name.trim())), "{language}: {term} in {place}");
                checked += 1;
            }
        }
        assert!(checked > 60, "{language}: {checked}");
    }
}
