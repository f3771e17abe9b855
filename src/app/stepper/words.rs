//! The stepper's sentences: formulas as words, observations as sentences, names of rows and symbols.

use crate::app::lab::sentence;
use crate::app::language::{say, say_with};
use crate::engine::BackwardEquation;
use crate::engine::syntax::{Expr, Symbol};
use crate::language::visible::visible;
use crate::view::formula::{Accent, Notation, Spelling, Spoken, Typesetter, function_text, speak_backward};
use crate::view::number::{fixed, percent};
use crate::view::role::Role;
use crate::view::stepper::differences::Difference;
use crate::view::stepper::digits::short;
use crate::view::stepper::lines::Line;
use crate::view::stepper::model::StepperModel;
use crate::view::stepper::{Observation, Part};

use super::state::Trouble;
use super::weights::WeightsState;

/// A symbol of the text, so that it can be seen, in quotation marks: “c”, “␣”, <EOS>.
pub fn quoted(symbol: &str) -> String {
    if crate::view::stepper::sequence::is_special(symbol) {
        symbol.to_owned()
    } else {
        format!("“{}”", visible(symbol))
    }
}

/// What goes in at a step (from 0).
pub fn input(model: &StepperModel, step: usize) -> String {
    let came = model.sequence.input(step).map_or_else(|| say!(stepper.zero_vector).to_owned(), quoted);
    if model.is_input_changed(step) { say_with!(stepper.input_changed; "input" => came) } else { came }
}

/// A line in words.
pub fn line(line: &Line, letters: Typesetter<'_>) -> String {
    equation(&line.equation(), letters)
}

