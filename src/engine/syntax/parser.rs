//! Tokens → expression. Binding, tightest first: call and `^n`; a space between two factors (matrix product, to the
//! right); `*` and `/`; unary `-`; `+` and `-`.

use super::error::SyntaxErrorKind as Kind;
use super::lexer::{Fault, Token, TokenKind};
use super::near::nearest_function;
use super::node::{Node, NodeKind};
use super::{BinaryOperator, Function, Span, Symbol};

/// Deepest nesting of brackets.
pub const MAX_NESTING: usize = 32;
/// Largest exponent of `^n`, either sign.
pub const MAX_EXPONENT: i32 = 64;

/// Reads all `tokens` as one expression. `end` is where the line ends, for what is missing there.
///
/// Brackets are counted before anything recurses, so the depth of the recursion is bounded by the nesting limit and
/// by the length of a line.
pub(super) fn expression(
    text: &str,
    tokens: &[Token],
    end: usize,
    activation: Option<Function>,
) -> Result<Node, Fault> {
    check_brackets(tokens)?;
    let mut parser = Parser { text, tokens, at: 0, end, activation };
    let node = parser.sum()?;
    match parser.peek() {
        None => Ok(node),
        Some(token) => {
            Err(parser.fault(Kind::UnexpectedToken { found: parser.slice(token.span) }, token.span))
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    end: usize,
    activation: Option<Function>,
}

impl<'a> Parser<'a> {
    fn sum(&mut self) -> Result<Node, Fault> {
        let mut left = self.negation()?;
        while let Some(sign) = self.next_sign(&['+', '-']) {
            let operator = if sign == '+' { BinaryOperator::Add } else { BinaryOperator::Subtract };
            left = binary(operator, left, self.negation()?);
        }
        Ok(left)
    }

    fn negation(&mut self) -> Result<Node, Fault> {
        let start = self.here().start;
        if self.next_sign(&['-']).is_none() {
            return self.elementwise();
        }
        let of = self.negation()?;
        let span = Span { start, end: of.span.end };
        Ok(Node { kind: NodeKind::Negate(Box::new(of)), span })
    }

    fn elementwise(&mut self) -> Result<Node, Fault> {
        let mut left = self.product()?;
        while let Some(sign) = self.next_sign(&['*', '/']) {
            let operator = if sign == '*' { BinaryOperator::Multiply } else { BinaryOperator::Divide };
            let is_negated = matches!(self.peek(), Some(Token { kind: TokenKind::Sign('-'), .. }));
            let right = if is_negated { self.negation()? } else { self.product()? };
            left = binary(operator, left, right);
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Node, Fault> {
        let left = self.postfix()?;
        match self.peek().map(|token| &token.kind) {
            Some(TokenKind::Name(_) | TokenKind::Number(_) | TokenKind::Open(_)) => {
                let right = self.product()?;
                let span = Span { start: left.span.start, end: right.span.end };
                Ok(Node { kind: NodeKind::Product(Box::new(left), Box::new(right)), span })
            }
            _ => Ok(left),
        }
    }

    fn postfix(&mut self) -> Result<Node, Fault> {
        let mut base = self.atom()?;
        while let Some(caret) = self.next_if(|kind| *kind == TokenKind::Sign('^')) {
            let is_negative = self.next_sign(&['-']).is_some();
            let number = self.next_if(|kind| matches!(kind, TokenKind::Number(_)));
            let size =
                number.map(|token| self.slice(token.span)).and_then(|digits| digits.parse::<i32>().ok());
            let end = number.map_or(caret.span.end, |token| token.span.end);
            match size {
                Some(size) if size <= MAX_EXPONENT => {
                    let span = Span { start: base.span.start, end };
                    let exponent = if is_negative { -size } else { size };
                    base = Node { kind: NodeKind::Power(Box::new(base), exponent), span };
                }
                _ => {
                    let kind = Kind::BadExponent { limit: MAX_EXPONENT };
                    return Err(self.fault(kind, Span { start: caret.span.start, end }));
                }
            }
        }
        Ok(base)
    }

    fn atom(&mut self) -> Result<Node, Fault> {
        let Some(token) = self.peek() else {
            return Err(self.fault(Kind::ExpectedValue { found: None }, self.here()));
        };
        match &token.kind {
            TokenKind::Name(name) => {
                self.at += 1;
                self.named(name, token.span)
            }
            TokenKind::Number(number) => {
                self.at += 1;
                Ok(Node { kind: NodeKind::Number(*number), span: token.span })
            }
            TokenKind::Open('(') => {
                self.at += 1;
                let inner = self.sum()?;
                let end = self.close()?;
                Ok(Node { kind: inner.kind, span: Span { start: token.span.start, end } })
            }
            TokenKind::Open(_) => {
                self.at += 1;
                self.stack(token.span)
            }
            _ => {
                let found = Some(self.slice(token.span));
                Err(self.fault(Kind::ExpectedValue { found }, token.span))
            }
        }
    }

    /// After a name: a call, a value with its time, or a bare name.
    fn named(&mut self, name: &Symbol, span: Span) -> Result<Node, Fault> {
        if let Some(Token { kind: TokenKind::Time(time), span: time_span }) = self.peek() {
            self.at += 1;
            let span = Span { start: span.start, end: time_span.end };
            return Ok(Node { kind: NodeKind::Name(name.clone(), Some(*time)), span });
        }
        let bracket = self.peek().filter(|token| token.kind == TokenKind::Open('('));
        let is_called = bracket.is_some_and(|token| token.span.start == span.end);
        let function = Function::from_name(&name.0);
        let is_activation = name.0 == "g" && bracket.is_some();
        match (function, bracket) {
            (Some(function), Some(_)) => self.call(function, span),
            (Some(function), None) => {
                let function = function.name().to_owned();
                Err(self.fault(Kind::FunctionWithoutArgument { function }, span))
            }
            (None, _) if is_activation => match self.activation {
                Some(function) => self.call(function, span),
                None => Err(self.fault(Kind::ActivationMissing, span)),
            },
            (None, _) if is_called && !is_matrix_before_bracket(name) => {
                let nearest = nearest_function(&name.0).map(str::to_owned);
                Err(self.fault(Kind::UnknownFunction { name: name.0.clone(), nearest }, span))
            }
            _ => Ok(Node { kind: NodeKind::Name(name.clone(), None), span }),
        }
    }

    fn call(&mut self, function: Function, name: Span) -> Result<Node, Fault> {
        self.at += 1;
        let argument = self.sum()?;
        if let Some(comma) = self.next_if(|kind| *kind == TokenKind::Sign(',')) {
            let function = self.slice(name);
            return Err(self.fault(Kind::TooManyArguments { function }, comma.span));
        }
        let end = self.close()?;
        let span = Span { start: name.start, end };
        Ok(Node { kind: NodeKind::Call(function, Box::new(argument)), span })
    }

    fn stack(&mut self, open: Span) -> Result<Node, Fault> {
        if let Some(close) = self.next_if(|kind| *kind == TokenKind::Close(']')) {
            return Err(self.fault(Kind::EmptyStack, Span { start: open.start, end: close.span.end }));
        }
        let mut parts = vec![self.sum()?];
        while self.next_sign(&[',']).is_some() {
            parts.push(self.sum()?);
        }
        let end = self.close()?;
        Ok(Node { kind: NodeKind::Stack(parts), span: Span { start: open.start, end } })
    }

    /// Takes the closing bracket; brackets are known to match, so anything else stands where it does not belong.
    fn close(&mut self) -> Result<usize, Fault> {
        match self.peek() {
            Some(token) if matches!(token.kind, TokenKind::Close(_)) => {
                self.at += 1;
                Ok(token.span.end)
            }
            Some(token) => {
                Err(self.fault(Kind::UnexpectedToken { found: self.slice(token.span) }, token.span))
            }
            None => Err(self.fault(Kind::ExpectedValue { found: None }, self.here())),
        }
    }

    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn next_if(&mut self, is_wanted: impl Fn(&TokenKind) -> bool) -> Option<&'a Token> {
        let token = self.peek().filter(|token| is_wanted(&token.kind))?;
        self.at += 1;
        Some(token)
    }

    fn next_sign(&mut self, signs: &[char]) -> Option<char> {
        let token = self.next_if(|kind| matches!(kind, TokenKind::Sign(sign) if signs.contains(sign)))?;
        if let TokenKind::Sign(sign) = token.kind { Some(sign) } else { None }
    }

    /// Where the next token stands, or the end of the line.
    fn here(&self) -> Span {
        self.peek().map_or(Span { start: self.end, end: self.end }, |token| token.span)
    }

    fn slice(&self, span: Span) -> String {
        self.text.get(span.start..span.end).unwrap_or("").to_owned()
    }

    fn fault(&self, kind: Kind, span: Span) -> Fault {
        Fault { kind, span }
    }
}

fn binary(operator: BinaryOperator, left: Node, right: Node) -> Node {
    let span = Span { start: left.span.start, end: right.span.end };
    Node { kind: NodeKind::Binary(operator, Box::new(left), Box::new(right)), span }
}

/// `W_f(…)` is a product, but `Softmax(…)` is a function spelled wrongly.
fn is_matrix_before_bracket(name: &Symbol) -> bool {
    let begins_with_capital = name.0.chars().next().is_some_and(char::is_uppercase);
    begins_with_capital && (name.subscript().is_some() || nearest_function(&name.0).is_none())
}

fn check_brackets(tokens: &[Token]) -> Result<(), Fault> {
    let mut open: Vec<(char, Span)> = Vec::new();
    let fault = |kind, span| Err(Fault { kind, span });
    for token in tokens {
        match token.kind {
            TokenKind::Open(bracket) => {
                if open.len() == MAX_NESTING {
                    return fault(Kind::TooDeep { limit: MAX_NESTING }, token.span);
                }
                open.push((bracket, token.span));
            }
            TokenKind::Close(bracket) => match open.pop() {
                None => return fault(Kind::UnopenedBracket { bracket }, token.span),
                Some((opened, span)) if (opened == '(') != (bracket == ')') => {
                    return fault(Kind::UnclosedBracket { bracket: opened }, span);
                }
                Some(_) => {}
            },
            _ => {}
        }
    }
    match open.pop() {
        Some((bracket, span)) => fault(Kind::UnclosedBracket { bracket }, span),
        None => Ok(()),
    }
}
