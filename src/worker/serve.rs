//! One run at a time: requests change what it does, slices carry it on.

use std::rc::Rc;

use web_sys::DedicatedWorkerGlobalScope;

use super::pace::now;
use super::run::Run;
use super::{forbidden, message};
use crate::engine::kernels::multiply_add_peak;
use crate::language::SamplingRules;
use crate::language::text::{ByRules, WordCutter, needs_dictionary};
use crate::protocol::waiting::{Waiting, run_of};
use crate::protocol::{Asked, Dictionary, Refusal, Request, Response};
use crate::training::checkpoint::Checkpoint;
use crate::training::report::count;
use crate::training::session::{Diverged, Session};
use crate::training::settings::{RunSettings, Unit};

/// The page hears of progress so often, milliseconds: once a frame is enough.
const TELL_EVERY: f64 = 33.0;
/// The page keeps a checkpoint so often, milliseconds: with the time to store it, at most a second of training is lost.
const KEEP_EVERY: f64 = 800.0;

/// Serves the page.
pub struct Server {
    scope: DedicatedWorkerGlobalScope,
    run: Option<Run>,
    cutter: Option<Rc<dyn WordCutter>>,
    is_loading: bool,
    waiting: Waiting,
}

impl Server {
    /// No run yet.
    pub fn new(scope: DedicatedWorkerGlobalScope) -> Self {
        Self { scope, run: None, cutter: None, is_loading: false, waiting: Waiting::default() }
    }

    /// Does what is asked, now or when the dictionary is there.
    pub fn serve(&mut self, request: Request, bytes: Option<Vec<u8>>) {
        if matches!(request, Request::Start { .. }) {
            self.run = None;
        }
        if let Some((request, bytes)) = self.waiting.keep((request, bytes), self.cutter.is_some()) {
            self.answer(request, bytes);
        }
    }

    /// Whether the dictionary has to be loaded now. Who asks does it, and calls [`Self::take_dictionary`].
    pub fn wants_dictionary(&mut self) -> bool {
        let wants = !self.waiting.is_empty() && !self.is_loading;
        if wants {
            self.is_loading = true;
            self.post(&Response::Dictionary { state: Dictionary::Loading }, None);
        }
        wants
    }

    /// Takes the dictionary, or nothing where it could not be loaded, and does what has waited for it.
    pub fn take_dictionary(&mut self, cutter: Option<Rc<dyn WordCutter>>) {
        self.is_loading = false;
        self.cutter = cutter;
        let state = if self.cutter.is_some() { Dictionary::Ready } else { Dictionary::Failed };
        self.post(&Response::Dictionary { state }, None);
        for (request, bytes) in self.waiting.take() {
            // What was asked of a run that cannot begin has no answer: the run's own refusal says why.
            let is_possible =
                self.cutter.is_some() || matches!(request, Request::Start { .. } | Request::Count { .. });
            if is_possible {
                self.answer(request, bytes);
            }
        }
    }

    fn answer(&mut self, request: Request, bytes: Option<Vec<u8>>) {
        match request {
            Request::Start { run, settings, text, paused, until, measures } => {
                match self.prepare(*settings, &text, bytes.as_deref()) {
                    Ok(session) => self.begin(run, session, paused, until, measures),
                    Err(refusal) => {
                        self.post(&Response::Refused { run, asked: Asked::Start, refusal }, None);
                    }
                }
            }
            Request::Count { number, settings, text } => {
                let cutter = self.cutter_for(&text, settings.unit);
                let counted = count(&text, &settings.rules(), cutter.as_deref());
                self.post(&Response::Counted { number, counted }, None);
            }
            Request::Stop { run } => {
                if self.is_current(run) {
                    self.run = None;
                }
            }
            Request::TryForbidden { address } => forbidden::try_forbidden(self.scope.clone(), address),
            Request::Crash => forbidden::crash(),
            Request::MeasurePeak => self.measure_peak(),
            request => match run_of(&request) {
                Some(run) if !self.is_current(run) => {
                    let (asked, refusal) = (Asked::of(&request), Refusal::NoSuchRun);
                    self.post(&Response::Refused { run, asked, refusal }, None);
                }
                _ => self.serve_run(request),
            },
        }
    }