/// An equation in words.
pub fn equation(equation: &BackwardEquation, letters: Typesetter<'_>) -> String {
    let spoken = speak_backward(equation, letters.step, letters.notation, letters.facts);
    spoken.iter().map(word).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn word(spoken: &Spoken) -> String {
    match spoken {
        Spoken::Symbol { gradient, letter, accent, subscript, time } => {
            let mut words = Vec::new();
            if *gradient {
                words.push(say!(stepper.spoken_gradient).to_owned());
            }
            words.push(letter.clone());
            match accent {
                Some(Accent::Tilde) => words.push(say!(stepper.spoken_tilde).to_owned()),
                Some(Accent::Hat) => words.push(say!(stepper.spoken_hat).to_owned()),
                None => {}
            }
            words.extend(subscript.clone());
            words.extend(time.as_ref().map(|time| say_with!(stepper.spoken_at; "time" => time)));
            words.join(" ")
        }
        Spoken::Number(digits) => digits.clone(),
        Spoken::Equals => say!(stepper.spoken_equals).to_owned(),
        Spoken::GrowsBy => say!(stepper.spoken_grows).to_owned(),
        Spoken::Plus => say!(stepper.spoken_plus).to_owned(),
        Spoken::Minus | Spoken::Negative => say!(stepper.spoken_minus).to_owned(),
        Spoken::Times => say!(stepper.spoken_times).to_owned(),
        Spoken::Over => say!(stepper.spoken_over).to_owned(),
        Spoken::Transposed => say!(stepper.spoken_transposed).to_owned(),
        Spoken::Power(exponent) => say_with!(stepper.spoken_power; "n" => exponent),
        Spoken::Function(function) => say_with!(stepper.spoken_of; "function" => function_text(*function)),
        Spoken::GradientOf => say!(stepper.spoken_gradient_of).to_owned(),
        Spoken::Open => "(".to_owned(),
        Spoken::Close => ")".to_owned(),
        Spoken::Stack => say!(stepper.spoken_stack).to_owned(),
        Spoken::And => say!(stepper.spoken_and).to_owned(),
        Spoken::Product | Spoken::EndStack => String::new(),
    }
}

/// A symbol as plain text: `Γ_f`, `dc`.
pub fn symbol(symbol: &Symbol, letters: Typesetter<'_>) -> String {
    Spelling::of(symbol, letters.notation, letters.facts).plain()
}

/// What a row (from 0) of a line's result is called: a unit, or a symbol of the vocabulary.
pub fn row(model: &StepperModel, line: &Line, row: usize) -> String {
    match RowOf::of(model, line, row) {
        RowOf::Loss => say!(stepper.strip_loss).to_owned(),
        RowOf::Symbol(symbol) => quoted(model.sequence.symbol(symbol)),
        RowOf::Unit => say_with!(stepper.unit; "unit" => row + 1),
    }
}

/// The same where the rows are numbered: a symbol with its number.
pub fn numbered_row(model: &StepperModel, line: &Line, number: usize) -> String {
    let name = row(model, line, number);
    match RowOf::of(model, line, number) {
        RowOf::Symbol(_) => say_with!(stepper.symbol_and_row; "symbol" => name, "row" => number + 1),
        RowOf::Loss | RowOf::Unit => name,
    }
}

/// What a row of a line's result stands for.
enum RowOf {
    Loss,
    Unit,
    /// Its place in the vocabulary.
    Symbol(usize),
}

impl RowOf {
    fn of(model: &StepperModel, line: &Line, row: usize) -> RowOf {
        let first = line.targets.first();
        let is_symbol = match (line.part, first) {
            (Part::Head, Some(Expr::Value(name, _))) if name.0 == "l" => return RowOf::Loss,
            // What the head hands down has the rows of the top layer.
            (Part::Head, Some(Expr::Value(name, _))) => model.values(Part::Head, name).is_some(),
            (Part::Head, _) => true,
            (Part::Layer(0), Some(Expr::Value(name, _))) if name.0 == "dx" => true,
            (Part::Layer(0), _) if line.targets.len() > 1 && row >= model.hidden(0) => {
                return RowOf::Symbol(row - model.hidden(0));
            }
            _ => false,
        };
        if is_symbol { RowOf::Symbol(row) } else { RowOf::Unit }
    }
}

/// A sentence about the numbers of a line.
pub fn observation(
    model: &StepperModel,
    line: &Line,
    observation: &Observation,
    letters: Typesetter<'_>,
) -> String {
    let name = |name: &Symbol| symbol(name, letters);
    let share = |share: f64| percent(share, 0);
    match observation {
        Observation::GateRange { step, symbol, most_unit, most, least_unit, least, .. } => {
            let is_reset = model.is_reset(symbol);
            macro_rules! range {
                ($key:ident) => {
                    say_with!(stepper.$key; "step" => step, "symbol" => name(symbol), "most" => share(*most),
                        "most_unit" => most_unit, "least" => share(*least), "least_unit" => least_unit)
                };
            }
            match model.role(symbol) {
                Role::Forget if is_reset => range!(fact_reads),
                Role::Forget => range!(fact_keeps),
                Role::Update => range!(fact_writes),
                Role::OutputGate => range!(fact_shows),
                _ => range!(fact_passes),
            }
        }
        Observation::GateEven { step, symbol, share: open, units } => {
            let (symbol, open) = (name(symbol), share(*open));
            if *units == 1 {
                say_with!(stepper.fact_one_unit; "step" => step, "symbol" => symbol, "most" => open)
            } else {
                say_with!(stepper.fact_even; "step" => step, "symbol" => symbol, "most" => open)
            }
        }
        Observation::GateOpen { step, symbol, least, .. } => {
            say_with!(stepper.fact_open; "step" => step, "symbol" => name(symbol), "least" => share(*least))
        }
        Observation::GateShut { step, symbol, most, .. } => {
            say_with!(stepper.fact_shut; "step" => step, "symbol" => name(symbol), "most" => share(*most))
        }
        Observation::Saturated { step, symbol, units, of } => {
            say_with!(stepper.fact_saturated; "step" => step, "symbol" => name(symbol), "units" => units, "of" => of)
        }
        Observation::Largest { step, symbol, unit, value } => {
            say_with!(stepper.fact_largest; "step" => step, "symbol" => name(symbol), "row" => row(model, line, unit - 1), "value" => short(*value))
        }
        Observation::AllZero { step, symbol } if model.is_gradient(symbol) => {
            say_with!(stepper.fact_zero_gradient; "step" => step, "symbol" => name(symbol))
        }
        // Before anything but the zero vector was read, that is no surprise.
        Observation::AllZero { step, symbol } if *step == 1 => {
            say_with!(stepper.fact_zero; "step" => step, "symbol" => name(symbol))
        }
        Observation::AllZero { step, symbol } => {
            say_with!(stepper.fact_zero_later; "step" => step, "symbol" => name(symbol))
        }
        Observation::NotFinite { step, symbol, .. } => {
            say_with!(stepper.fact_not_finite; "step" => step, "symbol" => name(symbol))
        }
        Observation::PredictionEven { step, probability, symbols } => {
            say_with!(stepper.fact_nothing_to_say; "step" => step, "n" => symbols, "share" => share(*probability))
        }
        Observation::PredictionRight { step, index, probability }
        | Observation::Prediction { step, index, probability } => {
            say_with!(stepper.fact_right; "step" => step, "best" => quoted(model.sequence.symbol(*index)),
                "share" => share(*probability))
        }
        Observation::PredictionWrong { step, index, probability, right, right_probability } => {
            say_with!(stepper.fact_wrong; "step" => step, "best" => quoted(model.sequence.symbol(*index)),
                "share" => share(*probability), "label" => quoted(model.sequence.symbol(*right)),
                "label_share" => share(*right_probability))
        }
        Observation::LossAsUniform { step, nats } => {
            say_with!(stepper.fact_loss_even; "step" => step, "nats" => fixed(*nats, 2))
        }
        Observation::LossBelowUniform { step, nats, uniform } => {
            say_with!(stepper.fact_loss_better; "step" => step, "nats" => fixed(*nats, 2), "blind" => fixed(*uniform, 2))
        }
        Observation::LossAboveUniform { step, nats, uniform } => {
            say_with!(stepper.fact_loss_worse; "step" => step, "nats" => fixed(*nats, 2), "blind" => fixed(*uniform, 2))
        }
        Observation::Gradient { step, symbol, norm, unit } => {
            say_with!(stepper.fact_gradient; "step" => step, "symbol" => name(symbol), "row" => row(model, line, unit - 1), "norm" => short(*norm))
        }
        Observation::GradientVanished { step, symbol, norm } => {
            say_with!(stepper.fact_vanished; "step" => step, "symbol" => name(symbol), "norm" => short(*norm))
        }
        Observation::GradientExploding { step, symbol, norm } => {
            say_with!(stepper.fact_exploding; "step" => step, "symbol" => name(symbol), "norm" => short(*norm))
        }
    }
}

/// How another library's cell differs, in a sentence.
pub fn difference(difference: &Difference, notation: Notation) -> String {
    let library = library(notation);
    match difference {
        Difference::Kept { gate, own } => {
            say_with!(stepper.differs_kept; "library" => library, "gate" => gate, "own" => own)
        }
        Difference::ResetAfter { gate, state, index } if notation == Notation::Keras => {
            say_with!(stepper.differs_reset_keras; "gate" => gate, "state" => state, "index" => index)
        }
        Difference::ResetAfter { gate, state, index } => {
            say_with!(stepper.differs_reset; "gate" => gate, "state" => state, "index" => index)
        }
        Difference::TwoBiases { input, state, bias } => {
            say_with!(stepper.differs_biases; "library" => library, "input" => input, "state" => state, "bias" => bias)
        }
        Difference::OneLetter { letter, first, second } => {
            say_with!(stepper.differs_letter; "library" => library, "letter" => letter, "first" => first, "second" => second)
        }
    }
}

/// What a notation is called.
pub fn library(notation: Notation) -> &'static str {
    match notation {
        Notation::Notes => say!(stepper.notation_notes),
        Notation::PyTorch => say!(stepper.notation_pytorch),
        Notation::Keras => say!(stepper.notation_keras),
    }
}

