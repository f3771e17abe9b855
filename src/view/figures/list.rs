//! The list of figures: the one place that knows them by name.
//!
//! In the browser they come in two files, see [`first`](super::first); on the host all of them are there.

use super::Figure;
#[cfg(any(feature = "first-figures", feature = "figures", not(target_arch = "wasm32")))]
use super::{exercise::Exam, vectors};
#[cfg(any(feature = "figures", not(target_arch = "wasm32")))]
use super::{
    exercise::{
        AnswerTask, ChainTask, ClipTask, DrawTask, Hand, LikelierTask, LossTask, MemoryTask, MixTask,
        ProductTask, ShapesTask, StartTask, StateTask, TailTask, TemperatureTask,
    },
    gated, gradients,
    lesson::Taught,
    models, recurrent, sampling,
    worksheet::Worksheet,
};
#[cfg(any(feature = "first-figures", not(target_arch = "wasm32")))]
use super::{
    exercise::{ColumnTask, PaddingTask},
    notation,
};

type Make = fn() -> Box<dyn Figure>;

#[allow(unused_macros, reason = "a build without figures has no list")]
macro_rules! figures {
    ($list:ident: $($name:literal => $make:expr),+ $(,)?) => {
        const $list: &[(&str, Make)] = &[$(($name, || Box::new($make))),+];
    };
}

#[cfg(any(feature = "first-figures", not(target_arch = "wasm32")))]
figures! {
    LIGHT:
    "cut" => notation::Cut,
    "batch" => notation::Batch,
    "vocabulary" => vectors::Vocabulary,
    "one-hot" => vectors::OneHot,
    "padding-task" => Exam(&PaddingTask),
    "column-task" => Exam(&ColumnTask),
}

#[cfg(any(feature = "figures", not(target_arch = "wasm32")))]
figures! {
    WITH_ENGINE:
    "column" => vectors::Column::default(),
    "unrolled" => recurrent::Unrolled,
    "shapes" => recurrent::Shapes,
    "state" => recurrent::State,
    "stacked" => recurrent::Stacked,
    "answer" => recurrent::Answer,
    "losses" => recurrent::Losses,
    "backward" => recurrent::Backward,
    "wirings" => recurrent::Wirings::default(),
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
    "mixing" => gated::Mixing::default(),
    "reset-gate" => gated::Reset::default(),
    "gates" => gated::Gates::default(),
    "running-sums" => gated::Distractor::default(),
    "lstm-walk" => gated::Walk,
    "lstm-roles" => gated::Roles::default(),
    "lstm-memory" => gated::Memory::default(),
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

const LISTS: &[&[(&str, Make)]] = &[
    #[cfg(any(feature = "first-figures", not(target_arch = "wasm32")))]
    LIGHT,
    #[cfg(any(feature = "figures", not(target_arch = "wasm32")))]
    WITH_ENGINE,
];

/// The names of all figures, as the Markdown writes them.
pub fn names() -> impl Iterator<Item = &'static str> {
    LISTS.iter().flat_map(|list| list.iter()).map(|(name, _)| *name)
}

/// A figure by its name, as it is before anything was heard or pressed.
pub fn figure(name: &str) -> Option<Box<dyn Figure>> {
    let found = LISTS.iter().flat_map(|list| list.iter()).find(|(known, _)| *known == name);
    found.map(|(_, make)| make())
}