    /// Trains for a moment. Returns whether there is more to do.
    pub fn slice(&mut self) -> bool {
        let Some(run) = self.run.as_mut().filter(|run| run.is_playing) else { return false };
        if let Err(diverged) = run.slice() {
            self.diverge(diverged);
            return false;
        }
        let (time, is_there, is_finished) = (now(), run.is_there(), run.is_finished());
        let (number, step) = (run.number, run.step());
        let (tells, keeps) = (
            time - run.told >= TELL_EVERY || is_there,
            run.measures && (time - run.kept >= KEEP_EVERY || is_there),
        );
        if keeps {
            run.kept = time;
        }
        if is_there {
            run.is_playing = false;
            run.until = None;
        }
        if tells {
            self.tell();
        }
        if keeps {
            self.snapshot(false);
        }
        if is_finished {
            self.post(&Response::Finished { run: number, step }, None);
        } else if is_there {
            self.post(&Response::Paused { run: number, step }, None);
        }
        !is_there
    }

    fn begin(&mut self, number: u32, session: Session, paused: bool, until: Option<u32>, measures: bool) {
        let prepared = session.prepared();
        self.post(&Response::Prepared { run: number, prepared }, None);
        let mut run = Run::new(number, session, paused, until, measures);
        let step = run.step();
        let is_measured = step == 0 && measures;
        if is_measured {
            run.measure();
        }
        self.run = Some(run);
        if is_measured {
            self.tell();
        }
        if paused {
            self.post(&Response::Paused { run: number, step }, None);
        }
    }

    fn serve_run(&mut self, request: Request) {
        let Some(run) = &mut self.run else { return };
        let (number, step) = (run.number, run.step());
        match request {
            Request::Pause { .. } => {
                run.is_playing = false;
                self.tell();
                self.snapshot(false);
                self.post(&Response::Paused { run: number, step }, None);
            }
            Request::Resume { .. } => run.resume(),
            Request::StepOnce { .. } => {
                run.is_playing = false;
                if let Err(diverged) = run.update() {
                    return self.diverge(diverged);
                }
                let (step, is_finished) = (run.step(), run.is_finished());
                self.tell();
                self.snapshot(false);
                let response = match is_finished {
                    true => Response::Finished { run: number, step },
                    false => Response::Stepped { run: number, step },
                };
                self.post(&response, None);
            }
            Request::Change { what, .. } => {
                let response = match run.session.change(what) {
                    Ok(step) => Response::Changed { run: number, step, what },
                    Err(refusal) => Response::Refused { run: number, asked: Asked::Other, refusal },
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
            Ok(text) => Response::Sampled { run: number, text, unseen: run.session.unseen(prompt) },
            Err(refusal) => Response::Refused { run: number, asked: Asked::Sample, refusal },
        };
        self.post(&response, None);
    }

    fn snapshot(&mut self, asked: bool) {
        let Some(run) = &self.run else { return };
        let bytes = run.session.checkpoint().to_bytes();
        self.post(&Response::Snapshot { run: run.number, step: run.step(), asked }, Some(&bytes));
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
        let (number, progress) = (run.number, run.news());
        self.post(&Response::Progress { run: number, progress }, None);
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

    fn prepare(&self, settings: RunSettings, text: &str, bytes: Option<&[u8]>) -> Result<Session, Refusal> {
        let checkpoint =
            bytes.map(Checkpoint::from_bytes).transpose().map_err(|_| Refusal::CheckpointMismatch)?;
        let cutter = self.cutter_for(text, settings.text.unit);
        Session::new(settings, text, cutter, checkpoint.as_ref())
    }

    /// The text alone decides how words are cut, not what happens to be loaded: the same link, the same numbers.
    fn cutter_for(&self, text: &str, unit: Unit) -> Option<Rc<dyn WordCutter>> {
        if needs_dictionary(text, unit) { self.cutter.clone() } else { Some(Rc::new(ByRules)) }
    }

    fn is_current(&self, run: u32) -> bool {
        self.run.as_ref().is_some_and(|current| current.number == run)
    }

    fn post(&self, response: &Response, bytes: Option<&[u8]>) {
        let bytes = bytes.map(|bytes| js_sys::Uint8Array::from(bytes).buffer());
        message::post(&self.scope, response, bytes);
    }
}
