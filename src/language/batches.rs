//! Windows for training, written into buffers that the caller owns.
//!
//! **Running text.** The part is cut into `B` contiguous streams of equal length; fewer than `B` symbols at its end
//! are left out. A window is `T` steps of every stream, windows follow each other in order, the state is carried from
//! one to the next. The target of a step is its symbol, the input is the symbol before; the first input of a stream
//! is [`NO_SYMBOL`], the zero vector. Fewer than `T` symbols at a stream's end are left out. At the end of an epoch
//! every stream starts again and the state is zero.
//!
//! **Lines.** A line is a sample: first input [`NO_SYMBOL`], last target `<EOS>`, zero state, padded to `T` and masked
//! by its length. Every epoch has an order of its own, made from the seed and the epoch's number; fewer than `B`
//! lines at its end are left out of that epoch. A line that is longer than the window is cut to its first `T` targets
//! ([`Batches::cut_lines`] says how many).
//!
//! **Short texts.** Running: `B` becomes ⌊symbols / T⌋ but at least 1, then `T` at most the number of symbols. Lines:
//! `B` is at most the number of lines, `T` at most the longest line with its `<EOS>`.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::corpus::Corpus;
use super::random::Random;
use super::{NO_SYMBOL, Reading};

/// The stream of random numbers that orders lines; the epoch's number is added.
const ORDER_STREAM: u64 = 1 << 32;

/// Which part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All but the last tenth.
    Training,
    /// The last tenth, lines in their own order.
    HeldOut,
}

/// Where the next window is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Epochs done.
    pub epoch: u32,
    /// Windows done in this epoch.
    pub window: u32,
}

/// One window. The buffers are as large as [`Batches::buffer`] made them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// T × B, row-major: the input of step t of sample b at `t * B + b`; [`NO_SYMBOL`] is the zero vector.
    pub inputs: Vec<i32>,
    /// T × B, row-major: the label; 0 where masked.
    pub targets: Vec<usize>,
    /// B: steps of each sample, 1 … T. Steps after it are masked.
    pub lengths: Vec<usize>,
    /// Whether the state is zero before this window (else it is carried from the window before).
    pub from_zero: bool,
}

/// An endless series of windows over one part of a text.
#[derive(Clone, Debug)]
pub struct Batches {
    ids: Vec<u32>,
    /// Lines of this part, as places in `ids`; empty for running text.
    lines: Vec<Range<usize>>,
    order: Vec<u32>,
    shuffled: bool,
    reading: Reading,
    end: u32,
    seed: u64,
    batch: usize,
    window: usize,
    /// Symbols of one stream that are used.
    stream: usize,
    position: Position,
}

impl Batches {
    /// Windows over a part, of the batch size and window asked for or smaller ones (see the module's rule). None
    /// where the part has no symbol, or either is 0.
    pub fn new(corpus: &Corpus, part: Part, batch: usize, window: usize, seed: u64) -> Option<Self> {
        let from = corpus.held_out_from();
        let all = match corpus.reading {
            Reading::Running => corpus.ids.len(),
            Reading::Lines => corpus.lines.len(),
        };
        let range = if part == Part::Training { 0..from } else { from..all };
        if range.is_empty() || batch == 0 || window == 0 {
            return None;
        }
        let (ids, lines) = match corpus.reading {
            Reading::Running => (corpus.ids.get(range)?.to_vec(), Vec::new()),
            Reading::Lines => (corpus.ids.clone(), corpus.lines.get(range)?.to_vec()),
        };
        let (batch, window) = match corpus.reading {
            Reading::Running => ((ids.len() / window).clamp(1, batch), window.min(ids.len())),
            Reading::Lines => {
                let longest = lines.iter().map(Range::len).max().unwrap_or_default();
                (batch.min(lines.len()), window.min(longest + 1))
            }
        };
        let mut batches = Self {
            order: (0..lines.len() as u32).collect(),
            shuffled: part == Part::Training,
            reading: corpus.reading,
            end: corpus.vocabulary.end().unwrap_or_default() as u32,
            stream: ids.len() / batch,
            ids,
            lines,
            seed,
            batch,
            window,
            position: Position::default(),
        };
        batches.arrange();
        Some(batches)
    }

