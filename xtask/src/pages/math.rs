//! LaTeX to MathML, once, when the site is built. A wrong formula fails the build with its place.

use std::collections::BTreeMap;
use std::ops::Range;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

/// A formula that cannot be read: bytes in it, and what is wrong.
pub struct FormulaError {
    /// Bytes of the formula's text.
    pub range: Range<usize>,
    /// What is wrong, in words.
    pub what: String,
}

/// What formulas needed in `style` attributes: class to declaration. They are added to the site's style sheet.
pub type Rules = BTreeMap<String, String>;

/// The project's own abbreviations: `\step{a}{t-1}` is a⟨t−1⟩ as a superscript.
const MACROS: [(&str, &str); 1] = [("step", r"#1^{\langle #2 \rangle}")];

/// Converts one formula.
///
/// # Errors
/// Where and why it cannot be read.
pub fn to_mathml(latex: &str, block: bool, rules: &mut Rules) -> Result<String, FormulaError> {
    let macros = MACROS.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let whole = |what: String| FormulaError { range: 0..latex.len(), what };
    let config = MathCoreConfig { macros, ..MathCoreConfig::default() };
    let converter = LatexToMathML::new(config).map_err(|error| whole(format!("{error:?}")))?;
    let display = if block { MathDisplay::Block } else { MathDisplay::Inline };
    let result = converter
        .convert_with_local_state(latex, display)
        .map_err(|error| FormulaError { range: error.0.clone(), what: error.error_message() })?;
    // The same sign above a letter as in the page's own formulas; the math font has it.
    let named = super::symbols::name_symbols(&result.mathml.replace('\u{2dc}', "~"));
    styles_to_classes(&named, rules).map_err(whole)
}

/// The page's policy drops `style` attributes, so each one becomes a class.
fn styles_to_classes(mathml: &str, rules: &mut Rules) -> Result<String, String> {
    let mut out = String::with_capacity(mathml.len());
    let mut rest = mathml;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let end = rest[start..].find('>').map_or(rest.len(), |end| start + end + 1);
        out.push_str(&classes_of_tag(&rest[start..end], rules)?);
        rest = &rest[end..];
    }
    out.push_str(rest);
    Ok(out)
}

/// One tag, with its `style` turned into classes, joined with a `class` that is there already.
fn classes_of_tag(tag: &str, rules: &mut Rules) -> Result<String, String> {
    const STYLE: &str = " style=\"";
    let Some(start) = tag.find(STYLE) else { return Ok(tag.to_owned()) };
    let from = start + STYLE.len();
    let length = tag[from..].find('"').ok_or("a style attribute has no end")?;
    let mut classes = Vec::new();
    for declaration in tag[from..from + length].split(';').map(str::trim).filter(|text| !text.is_empty()) {
        let class = class_of(declaration)?;
        rules.insert(class.clone(), declaration.to_owned());
        classes.push(class);
    }
    let bare = format!("{}{}", &tag[..start], &tag[from + length + 1..]);
    let joined = classes.join(" ");
    const CLASS: &str = " class=\"";
    Ok(match bare.find(CLASS) {
        Some(place) => {
            let place = place + CLASS.len();
            format!("{}{joined} {}", &bare[..place], &bare[place..])
        }
        None => {
            let end = bare.find([' ', '>', '/']).filter(|end| *end > 0).unwrap_or(bare.len());
            format!("{} class=\"{joined}\"{}", &bare[..end], &bare[end..])
        }
    })
}

/// A declaration as a class: `text-align: right` is `m-text-align-right`, `padding-left: 0` is `m-padding-left-0`.
fn class_of(declaration: &str) -> Result<String, String> {
    let (property, value) = declaration.split_once(':').ok_or("a style declaration has no colon")?;
    let plain = |text: &str| -> String {
        let text: String = text
            .trim()
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' })
            .collect();
        text.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
    };
    Ok(format!("m-{}-{}", plain(property), plain(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_attribute_becomes_a_class_and_none_is_left() {
        let aligned = to_mathml(r"\begin{aligned} a &= b \\ c &= d \end{aligned}", true, &mut Rules::new())
            .ok()
            .unwrap();
        assert!(!aligned.contains(" style="), "{aligned}");
        assert!(aligned.contains("class=\""), "{aligned}");
    }

    #[test]
    fn an_existing_class_is_kept() {
        let tag =
            classes_of_tag("<mtd class=\"x\" style=\"text-align:right;padding-left: 0\">", &mut Rules::new())
                .unwrap();
        assert_eq!(tag, "<mtd class=\"m-text-align-right m-padding-left-0 x\">");
    }

    #[test]
    fn a_wrong_formula_says_where() {
        let error = to_mathml(r"a + \nosuchcommand", false, &mut Rules::new()).err().unwrap();
        assert_eq!(error.range.start, 4);
    }

    #[test]
    fn a_time_step_is_written_above() {
        let mathml = to_mathml(r"\step{a}{t-1}", false, &mut Rules::new()).ok().unwrap();
        assert!(mathml.contains("msup") && mathml.contains('⟨'), "{mathml}");
        let with_index = to_mathml(r"\step{\Gamma_u}{t}", false, &mut Rules::new()).ok().unwrap();
        assert!(with_index.contains("msubsup"), "{with_index}");
    }

    #[test]
    fn a_candidate_has_the_tilde_of_the_pages_own_formulas() {
        let mathml = to_mathml(r"\tilde{c}", false, &mut Rules::new()).ok().unwrap();
        assert!(mathml.contains('~') && !mathml.contains('\u{2dc}'), "{mathml}");
    }
}
