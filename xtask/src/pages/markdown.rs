//! The book's Markdown: CommonMark with tables and footnotes, and what this book adds to it.
//!
//! - `$…$` and `$$…$$` are LaTeX. `\step{a}{t-1}` writes a time step above a letter.
//! - A figure is a fenced block; its text is the caption, and what stands there until (or unless) the figure comes alive:
//!   ````text
//!   ```figure gate-mix cell=gru-simplified step=4
//!   Step 4 of “the cat sat”.
//!   ```
//!   ````
//!   It becomes `<figure id="figure-gate-mix" data-figure="gate-mix" data-cell="gru-simplified" data-step="4">`. A value with
//!   spaces stands in `"…"`, a line's end in one is `\n`. `id=…` gives a second figure of the same name an id of its own;
//!   `rows="7.2 7.3"` names the rows of `content/curriculum.toml` that the figure shows.
//! - ```` ```try ```` holds something for the reader to try, ```` ```note ```` an aside; both hold Markdown.
//! - ```` ```reveal ```` holds a question (its first paragraph) and the answer, which is shown when the reader asks for it.
//! - A guided walk is a fenced block whose stops begin with `@figure setting=value …` and go on with Markdown:
//!   ````text
//!   ```walk A walk through this chapter
//!   @cut at=3
//!   The third box is lit.
//!   ```
//!   ````
//! - `[update gate](symbol:Γ_u)` names a symbol: pointing at it lights that symbol in the figures.
//! - Links: `[…](page:lab)`, `[…](page:stepper?cell=lstm)`, `[…](chapter:gru)`, `[…](chapter:gru?present=1#reset)`, `[…](#reset)`.
//!   A link to a chapter or heading that does not exist fails the build.
//! - `## Title {#id}` gives a heading its id; both languages should give the same ones.
//! - Raw HTML is refused, except `<br>`, `<kbd>`, `<sub>`, `<sup>`, `<wbr>` and a `<span lang="…">`.

mod blocks;
mod links;

use std::ops::Range;
use std::path::Path;

use percent_encoding::percent_decode_str;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::PagesError;
use super::frame::escape;
use super::math::{self, Rules};
pub use links::{Links, headings};

/// Where a text stands in its file, for messages.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The file.
    pub path: &'a Path,
    /// Lines of the file before the text.
    pub offset: usize,
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_STRIKETHROUGH
}

/// The text as HTML. What formulas needed in `style` is added to `rules`.
///
/// # Errors
/// The first mistake, with its line and column in the file.
pub fn to_html(
    text: &str,
    links: &Links,
    here: &str,
    place: Place,
    rules: &mut Rules,
) -> Result<String, PagesError> {
    let mut writer = Writer {
        text,
        links,
        here,
        place,
        rules,
        numbers: 0,
        block: None,
        figures: Vec::new(),
        closings: Vec::new(),
    };
    let mut events = Vec::new();
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        if let Some(event) = writer.event(event, range)? {
            events.push(event);
        }
    }
    let mut out = String::new();
    html::push_html(&mut out, kept_together(events).into_iter());
    // A corner without words is no heading of anything.
    Ok(out.replace("<th></th>", "<td></td>"))
}

/// What may not stand at the beginning of a line.
const CLOSING: &str = ".,;:!?)]”’、，。；：！？）」》";

/// Keeps a formula on one line with the punctuation behind it, which browsers set on the next line where the formula just
/// fits.
fn kept_together(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut kept: Vec<Event> = Vec::with_capacity(events.len());
    for event in events {
        if let (Some(Event::InlineHtml(math)), Event::Text(text)) = (kept.last(), &event)
            && math.starts_with("<math")
        {
            let rest = text.trim_start_matches(|letter| CLOSING.contains(letter)).to_owned();
            let closing = &text[..text.len() - rest.len()];
            if !closing.is_empty() {
                let both = format!("<span class=\"keep\">{math}{}</span>", escape(closing));
                kept.pop();
                kept.push(Event::InlineHtml(both.into()));
                kept.push(Event::Text(rest.into()));
                continue;
            }
        }
        kept.push(event);
    }
    kept
}

/// A fenced block of the book's own that is being read: its info line, and where its text begins.
struct Block {
    info: String,
    text: String,
    start: usize,
}

struct Writer<'a> {
    text: &'a str,
    links: &'a Links,
    here: &'a str,
    place: Place<'a>,
    rules: &'a mut Rules,
    numbers: usize,
    block: Option<Block>,
    /// The ids of the figures so far.
    figures: Vec<String>,
    /// What closes each open link: an `a` or a `span`.
    closings: Vec<&'static str>,
}

