//! The run under way: its session, its pace, and what the page has not been told yet.

use std::collections::VecDeque;

use super::pace::now;
use crate::protocol::Progress;
use crate::training::report::RECENT;
use crate::training::session::{Diverged, Session};

/// A slice of training, milliseconds: requests wait no longer than this, or one update where that takes longer.
const SLICE: f64 = 12.0;
/// Speed is measured over so many milliseconds.
const SPEED_OVER: f64 = 1000.0;
/// Losses sent at once, at most: more are averaged in groups.
const MOST_LOSSES: usize = 512;

/// A run.
pub struct Run {
    /// The page's number for it.
    pub number: u32,
    /// What is trained.
    pub session: Session,
    /// Whether it goes on by itself.
    pub is_playing: bool,
    /// It pauses after so many updates.
    pub until: Option<u32>,
    /// Whether held-out loss, samples, gradient reach and snapshots are made.
    pub measures: bool,
    /// When the page was last told of it, milliseconds.
    pub told: f64,
    /// When the page last got a checkpoint, milliseconds.
    pub kept: f64,
    progress: Progress,
    /// The losses of the last updates, [`RECENT`] at most.
    recent: VecDeque<f32>,
    clipped: u32,
    updates: u32,
    speed_since: f64,
    speed_symbols: f64,
    speed: f64,
}

impl Run {
    /// A run that has not begun to train.
    pub fn new(number: u32, session: Session, paused: bool, until: Option<u32>, measures: bool) -> Self {
        Self {
            number,
            session,
            is_playing: !paused,
            until,
            measures,
            told: 0.0,
            // The first news of a run brings a checkpoint: what is left after a moment is found again.
            kept: f64::NEG_INFINITY,
            progress: Progress::default(),
            recent: VecDeque::with_capacity(RECENT),
            clipped: 0,
            updates: 0,
            speed_since: now(),
            speed_symbols: 0.0,
            speed: 0.0,
        }
    }

    /// Updates done.
    pub fn step(&self) -> u32 {
        self.session.step()
    }

    /// Whether all updates are done.
    pub fn is_finished(&self) -> bool {
        self.step() >= self.session.steps()
    }

    /// Whether there is nothing to do before the page asks for more.
    pub fn is_there(&self) -> bool {
        self.is_finished() || self.until.is_some_and(|until| self.step() >= until)
    }

    /// Goes on; its speed is measured anew.
    pub fn resume(&mut self) {
        self.is_playing = true;
        (self.speed_since, self.speed_symbols) = (now(), 0.0);
    }

    /// Trains for a moment.
    ///
    /// # Errors
    /// When it cannot go on.
    pub fn slice(&mut self) -> Result<(), Diverged> {
        let begin = now();
        while !self.is_there() {
            self.update()?;
            if now() - begin >= SLICE {
                break;
            }
        }
        let time = now();
        // A run that is over before its speed was due has one all the same.
        let is_due = time - self.speed_since >= SPEED_OVER;
        if is_due || self.is_there() && self.speed == 0.0 && time > self.speed_since {
            self.speed = self.speed_symbols / (time - self.speed_since) * 1000.0;
        }
        if is_due {
            (self.speed_since, self.speed_symbols) = (time, 0.0);
        }
        Ok(())
    }

    /// One update, and what is due to be measured after it.
    ///
    /// # Errors
    /// When it cannot go on.
    pub fn update(&mut self) -> Result<(), Diverged> {
        let update = self.session.update()?;
        let step = self.session.step();
        self.progress.losses.push((step, update.loss as f32));
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(update.loss as f32);
        self.progress.gradient_norm = update.gradient.norm as f32;
        self.clipped += u32::from(update.gradient.clipped);
        self.updates += 1;
        self.speed_symbols += self.session.symbols_per_update() as f64;
        if self.measures {
            self.measure();
        }
        Ok(())
    }

    /// Measures what is due.
    pub fn measure(&mut self) {
        let step = self.session.step();
        let measured = self.session.measures();
        self.progress.held_out.extend(measured.held_out.map(|loss| (step, loss)));
        self.progress.samples.extend(measured.sample.map(|sample| (step, sample)));
        if !measured.reach.is_empty() {
            self.progress.gradient_reach = measured.reach;
        }
    }

    /// What is new since this was last asked.
    pub fn news(&mut self) -> Progress {
        self.told = now();
        let mut progress = std::mem::take(&mut self.progress);
        progress.step = self.session.step();
        progress.symbols_per_second = self.speed;
        progress.gradient_norm = progress.gradient_norm.max(0.0);
        progress.clipped_share = self.clipped as f32 / self.updates.max(1) as f32;
        let recent: f32 = self.recent.iter().sum();
        progress.recent_loss = (!self.recent.is_empty()).then(|| recent / self.recent.len() as f32);
        progress.losses = averaged(&progress.losses);
        self.progress.gradient_norm = progress.gradient_norm;
        (self.clipped, self.updates) = (0, 0);
        progress
    }
}

/// At most [`MOST_LOSSES`] points: groups of equal size are averaged, each under its last step.
fn averaged(losses: &[(u32, f32)]) -> Vec<(u32, f32)> {
    let size = losses.len().div_ceil(MOST_LOSSES).max(1);
    let group = |group: &[(u32, f32)]| {
        let sum: f32 = group.iter().map(|(_, loss)| loss).sum();
        (group[group.len() - 1].0, sum / group.len() as f32)
    };
    losses.chunks(size).map(group).collect()
}
