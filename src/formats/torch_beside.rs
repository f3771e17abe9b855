//! What stands below and above the recurrent layers in a file of PyTorch's: an embedding, a linear layer. The file says only
//! shapes and names, so both are looked at, and where they do not tell it is asked for a name that does.

use std::collections::BTreeSet;

use super::import_error::ImportError;
use super::weights::{Embedding, Linear, Output, Tensor, Tensors, some};

/// Beginnings of words in the name of an embedding.
const OF_EMBEDDINGS: [&str; 3] = ["emb", "wte", "encoder"];
/// Words in the name of an output layer.
const OF_HEADS: [&str; 16] = [
    "fc",
    "head",
    "out",
    "output",
    "linear",
    "lin",
    "decoder",
    "proj",
    "projection",
    "classifier",
    "logits",
    "dense",
    "lm",
    "unembed",
    "unembedding",
    "readout",
];
/// Words in the name of a layer below the recurrent ones.
const OF_INPUTS: [&str; 4] = ["in", "inp", "input", "pre"];

/// The name of a module's tensor; a file of one module alone names none.
pub(super) fn tensor_of(module: &str, what: &str) -> String {
    if module.is_empty() { what.to_owned() } else { format!("{module}.{what}") }
}

/// What a matrix beside the recurrent layers is.
enum Role {
    Embedding,
    Head,
    /// By shape and name either of them.
    Either,
    /// Either of them, or something else.
    Unclear,
    /// Neither, so that the network is another one.
    Other,
}

/// The embedding and the output: `name.weight` matrices that are nobody else's. `bottom`: n_x of the lowest layer, `top`:
/// n_a of the highest. Where one of two could be either, it is what the other is not.
///
/// # Errors
/// A matrix that is neither, two that are the same, or one alone that could be either.
pub(super) fn beside(
    tensors: &Tensors,
    taken: &BTreeSet<String>,
    bottom: usize,
    top: usize,
) -> Result<(Option<Embedding>, Option<Linear>), ImportError> {
    let (mut embeddings, mut heads, mut either) = (Vec::new(), Vec::new(), Vec::new());
    for (name, tensor) in tensors {
        let Some(module) = name.strip_suffix(".weight").or((name == "weight").then_some("")) else {
            continue;
        };
        let [rows, columns] = tensor.shape[..] else { continue };
        if taken.contains(name) || rows == 0 || columns == 0 {
            continue;
        }
        let has_bias = tensors.contains_key(&tensor_of(module, "bias"));
        match role(module, (rows, columns), has_bias, bottom, top) {
            Role::Embedding => embeddings.push((module, tensor)),
            Role::Head => heads.push((module, tensor)),
            Role::Either => either.push((module, tensor)),
            Role::Unclear => return Err(ImportError::Ambiguous { names: module.to_owned() }),
            Role::Other => return Err(ImportError::OtherLayer { name: module.to_owned() }),
        }
    }
    match (embeddings.len(), heads.len(), either.len()) {
        (_, _, 0) => {}
        (0, 1, 1) => embeddings.append(&mut either),
        (1, 0, 1) => heads.append(&mut either),
        _ => {
            let names = some(either.iter().map(|(module, _)| *module));
            return Err(ImportError::Ambiguous { names });
        }
    }
    if let [_, (other, _), ..] = embeddings[..] {
        return Err(ImportError::OtherLayer { name: other.to_owned() });
    }
    if heads.len() > 1 {
        return Err(ImportError::Heads { names: some(heads.iter().map(|(module, _)| *module)) });
    }
    let embedding = embeddings.pop().map(|(module, table)| embedding(module, table)).transpose()?;
    let head = heads.pop().map(|(module, weight)| head(tensors, module, weight)).transpose()?;
    Ok((embedding, head))
}

fn role(module: &str, (rows, columns): (usize, usize), has_bias: bool, bottom: usize, top: usize) -> Role {
    let words = words(module);
    let is_one_of = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let is_called_embedding =
        words.iter().any(|word| OF_EMBEDDINGS.iter().any(|start| word.starts_with(start)));
    // A dense layer that leads into the network has as many rows as the lowest layer reads.
    if is_one_of(&OF_INPUTS) && rows == bottom {
        return Role::Other;
    }
    // The table of an embedding has a row for each symbol and no bias.
    let may_embed = !has_bias && columns == bottom;
    let may_be_head = columns == top;
    match (may_embed, may_be_head) {
        (true, true) if is_called_embedding => Role::Embedding,
        (true, true) if is_one_of(&OF_HEADS) => Role::Head,
        // A square one could as well be a dense layer between, or an attention's.
        (true, true) if rows == columns => Role::Unclear,
        (true, true) => Role::Either,
        // A square one could as well be a dense layer, whose matrix stands the other way.
        (true, false) if is_called_embedding || rows != columns && !is_one_of(&OF_HEADS) => Role::Embedding,
        (false, true) if !is_called_embedding || has_bias => Role::Head,
        _ => Role::Other,
    }
}

fn embedding(module: &str, table: &Tensor) -> Result<Embedding, ImportError> {
    Ok(Embedding { name: module.to_owned(), table: table.matrix(&tensor_of(module, "weight"))? })
}

fn head(tensors: &Tensors, module: &str, weight: &Tensor) -> Result<Linear, ImportError> {
    let weight = weight.matrix(&tensor_of(module, "weight"))?;
    let bias_name = tensor_of(module, "bias");
    let bias = tensors.get(&bias_name).map(|bias| bias.column(&bias_name, weight.nrows())).transpose()?;
    Ok(Linear { name: module.to_owned(), weight, bias, output: Output::Unsaid })
}

/// The words of a module's own name, in small letters: `model.wordEmbedding` → `word`, `embedding`; numbers are left out.
fn words(module: &str) -> Vec<String> {
    let own =
        module.rsplit('.').find(|part| !part.chars().all(|letter| letter.is_ascii_digit())).unwrap_or(module);
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in own.chars() {
        let begins = !letter.is_alphabetic() || letter.is_uppercase() && was_small;
        if begins {
            words.push(String::new());
        }
        if letter.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        was_small = letter.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}
