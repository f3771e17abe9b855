//! A small tree of HTML, SVG and MathML elements. The page turns it into elements one by one, never through text.

use crate::view::formula;

/// An element or a piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Text, not escaped.
    Text(String),
    /// An element.
    Element(Element),
}

/// An element with its attributes and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub tag: &'static str,
    /// Its attributes, in the order in which they were given.
    pub attributes: Vec<(&'static str, String)>,
    /// What is inside, in order.
    pub children: Vec<Node>,
}

/// An element without anything.
pub fn el(tag: &'static str) -> Element {
    Element { tag, attributes: Vec::new(), children: Vec::new() }
}

/// A piece of text.
pub fn text(text: impl Into<String>) -> Node {
    Node::Text(text.into())
}

impl Element {
    /// With one more attribute.
    pub fn attr(mut self, name: &'static str, value: impl ToString) -> Element {
        self.attributes.push((name, value.to_string()));
        self
    }

    /// With one more attribute, if there is a value.
    pub fn maybe(self, name: &'static str, value: Option<impl ToString>) -> Element {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// With its classes.
    pub fn class(self, classes: impl ToString) -> Element {
        self.attr("class", classes)
    }

    /// With one more child.
    pub fn child(mut self, child: impl Into<Node>) -> Element {
        self.children.push(child.into());
        self
    }

    /// With more children.
    pub fn children<N: Into<Node>>(mut self, children: impl IntoIterator<Item = N>) -> Element {
        self.children.extend(children.into_iter().map(Into::into));
        self
    }

    /// With text after its other children.
    pub fn say(self, words: impl Into<String>) -> Element {
        self.child(Node::Text(words.into()))
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

impl From<Element> for Node {
    fn from(element: Element) -> Node {
        Node::Element(element)
    }
}

impl From<&formula::Node> for Node {
    fn from(node: &formula::Node) -> Node {
        let mut element = el(node.tag.name());
        if !node.classes.is_empty() {
            element = element.class(node.classes.join(" "));
        }
        element.attributes.extend(node.attributes.iter().cloned());
        match &node.content {
            formula::Content::Text(words) => element.say(words.clone()),
            formula::Content::Children(children) => element.children(children.iter().map(Node::from)),
        }
        .into()
    }
}

impl Node {
    /// Calls with every element of the tree, outer ones first.
    pub fn each(&self, act: &mut impl FnMut(&Element)) {
        if let Node::Element(element) = self {
            act(element);
            element.children.iter().for_each(|child| child.each(act));
        }
    }

    /// The text alone, of the whole tree.
    pub fn plain(&self) -> String {
        match self {
            Node::Text(words) => words.clone(),
            Node::Element(element) => element.children.iter().map(Node::plain).collect(),
        }
    }

    /// As HTML text, escaped: for tests.
    pub fn to_html(&self) -> String {
        let mut html = String::new();
        self.write(&mut html);
        html
    }

    fn write(&self, html: &mut String) {
        match self {
            Node::Text(words) => escape(words, html),
            Node::Element(element) => {
                html.push('<');
                html.push_str(element.tag);
                for (name, value) in &element.attributes {
                    html.push(' ');
                    html.push_str(name);
                    html.push_str("=\"");
                    escape(value, html);
                    html.push('"');
                }
                html.push('>');
                element.children.iter().for_each(|child| child.write(html));
                html.push_str("</");
                html.push_str(element.tag);
                html.push('>');
            }
        }
    }
}

/// Appends a text as it stands between tags or in an attribute.
pub fn escape(words: &str, html: &mut String) {
    for letter in words.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            _ => html.push(letter),
        }
    }
}
