//! The long part: `version.length.checksum.base64`, where base64 holds deflated bytes: a JSON text with its length
//! before it, then the bits of the numbers: single precision for weights set by hand, double for a network of a file.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
use serde::{Deserialize, Serialize};

use super::query::{MOST_SENTENCE, SENTENCE_IN_QUERY};
use super::{
    Allowed, LeftOut, LinkError, MOST_PACKED, MOST_WEIGHTS, Network, Opened, Shared, VERSION, WeightsFrom,
};
use crate::training::limits::MOST_CHANGES;
use crate::training::settings::{CellChoice, Change, Changed, TextSource};
use crate::view::stepper::edits::{Edits, LARGEST, NotAnEdit};

/// Most bytes that a fragment may unpack to: a bomb stops here.
const MOST_UNPACKED: usize = 1 << 20;
/// Longest own text that packing is tried with, in bytes: packing must not stop the page.
const MOST_TRIED: usize = 1 << 18;

/// What is packed as JSON. A field that is not there stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Packed {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    show: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<String>,
    /// `820 rate 0.001;900 clip none;950 steps 4000`: decimal digits read back to the same bits.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<String>,
    /// What was changed in the Stepper; [`Edits`] says how it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    edits: Option<String>,
    /// The network of a file, by the file's name; its numbers follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<(String, String)>,
}

/// Writes the fragment, empty if there is nothing to pack.
pub(super) fn write(state: &Shared) -> (String, Vec<LeftOut>) {
    let mut left_out = Vec::new();
    let own = |cell: &CellChoice| match cell {
        CellChoice::Own(text) => Some(text.clone()),
        CellChoice::Preset(_) => None,
    };
    let long = state.stepper.sentence.chars().count() > SENTENCE_IN_QUERY;
    let mut packed = Packed {
        text: None,
        cell: own(&state.run.model.cell),
        show: own(&state.stepper.cell),
        sentence: long.then(|| state.stepper.sentence.chars().take(MOST_SENTENCE).collect()),
        changes: (!state.run.changes.is_empty()).then(|| write_changes(&state.run.changes)),
        edits: (!state.stepper.edits.is_empty()).then(|| state.stepper.edits.clone().into()),
        network: None,
    };
    let numbers = numbers(state, &mut packed);
    if numbers.is_none() {
        left_out.push(LeftOut::Weights);
    }
    if let TextSource::Own(text) = &state.run.text.source {
        if text.len() <= MOST_TRIED {
            packed.text = Some(text.clone());
            let fragment = pack(&packed, numbers.as_deref().unwrap_or_default());
            if let Some(fragment) = fragment {
                return (fragment, left_out);
            }
            packed.text = None;
        }
        left_out.push(LeftOut::Text);
    }
    let bytes = numbers.as_deref().unwrap_or_default();
    if packed == Packed::default() && bytes.is_empty() {
        return (String::new(), left_out);
    }
    let mut fragment = pack(&packed, bytes);
    if fragment.is_none() && !bytes.is_empty() {
        // Numbers do not pack well; without them there is room for all else.
        left_out.push(LeftOut::Weights);
        packed.network = None;
        fragment = pack(&packed, &[]);
    }
    let what_is_left = |packed: &Packed| (*packed != Packed::default()).then(|| pack(packed, &[])).flatten();
    // The cell last: without it, nothing else of the link means what it did.
    let has_changes = packed.changes.is_some() || packed.edits.is_some();
    if fragment.is_none() && has_changes {
        left_out.push(LeftOut::Changes);
        (packed.changes, packed.edits) = (None, None);
        fragment = what_is_left(&packed);
    }
    let has_cell = packed.cell.is_some() || packed.show.is_some();
    if fragment.is_none() && has_cell {
        left_out.push(LeftOut::Cell);
        (packed.cell, packed.show) = (None, None);
        fragment = what_is_left(&packed);
    }
    (fragment.unwrap_or_default(), left_out)
}