impl<'a> Writer<'a> {
    fn event(&mut self, event: Event<'a>, range: Range<usize>) -> Result<Option<Event<'a>>, PagesError> {
        let raw = |html: String| Ok(Some(Event::InlineHtml(CowStr::from(html))));
        if let Some(block) = &mut self.block {
            match event {
                Event::Text(words) => {
                    if block.text.is_empty() {
                        block.start = range.start;
                    }
                    block.text.push_str(&words);
                    return Ok(None);
                }
                Event::End(TagEnd::CodeBlock) => {
                    let block = self.block.take();
                    return match block {
                        Some(block) => Ok(Some(Event::Html(self.own_block(&block, range)?.into()))),
                        None => Ok(None),
                    };
                }
                other => return Ok(Some(other)),
            }
        }
        match event {
            Event::InlineMath(latex) => raw(self.formula(&latex, false, range)?),
            Event::DisplayMath(latex) => raw(self.formula(&latex, true, range)?),
            Event::Html(html) | Event::InlineHtml(html) => {
                if is_allowed(&html) {
                    Ok(Some(Event::InlineHtml(html)))
                } else {
                    Err(self.mistake(range.start, format!("raw HTML is not allowed here: {}", html.trim())))
                }
            }
            Event::Start(Tag::Heading { level, id, classes, attrs }) => {
                self.numbers += 1;
                if level == HeadingLevel::H1 {
                    return Err(self.mistake(
                        range.start,
                        "the title is in the front matter; headings begin with ##".into(),
                    ));
                }
                let id = match id {
                    Some(id) => id.to_string(),
                    None => headings(self.text)
                        .get(self.numbers - 1)
                        .map(|heading| heading.id.clone())
                        .unwrap_or_default(),
                };
                Ok(Some(Event::Start(Tag::Heading { level, id: Some(id.into()), classes, attrs })))
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info)))
                if ["figure", "try", "note", "reveal", "walk"]
                    .contains(&info.split(' ').next().unwrap_or_default()) =>
            {
                self.block = Some(Block { info: info.to_string(), text: String::new(), start: range.start });
                Ok(None)
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                if let Some(symbol) = dest_url.strip_prefix("symbol:") {
                    self.closings.push("</span>");
                    // A Markdown reader may have encoded a symbol's letters.
                    let symbol = percent_decode_str(symbol).decode_utf8_lossy();
                    return raw(format!("<span class=\"names\" data-symbol=\"{}\">", escape(&symbol)));
                }
                self.closings.push("</a>");
                let address = self
                    .links
                    .resolve(&dest_url, self.here)
                    .map_err(|what| self.mistake(range.start, what))?;
                raw(format!("<a href=\"{}\">", escape(&address)))
            }
            Event::End(TagEnd::Link) => raw(self.closings.pop().unwrap_or("</a>").to_owned()),
            other => Ok(Some(other)),
        }
    }

    fn formula(&mut self, latex: &str, block: bool, range: Range<usize>) -> Result<String, PagesError> {
        let marks = if block { 2 } else { 1 };
        math::to_mathml(latex, block, self.rules).map_err(|error| {
            let what = format!("{} in the formula {latex}", error.what);
            self.mistake(range.start + marks + error.range.start, what)
        })
    }

    fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let before = &self.text[..self.text.floor_char_boundary(byte.min(self.text.len()))];
        let line = before.matches('\n').count() + 1 + self.place.offset;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }

    fn mistake(&self, byte: usize, what: String) -> PagesError {
        let (line, column) = self.line_and_column(byte);
        PagesError::Text { path: self.place.path.to_path_buf(), line, column, what }
    }
}

