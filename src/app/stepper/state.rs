//! What the stepper holds: one shareable state, and everything that follows from it as memos.

use std::sync::Arc;

use leptos::prelude::*;

use super::helper::{Helper, Job, Outcome};
use super::stages::{Stage, use_stages};
use super::weights::{self, Made, Wanted, WeightsState};
use crate::app::browser::is_focused_in;
use crate::engine::facts;
use crate::protocol::Refusal;
use crate::view::formula::{Facts, NoFacts, Notation, Typesetter};
use crate::view::link::StepperState;
use crate::view::stepper::edits::Edits;
use crate::view::stepper::lines::{Line, Lines};
use crate::view::stepper::model::StepperModel;
use crate::view::stepper::opening::Standing;
use crate::view::stepper::spell::Entry;
use crate::view::stepper::subject::Subject;
use crate::view::stepper::task::NotTraced;
use crate::view::stepper::{Course, Direction, Position};

/// Why there is nothing to step through.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// The weights are not there yet.
    Weights(WeightsState),
    /// On its way in the helper: millions of multiplications.
    Computing(u64),
    /// The helper waits for the dictionary that cuts the sentence.
    Loading,
    /// The dictionary could not be loaded.
    NoDictionary,
    /// The helper could not be loaded, or has died.
    HelperDied,
    /// Too much for any thread: millions of multiplications, and the steps that would do.
    TooLarge {
        /// What it would take, in millions.
        cost: u64,
        /// How many steps are computed.
        steps: usize,
    },
    /// The link's weights are not as many as the cell with this sentence has.
    OtherCount {
        /// Numbers in the link.
        given: usize,
        /// Numbers that it takes.
        needed: usize,
    },
    /// The weights came from a file that is not here any more.
    NoFile,
    /// The cell cannot be used.
    Cell(Refusal),
    /// Weights, sizes and sentence do not fit together.
    NoFit,
}

impl Trouble {
    /// Whether numbers are still to be expected without the reader doing anything.
    pub fn passes(&self) -> bool {
        matches!(
            self,
            Trouble::Weights(WeightsState::Training(..)) | Trouble::Computing(_) | Trouble::Loading
        )
    }
}

/// The stepper's signals. It is handed around by copy.
#[derive(Clone, Copy)]
pub struct Stepper {
    /// Everything that a link holds.
    pub state: RwSignal<StepperState>,
    /// Whose letters.
    pub notation: Memo<Notation>,
    /// What is known beside the cell's text: it stays while numbers change, and every formula with it.
    known: Memo<Option<&'static facts::Facts>>,
    /// The column of a weight's gradient that is spelled out.
    pub column: RwSignal<Option<usize>>,
    /// Which part of a growing matrix is opened: what had arrived, what the line adds, or what stands there then.
    pub part: RwSignal<Standing>,
    /// What a pointer is over.
    pub pointed: RwSignal<Option<Entry>>,
    /// Whether every term of a row is written out.
    pub all_terms: RwSignal<bool>,
    /// Whether it plays.
    pub playing: RwSignal<bool>,
    /// The last model that could be made; it stays while a new one cannot.
    pub model: Memo<Option<Shared>>,
    /// Why there is no model for what is chosen now.
    pub trouble: Memo<Option<Trouble>>,
    /// Whether the numbers are compared with those that came.
    pub compares: RwSignal<bool>,
    /// The model before any change, while they are compared and there is one.
    pub before: Memo<Option<Shared>>,
    /// The number that is being looked at or changed.
    pub subject: RwSignal<Option<Subject>>,
    /// Whether the opened equation has the focus and is about to be replaced by another one, which then gets it.
    pub hands_focus_on: StoredValue<bool>,
    /// Counts the reader's wishes to try again what could not be loaded.
    pub attempt: RwSignal<u32>,
    /// The walk.
    pub course: Memo<Course>,
    /// Where it stands, brought into range.
    pub position: Memo<Position>,
}