    /// `B`, samples in a window.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// `T`, steps of a window.
    pub fn window(&self) -> usize {
        self.window
    }

    /// Windows in one epoch, at least 1.
    pub fn windows_per_epoch(&self) -> usize {
        match self.reading {
            Reading::Running => self.stream / self.window,
            Reading::Lines => self.lines.len() / self.batch,
        }
    }

    /// Lines longer than the window, whose ends are never seen.
    pub fn cut_lines(&self) -> usize {
        self.lines.iter().filter(|line| line.len() + 1 > self.window).count()
    }

    /// Buffers of the right size.
    pub fn buffer(&self) -> Window {
        let steps = self.window * self.batch;
        let lengths = vec![self.window; self.batch];
        Window { inputs: vec![NO_SYMBOL; steps], targets: vec![0; steps], lengths, from_zero: true }
    }

    /// Where the next window is: for a checkpoint.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Goes on from a saved position. A window beyond the epoch's end means the next epoch's first.
    pub fn seek(&mut self, position: Position) {
        self.position = position;
        if position.window as usize >= self.windows_per_epoch() {
            self.position = Position { epoch: position.epoch.wrapping_add(1), window: 0 };
        }
        self.arrange();
    }

    /// Writes the next window into `into` and moves on. Nothing is allocated where `into` came from
    /// [`Self::buffer`].
    pub fn next_window(&mut self, into: &mut Window) {
        let steps = self.window * self.batch;
        into.inputs.resize(steps, NO_SYMBOL);
        into.targets.resize(steps, 0);
        into.lengths.resize(self.batch, self.window);
        into.from_zero = self.reading == Reading::Lines || self.position.window == 0;
        for sample in 0..self.batch {
            match self.reading {
                Reading::Running => self.write_stream(sample, into),
                Reading::Lines => self.write_line(sample, into),
            }
        }
        self.position.window += 1;
        if self.position.window as usize >= self.windows_per_epoch() {
            self.position = Position { epoch: self.position.epoch.wrapping_add(1), window: 0 };
            self.arrange();
        }
    }

    fn write_stream(&self, sample: usize, into: &mut Window) {
        let done = self.position.window as usize * self.window;
        let start = sample * self.stream + done;
        let mut input = if done == 0 { NO_SYMBOL } else { self.ids[start - 1] as i32 };
        for t in 0..self.window {
            let target = self.ids[start + t];
            into.inputs[t * self.batch + sample] = input;
            into.targets[t * self.batch + sample] = target as usize;
            input = target as i32;
        }
        into.lengths[sample] = self.window;
    }

    fn write_line(&self, sample: usize, into: &mut Window) {
        let at = self.position.window as usize * self.batch + sample;
        let line = &self.ids[self.lines[self.order[at] as usize].clone()];
        let mut input = NO_SYMBOL;
        let mut targets = line.iter().copied().chain([self.end]);
        for t in 0..self.window {
            let target = targets.next();
            into.inputs[t * self.batch + sample] = if target.is_some() { input } else { NO_SYMBOL };
            into.targets[t * self.batch + sample] = target.unwrap_or_default() as usize;
            input = target.map_or(NO_SYMBOL, |target| target as i32);
        }
        into.lengths[sample] = self.window.min(line.len() + 1);
    }

    /// Puts the lines into the order of this epoch.
    fn arrange(&mut self) {
        if self.shuffled && self.reading == Reading::Lines {
            for (at, line) in self.order.iter_mut().enumerate() {
                *line = at as u32;
            }
            let stream = ORDER_STREAM + u64::from(self.position.epoch);
            Random::new(self.seed, stream).shuffle(&mut self.order);
        }
    }
}
