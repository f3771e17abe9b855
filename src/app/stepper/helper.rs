//! The helper, seen from the Stepper: a worker with the page's own program, made when something is too long for the
//! page's thread. One task at a time, and only the newest waits: an answer about an older one is dropped.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use js_sys::{Float64Array, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::state::Shared;
use crate::app::browser::{after, cancel, new_helper, now};
use crate::app::port::Port;
use crate::engine::model::Model;
use crate::protocol::helper::{Answer, Ask};
use crate::view::stepper::task::{NotTraced, Task, with_numbers};
use crate::worker::message::read_message;

/// A task under way longer than this is ended for a newer one, milliseconds; a shorter one is waited for, because a new
/// worker takes its time too.
const WORTH_ENDING: f64 = 400.0;
/// A worker that has said nothing for so long is taken for dead, milliseconds.
const NO_ANSWER: i32 = 60_000;

/// A task with the model whose weights it needs.
#[derive(Clone, Debug)]
pub struct Job {
    /// The task.
    pub task: Task,
    /// The weights.
    pub model: Arc<Model<f64>>,
    /// What it takes, in millions of multiplications.
    pub cost: u64,
}

impl PartialEq for Job {
    fn eq(&self, other: &Job) -> bool {
        Arc::ptr_eq(&self.model, &other.model) && self.task == other.task
    }
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Under way.
    Computing,
    /// The dictionary is on its way.
    Loading,
    /// Done.
    Done(Shared),
    /// Refused.
    Not(NotTraced),
    /// The worker could not be loaded, or died twice over the same job.
    Died,
}

struct Inner {
    port: Option<Port>,
    is_ready: bool,
    /// The job under way, with its number and when it was sent.
    current: Option<(Job, u32, f64)>,
    /// The job to do next.
    next: Option<Job>,
    number: u32,
    deaths: u32,
    timer: Option<i32>,
    outcome: RwSignal<Option<(Job, Outcome)>>,
}

/// The helper. Dropping it ends its worker.
#[derive(Clone)]
pub struct Helper(Rc<RefCell<Inner>>);

impl Helper {
    /// A helper whose worker is started with the first job. How the newest job is goes to the signal.
    pub fn new(outcome: RwSignal<Option<(Job, Outcome)>>) -> Helper {
        Helper(Rc::new(RefCell::new(Inner {
            port: None,
            is_ready: false,
            current: None,
            next: None,
            number: 0,
            deaths: 0,
            timer: None,
            outcome,
        })))
    }

    /// Does a job instead of all that were asked for before.
    pub fn ask(&self, job: Job) {
        self.0.borrow().outcome.try_set(Some((job.clone(), Outcome::Computing)));
        let is_slow = {
            let mut inner = self.0.borrow_mut();
            inner.deaths = 0;
            inner.next = Some(job);
            inner.current.as_ref().is_some_and(|(_, _, sent)| now() - sent > WORTH_ENDING)
        };
        if is_slow {
            end(&mut self.0.borrow_mut());
        }
        go_on(&self.0);
    }

    /// Nothing is wanted any more.
    pub fn forget(&self) {
        let mut inner = self.0.borrow_mut();
        inner.next = None;
        if inner.current.is_some() {
            end(&mut inner);
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        end(self);
    }
}

/// Ends the worker; what waits stays.
fn end(inner: &mut Inner) {
    inner.port = None;
    cancel(inner.timer.take());
    inner.is_ready = false;
    inner.current = None;
}

/// Sends the next job if the worker is free; starts a worker if there is none.
fn go_on(shared: &Rc<RefCell<Inner>>) {
    let mut inner = shared.borrow_mut();
    if inner.next.is_none() || inner.current.is_some() {
        return;
    }
    if inner.port.is_none() {
        match new_helper() {
            Ok(worker) => {
                let (hearing, dying) = (Rc::downgrade(shared), Rc::downgrade(shared));
                let hear =
                    move |data: &JsValue| hearing.upgrade().iter().for_each(|shared| hear(shared, data));
                inner.port = Some(Port::new(worker, hear, move || died(&dying)));
            }
            Err(_) => {
                let job = inner.next.take();
                inner.outcome.try_set(job.map(|job| (job, Outcome::Died)));
                return;
            }
        }
    }
    if inner.is_ready
        && let Some(job) = inner.next.take()
    {
        inner.number = inner.number.wrapping_add(1);
        if let Some(port) = &inner.port {
            let weights = Float64Array::from(job.model.to_flat().as_slice()).buffer();
            port.post(&Ask { number: inner.number, task: job.task.clone() }, Some(weights));
        }
        inner.current = Some((job, inner.number, now()));
    }
    cancel(inner.timer.take());
    let weak = Rc::downgrade(shared);
    inner.timer = after(NO_ANSWER, move || died(&weak));
}

fn hear(shared: &Rc<RefCell<Inner>>, data: &JsValue) {
    let Some(answer) = read_message::<Answer>(data) else { return };
    let (number, outcome) = match answer {
        Answer::Ready => {
            shared.borrow_mut().is_ready = true;
            return go_on(shared);
        }
        Answer::Loading { number } => (number, Some(Outcome::Loading)),
        Answer::Done { number, sequence } => {
            let job = shared.borrow().current.as_ref().map(|(job, ..)| job.clone());
            let Some(job) = job else { return };
            // A newer job makes this answer pointless.
            let is_late = shared.borrow().next.is_some();
            let outcome = (!is_late).then(|| {
                let numbers = Reflect::get(data, &"bytes".into()).unwrap_or_default();
                let numbers = Float64Array::new(&numbers).to_vec();
                match with_numbers(&job.task, &job.model, *sequence, &numbers) {
                    Ok(model) => Outcome::Done(Shared(Arc::new(model))),
                    Err(why) => Outcome::Not(why),
                }
            });
            (number, outcome)
        }
        Answer::Not { number, why } => (number, Some(Outcome::Not(why))),
    };
    let is_over = !matches!(outcome, Some(Outcome::Loading));
    let told = {
        let mut inner = shared.borrow_mut();
        let Some((job, _, _)) = inner.current.clone().filter(|(_, current, _)| *current == number) else {
            return;
        };
        if is_over {
            inner.current = None;
            inner.deaths = 0;
            cancel(inner.timer.take());
        }
        outcome.filter(|_| inner.next.is_none()).map(|outcome| (inner.outcome, job, outcome))
    };
    if let Some((signal, job, outcome)) = told {
        signal.try_set(Some((job, outcome)));
    }
    go_on(shared);
}

/// The worker died: the job is asked for once more, then given up.
fn died(weak: &Weak<RefCell<Inner>>) {
    let Some(shared) = weak.upgrade() else { return };
    {
        let mut inner = shared.borrow_mut();
        let current = inner.current.take().map(|(job, ..)| job);
        let job = inner.next.take().or(current);
        inner.deaths += 1;
        end(&mut inner);
        if inner.deaths > 1 {
            inner.outcome.try_set(job.map(|job| (job, Outcome::Died)));
        } else {
            inner.next = job;
        }
    }
    go_on(&shared);
}
