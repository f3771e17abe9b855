//! A figure in other people's letters: its names respelled, and what differs there in more than letters.
//!
//! Figures are drawn in the book's letters. What is respelled are the elements that name a symbol: in formulas and
//! drawings those with `data-symbol`, in sentences those of [`super::parts::named`]. Numbers and text stay.

use super::{Setting, Values, Words};
use crate::engine::facts::Facts;
use crate::engine::presets::{Preset, preset};
use crate::engine::syntax::Symbol;
use crate::view::formula::{Notation, Spelling, SymbolId};
use crate::view::markup::{Element, Node, el};
use crate::view::stepper::differences::{Difference, differences_of};

/// The setting that says whose letters a figure has.
pub const LETTERS: &str = "letters";

/// The setting, of figures about a cell.
pub fn setting() -> Setting {
    Setting::choice(LETTERS, &Notation::ALL.map(Notation::id))
}

/// Whose letters a figure has.
pub fn notation(now: &Values) -> Notation {
    Notation::from_id(now.text(LETTERS))
}

/// A symbol of a cell as plain text in a figure's letters, for what is no element of its own.
pub fn plain(cell: &str, symbol: &str, now: &Values) -> String {
    let symbol = Symbol::from(symbol);
    let facts = preset(cell).map(|preset| &preset.facts);
    facts.map_or_else(|| symbol.0.clone(), |facts| Spelling::of(&symbol, notation(now), facts).plain())
}

/// Elements with the names in them respelled. `cell` is the preset that they speak of, but for those below an element
/// that says another one (`data-cell`).
pub fn respelled(nodes: Vec<Node>, cell: &str, notation: Notation) -> Vec<Node> {
    let Some(Preset { facts, .. }) = preset(cell).filter(|_| notation != Notation::Notes) else {
        return nodes;
    };
    nodes.into_iter().map(|node| Speller { facts, notation }.node(node)).collect()
}

/// What differs there in more than letters, a sentence each; of two biases only the first example is named.
pub fn notes(cell: &str, notation: Notation, words: &Words) -> Vec<String> {
    let Some(Preset { cell, facts, .. }) = preset(cell) else { return Vec::new() };
    // Of a GRU, the only cell with a gate that is 1 minus theirs, the two of the candidate do not add up.
    let resets = facts.symbols.iter().any(|known| known.is_flipped);
    let mut has_biases = false;
    let mut found = differences_of(cell, facts, notation);
    found.retain(|difference| {
        let is_repeated =
            matches!(difference, Difference::TwoBiases { .. }) && std::mem::replace(&mut has_biases, true);
        !is_repeated
    });
    found.iter().map(|difference| note(difference, resets, notation, words)).collect()
}

fn note(difference: &Difference, resets: bool, notation: Notation, words: &Words) -> String {
    let library = words.plain(&format!("{LETTERS}.{}", notation.id()));
    match difference {
        Difference::Kept { gate, own } => {
            words.say("letters-kept", &[("library", &library), ("gate", gate), ("own", own)])
        }
        Difference::ResetAfter { gate, state, index } => {
            let key = if notation == Notation::Keras { "letters-reset-keras" } else { "letters-reset" };
            words.say(key, &[("gate", gate), ("state", state), ("index", index)])
        }
        Difference::TwoBiases { input, state, bias } => words.say(
            if resets { "letters-biases-gates" } else { "letters-biases" },
            &[("library", &library), ("input", input), ("state", state), ("bias", bias)],
        ),
        Difference::OneLetter { letter, first, second } => words.say(
            "letters-one",
            &[("library", &library), ("letter", letter), ("first", first), ("second", second)],
        ),
    }
}

#[derive(Clone, Copy)]
struct Speller {
    facts: &'static Facts,
    notation: Notation,
}

impl Speller {
    fn node(self, node: Node) -> Node {
        let Node::Element(element) = node else { return node };
        let inside = element.attribute("data-cell").and_then(preset);
        let speller = inside.map_or(self, |Preset { facts, .. }| Speller { facts, ..self });
        let symbol = element.attribute("data-symbol").map(|id| SymbolId::read(id).name);
        match (symbol, element.tag) {
            (Some(symbol), "mrow" | "msub" | "msup" | "msubsup") => speller.formula(&symbol, element),
            (Some(symbol), "text") => speller.drawn(&symbol, element),
            (_, "span") if element.attribute("class") == Some("fig-name") => speller.said(element),
            _ => {
                let children = element.children.into_iter().map(|child| speller.node(child)).collect();
                Element { children, ..element }.into()
            }
        }
    }

    fn spelling(self, symbol: &Symbol) -> Spelling {
        Spelling::of(symbol, self.notation, self.facts)
    }

