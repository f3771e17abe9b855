//! The list of figures: the one place that knows them by name.

use super::exercise::{
    AnswerTask, ChainTask, ClipTask, ColumnTask, DrawTask, Exam, Hand, LikelierTask, LossTask, MemoryTask,
    MixTask, PaddingTask, ProductTask, ShapesTask, StartTask, StateTask, TailTask, TemperatureTask,
};
use super::lesson::Taught;
use super::worksheet::Worksheet;
use super::{Figure, gated, gradients, models, notation, recurrent, sampling, vectors};

type Make = fn() -> Box<dyn Figure>;

macro_rules! figures {
    ($($name:literal => $make:expr),+ $(,)?) => {
        /// The names of all figures, as the Markdown writes them.
        pub const NAMES: &[&str] = &[$($name),+];

        const MAKERS: &[Make] = &[$(|| Box::new($make)),+];
    };
}

figures! {
    "cut" => notation::Cut,
    "batch" => notation::Batch,
    "vocabulary" => vectors::Vocabulary,
    "one-hot" => vectors::OneHot,
    "column" => vectors::Column::default(),
    "unrolled" => recurrent::Unrolled,
    "shapes" => recurrent::Shapes,
    "state" => recurrent::State,
    "stacked" => recurrent::Stacked,
    "answer" => recurrent::Answer,
    "losses" => recurrent::Losses,
    "backward" => recurrent::Backward,
    "wirings" => recurrent::Wirings::default(),
    "padding-task" => Exam(&PaddingTask),
    "column-task" => Exam(&ColumnTask),
    "state-task" => Exam(&StateTask),
    "shapes-task" => Exam(&ShapesTask),
    "answer-task" => Exam(&AnswerTask),
    "loss-task" => Exam(&LossTask),
    "chain-task" => Exam(&ChainTask),
    "likelier-task" => Exam(&LikelierTask),
    "draw-task" => Exam(&DrawTask),
    "temperature-task" => Exam(&TemperatureTask),
    "tail-task" => Exam(&TailTask),
    "product-task" => Exam(&ProductTask),
    "clip-task" => Exam(&ClipTask),
    "start-task" => Exam(&StartTask),
    "mix-task" => Exam(&MixTask),
    "memory-task" => Exam(&MemoryTask),
    "hand" => Exam(&Hand),
    "worksheet" => Worksheet,
    "itemised" => recurrent::Itemised,
    "gradient-check" => recurrent::Check,
    "alike" => gated::Alike,
    "mixing" => gated::Learns::<gated::Mixing>::default(),
    "reset-gate" => gated::Learns::<gated::Reset>::default(),
    "gates" => gated::Learns::<gated::Gates>::default(),
    "running-sums" => gated::Distractor::default(),
    "lstm-walk" => gated::Walk,
    "lstm-roles" => gated::Learns::<gated::Roles>::default(),
    "lstm-memory" => gated::Learns::<gated::Memory>::default(),
    "side-by-side" => gated::Beside::default(),
    "vanishing" => gradients::Vanishing,
    "jacobians" => gradients::Jacobians,
    "depth" => gradients::Remedies::IN_DEPTH,
    "diverging" => gradients::Diverging::default(),
    "clipping" => gradients::Clipping,
    "remedies" => gradients::Remedies::IN_TIME,
    "shifted" => models::Shifted,
    "fed" => Taught::<models::Fed>::default(),
    "chain" => Taught::<models::Chain>::default(),
    "likelier" => Taught::<models::Likelier>::default(),
    "continued" => Taught::<models::Continued>::default(),
    "two-stages" => models::Stages::default(),
    "dialogue" => Taught::<models::Dialogue>::default(),
    "draw" => Taught::<sampling::Draw>::default(),
    "early-late" => Taught::<sampling::EarlyLate>::default(),
    "rules" => Taught::<sampling::Rules>::default(),
}

/// A figure by its name, as it is before anything was heard or pressed.
pub fn figure(name: &str) -> Option<Box<dyn Figure>> {
    let place = NAMES.iter().position(|known| *known == name)?;
    MAKERS.get(place).map(|make| make())
}
