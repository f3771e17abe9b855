//! Text → lines → statements. Every line is read by itself, so every bad line is reported.

use unicode_segmentation::UnicodeSegmentation;

use super::error::{SyntaxError, SyntaxErrorKind as Kind};
use super::lexer::{Fault, Token, TokenKind, tokens};
use super::node::Node;
use super::parser::expression;
use super::{Function, Span, Symbol, Target, Time};

/// Most lines of a text.
pub const MAX_LINES: usize = 64;
/// Most characters (grapheme clusters) of a line.
pub const MAX_LINE_LENGTH: usize = 200;

/// The words that begin a line which is no equation.
pub const DIRECTIVES: [&str; 3] = ["state", "output", "activation"];

/// A text as far as it can be read without knowing what its names mean.
#[derive(Default)]
pub(super) struct Statements {
    /// The text in NFC.
    pub text: String,
    /// `state a, c`.
    pub states: Option<Directive<Vec<Target>>>,
    /// `output o`.
    pub output: Option<Directive<Target>>,
    /// `activation g = tanh`.
    pub activation: Option<Directive<Function>>,
    /// The equations in order; without an expression where that could not be read.
    pub equations: Vec<Statement>,
    /// What was wrong so far.
    pub faults: Vec<Fault>,
    /// Where the text has more lines than are read.
    beyond: Option<Fault>,
    /// True where a line could not even be told to be an equation: then nothing is known to be missing.
    pub is_incomplete: bool,
}

/// What a `state`, `output` or `activation` line says, and its line, counted from 0.
pub(super) struct Directive<W> {
    pub what: W,
    pub line: usize,
}

/// `target<t> = expression`.
pub(super) struct Statement {
    pub target: Target,
    pub expr: Option<Node>,
    pub line: usize,
}

impl Statements {
    pub(super) fn read(text: &str) -> Statements {
        let mut this = Statements { text: crate::unicode::nfc(text), ..Statements::default() };
        let text = std::mem::take(&mut this.text);
        let mut equations = Vec::new();
        for (line, (start, content)) in lines(&text).enumerate() {
            let whole = Span { start, end: start + content.len() };
            if line == MAX_LINES {
                this.beyond = Some(Fault { kind: Kind::TooManyLines { limit: MAX_LINES }, span: whole });
                this.is_incomplete = true;
                break;
            }
            if content.graphemes(true).nth(MAX_LINE_LENGTH).is_some() {
                this.fault(Kind::LineTooLong { limit: MAX_LINE_LENGTH }, whole);
                this.is_incomplete = true;
                continue;
            }
            let (tokens, fault) = tokens(content, start);
            match tokens.first().map(|token| &token.kind) {
                None => this.is_incomplete |= fault.is_some(),
                Some(TokenKind::Name(word)) if DIRECTIVES.contains(&word.0.as_str()) && fault.is_none() => {
                    this.directive(&word.0, &tokens, line);
                }
                Some(_) => equations.push((line, tokens, fault.is_some())),
            }
            this.faults.extend(fault);
        }
        // The activation is known only now, so that its line may stand anywhere.
        for (line, tokens, is_broken) in equations {
            this.equation(&text, &tokens, line, is_broken);
        }
        this.text = text;
        this
    }

    /// Whether nothing was wrong so far.
    pub(super) fn is_faultless(&self) -> bool {
        self.faults.is_empty() && self.beyond.is_none()
    }

    /// Faults with line and column, in the order of the text. Of a text with too many lines nothing else is said, since
    /// what was cut off may be what is missed.
    pub(super) fn located(mut self) -> Vec<SyntaxError> {
        if let Some(beyond) = self.beyond.take() {
            return vec![locate(&self.text, beyond)];
        }
        // There are few of them: each is put in its place, which needs no code for sorting.
        let mut sorted = Vec::with_capacity(self.faults.len());
        let place = |fault: &Fault| (fault.span.start, fault.span.end);
        for fault in self.faults {
            sorted.insert(sorted.partition_point(|known| place(known) <= place(&fault)), fault);
        }
        let text = &self.text;
        sorted.into_iter().map(|fault| locate(text, fault)).collect()
    }

    pub(super) fn fault(&mut self, kind: Kind, span: Span) {
        self.faults.push(Fault { kind, span });
    }

