//! One run at a time: requests change what it does, slices carry it on.

use web_sys::DedicatedWorkerGlobalScope;

use super::pace::now;
use super::{forbidden, message};
use crate::engine::kernels::multiply_add_peak;
use crate::language::SamplingRules;
use crate::protocol::{Progress, Refusal, Request, Response};
use crate::training::checkpoint::Checkpoint;
use crate::training::session::{Diverged, Session};
use crate::training::settings::RunSettings;

/// A slice of training, milliseconds: requests wait no longer than this, or one update where that takes longer.
const SLICE: f64 = 12.0;
/// The page hears of progress so often, milliseconds: once a frame is enough.
const TELL_EVERY: f64 = 33.0;
/// The page keeps a checkpoint so often, milliseconds: so much training is lost at most.
const KEEP_EVERY: f64 = 1000.0;
/// Speed is measured over so many milliseconds.
const SPEED_OVER: f64 = 1000.0;
/// Losses sent at once, at most: more are averaged in groups.
const MOST_LOSSES: usize = 64;

/// What a run needs besides its session.
struct Run {
    number: u32,
    session: Session,
    is_playing: bool,
    until: Option<u32>,
    measures: bool,
    progress: Progress,
    clipped: u32,
    updates: u32,
    told: f64,
    kept: f64,
    speed_since: f64,
    speed_symbols: f64,
    speed: f64,
}

/// Serves the page.
pub struct Server {
    scope: DedicatedWorkerGlobalScope,
    run: Option<Run>,
}

impl Server {
    /// No run yet.
    pub fn new(scope: DedicatedWorkerGlobalScope) -> Self {
        Self { scope, run: None }
    }

    /// Does what is asked.
    pub fn serve(&mut self, request: Request, bytes: Option<Vec<u8>>) {
        match request {
            Request::Start { run, settings, text, paused, until, measures } => {
                self.run = None;
                match prepare(*settings, &text, bytes.as_deref()) {
                    Ok(session) => self.begin(run, session, paused, until, measures),
                    Err(refusal) => self.post(&Response::Refused { run, refusal }, None),
                }
            }
            Request::Stop { run } => {
                if self.is_current(run) {
                    self.run = None;
                }
            }
            Request::TryForbidden { address } => forbidden::try_forbidden(self.scope.clone(), address),
            Request::Crash => forbidden::crash(),
            Request::MeasurePeak => self.measure_peak(),
            Request::Pause { run }
            | Request::Resume { run }
            | Request::StepOnce { run }
            | Request::Snapshot { run }
            | Request::Change { run, .. }
            | Request::Sample { run, .. }
            | Request::Score { run, .. } => {
                if self.is_current(run) {
                    self.serve_run(request);
                } else {
                    self.post(&Response::Refused { run, refusal: Refusal::NoSuchRun }, None);
                }
            }
        }
    }

    /// Trains for a moment. Returns whether there is more to do.
    pub fn slice(&mut self) -> bool {
        let Some(run) = &mut self.run else { return false };
        if !run.is_playing {
            return false;
        }
        let begin = now();
        loop {
            if run.session.step() >= run.session.steps()
                || run.until.is_some_and(|until| run.session.step() >= until)
            {
                break;
            }
            if let Err(diverged) = update(run) {
                self.diverge(diverged);
                return false;
            }
            if now() - begin >= SLICE {
                break;
            }
        }
        self.after_slice()
    }

    fn after_slice(&mut self) -> bool {
        let Some(run) = &mut self.run else { return false };
        let time = now();
        if time - run.speed_since >= SPEED_OVER {
            run.speed = run.speed_symbols / (time - run.speed_since) * 1000.0;
            (run.speed_since, run.speed_symbols) = (time, 0.0);
        }
        let (step, number) = (run.session.step(), run.number);
        let is_finished = step >= run.session.steps();
        let is_there = run.until.is_some_and(|until| step >= until);
        // A run that is over before its speed was due has one all the same.
        if (is_finished || is_there) && run.speed == 0.0 && time > run.speed_since {
            run.speed = run.speed_symbols / (time - run.speed_since) * 1000.0;
        }
        if time - run.told >= TELL_EVERY || is_finished || is_there {
            self.tell();
        }
        let Some(run) = &mut self.run else { return false };
        if run.measures && (time - run.kept >= KEEP_EVERY || is_finished || is_there) {
            run.kept = time;
            self.snapshot(false);
        }
        let Some(run) = &mut self.run else { return false };
        if is_finished || is_there {
            run.is_playing = false;
            run.until = None;
            let response = if is_finished {
                Response::Finished { run: number, step }
            } else {
                Response::Paused { run: number, step }
            };
            self.post(&response, None);
            return false;
        }
        true
    }

    fn begin(&mut self, number: u32, session: Session, paused: bool, until: Option<u32>, measures: bool) {
        let prepared = session.prepared();
        self.post(&Response::Prepared { run: number, prepared }, None);
        let step = session.step();
        self.run = Some(Run {
            number,
            session,
            is_playing: !paused,
            until,
            measures,
            progress: Progress::default(),
            clipped: 0,
            updates: 0,
            told: 0.0,
            kept: now(),
            speed_since: now(),
            speed_symbols: 0.0,
            speed: 0.0,
        });
        if let Some(run) = &mut self.run
            && step == 0
            && measures
        {
            measure(run);
            self.tell();
        }
        if paused {
            self.post(&Response::Paused { run: number, step }, None);
        }
    }

