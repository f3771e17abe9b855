//! A window onto a large matrix: the chosen unit with its neighbours, the first and the last.

use crate::view::stepper::opening::Group;

/// The height of a row, in pixels.
pub const ROW: f64 = 22.0;
/// The height from which a row has room for digits, in pixels.
pub const DIGITS: f64 = 14.0;
/// The length of a gap, in pixels.
pub const GAP: f64 = 12.0;

/// What stands at one place of a row or a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The entry with this number, from 0.
    Entry(usize),
    /// So many entries are left out here.
    Gap(usize),
}

/// Where the entries of one axis stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Places {
    /// (entry, start, length), in order.
    pub entries: Vec<(usize, f64, f64)>,
    /// (entries left out, start), in order.
    pub gaps: Vec<(usize, f64)>,
    /// The whole length.
    pub length: f64,
}

/// The fewest entries of a window: the first, the chosen one, the last.
pub const FEWEST: usize = 3;

/// The places to show of `size` entries, at most `limit` of them (and never fewer than [`FEWEST`]): all if they fit,
/// else the first two (the first alone where fewer than five are shown), the chosen one with its neighbours, and the
/// last.
pub fn window(size: usize, chosen: usize, limit: usize) -> Vec<Shown> {
    let limit = limit.max(FEWEST);
    if size <= limit {
        return (0..size).map(Shown::Entry).collect();
    }
    let chosen = chosen.min(size - 1);
    // Some stand at the front and one at the back; the rest is a stretch around the chosen entry.
    let front = if limit < 5 { 1 } else { 2 };
    let stretch = limit - front - 1;
    let start = chosen.saturating_sub(stretch / 2).clamp(front, size - 1 - stretch);
    let end = start + stretch;
    let mut shown: Vec<Shown> = (0..front).map(Shown::Entry).collect();
    if start > front {
        shown.push(Shown::Gap(start - front));
    }
    shown.extend((start..end).map(Shown::Entry));
    if end < size - 1 {
        shown.push(Shown::Gap(size - 1 - end));
    }
    shown.push(Shown::Entry(size - 1));
    shown
}

impl Places {
    /// Entries of one length after each other.
    pub fn of(shown: &[Shown], length: f64) -> Places {
        let mut places = Places { entries: Vec::new(), gaps: Vec::new(), length: 0.0 };
        for shown in shown {
            match shown {
                Shown::Entry(entry) => {
                    places.entries.push((*entry, places.length, length));
                    places.length += length;
                }
                Shown::Gap(count) => {
                    places.gaps.push((*count, places.length));
                    places.length += GAP;
                }
            }
        }
        places
    }

    /// Where an entry stands: start and length; none if it is left out.
    pub fn find(&self, entry: usize) -> Option<(f64, f64)> {
        self.entries.iter().find(|(number, ..)| *number == entry).map(|(_, start, length)| (*start, *length))
    }

    /// The entry at a place; none in a gap and outside.
    pub fn at(&self, place: f64) -> Option<usize> {
        let covers = |(_, start, length): &&(usize, f64, f64)| (*start..start + length).contains(&place);
        self.entries.iter().find(covers).map(|(entry, ..)| *entry)
    }

    /// Where the second and later groups begin.
    pub fn borders(&self, groups: &[Group]) -> Vec<f64> {
        let mut end = 0;
        let mut borders = Vec::new();
        for group in groups.iter().take(groups.len().saturating_sub(1)) {
            end += group.size;
            borders.extend(self.entries.iter().find(|(entry, ..)| *entry >= end).map(|(_, start, _)| *start));
        }
        borders
    }

    /// The stretch that a group takes: start and length.
    pub fn stretches(&self, groups: &[Group]) -> Vec<(f64, f64)> {
        let mut borders = vec![0.0];
        borders.extend(self.borders(groups));
        borders.push(self.length);
        borders.windows(2).map(|pair| (pair[0], pair[1] - pair[0])).collect()
    }
}