    fn directive(&mut self, word: &str, tokens: &[Token], line: usize) {
        let span = spanned(tokens);
        let earlier = match word {
            "state" => self.states.as_ref().map(|known| known.line),
            "output" => self.output.as_ref().map(|known| known.line),
            _ => self.activation.as_ref().map(|known| known.line),
        };
        if let Some(first) = earlier {
            return self
                .fault(Kind::DirectiveTwice { directive: word.to_owned(), first_line: first + 1 }, span);
        }
        let rest = tokens.get(1..).unwrap_or(&[]);
        let is_read = match word {
            "state" => self.states(rest, line),
            "output" => match rest {
                [Token { kind: TokenKind::Name(name), span }] => {
                    self.output = Some(Directive { what: Target { name: name.clone(), span: *span }, line });
                    true
                }
                _ => false,
            },
            _ => match rest {
                [g, equals, Token { kind: TokenKind::Name(name), span }]
                    if g.kind == TokenKind::Name(Symbol::from("g"))
                        && equals.kind == TokenKind::Sign('=') =>
                {
                    match Function::from_name(&name.0).filter(|one| Function::ACTIVATIONS.contains(one)) {
                        Some(what) => self.activation = Some(Directive { what, line }),
                        None => self.fault(Kind::NotAnActivation { name: name.0.clone() }, *span),
                    }
                    true
                }
                _ => false,
            },
        };
        if !is_read {
            self.fault(Kind::BadDirective { directive: word.to_owned() }, span);
            self.is_incomplete = true;
        }
    }

    /// True where the line is well formed. What can be told is kept either way, so that no other line suffers.
    fn states(&mut self, tokens: &[Token], line: usize) -> bool {
        let mut states: Vec<Target> = Vec::new();
        let mut is_formed = tokens.len() % 2 == 1;
        for (place, token) in tokens.iter().enumerate() {
            match &token.kind {
                TokenKind::Name(name) if states.iter().any(|state| state.name == *name) => {
                    self.fault(Kind::StateTwice { name: name.clone() }, token.span);
                }
                TokenKind::Name(name) => {
                    states.push(Target { name: name.clone(), span: token.span });
                    is_formed &= place % 2 == 0;
                }
                other => is_formed &= *other == TokenKind::Sign(',') && place % 2 == 1,
            }
        }
        self.states = Some(Directive { what: states, line });
        is_formed
    }

    fn equation(&mut self, text: &str, tokens: &[Token], line: usize, is_broken: bool) {
        let (name, span, time, rest) = match tokens {
            [Token { kind: TokenKind::Name(name), span }, rest @ ..] => match rest {
                [Token { kind: TokenKind::Time(time), span: end }, rest @ ..] => {
                    (name, Span { start: span.start, end: end.end }, *time, rest)
                }
                _ => (name, *span, Time::Now, rest),
            },
            _ => return self.no_equation(tokens, is_broken),
        };
        let [Token { kind: TokenKind::Sign('='), span: equals }, rest @ ..] = rest else {
            return self.no_equation(tokens, is_broken);
        };
        if time == Time::Previous {
            self.fault(Kind::TargetNotNow { name: name.clone() }, span);
        }
        let activation = self.activation.as_ref().map(|known| known.what);
        let end = rest.last().map_or(equals.end, |token| token.span.end);
        let expr = if is_broken {
            None
        } else {
            expression(text, rest, end, activation).map_err(|fault| self.faults.push(fault)).ok()
        };
        self.equations.push(Statement { target: Target { name: name.clone(), span }, expr, line });
    }

    fn no_equation(&mut self, tokens: &[Token], is_broken: bool) {
        self.is_incomplete = true;
        if !is_broken {
            self.fault(Kind::NotAnEquation, spanned(tokens));
        }
    }
}

/// Every line with its place in the text, without its line end.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line.trim_end_matches(['\n', '\r']))
    })
}

/// A fault with its line and its column in grapheme clusters.
pub(super) fn locate(text: &str, fault: Fault) -> SyntaxError {
    let Fault { kind, span } = fault;
    let before = text.get(..span.start).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let count = |part: &str| part.graphemes(true).count();
    SyntaxError {
        kind,
        line: before.matches('\n').count() + 1,
        column: count(before.get(line_start..).unwrap_or("")) + 1,
        length: count(text.get(span.start..span.end).unwrap_or("")),
        span,
    }
}

fn spanned(tokens: &[Token]) -> Span {
    let start = tokens.first().map_or(0, |token| token.span.start);
    Span { start, end: tokens.last().map_or(start, |token| token.span.end) }
}
