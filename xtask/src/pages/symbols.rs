//! Names the symbols in a formula: `data-symbol="Γ_u"` and the class of the symbol's role, as the page's own formulas have
//! them. So a symbol has its colour, and pointing at it lights it in prose, formulas and figures.

/// A formula with its symbols named. What is not understood stays as it is.
pub fn name_symbols(mathml: &str) -> String {
    let mut rest = mathml;
    let mut out = String::with_capacity(mathml.len() + 200);
    while let Some(node) = read(&mut rest) {
        write(&node, false, &mut out);
    }
    out.push_str(rest);
    out
}

/// A piece of text, or an element with its start tag as it was written.
enum Node<'a> {
    Text(&'a str),
    Element { start: &'a str, children: Vec<Node<'a>>, end: &'a str },
}

/// The next node, cut off the text; none at an end tag or at the end.
fn read<'a>(rest: &mut &'a str) -> Option<Node<'a>> {
    if rest.is_empty() || rest.starts_with("</") {
        return None;
    }
    if !rest.starts_with('<') {
        let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        *rest = after;
        return Some(Node::Text(text));
    }
    let (start, after) = rest.split_at(rest.find('>')? + 1);
    *rest = after;
    let mut children = Vec::new();
    if !start.ends_with("/>") {
        while let Some(child) = read(rest) {
            children.push(child);
        }
    }
    let mut end = "";
    if !start.ends_with("/>") && rest.starts_with("</") {
        (end, *rest) = rest.split_at(rest.find('>')? + 1);
    }
    Some(Node::Element { start, children, end })
}

fn write(node: &Node, is_named: bool, out: &mut String) {
    match node {
        Node::Text(text) => out.push_str(text),
        Node::Element { start, children, end } => {
            let symbol = if is_named { None } else { node.symbol(false).filter(|name| role(name).is_some()) };
            match &symbol {
                Some(name) => out.push_str(&with_name(start, name)),
                None => out.push_str(start),
            }
            children.iter().for_each(|child| write(child, is_named || symbol.is_some(), out));
            out.push_str(end);
        }
    }
}

impl Node<'_> {
    fn tag(&self) -> &str {
        match self {
            Node::Text(_) => "",
            Node::Element { start, .. } => start[1..].split([' ', '>', '/']).next().unwrap_or_default(),
        }
    }

    fn plain(&self) -> String {
        match self {
            Node::Text(text) => (*text).to_owned(),
            Node::Element { children, .. } => children.iter().map(Node::plain).collect(),
        }
    }

    /// The name that this element stands for. A letter alone stands for nothing in particular: it has a step, an index or
    /// an accent, or it is `inner` to what has one.
    fn symbol(&self, inner: bool) -> Option<String> {
        let Node::Element { children, .. } = self else { return None };
        let is_time = |node: &Node| node.plain().contains('⟨');
        // An empty space before a Greek capital means nothing.
        let children: Vec<&Node> = children.iter().filter(|child| child.tag() != "mspace").collect();
        match (self.tag(), children.as_slice()) {
            ("mi", _) if inner => Some(self.plain()),
            ("mrow", [only]) => only.symbol(inner),
            ("mover", [base, accent]) => match accent.plain().as_str() {
                "~" => Some(format!("{}~", base.symbol(true)?)),
                "^" | "ˆ" | "\u{302}" if base.plain() == "y" => Some("ŷ".to_owned()),
                _ => None,
            },
            ("msub", [base, index]) => Some(format!("{}_{}", base.symbol(true)?, index.plain())),
            ("msup", [base, time]) if is_time(time) => base.symbol(true),
            ("msubsup", [base, index, time]) if is_time(time) => {
                Some(format!("{}_{}", base.symbol(true)?, index.plain()))
            }
            _ => None,
        }
    }
}

/// The class of a name's role, as in `view::role`; none for what has no colour in this book.
fn role(name: &str) -> Option<&'static str> {
    let (letter, index) = name.split_once('_').unwrap_or((name, ""));
    match (letter, index) {
        ("x", "") => Some("x"),
        ("a", "") => Some("a"),
        ("c", "") => Some("c"),
        ("c~", "") => Some("cand"),
        ("Γ", "u") => Some("u"),
        ("Γ", "f" | "r") => Some("f"),
        ("Γ", "o") => Some("o"),
        ("ŷ" | "y", "") => Some("y"),
        ("W" | "b", index) if !index.is_empty() => Some("w"),
        _ => None,
    }
}

/// A start tag with the name and its class.
fn with_name(start: &str, name: &str) -> String {
    let class = role(name).unwrap_or_default();
    let (head, tail) = start.split_at(start.len() - 1);
    match head.split_once("class=\"") {
        Some((before, after)) => format!("{before}class=\"{class} {after} data-symbol=\"{name}\"{tail}"),
        None => format!("{head} class=\"{class}\" data-symbol=\"{name}\"{tail}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::math::{Rules, to_mathml};

    #[track_caller]
    fn names(latex: &str, expected: &[&str]) {
        let mathml = to_mathml(latex, false, &mut Rules::new()).ok().expect("a formula");
        let found: Vec<&str> =
            mathml.split("data-symbol=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(found, expected, "{latex}: {mathml}");
    }

    #[test]
    fn symbols_are_named_once_each_whatever_hangs_on_them() {
        names(r"\step{c}{t} = \Gamma_u * \step{\tilde{c}}{t}", &["c", "Γ_u", "c~"]);
        names(
            r"\step{\Gamma_f}{t} = \sigma(W_f [\step{a}{t-1}, \step{x}{t}] + b_f)",
            &["Γ_f", "W_f", "a", "x", "b_f"],
        );
        names(r"\step{\hat{y}}{t} - \step{y}{t}", &["ŷ", "y"]);
        names(r"W_{ax}", &["W_ax"]);
    }

    #[test]
    fn a_letter_alone_and_a_size_name_nothing() {
        names(r"x^2 + T_x + n_a + t + i", &[]);
    }
}