/// The bits of what stands behind the JSON text; none where it has no room. A network is put before it.
fn numbers(state: &Shared, packed: &mut Packed) -> Option<Vec<u8>> {
    if state.stepper.weights == WeightsFrom::File {
        let network = state.network.as_ref().filter(|network| network.weights.len() <= MOST_WEIGHTS)?;
        packed.network = Some((network.name.clone(), network.parcel.clone()));
        return Some(network.weights.iter().flat_map(|weight| weight.to_le_bytes()).collect());
    }
    let weights = Some(&state.weights).filter(|weights| weights.len() <= MOST_WEIGHTS)?;
    Some(weights.iter().flat_map(|weight| weight.to_le_bytes()).collect())
}

/// Reads a fragment into a state.
pub(super) fn read(fragment: &str, expected: bool, opened: &mut Opened) {
    let packed = match unpack(fragment) {
        Ok(Some((mut packed, numbers))) => {
            match packed.network.take() {
                Some((name, parcel)) => {
                    let weights =
                        numbers.as_chunks().0.iter().map(|bits| f64::from_le_bytes(*bits)).collect();
                    opened.state.network = Some(Network { name, parcel, weights });
                }
                None => {
                    let weights =
                        numbers.as_chunks().0.iter().map(|bits| f32::from_le_bytes(*bits)).collect();
                    opened.state.weights = weights;
                }
            }
            packed
        }
        // A fragment of another kind (a heading's) is no error, unless the query speaks of ours.
        Ok(None) => {
            if expected {
                report(LinkError::Cut, opened);
            }
            Packed::default()
        }
        Err(error) => {
            report(error, opened);
            Packed::default()
        }
    };
    apply(packed, opened);
}

fn report(error: LinkError, opened: &mut Opened) {
    if !opened.errors.contains(&error) {
        opened.errors.push(error);
    }
}

fn pack(packed: &Packed, numbers: &[u8]) -> Option<String> {
    let json = serde_json::to_vec(packed).ok()?;
    let mut bytes = u32::try_from(json.len()).ok()?.to_le_bytes().to_vec();
    bytes.extend(json);
    bytes.extend(numbers);
    let deflated = compress_to_vec(&bytes, 6);
    if deflated.len() > MOST_PACKED || bytes.len() > MOST_UNPACKED {
        return None;
    }
    let text = URL_SAFE_NO_PAD.encode(&deflated);
    Some(format!("#{VERSION}.{}.{:08x}.{text}", text.len(), checksum(text.as_bytes())))
}

/// What is packed, and the bytes of the numbers behind it: whole ones, and not too many.
fn unpack(fragment: &str) -> Result<Option<(Packed, Vec<u8>)>, LinkError> {
    let mut parts = fragment.splitn(4, '.');
    let Some(version) = parts.next().and_then(|version| version.parse::<u32>().ok()) else {
        return Ok(None);
    };
    if version > VERSION {
        return Err(LinkError::Newer { version });
    }
    let (Some(length), Some(sum), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(LinkError::Cut);
    };
    let length: usize = length.parse().map_err(|_| LinkError::Damaged)?;
    if text.len() < length {
        return Err(LinkError::Cut);
    }
    // What programs for mail and chat add behind a link is left away.
    let text = text.get(..length).ok_or(LinkError::Damaged)?;
    if sum != format!("{:08x}", checksum(text.as_bytes())) {
        return Err(LinkError::Damaged);
    }
    let deflated = URL_SAFE_NO_PAD.decode(text).map_err(|_| LinkError::Damaged)?;
    let bytes = decompress_to_vec_with_limit(&deflated, MOST_UNPACKED).map_err(|error| {
        if error.status == TINFLStatus::HasMoreOutput {
            LinkError::TooLarge { limit: MOST_UNPACKED }
        } else {
            LinkError::Damaged
        }
    })?;
    let (length, rest) = bytes.split_first_chunk::<4>().ok_or(LinkError::Damaged)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| LinkError::Damaged)?;
    let (json, numbers) = rest.split_at_checked(length).ok_or(LinkError::Damaged)?;
    let packed: Packed = serde_json::from_slice(json).map_err(|_| LinkError::Damaged)?;
    let size = if packed.network.is_some() { size_of::<f64>() } else { size_of::<f32>() };
    if !numbers.len().is_multiple_of(size) || numbers.len() / size > MOST_WEIGHTS {
        return Err(LinkError::Damaged);
    }
    Ok(Some((packed, numbers.to_vec())))
}