/// A model that is compared by identity: it never changes.
#[derive(Clone, Debug)]
pub struct Shared(pub Arc<StepperModel>);

impl PartialEq for Shared {
    fn eq(&self, other: &Shared) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Stepper {
    /// From an opened link.
    pub fn new(state: RwSignal<StepperState>, source: weights::Source) -> Stepper {
        let wanted = Memo::new(move |_| {
            state.with(|state| Wanted {
                cell: state.cell.clone(),
                sentence: state.sentence.clone(),
                hidden: state.hidden,
                weights: state.weights.clone(),
            })
        });
        // Nothing before its turn comes: see `stages`.
        let is_due = use_stages().reached(Stage::Numbers);
        // What came and what was changed apart: a number that is dragged draws no weights anew.
        let base = Memo::new(move |_| wanted.with(|wanted| source.base(wanted)));
        let edits = Memo::new(move |_| state.with(|state| state.edits.clone()));
        let attempt = RwSignal::new(0_u32);
        let with = move |edits: &Edits| base.with(|base| base.as_ref().map_err(Clone::clone)?.make(edits));
        let made = made(Memo::new(move |_| is_due.get().then(|| edits.with(with))), attempt);
        let compares = RwSignal::new(false);
        let is_compared = Memo::new(move |_| compares.get() && !edits.with(Edits::is_empty));
        let came =
            self::made(Memo::new(move |_| is_compared.get().then(|| with(&Edits::default()))), attempt);
        let model = Memo::new(move |before: Option<&Option<Shared>>| {
            let now = made.with(|made| made.as_ref().and_then(|made| made.as_ref().ok().cloned()));
            now.or_else(|| before.cloned().flatten())
        });
        let notation = Memo::new(move |_| state.with(|state| state.notation));
        let known = Memo::new(move |_| model.with(|model| model.as_ref().and_then(|model| model.0.facts)));
        let trouble =
            Memo::new(move |_| made.with(|made| made.as_ref().and_then(|made| made.as_ref().err().cloned())));
        let before = Memo::new(move |_| came.get().and_then(Result::ok));
        let course = Memo::new(move |_| {
            model.with(|model| match model {
                Some(model) => model.0.lines.course(model.0.steps()),
                None => Lines::default().course(1),
            })
        });
        let position = Memo::new(move |_| {
            let wanted = state.with(|state| Position {
                step: state.step,
                equation: state.equation.saturating_sub(1),
                direction: state.direction,
            });
            course.with(|course| course.clamp(wanted))
        });
        Stepper {
            state,
            notation,
            known,
            column: RwSignal::new(None),
            part: RwSignal::new(Standing::Added),
            pointed: RwSignal::new(None),
            all_terms: RwSignal::new(false),
            playing: RwSignal::new(false),
            model,
            trouble,
            compares,
            before,
            subject: RwSignal::new(None),
            hands_focus_on: StoredValue::new(false),
            attempt,
            course,
            position,
        }
    }

    /// Whether numbers are on their way.
    pub fn is_computing(self) -> bool {
        self.trouble.with(|trouble| matches!(trouble, Some(Trouble::Computing(_) | Trouble::Loading)))
    }

    /// Whether there is no network, nor one on its way: nothing to walk through, to change or to save.
    pub fn is_without(self) -> bool {
        let is_stuck = self.trouble.with(|trouble| trouble.as_ref().is_some_and(|trouble| !trouble.passes()));
        is_stuck && self.model.with(Option::is_none)
    }

    /// Reads the model, if there is one.
    pub fn with_model<T>(self, read: impl FnOnce(&Shared) -> T) -> Option<T> {
        self.model.with(|model| model.as_ref().map(read))
    }

    /// Goes to a place.
    pub fn go(self, position: Position) {
        self.hands_focus_on.set_value(is_focused_in("[data-testid=stepper-rows]"));
        self.pointed.set(None);
        self.subject.set(None);
        self.state.update(|state| {
            state.step = position.step;
            state.equation = position.equation + 1;
            state.direction = position.direction;
        });
    }

    /// Goes where a rule of the walk leads; says whether there was anywhere to go.
    pub fn walk(self, rule: impl Fn(&Course, Position) -> Option<Position>) -> bool {
        let now = self.position.get_untracked();
        match self.course.with_untracked(|course| rule(course, now)) {
            Some(next) if next != now => {
                self.go(next);
                true
            }
            _ => false,
        }
    }

    /// Goes to a time step (from 1), at the same equation.
    pub fn to_step(self, step: usize) {
        self.go(Position { step, ..self.position.get_untracked() });
    }

    /// Goes to an equation (from 0) of this step.
    pub fn to_equation(self, equation: usize) {
        self.go(Position { equation, ..self.position.get_untracked() });
    }

    /// Turns round, at this step.
    pub fn turn(self, direction: Direction) {
        if self.position.get_untracked().direction != direction {
            self.walk(|course, now| Some(course.turned(now)));
        }
    }

    /// Spells another row out (from 0); the column matters for a matrix only.
    pub fn choose(self, entry: Entry) {
        self.column.set(Some(entry.column));
        self.state.update(|state| state.row = Some(entry.row + 1));
    }

    /// The entry that was chosen, whether or not this line has so many rows.
    pub fn chosen(self) -> Entry {
        let row = self.state.with(|state| state.row).map_or(0, |row| row.saturating_sub(1));
        Entry { row, column: self.column.get().unwrap_or(0) }
    }

    /// How formulas are set at a step (from 1).
    pub fn typesetter(self, step: usize) -> Typesetter<'static> {
        let facts = self.known.get().map_or(&NoFacts as &'static dyn Facts, |facts| facts);
        Typesetter { notation: self.notation.get(), step: Some(step), facts }
    }

    /// The current line with its model.
    pub fn line(self) -> Option<(Shared, Line)> {
        let position = self.position.get();
        let model = self.model.get()?;
        let line = model.0.lines.along(position.direction).get(position.equation)?.clone();
        Some((model, line))
    }
}

/// The model that a plan leads to: at once, or by a helper of its own.
fn made(
    plan: Memo<Option<Result<Made, Trouble>>>,
    attempt: RwSignal<u32>,
) -> Memo<Option<Result<Shared, Trouble>>> {
    let outcome = RwSignal::new(None::<(Job, Outcome)>);
    let helper = StoredValue::new_local(Helper::new(outcome));
    Effect::new(move |_| {
        attempt.track();
        plan.with(|plan| {
            helper.with_value(|helper| match plan {
                Some(Ok(Made::Elsewhere(job))) => helper.ask((**job).clone()),
                _ => helper.forget(),
            });
        });
    });
    Memo::new(move |_| {
        Some(plan.get()?.and_then(|made| match made {
            Made::Here(model) => Ok(model),
            Made::Elsewhere(job) => match outcome.get().filter(|(done, _)| *done == *job) {
                Some((_, Outcome::Done(model))) => Ok(model),
                Some((_, Outcome::Loading)) => Err(Trouble::Loading),
                Some((_, Outcome::Not(NotTraced::NoDictionary))) => Err(Trouble::NoDictionary),
                Some((_, Outcome::Not(NotTraced::NoFit))) => Err(Trouble::NoFit),
                Some((_, Outcome::Died)) => Err(Trouble::HelperDied),
                Some((_, Outcome::Computing)) | None => Err(Trouble::Computing(job.cost)),
            },
        }))
    })
}

/// Provides the stepper for the parts below.
pub fn provide_stepper(stepper: Stepper) {
    provide_context(stepper);
}

/// The stepper.
pub fn use_stepper() -> Stepper {
    expect_context()
}
