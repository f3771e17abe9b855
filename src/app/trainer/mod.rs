//! The trainer's worker, seen from the page: started when first needed, watched, replaced when it dies.
//!
//! What is asked before it is ready waits. Messages of a worker that was replaced are dropped; messages of a run that
//! was stopped are dropped by whoever owns the run's number.

mod message;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::browser::{after, cancel, new_worker, now};
use super::port::Port;
use crate::protocol::{PROTOCOL, Request, Response};

pub use message::Bytes;

/// A worker that has not said `Ready` after this long is given up, milliseconds.
const READY_LIMIT: i32 = 10_000;
/// How often a working worker is looked at, milliseconds.
const LOOK_EVERY: i32 = 150;
/// A working worker that is silent this long is asked whether it lives, milliseconds.
const SILENCE: f64 = 400.0;
/// One without a run under way is asked after this long without an answer to a request, milliseconds.
const SLOW_ANSWER: f64 = 3_000.0;
/// One that does not answer for this long is taken for dead, milliseconds.
const NO_ANSWER: f64 = 350.0;

/// How the worker is.
#[derive(Clone, Debug, PartialEq)]
pub enum WorkerState {
    /// Not needed yet.
    Off,
    /// Loading.
    Starting,
    /// Answers.
    Ready,
    /// Did not answer within the limit, or could not be loaded.
    Silent,
    /// Of another build than the page: loading the page again helps.
    OtherBuild,
}

/// What a worker reports to the owner of a run.
pub enum Report {
    /// A message, with the bytes beside it.
    Response(Response, Option<Bytes>),
    /// It has died: a trap, a panic, or it was ended from outside. A new one is on its way; the run is the owner's to continue.
    Died,
}

struct Inner {
    port: Option<Port>,
    /// Counts workers, so that a late event of an old one is known.
    generation: u32,
    queue: VecDeque<(Request, Option<Bytes>)>,
    listener: Rc<dyn Fn(Report)>,
    ready_timer: Option<i32>,
    look_timer: Option<i32>,
    /// Whether a run is under way, so that silence means something.
    is_working: bool,
    /// Whether a request waits for its answer.
    is_asked: bool,
    last_heard: f64,
    last_look: f64,
    /// The longest it has been silent while alive: a large model's update may take its time.
    longest_silence: f64,
    was_asked: bool,
    /// Deaths since it last answered a request: a worker that dies at once is not started for ever.
    deaths: u32,
}

/// One worker and its owner. Dropping it ends the worker.
pub struct Trainer {
    inner: Rc<RefCell<Inner>>,
    /// How the worker is. Counted, not owned by a page: a run outlives the page that started it.
    pub state: ArcRwSignal<WorkerState>,
}

impl Trainer {
    /// A trainer whose worker is started with the first request.
    pub fn new(listener: impl Fn(Report) + 'static) -> Trainer {
        let inner = Inner {
            port: None,
            generation: 0,
            queue: VecDeque::new(),
            listener: Rc::new(listener),
            ready_timer: None,
            look_timer: None,
            is_working: false,
            is_asked: false,
            last_heard: 0.0,
            last_look: 0.0,
            longest_silence: 0.0,
            was_asked: false,
            deaths: 0,
        };
        Trainer { inner: Rc::new(RefCell::new(inner)), state: ArcRwSignal::new(WorkerState::Off) }
    }

    /// Sends a request, now or as soon as the worker is ready.
    pub fn send(&self, request: Request, bytes: Option<Bytes>) {
        {
            let mut inner = self.inner.borrow_mut();
            // A start may take its time with a large text, and a stop has no answer.
            if !matches!(request, Request::Start { .. } | Request::Stop { .. }) && !inner.is_asked {
                inner.is_asked = true;
                inner.last_heard = now();
                inner.last_look = now();
                if inner.look_timer.is_none() {
                    inner.look_timer = look_later(&self.state, Rc::downgrade(&self.inner));
                }
            }
            inner.queue.push_back((request, bytes));
        }
        match self.state.get_untracked() {
            WorkerState::Ready => self.flush(),
            WorkerState::Starting => {}
            _ => self.start(),
        }
    }

    /// Says whether the worker should be heard from: true while a run is under way.
    pub fn set_working(&self, is_working: bool) {
        let mut inner = self.inner.borrow_mut();
        inner.is_working = is_working;
        inner.last_heard = now();
        inner.last_look = now();
        inner.was_asked = false;
        inner.longest_silence = if is_working { inner.longest_silence } else { 0.0 };
        if is_working && inner.look_timer.is_none() {
            inner.look_timer = look_later(&self.state, Rc::downgrade(&self.inner));
        }
    }

    /// Starts the worker anew; what waits stays.
    pub fn start(&self) {
        start(&self.state, &self.inner);
    }

    fn flush(&self) {
        flush(&self.inner);
    }
}

impl Drop for Trainer {
    fn drop(&mut self) {
        let mut inner = self.inner.borrow_mut();
        end(&mut inner);
        inner.is_working = false;
        inner.queue.clear();
    }
}

/// Ends the worker and everything that waits for it.
fn end(inner: &mut Inner) {
    inner.generation = inner.generation.wrapping_add(1);
    inner.port = None;
    cancel(inner.ready_timer.take());
    cancel(inner.look_timer.take());
}

