//! A drawing as a picture of its own: SVG with every style written into it, PNG through the browser's canvas. Made in the
//! page, from what stands in it; nothing is fetched and nothing is sent.

use js_sys::encode_uri_component;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, HtmlImageElement, Node};

use super::browser::{document, window};
use super::save::save;
use crate::view::formula::{Level, Piece};
#[cfg(feature = "figures")]
use crate::view::formula::{Math, pieces};

/// What is copied of every element.
const EVERYWHERE: &[&str] = &[
    "color",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "font-variant-numeric",
    "letter-spacing",
    "opacity",
    "visibility",
];
/// What is copied of an element of SVG.
const IN_SVG: &[&str] = &[
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-opacity",
    "text-anchor",
    "dominant-baseline",
    "paint-order",
];
/// What is copied of an element of HTML or MathML, beside which it would fall apart.
const IN_TEXT: &[&str] = &[
    "display",
    "position",
    "left",
    "top",
    "width",
    "height",
    "min-width",
    "box-sizing",
    "margin-top",
    "margin-right",
    "margin-bottom",
    "margin-left",
    "padding-top",
    "padding-right",
    "padding-bottom",
    "padding-left",
    "border-top",
    "border-right",
    "border-bottom",
    "border-left",
    "border-top-left-radius",
    "border-top-right-radius",
    "border-bottom-left-radius",
    "border-bottom-right-radius",
    "background-color",
    "text-align",
    "line-height",
    "white-space",
    "flex-direction",
    "flex-wrap",
    "flex-grow",
    "flex-shrink",
    "flex-basis",
    "align-items",
    "align-self",
    "justify-content",
    "row-gap",
    "column-gap",
    "grid-template-columns",
    "grid-template-rows",
    "grid-column-start",
    "grid-column-end",
    "grid-row-start",
    "grid-row-end",
    "vertical-align",
    "transform",
    "overflow",
    "list-style-type",
];
/// Pixels of a PNG for one of the page.
const SCALE: f64 = 2.0;
/// Around the drawing, pixels.
const MARGIN: f64 = 12.0;
/// A line of a formula under the drawing, pixels.
const LINE: f64 = 20.0;

const SVG: &str = "http://www.w3.org/2000/svg";
const XHTML: &str = "http://www.w3.org/1999/xhtml";
const MATHML: &str = "http://www.w3.org/1998/Math/MathML";

/// A picture as text.
struct Picture {
    text: String,
    width: f64,
    height: f64,
}

/// Saves what stands in an element as SVG. `formulas`: lines under it. Says whether that could be done.
pub fn save_svg(name: &str, root: &Element, title: &str, formulas: &[Vec<Piece>]) -> bool {
    let Some(picture) = picture(root, title, formulas) else { return false };
    save(&format!("{name}.svg"), "image/svg+xml", picture.text.as_bytes())
}

/// The same as PNG. `root` is read before the first wait.
pub async fn save_png(name: String, root: Element, title: String, formulas: Vec<Vec<Piece>>) -> bool {
    match picture(&root, &title, &formulas) {
        Some(picture) => match png(&picture).await {
            Some(bytes) => save(&format!("{name}.png"), "image/png", &bytes),
            None => false,
        },
        None => false,
    }
}

async fn png(picture: &Picture) -> Option<Vec<u8>> {
    use base64::Engine as _;
    let image = HtmlImageElement::new().ok()?;
    // A data address: one of a blob would taint the canvas where the picture holds text of HTML.
    let text = encode_uri_component(&picture.text).as_string()?;
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{text}"));
    JsFuture::from(image.decode()).await.ok()?;
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    let (width, height) = (picture.width * SCALE, picture.height * SCALE);
    canvas.set_width(width.ceil() as u32);
    canvas.set_height(height.ceil() as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height).ok()?;
    let address = canvas.to_data_url().ok()?;
    base64::engine::general_purpose::STANDARD.decode(address.split_once("base64,")?.1).ok()
}

fn picture(root: &Element, title: &str, formulas: &[Vec<Piece>]) -> Option<Picture> {
    let size = root.get_bounding_client_rect();
    let (inner_width, inner_height) = (size.width().ceil(), size.height().ceil());
    if inner_width < 1.0 || inner_height < 1.0 {
        return None;
    }
    let style = window().get_computed_style(root).ok()??;
    let value = |name: &str| style.get_property_value(name).unwrap_or_default();
    let below = LINE * formulas.len() as f64;
    let letters = |line: &Vec<Piece>| line.iter().map(|piece| piece.text.chars().count()).sum::<usize>();
    let longest = formulas.iter().map(letters).max().unwrap_or(0);
    let width = inner_width.max(7.4 * longest as f64) + 2.0 * MARGIN;
    let height = inner_height + below + 2.0 * MARGIN;
    let mut text = format!(
        "<svg xmlns=\"{SVG}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\"><title>{}</title><rect width=\"100%\" height=\"100%\" fill=\"{}\"/>",
        escaped(title),
        paper(root)
    );
    if root.namespace_uri().as_deref() == Some(SVG) {
        let view =
            root.get_attribute("viewBox").unwrap_or_else(|| format!("0 0 {inner_width} {inner_height}"));
        text += &format!(
            "<svg x=\"{MARGIN}\" y=\"{MARGIN}\" width=\"{inner_width}\" height=\"{inner_height}\" viewBox=\"{}\">",
            escaped(&view)
        );
        children(&mut text, root, SVG);
        text += "</svg>";
    } else {
        text += &format!(
            "<foreignObject x=\"{MARGIN}\" y=\"{MARGIN}\" width=\"{inner_width}\" height=\"{inner_height}\">"
        );
        element(&mut text, root, SVG);
        text += "</foreignObject>";
    }
    let (ink, font) = (value("color"), value("font-family"));
    for (place, line) in formulas.iter().enumerate() {
        let y = MARGIN + inner_height + LINE * (place as f64 + 0.8);
        text += &format!(
            "<text x=\"{MARGIN}\" y=\"{y}\" style=\"fill:{ink};font:13px {}\">{}</text>",
            escaped(&font),
            spans(line)
        );
    }
    text += "</svg>";
    Some(Picture { text, width, height })
}

