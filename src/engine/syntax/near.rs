//! The known name that an unknown one was probably meant to be.

use super::{Function, Symbol};

/// Names of functions elsewhere, with ours.
const ELSEWHERE: [(&str, &str); 5] =
    [("sigmoid", "σ"), ("logistic", "σ"), ("ln", "log"), ("silu", "swish"), ("leakyrelu", "leaky_relu")];

/// The function that `name` was probably meant to be: another spelling, or at most two letters off.
pub(super) fn nearest_function(name: &str) -> Option<&'static str> {
    let name = lowercase(name);
    if let Some((_, ours)) = ELSEWHERE.iter().find(|(theirs, _)| *theirs == name) {
        return Some(ours);
    }
    let limit = if name.chars().count() > 3 { 2 } else { 1 };
    Function::IN_TEXTS
        .into_iter()
        .map(Function::name)
        .filter(|known| known.chars().count() > limit)
        .map(|known| (distance(&name, known), known))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// The nearest of the `known` names, the earlier one on a tie: another case, another accent, or a distance of at most 2
/// (1 for names of at most two letters), and never farther than the name is long.
pub(super) fn nearest_name<'a>(name: &Symbol, known: impl Iterator<Item = &'a Symbol>) -> Option<Symbol> {
    let length = name.0.chars().count();
    let limit = if length > 2 { 2 } else { 1 };
    known
        .map(|one| {
            let is_same_but_case = lowercase(&one.0) == lowercase(&name.0);
            (if is_same_but_case { 0 } else { distance(&name.0, &one.0) }, one)
        })
        .filter(|(distance, one)| *distance <= limit && *distance < length.max(one.0.chars().count()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, one)| one.clone())
}

/// Small letters for the capitals that names are written with; all of Unicode's would need tables.
fn lowercase(name: &str) -> String {
    let small = |letter: char| match letter {
        'Α'..='Ω' => char::from_u32(u32::from(letter) + 0x20).unwrap_or(letter),
        other => other.to_ascii_lowercase(),
    };
    name.chars().map(small).collect()
}

/// Letters to change, add, take away or swap with their neighbour (optimal string alignment).
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().take(64).collect(), to.chars().take(64).collect());
    let mut rows = vec![vec![0usize; to.len() + 1]; from.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=from.len() {
        for j in 1..=to.len() {
            let change = usize::from(from[i - 1] != to[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[from.len()][to.len()]
}
