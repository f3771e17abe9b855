//! Signs that a keyboard does not have, from what it has: `\sigma` and `sigma(` become `σ`, `Gamma_` becomes `Γ_`, and a
//! time that was begun with `<t` is closed.

/// A change that follows what was typed: some bytes are replaced, and the caret stands somewhere then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// First byte that is replaced.
    pub from: usize,
    /// One past the last.
    pub to: usize,
    /// What stands there then.
    pub with: String,
    /// Where the caret stands then, a byte of the new text.
    pub caret: usize,
}

impl Completion {
    /// The text after the change.
    pub fn applied(&self, text: &str) -> String {
        let (before, after) = (text.get(..self.from).unwrap_or(text), text.get(self.to..).unwrap_or(""));
        format!("{before}{}{after}", self.with)
    }
}

/// Words behind a backslash, as in LaTeX, and their signs.
const BEHIND_BACKSLASH: [(&str, &str); 10] = [
    ("Gamma", "Γ"),
    ("gamma", "Γ"),
    ("sigma", "σ"),
    ("odot", "*"),
    ("ast", "*"),
    ("times", "*"),
    ("cdot", "*"),
    ("tilde", "~"),
    ("langle", "<"),
    ("rangle", ">"),
];

/// Words that Tab completes without a backslash.
const WORDS: [(&str, &str); 6] =
    [("Gamma", "Γ"), ("gamma", "Γ"), ("G", "Γ"), ("sigma", "σ"), ("sig", "σ"), ("yhat", "ŷ")];

/// What follows the character that was just typed before `caret` (a byte); none: nothing.
pub fn complete(text: &str, caret: usize) -> Option<Completion> {
    let (before, after) = (text.get(..caret)?, text.get(caret..)?);
    let typed = before.chars().next_back()?;
    let written = before.strip_suffix('\n').unwrap_or(before);
    if written.rsplit('\n').next().unwrap_or(written).contains('#') {
        return None;
    }
    time(before, after, typed).or_else(|| sign(before, typed))
}

/// What Tab makes of the word before the caret; none: Tab goes on to the next control.
pub fn complete_word(text: &str, caret: usize) -> Option<Completion> {
    let before = text.get(..caret)?;
    let line = before.rsplit('\n').next().unwrap_or(before);
    if line.contains('#') {
        return None;
    }
    let (word, has_backslash) = word_at_end(before);
    let table: &[(&str, &str)] = if has_backslash { &BEHIND_BACKSLASH } else { &WORDS };
    let (_, sign) = table.iter().find(|(name, _)| *name == word)?;
    let from = caret - word.len() - usize::from(has_backslash);
    // A gate has an index: it is begun at once.
    let with = if *sign == "Γ" { "Γ_" } else { sign };
    Some(Completion { from, to: caret, with: with.to_owned(), caret: from + with.len() })
}

/// A word that has just ended with the typed character.
fn sign(before: &str, typed: char) -> Option<Completion> {
    if typed.is_alphanumeric() {
        return None;
    }
    let end = before.len() - typed.len_utf8();
    let (word, has_backslash) = word_at_end(&before[..end]);
    let sign = if has_backslash {
        BEHIND_BACKSLASH.iter().find(|(name, _)| *name == word)?.1
    } else {
        match (word, typed) {
            ("Gamma", '_') => "Γ",
            ("sigma", '(') => "σ",
            ("yhat", '<') => "ŷ",
            _ => return None,
        }
    };
    let from = end - word.len() - usize::from(has_backslash);
    // As in LaTeX, the space that ends such a word is no space of its own.
    let rest = if has_backslash && typed == ' ' { String::new() } else { typed.to_string() };
    let with = format!("{sign}{rest}");
    Some(Completion { from, to: before.len(), caret: from + with.len(), with })
}

/// `<t` is closed at once, with the caret before the `>`: `-1` goes on inside, anything else goes on behind it.
fn time(before: &str, after: &str, typed: char) -> Option<Completion> {
    let caret = before.len();
    let is_closed = after.starts_with('>');
    let behind = |with: String, from: usize, to: usize| {
        let caret = from + with.len();
        Some(Completion { from, to, with, caret })
    };
    match typed {
        't' if before.ends_with("<t") => {
            // A time that is being changed has its end already.
            let rest = after.trim_start_matches(['-', '−', '1', ' ']);
            (!rest.starts_with('>')).then(|| Completion {
                from: caret,
                to: caret,
                with: ">".to_owned(),
                caret,
            })
        }
        '1' if is_closed && (before.ends_with("<t-1") || before.ends_with("<t−1")) => {
            behind(">".to_owned(), caret, caret + 1)
        }
        '>' if before.ends_with("<t>>") || before.ends_with("<t-1>>") => {
            behind(String::new(), caret - 1, caret)
        }
        '>' if is_closed && (before.ends_with("<t>") || before.ends_with("<t-1>")) => {
            behind(String::new(), caret, caret + 1)
        }
        '-' | '−' | 't' | '1' | '>' => None,
        other if is_closed && before.strip_suffix(other).is_some_and(|rest| rest.ends_with("<t")) => {
            behind(format!(">{other}"), caret - other.len_utf8(), caret + 1)
        }
        _ => None,
    }
}

/// The letters at the end of a text that no name goes on with, and whether a backslash stands before them.
fn word_at_end(before: &str) -> (&str, bool) {
    let start = before.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
    let (rest, word) = before.split_at(start);
    match rest.chars().next_back() {
        Some('\\') => (word, true),
        Some(c) if c.is_alphanumeric() || c == '_' || c == '~' => ("", false),
        _ => (word, false),
    }
}
