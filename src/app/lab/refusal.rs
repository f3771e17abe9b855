//! Why something cannot be done, in the reader's language.

use super::cell_error;
use crate::app::language::{paragraph, say, say_with};
use crate::engine::options::OptionError;
use crate::protocol::Refusal;
use crate::view::link::{Allowed, LeftOut, LinkError};
use crate::view::number::{count, data_sizes};
use crate::view::run::write_number;

/// The control that a refusal belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The text's box.
    Text,
    /// The choice of what a symbol is: the dictionary's line says it.
    Dictionary,
    /// The choice of the cell.
    Cell,
    /// The options of the model, which say it by themselves as long as it holds.
    Options,
    /// A setting, by its name.
    Setting,
    /// None: beside the button that was pressed.
    Button,
}

/// Where a refusal is shown.
pub fn place_of(refusal: &Refusal) -> Place {
    match refusal {
        Refusal::EmptyText
        | Refusal::VocabularyOfOne { .. }
        | Refusal::TextTooLarge { .. }
        | Refusal::NoSuchSample { .. } => Place::Text,
        Refusal::NoDictionary => Place::Dictionary,
        Refusal::NoSuchCell { .. } | Refusal::CellError { .. } => Place::Cell,
        Refusal::Option { .. } => Place::Options,
        Refusal::SettingOutOfRange { .. } => Place::Setting,
        Refusal::TooMuchMemory { .. }
        | Refusal::CheckpointMismatch
        | Refusal::NoSuchRun
        | Refusal::NotFinite
        | Refusal::NothingToDraw => Place::Button,
    }
}

/// The sentence.
pub fn sentence(refusal: &Refusal) -> String {
    match refusal {
        Refusal::EmptyText => say!(errors.empty_text).to_owned(),
        Refusal::VocabularyOfOne { symbol } => say_with!(errors.vocabulary_of_one; "symbol" => symbol),
        Refusal::NoDictionary => say!(errors.no_dictionary).to_owned(),
        Refusal::TextTooLarge { bytes, limit } => {
            let (size, limit) = data_sizes(*bytes as u64, *limit as u64);
            say_with!(errors.text_too_large; "size" => size, "limit" => limit)
        }
        Refusal::TooMuchMemory { bytes, limit } => {
            let (size, limit) = data_sizes(*bytes, *limit);
            say_with!(errors.too_much_memory; "size" => size, "limit" => limit)
        }
        Refusal::SettingOutOfRange { least, most, .. } => {
            say_with!(errors.out_of_range; "least" => bound(*least), "most" => bound(*most))
        }
        Refusal::CellError { line, column, code, arguments } => {
            let message = cell_error::sentence(code, arguments);
            say_with!(errors.cell_error; "line" => line, "column" => column, "message" => message)
        }
        Refusal::Option { reason } => option_sentence(*reason).to_owned(),
        Refusal::CheckpointMismatch => say!(errors.checkpoint_mismatch).to_owned(),
        Refusal::NoSuchRun => say!(errors.no_such_run).to_owned(),
        Refusal::NoSuchSample { id } => say_with!(errors.no_such_sample; "id" => id),
        Refusal::NoSuchCell { id } => say_with!(errors.no_such_cell; "id" => id),
        Refusal::NotFinite => say!(errors.sample_not_finite).to_owned(),
        Refusal::NothingToDraw => say!(errors.sample_rules).to_owned(),
    }
}

/// The end of a range, as people write it: `1,000,000`, `0.000001`.
pub fn bound(value: f64) -> String {
    if value >= 1000.0 && value.fract() == 0.0 { count(value as u64) } else { write_number(value) }
}

/// Why an option does not go with the model.
fn option_sentence(reason: OptionError) -> &'static str {
    match reason {
        OptionError::NoActivation => say!(errors.option_no_activation),
        OptionError::NothingToNormalise => say!(errors.option_nothing_to_normalise),
        OptionError::AlreadyNormalised => say!(errors.option_already_normalised),
        OptionError::ResidualNeedsTwoLayers => say!(errors.option_two_layers),
        OptionError::AlreadyResidual => say!(errors.option_already_residual),
        OptionError::TooLong => say!(errors.option_too_long),
        OptionError::IdentityNeedsOneMatrix => say!(errors.option_identity),
        OptionError::NoForgetBias => say!(errors.option_no_forget),
    }
}

/// Everything that was wrong with a link; none: nothing was.
pub fn link_troubles(errors: &[LinkError]) -> Option<String> {
    let sentences: Vec<String> = errors.iter().map(link_trouble).collect();
    (!sentences.is_empty()).then(|| paragraph(&sentences))
}

/// What was wrong with a link.
fn link_trouble(error: &LinkError) -> String {
    match error {
        LinkError::WrongValue { key, value, allowed } => {
            let allowed = match allowed {
                Allowed::OneOf(words) => words.join(", "),
                Allowed::Whole { least, most } => say_with!(errors.between; "least" => least, "most" => most),
                Allowed::Number { least, most } => {
                    say_with!(errors.between; "least" => least, "most" => most)
                }
                Allowed::Text { most } => say_with!(errors.at_most_characters; "n" => most),
            };
            say_with!(errors.link_wrong_value; "key" => key, "value" => value, "allowed" => allowed)
        }
        LinkError::Cut => say!(errors.link_cut).to_owned(),
        LinkError::Newer { .. } => say!(errors.link_newer).to_owned(),
        LinkError::Missing { what } => match what {
            LeftOut::Text => say!(errors.link_missing_text).to_owned(),
            LeftOut::Cell => say!(errors.link_missing_cell).to_owned(),
            LeftOut::Changes => say!(errors.link_missing_changes).to_owned(),
            LeftOut::Weights => say!(errors.link_missing_weights).to_owned(),
        },
        LinkError::Damaged => say!(errors.link_damaged).to_owned(),
        LinkError::TooLarge { limit } => say_with!(errors.link_too_large; "limit" => count(*limit as u64)),
    }
}