/// What lies behind an element: the first background of those it stands in that hides what is behind it.
fn paper(root: &Element) -> String {
    let mut at = Some(root.clone());
    while let Some(element) = at {
        let style = window().get_computed_style(&element).ok().flatten();
        let colour =
            style.and_then(|style| style.get_property_value("background-color").ok()).unwrap_or_default();
        let is_clear = colour.is_empty() || colour == "transparent" || colour.ends_with(", 0)");
        if !is_clear {
            return escaped(&colour);
        }
        at = element.parent_element();
    }
    "white".to_owned()
}

fn children(text: &mut String, parent: &Element, namespace: &str) {
    let nodes = parent.child_nodes();
    for node in (0..nodes.length()).filter_map(|at| nodes.item(at)) {
        if let Some(inner) = node.dyn_ref::<Element>() {
            element(text, inner, namespace);
        } else if node.node_type() == Node::TEXT_NODE {
            *text += &escaped(&node.text_content().unwrap_or_default());
        }
    }
}

/// An element with the style that it has in the page. What only screen readers meet, and what is not shown, is left out.
fn element(text: &mut String, element: &Element, namespace: &str) {
    let tag = element.local_name();
    if ["script", "template", "style"].contains(&tag.as_str()) || element.class_list().contains("sr-only") {
        return;
    }
    let Ok(Some(style)) = window().get_computed_style(element) else { return };
    let value = |name: &str| style.get_property_value(name).unwrap_or_default();
    if value("display") == "none" {
        return;
    }
    let own = element.namespace_uri().unwrap_or_else(|| XHTML.to_owned());
    *text += &format!("<{tag}");
    if own != namespace && [SVG, XHTML, MATHML].contains(&own.as_str()) {
        *text += &format!(" xmlns=\"{own}\"");
    }
    let attributes = element.attributes();
    for attribute in (0..attributes.length()).filter_map(|at| attributes.item(at)) {
        let name = attribute.name();
        let is_of_the_page = ["class", "id", "style", "tabindex", "role", "href"].contains(&name.as_str())
            || ["data-", "aria-", "on", "xmlns"].iter().any(|start| name.starts_with(start));
        if !is_of_the_page {
            *text += &format!(" {name}=\"{}\"", escaped(&attribute.value()));
        }
    }
    let lists: &[&[&str]] = if own == SVG { &[EVERYWHERE, IN_SVG] } else { &[EVERYWHERE, IN_TEXT] };
    let mut css = String::new();
    for name in lists.iter().copied().flatten() {
        let value = value(name);
        // What every element has anyway.
        if !value.is_empty() && !["normal", "auto", "visible", "static"].contains(&value.as_str()) {
            css += &format!("{name}:{value};");
        }
    }
    *text += &format!(" style=\"{}\">", escaped(&css));
    children(text, element, &own);
    *text += &format!("</{tag}>");
}

/// A text between tags or in an attribute.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe += "&amp;",
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '"' => safe += "&quot;",
            // Not in XML.
            letter if letter.is_control() && !letter.is_whitespace() => {}
            letter => safe.push(letter),
        }
    }
    safe
}

/// The pieces of a formula as spans of an SVG text: an index is smaller and lower, a step smaller and higher.
fn spans(line: &[Piece]) -> String {
    let mut text = String::new();
    // How far below the line the last span stood, in pixels.
    let mut now = 0.0;
    for piece in line {
        let (down, size) = match piece.level {
            Level::On => (0.0, 13),
            Level::Below => (3.5, 10),
            Level::Above => (-5.0, 10),
        };
        let slant = if piece.is_slanted { "italic" } else { "normal" };
        text += &format!(
            "<tspan dy=\"{}\" xml:space=\"preserve\" style=\"font-size:{size}px;font-style:{slant}\">{}</tspan>",
            down - now,
            escaped(&piece.text)
        );
        now = down;
    }
    text
}

/// A formula of the page, in pieces.
#[cfg(feature = "figures")]
pub fn formula_pieces(math: &Element) -> Vec<Piece> {
    pieces(Inner(math.clone()))
}

/// An element of a page's MathML.
#[cfg(feature = "figures")]
struct Inner(Element);

#[cfg(feature = "figures")]
impl Math for Inner {
    fn name(&self) -> String {
        self.0.local_name()
    }

    fn words(&self) -> Option<String> {
        (self.0.child_element_count() == 0).then(|| self.0.text_content().unwrap_or_default())
    }

    fn parts(&self) -> Vec<Self> {
        let children = self.0.children();
        (0..children.length()).filter_map(|at| children.item(at)).map(Inner).collect()
    }
}
