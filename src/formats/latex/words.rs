//! Letters, words, functions and numbers as LaTeX writes them.

use crate::engine::syntax::Function;
use crate::formats::code::greek;

/// The letter of a symbol with its accents.
pub(super) fn letter_text(letter: &str) -> String {
    if let Some(bare) = letter.strip_suffix('~') {
        return format!("\\tilde{{{}}}", letter_text(bare));
    }
    if letter == "ŷ" {
        return "\\hat{y}".to_owned();
    }
    word(letter)
}

/// A letter, or a word set upright. What LaTeX would read as a command is left out; letters that its formulas do not
/// have stand as text.
pub(super) fn word(text: &str) -> String {
    let mut letters = text.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return match named(letter) {
            Some(name) => name.trim_end().to_owned(),
            None if letter.is_ascii_alphanumeric() => letter.to_string(),
            None if letter.is_alphanumeric() => format!("\\text{{{letter}}}"),
            None => format!("\\text{{U+{:04X}}}", u32::from(letter)),
        };
    }
    // Indices such as `aa`, `ya` are letters side by side.
    if text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return text.to_owned();
    }
    let has_greek = text.chars().any(|letter| named(letter).is_some());
    let mut set = String::new();
    for (kind, run) in runs(text) {
        match kind {
            Kind::Greek => set.extend(run.chars().filter_map(named)),
            // Beside Greek letters all are slanted.
            Kind::Ascii if has_greek => set += &run.replace('_', "\\_"),
            // The underscore stays: `b_a_b` is another name than `b_ab`.
            Kind::Ascii => set += &format!("\\mathrm{{{}}}", run.replace('_', "\\_")),
            Kind::Other => set += &format!("\\text{{{run}}}"),
            Kind::None => {}
        }
    }
    set
}

/// How a letter is written in a formula.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Greek,
    Ascii,
    Other,
    None,
}

/// The Greek letters that formulas have, with a space so that letters may follow. An omicron is an o.
fn named(letter: char) -> Option<String> {
    if letter == 'ο' {
        return Some("o".to_owned());
    }
    greek(letter).map(|name| format!("\\{name} "))
}

/// A word cut where the kind of its letters changes.
fn runs(text: &str) -> Vec<(Kind, String)> {
    let mut runs: Vec<(Kind, String)> = Vec::new();
    for letter in text.chars() {
        let kind = match letter {
            _ if named(letter).is_some() => Kind::Greek,
            '_' => Kind::Ascii,
            _ if letter.is_ascii_alphanumeric() => Kind::Ascii,
            _ if !letter.is_ascii() => Kind::Other,
            _ => Kind::None,
        };
        match runs.last_mut() {
            Some((last, run)) if *last == kind => run.push(letter),
            _ => runs.push((kind, letter.to_string())),
        }
    }
    runs
}

/// Comment lines on what a text's letters need; none where pdfLaTeX has them all.
pub(super) fn needs(text: &str) -> String {
    if text.is_ascii() {
        return String::new();
    }
    let mut lines = String::from(
        "% Some names have letters that pdfLaTeX does not know: compile this with XeLaTeX or LuaLaTeX.\n",
    );
    if text.chars().any(|letter| HAN.contains(&letter)) {
        lines += "% Chinese letters need \\usepackage{ctex} (or xeCJK with a font that has them) above \\begin{document}.\n";
    }
    if text.chars().any(|letter| !letter.is_ascii() && !HAN.contains(&letter)) {
        lines +=
            "% Other letters need \\usepackage{fontspec} and a font that has them: \\setmainfont{...}.\n";
    }
    lines
}

/// Characters that Chinese, Japanese and Korean are written with.
const HAN: std::ops::RangeInclusive<char> = '\u{2E80}'..='\u{FAFF}';

/// A function's name.
pub(super) fn function_text(function: Function) -> &'static str {
    match function {
        Function::Sigmoid => "\\sigma",
        Function::Tanh => "\\tanh",
        Function::Exp => "\\exp",
        Function::Log => "\\log",
        Function::Softmax => "\\softmax",
        Function::Sum => "\\operatorname{sum}",
        Function::Relu => "\\operatorname{relu}",
        Function::LeakyRelu => "\\operatorname{leaky\\,relu}",
        Function::Swish => "\\operatorname{swish}",
        Function::LayerNorm => "\\operatorname{layernorm}",
        Function::BatchNorm => "\\operatorname{batchnorm}",
        Function::ReluSlope => "\\operatorname{relu}'",
        Function::LeakyReluSlope => "\\operatorname{leaky\\,relu}'",
        Function::Mean => "\\operatorname{mean}",
        Function::Deviation => "\\operatorname{deviation}",
        Function::BatchMean => "\\operatorname{mean}_B",
        Function::BatchDeviation => "\\operatorname{deviation}_B",
    }
}

/// A number, with a power of ten where it would be long.
pub(super) fn number_text(number: f64) -> String {
    let text = format!("{number}");
    if text.len() <= 12 { text } else { format!("{number:e}").replace('e', " \\cdot 10^{") + "}" }
}
