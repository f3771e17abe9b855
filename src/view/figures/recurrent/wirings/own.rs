//! An input of the reader's own, in the symbols of a task.

use super::Chosen;
use crate::training::task::{Sample, Task, TaskKind};

/// Most symbols of it.
const MOST: usize = 12;

/// Reads an input; none where no symbol of it is known. What is wanted is known where a sample of the task has the same
/// input, and where it follows from the input.
pub(super) fn read(task: &Task, text: &str) -> Option<Chosen> {
    let text = text.to_lowercase();
    let mut given = Vec::new();
    let mut left_out: Vec<String> = Vec::new();
    for piece in text.split_whitespace() {
        cut(task, piece, &mut given, &mut left_out);
    }
    let is_alone = matches!(task.kind, TaskKind::OneToOne | TaskKind::OneToMany);
    let most = if is_alone { 1 } else { MOST };
    let is_cut = given.len() > most;
    given.truncate(most);
    if given.is_empty() {
        return None;
    }
    let known = task.training.iter().chain(&task.held_out).find(|sample| sample.given == given);
    let end = || task.vocabulary.end().and_then(|id| i32::try_from(id).ok());
    let wanted = match (known, task.kind) {
        (Some(sample), _) => sample.wanted.clone(),
        (None, TaskKind::EncoderDecoder) => given.iter().rev().copied().chain(end()).collect(),
        (None, _) => Vec::new(),
    };
    Some(Chosen { sample: Sample { given, wanted }, left_out, is_cut })
}

/// The longest known symbol at each place; a word of letters only as a whole.
fn cut(task: &Task, piece: &str, given: &mut Vec<i32>, left_out: &mut Vec<String>) {
    let end = task.vocabulary.end();
    let id = |symbol: &str| task.vocabulary.id(symbol).filter(|id| Some(*id) != end);
    let known = |symbol: &str| id(symbol).and_then(|id| i32::try_from(id).ok());
    let mut rest = piece;
    while !rest.is_empty() {
        let ends = rest.char_indices().map(|(at, letter)| at + letter.len_utf8()).collect::<Vec<_>>();
        let longest = ends.iter().rev().find_map(|end| {
            let (symbol, after) = rest.split_at_checked(*end)?;
            // “film” is not read out of “filming”.
            let breaks_word = symbol.chars().count() > 1
                && symbol.ends_with(|letter: char| letter.is_ascii_alphabetic())
                && after.starts_with(|letter: char| letter.is_ascii_alphabetic());
            known(symbol).filter(|_| !breaks_word).map(|id| (id, after))
        });
        match longest {
            Some((id, after)) => {
                given.push(id);
                rest = after;
            }
            None => {
                // What is unknown goes on to the next letter that can begin something.
                let first = ends.first().copied().unwrap_or(rest.len());
                let (letter, after) = rest.split_at(first);
                let is_word = letter.chars().all(|letter| letter.is_ascii_alphabetic());
                let length = if is_word {
                    rest.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(rest.len())
                } else {
                    first
                };
                let (unknown, after) = if is_word { rest.split_at(length) } else { (letter, after) };
                if !left_out.iter().any(|known| known == unknown) {
                    left_out.push(unknown.to_owned());
                }
                rest = after;
            }
        }
    }
}
