//! A small MathML tree that the page turns into elements one by one, never through text.

use crate::view::markup::escape;

/// The MathML elements in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the element of its name")]
pub enum Tag {
    Math,
    Mrow,
    Mi,
    Mn,
    Mo,
    Msub,
    Msup,
    Msubsup,
    Mover,
    Mfrac,
}

impl Tag {
    /// The element's name.
    pub fn name(self) -> &'static str {
        match self {
            Tag::Math => "math",
            Tag::Mrow => "mrow",
            Tag::Mi => "mi",
            Tag::Mn => "mn",
            Tag::Mo => "mo",
            Tag::Msub => "msub",
            Tag::Msup => "msup",
            Tag::Msubsup => "msubsup",
            Tag::Mover => "mover",
            Tag::Mfrac => "mfrac",
        }
    }
}

/// What stands inside an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Elements.
    Children(Vec<Node>),
    /// Text, not escaped.
    Text(String),
}

/// An element with its classes, attributes and content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub tag: Tag,
    /// Its classes, in order.
    pub classes: Vec<&'static str>,
    /// Attributes: `data-symbol`, `data-role`, and MathML's own.
    pub attributes: Vec<(&'static str, String)>,
    /// What is inside.
    pub content: Content,
}

impl Node {
    /// An element with text.
    pub fn text(tag: Tag, text: impl Into<String>) -> Node {
        Node { tag, classes: Vec::new(), attributes: Vec::new(), content: Content::Text(text.into()) }
    }

    /// An element with elements.
    pub fn of(tag: Tag, children: Vec<Node>) -> Node {
        Node { tag, classes: Vec::new(), attributes: Vec::new(), content: Content::Children(children) }
    }

    /// The same element with one more class.
    pub fn class(mut self, class: &'static str) -> Node {
        self.classes.push(class);
        self
    }

    /// The same element with one more attribute.
    pub fn attribute(mut self, name: &'static str, value: impl Into<String>) -> Node {
        self.attributes.push((name, value.into()));
        self
    }

    /// The children; none for a text element.
    pub fn children(&self) -> &[Node] {
        match &self.content {
            Content::Children(children) => children,
            Content::Text(_) => &[],
        }
    }

    /// The text alone, of the whole tree.
    pub fn plain(&self) -> String {
        match &self.content {
            Content::Text(text) => text.clone(),
            Content::Children(children) => children.iter().map(Node::plain).collect(),
        }
    }

    /// A line of text, indices and exponents marked: `W_c[a^⟨t−1⟩, x^⟨t⟩]`.
    pub fn line(&self) -> String {
        let parts: Vec<String> = self.children().iter().map(Node::line).collect();
        match (self.tag, &self.content, parts.as_slice()) {
            (Tag::Mo, Content::Text(text), _) if "=+−∗·".contains(text.as_str()) || text == "+=" => {
                format!(" {text} ")
            }
            // Invisible times, which a line of text shows as a gap.
            (_, Content::Text(text), _) => text.replace('\u{2062}', " "),
            (Tag::Msub, _, [base, below]) => format!("{base}_{below}"),
            (Tag::Msup, _, [base, above]) => format!("{base}^{above}"),
            (Tag::Msubsup, _, [base, below, above]) => format!("{base}_{below}^{above}"),
            (Tag::Mfrac, _, [above, below]) => format!("({above}) / ({below})"),
            _ => parts.concat(),
        }
    }

    /// As HTML text, escaped: for tests and for files.
    pub fn to_html(&self) -> String {
        let mut html = String::new();
        self.write(&mut html);
        html
    }

    fn write(&self, html: &mut String) {
        let name = self.tag.name();
        html.push('<');
        html.push_str(name);
        if !self.classes.is_empty() {
            html.push_str(" class=\"");
            html.push_str(&self.classes.join(" "));
            html.push('"');
        }
        for (attribute, value) in &self.attributes {
            html.push(' ');
            html.push_str(attribute);
            html.push_str("=\"");
            escape(value, html);
            html.push('"');
        }
        html.push('>');
        match &self.content {
            Content::Text(text) => escape(text, html),
            Content::Children(children) => children.iter().for_each(|child| child.write(html)),
        }
        html.push_str("</");
        html.push_str(name);
        html.push('>');
    }
}
