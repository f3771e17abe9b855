//! Which recurrent layer stands on which, where a file does not say it: by the numbers in their names, else by their sizes.

use super::import_error::ImportError;
use super::import_note::ImportNote;
use super::weights::{Recurrent, natural, some};

/// Most modules whose order is looked for by their sizes.
const MOST: usize = 6;

/// Layers that belong together and whose order is known: those of one module.
#[derive(Clone, Debug)]
pub(super) struct Module {
    /// Its name: `rnn`, `lstm_1`.
    pub name: String,
    /// Its layers, the lowest first; at least one.
    pub layers: Vec<Recurrent>,
}

impl Module {
    fn input(&self) -> usize {
        self.layers.first().map_or(0, |layer| layer.fused.input.ncols())
    }

    fn output(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.fused.recurrent.ncols())
    }
}

/// The layers of all modules, the lowest first. Modules whose names differ by a number alone stand in the order of the
/// numbers; others in the order of their sizes, where only one is possible, and that is noted.
///
/// # Errors
/// [`ImportError::Order`] where several orders are possible, or none: an encoder and a decoder are no stack.
pub(super) fn in_order(
    mut modules: Vec<Module>,
    notes: &mut Vec<ImportNote>,
) -> Result<Vec<Recurrent>, ImportError> {
    modules.sort_by_key(|module| natural(&module.name));
    let are_numbered = modules.windows(2).all(|pair| stem(&pair[0].name) == stem(&pair[1].name));
    if !are_numbered {
        let names = || some(modules.iter().map(|module| module.name.as_str()));
        let Some(order) = only_order(&modules) else { return Err(ImportError::Order { names: names() }) };
        modules = order.into_iter().map(|place| modules[place].clone()).collect();
        notes.push(ImportNote::OrderBySizes {
            names: some(modules.iter().map(|module| module.name.as_str())),
        });
    }
    Ok(modules.into_iter().flat_map(|module| module.layers).collect())
}

/// A name without its numbers: `lstm`, `lstm2` and `lstm_2` have one.
fn stem(name: &str) -> Vec<String> {
    let parts = natural(name).into_iter().map(|(letters, _)| letters);
    let mut stem: Vec<String> = parts.map(|letters| letters.trim_matches(['_', '.']).to_owned()).collect();
    stem.retain(|letters| !letters.is_empty());
    stem
}

/// The order in which each module fits on the one below; none where there is more than one, or none.
fn only_order(modules: &[Module]) -> Option<Vec<usize>> {
    fn extend(modules: &[Module], order: &mut Vec<usize>, found: &mut Vec<Vec<usize>>) {
        if order.len() == modules.len() {
            found.push(order.clone());
        }
        for (place, module) in modules.iter().enumerate() {
            let below = order.last().map(|below| modules[*below].output());
            if found.len() < 2 && !order.contains(&place) && below.is_none_or(|below| below == module.input())
            {
                order.push(place);
                extend(modules, order, found);
                order.pop();
            }
        }
    }
    let mut found = Vec::new();
    if modules.len() <= MOST {
        extend(modules, &mut Vec::new(), &mut found);
    }
    if found.len() == 1 { found.pop() } else { None }
}