/// Fills in what the query only named. What is named and not there gets its default, and a word about it if no
/// other error explains it: a link cut off, or damaged.
fn apply(packed: Packed, opened: &mut Opened) {
    let mut missing = Vec::new();
    let plain = Shared::default();
    let state = &mut opened.state;
    if let TextSource::Own(own) = &mut state.run.text.source {
        match packed.text {
            Some(text) => *own = text,
            None => {
                state.run.text.source = plain.run.text.source;
                missing.push(LeftOut::Text);
            }
        }
    }
    let cells = [
        (&mut state.run.model.cell, packed.cell, plain.run.model.cell),
        (&mut state.stepper.cell, packed.show, plain.stepper.cell),
    ];
    for (cell, packed, plain) in cells {
        if let CellChoice::Own(own) = cell {
            match packed {
                Some(text) => *own = text,
                None => {
                    *cell = plain;
                    missing.push(LeftOut::Cell);
                }
            }
        }
    }
    if state.stepper.weights == WeightsFrom::Given && state.weights.is_empty() {
        state.stepper.weights = plain.stepper.weights;
        missing.push(LeftOut::Weights);
    }
    if let Some(sentence) = packed.sentence {
        state.stepper.sentence = sentence.chars().take(MOST_SENTENCE).collect();
    }
    if let Some(changes) = packed.changes {
        state.run.changes = read_changes(&changes);
    }
    if let Some(edits) = packed.edits {
        match Edits::try_from(edits) {
            Ok(edits) => state.stepper.edits = edits,
            Err(NotAnEdit(value)) => opened.errors.push(LinkError::WrongValue {
                key: "edits",
                value,
                allowed: Allowed::Number { least: -LARGEST as f32, most: LARGEST as f32 },
            }),
        }
    }
    // Another fault explains what is missing.
    if opened.errors.iter().all(|error| matches!(error, LinkError::Missing { .. })) {
        opened.errors.extend(missing.into_iter().map(|what| LinkError::Missing { what }));
    }
}

fn write_changes(changes: &[Change]) -> String {
    let one = |change: &Change| {
        let step = change.step;
        match change.what {
            Changed::LearningRate(rate) => format!("{step} rate {rate}"),
            Changed::Clip(Some(norm)) => format!("{step} clip {norm}"),
            Changed::Clip(None) => format!("{step} clip none"),
            Changed::Steps(steps) => format!("{step} steps {steps}"),
        }
    };
    changes.iter().map(one).collect::<Vec<_>>().join(";")
}

/// Changes up to the first that cannot be read: a later one would not mean the same without it.
fn read_changes(text: &str) -> Vec<Change> {
    let finite = |text: &str| text.parse::<f32>().ok().filter(|value| value.is_finite() && *value >= 0.0);
    text.split(';')
        .take(MOST_CHANGES)
        .map_while(|change| {
            let mut words = change.split(' ');
            let step = words.next()?.parse().ok()?;
            let what = match (words.next()?, words.next()?) {
                ("rate", rate) => Changed::LearningRate(finite(rate)?),
                ("clip", "none") => Changed::Clip(None),
                ("clip", norm) => Changed::Clip(Some(finite(norm)?)),
                ("steps", steps) => Changed::Steps(steps.parse().ok()?),
                _ => return None,
            };
            Some(Change { step, what })
        })
        .collect()
}

/// FNV-1a, 32 bits: notices damage by accident, which is all it is for.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}
