//! A network with an input, written as any kind of file.

use super::code::{Subject, keras, numpy, pytorch};
use super::experiment::{Experiment, write_experiment};
use super::export::Export;
use super::latex::{Letters, document_with};
use super::letters::in_letters;
use super::{FormatError, csv, safetensors, trace_file};
use crate::engine::trace::trace;

/// A file's bytes.
///
/// # Errors
/// Numbers that are not finite, or a network that this kind of file cannot hold.
pub fn exported(
    experiment: &Experiment<f64>,
    what: Export,
    letters: Letters,
) -> Result<Vec<u8>, FormatError> {
    let Experiment { model, input, vocabulary } = experiment;
    let subject = Subject { model, input };
    // Programs by hand and tables have the names of the formulas; what is read back in has the network's own.
    let lettered = in_letters(model, input, letters);
    let (model_there, input_there) =
        lettered.as_ref().map_or((model, input), |(model, input)| (model, input));
    let text = match what {
        Export::Safetensors => return safetensors::write(model, vocabulary.as_deref()),
        Export::Latex => document_with(model, &input.holds, input.x.dim().0, letters),
        Export::Experiment => write_experiment(experiment)?,
        Export::Trace => trace_file::write(model, &trace(model, input)?)?,
        Export::Csv => csv::trace_as(model, &trace(model, input)?, model_there),
        Export::NumPy => numpy(&Subject { model: model_there, input: input_there })?,
        Export::PyTorch => pytorch(&subject)?,
        Export::Keras => keras(&subject)?,
    };
    Ok(text.into_bytes())
}
