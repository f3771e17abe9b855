//! Five small tasks, one for each way of wiring the same model, each of which really trains within seconds.
//!
//! ```
//! use unrolled::language::tasks::TaskLanguage;
//! use unrolled::training::task::{TaskKind, TaskRun, TaskSettings};
//!
//! let mut settings = TaskSettings::usual(TaskKind::ManyToOne, TaskLanguage::English, "gru", 7);
//! settings.steps = 20;
//! let mut run = TaskRun::new(settings)?;
//! while run.step() < run.settings().steps {
//!     let loss = run.update().expect("this run is stable"); // nats per label, before the update
//!     assert!(loss.is_finite());
//! }
//! let held_out = run.measure(); // on sentences that it was not trained on
//! assert!(held_out.loss.is_finite() && held_out.accuracy <= 1.0);
//! let answer = run.answer(&["the", "film", "was", "not", "bad"]);
//! assert_eq!(answer.steps.len(), 5); // what it read and said, step by step
//! let walk = run.trace(run.example(0)).expect("a sample fits its model"); // every number, f64, for the Stepper
//! assert!(walk.encoder.is_none());
//! # Ok::<(), unrolled::training::report::Refusal>(())
//! ```

mod answer;
mod asker;
mod data;
mod learner;
mod run;
mod settings;
mod traced;
mod wiring;

pub use answer::{Answer, AnswerStep, Candidate};
pub use asker::Asker;
pub use data::{Sample, Task};
pub use learner::{Learner, TaskWindow};
pub use run::{Measured, TaskProgress, TaskRun};
pub use settings::{TaskKind, TaskSettings};
pub use traced::{Stepped, TaskTrace, trace_sample};
pub use wiring::{StepInput, Wiring, WiringStep};
