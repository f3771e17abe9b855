//! A row spelled out: its tokens as text, numbers in the colour of what they belong to.

use leptos::prelude::*;

use crate::app::language::{say, say_with};
use crate::engine::syntax::{Function, Symbol};
use crate::view::formula::function_text;
use crate::view::number::{MINUS, bracketed, brief};
use crate::view::stepper::digits::short;
use crate::view::stepper::model::{Held, StepperModel};
use crate::view::stepper::spell::{Token, needs_brackets};

/// The tokens as elements.
pub fn elements(tokens: &[Token], model: &StepperModel) -> impl IntoView + use<> {
    texts(tokens)
        .map(|(token, text)| match token {
            Token::Number(_, symbol) => {
                view! { <span class=format!("num-of {}", role(model, symbol.as_ref()))>{text}</span> }
                    .into_any()
            }
            Token::Result(_, symbol) => {
                view! { <b class=format!("num-of {}", role(model, symbol.as_ref()))>{text}</b> }.into_any()
            }
            Token::Held(_) => view! { <b class="held-word">{text}</b> }.into_any(),
            Token::Power(_) => view! { <sup>{text}</sup> }.into_any(),
            Token::Rest(..) => view! { <span class="rest">{text}</span> }.into_any(),
            _ => text.into_any(),
        })
        .collect_view()
}

/// The tokens as plain text, for a screen reader.
pub fn plain(tokens: &[Token]) -> String {
    texts(tokens).map(|(_, text)| text).collect()
}

/// The tokens with their texts. In a logarithm two digits would be too few to work it out again.
fn texts(tokens: &[Token]) -> impl Iterator<Item = (&Token, String)> {
    let mut is_in_log = false;
    tokens.iter().enumerate().map(move |(place, token)| {
        let text = match token {
            Token::Number(value, _) | Token::Result(value, _) if is_in_log => brief(*value, 4),
            token => text_of(token),
        };
        match token {
            Token::Function(function) => is_in_log = *function == Function::Log,
            Token::Close => is_in_log = false,
            _ => {}
        }
        (token, if needs_brackets(tokens, place) { bracketed(text) } else { text })
    })
}

fn text_of(token: &Token) -> String {
    match token {
        Token::Number(value, _) | Token::Result(value, _) => short(*value),
        Token::Plus => " + ".into(),
        Token::Minus => format!(" {MINUS} "),
        Token::Negative => MINUS.to_string(),
        Token::Dot => "·".into(),
        Token::Times => " ∗ ".into(),
        Token::Over => " / ".into(),
        Token::Open => "(".into(),
        Token::Close => ")".into(),
        Token::Power(exponent) => exponent.to_string(),
        Token::Function(function) => function_text(*function).into(),
        Token::Rest(count, sum) => {
            format!("({})", say_with!(stepper.rest; "count" => count, "sum" => short(*sum)))
        }
        Token::Held(Held::At(value)) => say_with!(edit.held_at; "value" => short(*value)),
        Token::Held(Held::GradientStops) => say!(edit.stops).to_owned(),
        Token::Equals => " = ".into(),
        Token::Then => " → ".into(),
        Token::Share { entry, log_sum } => format!("exp({} {MINUS} {})", short(*entry), short(*log_sum)),
    }
}

fn role(model: &StepperModel, symbol: Option<&Symbol>) -> &'static str {
    symbol.map_or("", |symbol| model.role(symbol).class())
}
