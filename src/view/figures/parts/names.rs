//! Names in sentences: `x<3>`, `x(2)<4>`, `T_x`, `W_ax` are set as in formulas.

use crate::view::markup::{Node, el};

/// The words with their names set. What stands in quotation marks is a reader's text and stays as it is.
pub fn named(words: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut plain = String::new();
    let mut quoted = false;
    let mut before = ' ';
    let mut rest = words;
    while let Some(letter) = rest.chars().next() {
        quoted = match letter {
            '“' => true,
            '”' => false,
            _ => quoted,
        };
        let name = if quoted || before.is_alphanumeric() || before == '_' { None } else { Name::read(rest) };
        match name {
            Some(name) => {
                if !plain.is_empty() {
                    nodes.push(Node::Text(std::mem::take(&mut plain)));
                }
                before = '>';
                rest = rest.get(name.length..).unwrap_or_default();
                nodes.push(name.node());
            }
            None => {
                plain.push(letter);
                before = letter;
                rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            }
        }
    }
    if !plain.is_empty() {
        nodes.push(Node::Text(plain));
    }
    nodes
}

/// A name, in pieces of the text.
struct Name<'a> {
    letter: &'a str,
    below: &'a str,
    above: String,
    length: usize,
}

impl<'a> Name<'a> {
    /// The name that a text begins with.
    fn read(text: &'a str) -> Option<Name<'a>> {
        let mut letters = text.char_indices();
        let (_, first) = letters.next()?;
        if !first.is_alphabetic() || matches!(u32::from(first), 0x2E80..) {
            return None;
        }
        let mut at = first.len_utf8();
        // A gradient: `dW_ax`.
        if first == 'd'
            && text.get(1..).is_some_and(|rest| rest.starts_with(['W', 'b', 'a', 'c', 'x', 'z', 'Γ']))
        {
            at += text.get(1..)?.chars().next()?.len_utf8();
        }
        if text.get(at..)?.starts_with('~') {
            at += 1;
        }
        let letter = text.get(..at)?;
        let run = |from: usize| -> &'a str {
            let rest = text.get(from..).unwrap_or_default();
            let end =
                rest.find(|c: char| !c.is_alphanumeric() || u32::from(c) >= 0x2E80).unwrap_or(rest.len());
            rest.get(..end).unwrap_or_default()
        };
        let mut below = "";
        if text.get(at..)?.starts_with('_') {
            below = run(at + 1);
            if below.is_empty() || below.len() > 4 {
                return None;
            }
            at += 1 + below.len();
        }
        let mut above = String::new();
        if text.get(at..)?.starts_with('(') {
            let sample = run(at + 1);
            let end = at + 1 + sample.len();
            if !sample.is_empty() && text.get(end..)?.starts_with(")<") {
                above = format!("({sample})");
                at = end + 1;
            }
        }
        if text.get(at..)?.starts_with('<') {
            let rest = text.get(at + 1..)?;
            let end = rest.find('>')?;
            let time = rest.get(..end)?;
            let is_time =
                !time.is_empty() && time.chars().all(|c| c.is_ascii_digit() || "tTxi_+-−…".contains(c));
            if is_time {
                above.push_str(&format!("⟨{}⟩", time.replace('-', "−")));
                at += 2 + end;
            }
        }
        let is_name = !below.is_empty() || !above.is_empty();
        is_name.then_some(Name { letter, below, above, length: at })
    }

    fn node(self) -> Node {
        let (letter, accent) = match self.letter.strip_suffix('~') {
            Some(letter) => (letter, "\u{303}"),
            None => (self.letter, ""),
        };
        let is_upright = letter.starts_with('Γ');
        let letter = el(if is_upright { "span" } else { "i" }).say(format!("{letter}{accent}"));
        let mut name = el("span").class("fig-name").child(letter);
        if !self.below.is_empty() {
            name = name.child(el("sub").say(self.below));
        }
        if !self.above.is_empty() {
            name = name.child(el("sup").say(self.above));
        }
        name.into()
    }
}