    /// A symbol in a formula: the step below, a transposition above.
    fn formula(self, symbol: &Symbol, element: Element) -> Node {
        let spelling = self.spelling(symbol);
        let class = element.attribute("data-role").unwrap_or_default().to_owned();
        let token = |tag, words: String| el(tag).class(&class).say(words);
        let (time, mark) = raised(&element);
        let mut letter = token("mi", spelling.letter.clone());
        if spelling.upright() && spelling.letter.chars().count() == 1 {
            letter = letter.attr("mathvariant", "normal");
        }
        if let Some(accent) = spelling.accent {
            let sign = token("mo", accent.sign().to_owned());
            letter = el("mover").attr("accent", "true").child(letter).child(sign);
        }
        let index = spelling.subscript.iter().flat_map(|index| index.chars());
        let mut below: Vec<Node> = index
            .map(|one| token(if one.is_ascii_digit() { "mn" } else { "mi" }, one.to_string()).into())
            .collect();
        if !below.is_empty() && !time.is_empty() {
            below.push(el("mo").attr("separator", "true").say(",").into());
        }
        below.extend(time);
        let (below, above) = (single(below), single(mark).map(as_raised));
        let tag = match (&below, &above) {
            (Some(_), Some(_)) => "msubsup",
            (Some(_), None) => "msub",
            (None, Some(_)) => "msup",
            (None, None) => "mrow",
        };
        let whole = el(tag).child(letter).children(below).children(above);
        let attributes = element.attributes;
        if spelling.gradient {
            let d = token("mi", "d".to_owned()).attr("mathvariant", "normal");
            return Element { attributes, ..el("mrow").child(d).child(whole) }.into();
        }
        Element { attributes, ..whole }.into()
    }

    /// A symbol in a drawing: its letter, then its index and its step below.
    fn drawn(self, symbol: &Symbol, element: Element) -> Node {
        let spelling = self.spelling(symbol);
        let time = element.children.iter().map(Node::plain).collect::<String>();
        let below = index(&spelling, inside(&time));
        let class = element.children.iter().find_map(|child| match child {
            Node::Element(index) => index.attribute("class").map(str::to_owned),
            Node::Text(_) => None,
        });
        let lowered = el("tspan").maybe("class", class).attr("dy", 4).say(below);
        let d = if spelling.gradient { "d" } else { "" };
        let letter = Node::Text(format!("{d}{}", spelling.marked()));
        Element { children: vec![letter, lowered.into()], ..element }.into()
    }

    /// A symbol in a sentence; a sample stays above.
    fn said(self, element: Element) -> Node {
        let part = |tag: &str| {
            let is_part = |child: &&Node| matches!(child, Node::Element(part) if part.tag == tag);
            element.children.iter().find(is_part).map(Node::plain).unwrap_or_default()
        };
        let (below, above) = (part("sub"), part("sup"));
        let name = part("i") + &part("span");
        let name = name.replace('\u{303}', "~");
        let symbol = if below.is_empty() { name } else { format!("{name}_{below}") };
        let spelling = self.spelling(&Symbol(symbol));
        let below = index(&spelling, inside(&above));
        let above = above.split('⟨').next().unwrap_or_default();
        let tag = if spelling.upright() { "span" } else { "i" };
        let d = if spelling.gradient { "d" } else { "" };
        let mut said = el("span").class("fig-name").child(el(tag).say(format!("{d}{}", spelling.marked())));
        if !below.is_empty() {
            said = said.child(el("sub").say(below));
        }
        if !above.is_empty() {
            said = said.child(el("sup").say(above));
        }
        said.into()
    }
}

/// What stands above a symbol, marked as such.
fn as_raised(node: Node) -> Node {
    match node {
        Node::Element(mut element) if element.attribute("class").is_none() => {
            element.attributes.insert(0, ("class", "time".to_owned()));
            element.into()
        }
        _ => node,
    }
}

/// Nodes as one.
fn single(mut nodes: Vec<Node>) -> Option<Node> {
    if nodes.len() > 1 { Some(el("mrow").children(nodes).into()) } else { nodes.pop() }
}

/// Index and step, as they stand below.
fn index(spelling: &Spelling, time: &str) -> String {
    let index = spelling.subscript.as_deref().unwrap_or_default();
    let between = if index.is_empty() || time.is_empty() { "" } else { "," };
    format!("{index}{between}{time}")
}

/// What stands between the brackets of a step.
fn inside(text: &str) -> &str {
    let within = text.split_once('⟨').and_then(|(_, rest)| rest.split_once('⟩'));
    within.map_or("", |(time, _)| time)
}

/// What stands above a symbol of a formula: its step, and the rest.
fn raised(element: &Element) -> (Vec<Node>, Vec<Node>) {
    let mut found = Vec::new();
    Node::from(element.clone()).each(&mut |part| {
        let classes = part.attribute("class").unwrap_or_default();
        if classes.split(' ').any(|class| class == "time") {
            found = if part.tag == "mrow" { part.children.clone() } else { vec![part.clone().into()] };
        }
    });
    let place = |bracket: &str| found.iter().position(|node| node.plain() == bracket);
    match (place("⟨"), place("⟩")) {
        (Some(open), Some(close)) if open < close => {
            let mark = found.split_off(close + 1);
            found.truncate(close);
            (found.split_off(open + 1), mark)
        }
        _ => (Vec::new(), found),
    }
}