    fn serve_run(&mut self, request: Request) {
        let Some(run) = &mut self.run else { return };
        let (number, step) = (run.number, run.session.step());
        match request {
            Request::Pause { .. } => {
                run.is_playing = false;
                self.tell();
                self.snapshot(false);
                self.post(&Response::Paused { run: number, step }, None);
            }
            Request::Resume { .. } => {
                run.is_playing = true;
                (run.speed_since, run.speed_symbols) = (now(), 0.0);
            }
            Request::StepOnce { .. } => {
                run.is_playing = false;
                if let Err(diverged) = update(run) {
                    return self.diverge(diverged);
                }
                self.tell();
                self.snapshot(false);
                self.post(&Response::Paused { run: number, step: step + 1 }, None);
            }
            Request::Change { what, .. } => {
                let response = match run.session.change(what) {
                    Ok(step) => Response::Changed { run: number, step, what },
                    Err(refusal) => Response::Refused { run: number, refusal },
                };
                self.post(&response, None);
            }
            Request::Snapshot { .. } => self.snapshot(true),
            Request::Sample { prompt, length, rules, seed, .. } => self.sample(&prompt, length, &rules, seed),
            Request::Score { sentences, .. } => {
                let scores = run.session.score(&sentences);
                self.post(&Response::Scored { run: number, scores }, None);
            }
            // The others are no requests to a run.
            _ => {}
        }
    }

    fn sample(&mut self, prompt: &str, length: usize, rules: &SamplingRules, seed: u64) {
        let Some(run) = &mut self.run else { return };
        let number = run.number;
        let response = match run.session.write(prompt, length, rules, seed) {
            Ok(text) => Response::Sampled { run: number, text },
            Err(refusal) => Response::Refused { run: number, refusal },
        };
        self.post(&response, None);
    }

    fn snapshot(&mut self, asked: bool) {
        let Some(run) = &self.run else { return };
        let bytes = run.session.checkpoint().to_bytes();
        let (number, step) = (run.number, run.session.step());
        self.post(&Response::Snapshot { run: number, step, asked }, Some(&bytes));
    }

    fn diverge(&mut self, diverged: Diverged) {
        self.tell();
        let Some(run) = &mut self.run else { return };
        run.is_playing = false;
        let bytes = run.session.good().to_bytes();
        let Diverged { step, tensor, good_step } = diverged;
        let response = Response::Diverged { run: run.number, step, tensor, good_step };
        self.post(&response, Some(&bytes));
    }

    /// Sends what is new.
    fn tell(&mut self) {
        let Some(run) = &mut self.run else { return };
        run.told = now();
        let mut progress = std::mem::take(&mut run.progress);
        progress.step = run.session.step();
        progress.symbols_per_second = run.speed;
        progress.gradient_norm = progress.gradient_norm.max(0.0);
        progress.clipped_share = run.clipped as f32 / run.updates.max(1) as f32;
        progress.losses = averaged(&progress.losses);
        run.progress.gradient_norm = progress.gradient_norm;
        (run.clipped, run.updates) = (0, 0);
        let response = Response::Progress { run: run.number, progress };
        self.post(&response, None);
    }

    fn measure_peak(&self) {
        // Long enough for a coarse clock, and once before, so that the browser has compiled it for good.
        const ITERATIONS: usize = 4_000_000;
        let mut best = 0.0_f64;
        for _ in 0..4 {
            let begin = now();
            let (flops, kept) = multiply_add_peak::<f32>(ITERATIONS);
            std::hint::black_box(kept);
            best = best.max(flops / (now() - begin).max(1e-3) * 1000.0);
        }
        self.post(&Response::Peak { flops: best }, None);
    }

    fn is_current(&self, run: u32) -> bool {
        self.run.as_ref().is_some_and(|current| current.number == run)
    }

    fn post(&self, response: &Response, bytes: Option<&[u8]>) {
        message::post(&self.scope, response, bytes);
    }
}

fn prepare(settings: RunSettings, text: &str, bytes: Option<&[u8]>) -> Result<Session, Refusal> {
    let checkpoint =
        bytes.map(Checkpoint::from_bytes).transpose().map_err(|_| Refusal::CheckpointMismatch)?;
    Session::new(settings, text, None, checkpoint.as_ref())
}

fn update(run: &mut Run) -> Result<(), Diverged> {
    let update = run.session.update()?;
    let step = run.session.step();
    run.progress.losses.push((step, update.loss as f32));
    run.progress.gradient_norm = update.gradient.norm as f32;
    run.clipped += u32::from(update.gradient.clipped);
    run.updates += 1;
    run.speed_symbols += run.session.symbols_per_update() as f64;
    if run.measures {
        measure(run);
    }
    Ok(())
}

fn measure(run: &mut Run) {
    let step = run.session.step();
    let measured = run.session.measures();
    run.progress.held_out.extend(measured.held_out.map(|loss| (step, loss)));
    run.progress.samples.extend(measured.sample.map(|sample| (step, sample)));
    if !measured.reach.is_empty() {
        run.progress.gradient_reach = measured.reach;
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
