//! The book's own fenced blocks: figures, boxes, questions with their answers, guided walks.

use std::ops::Range;

use super::{Block, Place, Writer, to_html};
use crate::pages::PagesError;
use crate::pages::frame::escape;

impl Writer<'_> {
    /// A figure, or a box of prose.
    pub(super) fn own_block(&mut self, block: &Block, range: Range<usize>) -> Result<String, PagesError> {
        let words = split_info(&block.info).map_err(|what| self.mistake(range.start, what))?;
        let (line, _) = self.line_and_column(block.start);
        let place = Place { path: self.place.path, offset: line - 1 };
        let kind = words.first().map(String::as_str).unwrap_or_default();
        if kind == "walk" {
            return self.walk(block, &words[1..].join(" "), line);
        }
        let inner = to_html(&block.text, self.links, self.here, place, self.rules)?;
        if kind == "reveal" {
            return question_and_answer(&inner).ok_or_else(|| {
                self.mistake(
                    range.start,
                    "a reveal needs a question (a paragraph) and an answer after it".into(),
                )
            });
        }
        if kind != "figure" {
            return Ok(format!("<aside class=\"{kind}\">\n{inner}</aside>\n"));
        }
        let Some(name) = words.get(1) else {
            return Err(self.mistake(range.start, "a figure needs a name: ```figure NAME".into()));
        };
        let mut data = String::new();
        let mut id = None;
        for pair in &words[2..] {
            let Some((key, value)) = pair.split_once('=') else {
                return Err(self.mistake(range.start, format!("`{pair}` is not key=value")));
            };
            if !key.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-') {
                return Err(
                    self.mistake(range.start, format!("`{key}`: a key has small letters and hyphens only"))
                );
            }
            if key == "id" {
                id = Some(value.to_owned());
                continue;
            }
            data.push_str(&format!(" data-{key}=\"{}\"", escape(&value.replace("\\n", "\n"))));
        }
        let id = id.unwrap_or_else(|| name.clone());
        if self.figures.contains(&id) {
            let what = format!("there is a figure `{id}` already: give this one a name with id=…");
            return Err(self.mistake(range.start, what));
        }
        self.figures.push(id.clone());
        Ok(format!(
            "<figure id=\"figure-{}\" data-figure=\"{}\"{data}>\n<figcaption>{inner}</figcaption>\n</figure>\n",
            escape(&id),
            escape(name)
        ))
    }

    /// A guided walk: its stops are a list that can be read without scripts.
    fn walk(&mut self, block: &Block, title: &str, line: usize) -> Result<String, PagesError> {
        let mut stops: Vec<(Vec<String>, String, usize)> = Vec::new();
        for (at, text) in block.text.lines().enumerate() {
            if let Some(stop) = text.strip_prefix('@') {
                let words = split_info(stop).map_err(|what| self.mistake(block.start, what))?;
                stops.push((words, String::new(), line + at));
            } else if let Some((_, words, _)) = stops.last_mut() {
                words.push_str(text);
                words.push('\n');
            } else if !text.trim().is_empty() {
                return Err(
                    self.mistake(block.start, "a walk begins with a stop: @figure setting=value".into())
                );
            }
        }
        let mut list = String::new();
        for (words, text, line) in &stops {
            let place = Place { path: self.place.path, offset: *line };
            let inner = to_html(text, self.links, self.here, place, self.rules)?;
            let figure = words.first().map(String::as_str).unwrap_or_default();
            let sets = words.get(1..).unwrap_or_default().join(";");
            list.push_str(&format!(
                "<li data-stop=\"{}\" data-settings=\"{}\">{inner}</li>\n",
                escape(figure),
                escape(&sets)
            ));
        }
        Ok(format!(
            "<details class=\"walk\">\n<summary>{}</summary>\n<ol>\n{list}</ol>\n</details>\n",
            escape(title)
        ))
    }
}

/// A question whose answer opens on request, without any script.
fn question_and_answer(inner: &str) -> Option<String> {
    let (question, answer) = inner.strip_prefix("<p>")?.split_once("</p>")?;
    let answer = answer.trim_start();
    (!answer.is_empty())
        .then(|| format!("<details class=\"reveal\">\n<summary>{question}</summary>\n{answer}</details>\n"))
}

/// The words of an info line; `key="two words"` is one.
fn split_info(info: &str) -> Result<Vec<String>, String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in info.chars() {
        match letter {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            other => words.last_mut().ok_or("an empty info line")?.push(other),
        }
    }
    if quoted {
        return Err("a quotation mark is not closed".into());
    }
    words.retain(|word| !word.is_empty());
    Ok(words)
}