fn start(state: &ArcRwSignal<WorkerState>, shared: &Rc<RefCell<Inner>>) {
    end(&mut shared.borrow_mut());
    let Ok(worker) = new_worker() else {
        state.set(WorkerState::Silent);
        return;
    };
    let generation = shared.borrow().generation;
    // Late events of a worker that was replaced are not heard.
    let own = move |weak: &Weak<RefCell<Inner>>| {
        weak.upgrade().filter(|shared| shared.borrow().generation == generation)
    };
    let (hearing, hearing_state) = (Rc::downgrade(shared), state.clone());
    let (dying, dying_state) = (Rc::downgrade(shared), state.clone());
    let port = Port::new(
        worker,
        move |data| own(&hearing).iter().for_each(|shared| heard(&hearing_state, shared, data)),
        move || own(&dying).iter().for_each(|shared| died(&dying_state, shared)),
    );
    let (weak, late) = (Rc::downgrade(shared), state.clone());
    let timer = after(READY_LIMIT, move || {
        if let Some(shared) = own(&weak) {
            end(&mut shared.borrow_mut());
            late.set(WorkerState::Silent);
        }
    });
    let mut inner = shared.borrow_mut();
    inner.port = Some(port);
    inner.ready_timer = timer;
    drop(inner);
    state.set(WorkerState::Starting);
}

fn heard(state: &ArcRwSignal<WorkerState>, shared: &Rc<RefCell<Inner>>, data: &JsValue) {
    let Some((response, bytes)) = message::read(data) else { return };
    {
        let mut inner = shared.borrow_mut();
        let silence = now() - inner.last_heard;
        if inner.is_working && !inner.was_asked && silence < 60_000.0 {
            inner.longest_silence = inner.longest_silence.max(silence);
        }
        inner.last_heard = now();
        inner.was_asked = false;
        inner.is_asked = false;
    }
    if let Response::Ready { protocol } = response {
        cancel(shared.borrow_mut().ready_timer.take());
        if protocol != PROTOCOL {
            end(&mut shared.borrow_mut());
            state.set(WorkerState::OtherBuild);
            return;
        }
        state.set(WorkerState::Ready);
        flush(shared);
        let mut inner = shared.borrow_mut();
        if inner.is_working && inner.look_timer.is_none() {
            inner.look_timer = look_later(state, Rc::downgrade(shared));
        }
        return;
    }
    // An answer to the question whether it is alive.
    if message::is_sign_of_life(&response) {
        return;
    }
    shared.borrow_mut().deaths = 0;
    let listener = Rc::clone(&shared.borrow().listener);
    listener(Report::Response(response, bytes));
}

fn died(state: &ArcRwSignal<WorkerState>, shared: &Rc<RefCell<Inner>>) {
    let was_starting = state.get_untracked() == WorkerState::Starting;
    let deaths = {
        let mut inner = shared.borrow_mut();
        inner.deaths += 1;
        inner.deaths
    };
    // What waits was meant for the worker that died; the owner knows what to ask of the new one.
    if was_starting || deaths > 3 {
        end(&mut shared.borrow_mut());
        state.set(WorkerState::Silent);
        return;
    }
    shared.borrow_mut().queue.clear();
    start(state, shared);
    let listener = Rc::clone(&shared.borrow().listener);
    listener(Report::Died);
}

fn flush(shared: &Rc<RefCell<Inner>>) {
    let mut inner = shared.borrow_mut();
    let Inner { port: Some(port), queue, .. } = &mut *inner else { return };
    for (request, bytes) in queue.drain(..) {
        port.post(&request, bytes.as_ref().map(message::buffer));
    }
}

fn look_later(state: &ArcRwSignal<WorkerState>, weak: Weak<RefCell<Inner>>) -> Option<i32> {
    let state = state.clone();
    after(LOOK_EVERY, move || {
        if let Some(shared) = weak.upgrade() {
            shared.borrow_mut().look_timer = None;
            look(&state, &shared);
        }
    })
}

/// Whether a working worker is still alive: a worker that is ended from outside sends no word about it.
fn look(state: &ArcRwSignal<WorkerState>, shared: &Rc<RefCell<Inner>>) {
    let is_dead = {
        let mut inner = shared.borrow_mut();
        if !(inner.is_working || inner.is_asked) || inner.port.is_none() {
            return;
        }
        let time = now();
        // The page itself was asleep: that says nothing about the worker.
        if time - inner.last_look > 4.0 * f64::from(LOOK_EVERY) || state.get_untracked() != WorkerState::Ready
        {
            inner.last_heard = time;
            inner.was_asked = false;
        }
        inner.last_look = time;
        let silence = time - inner.last_heard;
        let patience = if inner.is_working { SILENCE.max(2.5 * inner.longest_silence) } else { SLOW_ANSWER };
        if silence > patience && !inner.was_asked {
            inner.was_asked = true;
            if let Some(port) = &inner.port {
                port.post(&message::ask_for_life(), None);
            }
        }
        silence > patience + NO_ANSWER.max(1.5 * inner.longest_silence)
    };
    if is_dead {
        died(state, shared);
    } else {
        shared.borrow_mut().look_timer = look_later(state, Rc::downgrade(shared));
    }
}