/// The few pieces of raw HTML that prose may hold.
fn is_allowed(html: &str) -> bool {
    let html = html.trim();
    let plain = ["<br>", "<wbr>", "<kbd>", "</kbd>", "<sub>", "</sub>", "<sup>", "</sup>", "</span>"];
    let comment = html.starts_with("<!--") && html.ends_with("-->");
    let language = html
        .strip_prefix("<span lang=\"")
        .and_then(|rest| rest.strip_suffix("\">"))
        .is_some_and(|tag| tag.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-'));
    plain.contains(&html) || comment || language
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn html(text: &str) -> String {
        let mut links = Links::new("/unrolled/", "en");
        links.add("gru", true, headings("## The reset gate {#reset}"));
        links.add("about", false, Vec::new());
        links.add("here", true, headings(text));
        to_html(text, &links, "here", Place { path: Path::new("x.md"), offset: 5 }, &mut Rules::new())
            .unwrap()
    }

    #[track_caller]
    fn mistake(text: &str) -> String {
        let links = Links::new("/", "en");
        to_html(text, &links, "here", Place { path: Path::new("x.md"), offset: 5 }, &mut Rules::new())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_figure_carries_its_settings_and_its_caption() {
        let out = html("```figure gate-mix text=\"the cat\" step=4\nStep *4* with $a$.\n```\n");
        assert!(
            out.contains("<figure id=\"figure-gate-mix\" data-figure=\"gate-mix\" data-text=\"the cat\" data-step=\"4\">"),
            "{out}"
        );
        assert!(out.contains("<figcaption><p>Step <em>4</em> with <span class=\"keep\"><math"), "{out}");
    }

    #[test]
    fn ordinary_code_stays_code() {
        assert!(html("```python\na < b\n```\n").contains("<code class=\"language-python\">a &lt; b"));
    }

    #[test]
    fn links_are_resolved_below_the_base_and_the_language() {
        assert!(
            html("[x](page:stepper?cell=lstm&t=2)")
                .contains("href=\"/unrolled/en/stepper/?cell=lstm&amp;t=2\"")
        );
        assert!(html("[x](chapter:gru#reset)").contains("href=\"/unrolled/en/book/gru/#reset\""));
        assert!(
            html("[x](chapter:gru?present=1#reset)")
                .contains("href=\"/unrolled/en/book/gru/?present=1#reset\"")
        );
        assert!(html("[x](page:about)").contains("href=\"/unrolled/en/about/\""));
    }

    #[test]
    fn a_symbol_is_named_not_linked() {
        assert_eq!(
            html("[gate](symbol:Γ_u)"),
            "<p><span class=\"names\" data-symbol=\"Γ_u\">gate</span></p>\n"
        );
    }

    #[test]
    fn headings_get_an_id_in_every_language() {
        assert!(html("## The update gate\n").contains("<h2 id=\"the-update-gate\">"));
        assert!(html("## 更新门 {#update}\n").contains("<h2 id=\"update\">更新门"));
        assert!(html("## 更新门\n").contains("<h2 id=\"section-1\">"));
    }

    #[test]
    fn mistakes_say_their_line_and_column() {
        assert!(mistake("[x](page:about#nowhere)").contains("there is no page `about`"));
        assert_eq!(mistake("one\n\ntwo [x](chapter:nowhere)").split(' ').next(), Some("x.md:8:5:"));
        assert_eq!(mistake("a $b + \\nosuch$").split(' ').next(), Some("x.md:6:8:"));
        assert_eq!(mistake("```try\nwell\n$\\nosuch$\n```").split(' ').next(), Some("x.md:8:2:"));
    }

    #[test]
    fn a_walk_is_a_list_that_names_its_figures() {
        let out = html("```walk Come along\n@cut at=3 level=word\nThe *third*.\n@batch\nLines.\n```\n");
        assert!(out.contains("<summary>Come along</summary>"), "{out}");
        assert!(
            out.contains("<li data-stop=\"cut\" data-settings=\"at=3;level=word\"><p>The <em>third</em>."),
            "{out}"
        );
        assert!(mistake("```walk x\nno stop\n```\n").contains("begins with a stop"));
    }

    #[test]
    fn an_answer_waits_behind_its_question() {
        assert_eq!(
            html("```reveal\nHow *many*?\n\nTwo.\n```\n"),
            "<details class=\"reveal\">\n<summary>How <em>many</em>?</summary>\n<p>Two.</p>\n</details>\n"
        );
        assert!(mistake("```reveal\nHow many?\n```\n").contains("an answer after it"));
    }

    #[test]
    fn a_formula_stays_on_a_line_with_the_punctuation_behind_it() {
        let text = html("The shape of $a$. And $b$), or $c$ here.");
        let kept = |letter: &str, after: &str| {
            text.contains(&format!("{letter}</mi>")) && text.contains(&format!("</math>{after}</span>"))
        };
        assert!(kept("a", ".") && kept("b", "),"), "{text}");
        assert_eq!(text.matches("class=\"keep\"").count(), 2, "{text}");
    }

    #[test]
    fn raw_html_is_refused_except_a_short_list() {
        assert!(mistake("a <img src=x onerror=y>").contains("raw HTML"));
        assert!(mistake("<script>1</script>").contains("raw HTML"));
        assert!(html("Press <kbd>Space</kbd>.").contains("<kbd>Space</kbd>"));
    }
}