/// Why there is nothing to step through.
pub fn trouble(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Weights(WeightsState::Missing) => say!(stepper.weights_none).to_owned(),
        Trouble::Weights(WeightsState::Training(done, steps)) => {
            say_with!(stepper.weights_training; "done" => done, "steps" => steps)
        }
        Trouble::Weights(WeightsState::Failed) => say!(stepper.weights_failed).to_owned(),
        Trouble::Computing(cost) => say_with!(stepper.computing; "cost" => cost),
        Trouble::Loading => say!(stepper.loading_words).to_owned(),
        Trouble::NoFile => say!(files.no_file).to_owned(),
        Trouble::NoDictionary => say!(stepper.no_words).to_owned(),
        Trouble::HelperDied => say!(stepper.helper_died).to_owned(),
        Trouble::TooLarge { cost, steps } => {
            let most = crate::view::stepper::task::MOST_IN_THE_WORKER / 1_000_000;
            say_with!(stepper.too_large_now; "cost" => cost, "most" => most, "steps" => steps)
        }
        Trouble::OtherCount { given, needed } => {
            say_with!(stepper.given_other_count; "given" => given, "needed" => needed)
        }
        Trouble::Cell(refusal) => sentence(refusal),
        Trouble::NoFit => say!(stepper.broken).to_owned(),
    }
}
