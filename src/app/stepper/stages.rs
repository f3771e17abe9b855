//! The page opens in stages, each a task of the browser's own: what frames the numbers stands first. A network that was
//! just trained opens while its run goes on, and no task may hold the page up meanwhile.

use leptos::prelude::*;

use crate::app::browser::after;

/// What is there so far, first to last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Choices, cards and transport, without a number.
    Frame,
    /// The weights that were handed over.
    Weights,
    /// The sentence's way through the network.
    Numbers,
    /// The sentence unrolled.
    Strip,
    /// The cell's drawing.
    Drawing,
    /// The list of equations.
    Equations,
    /// The current equation with its matrices.
    Opening,
}

impl Stage {
    const LAST: Stage = Stage::Opening;

    fn next(self) -> Stage {
        match self {
            Stage::Frame => Stage::Weights,
            Stage::Weights => Stage::Numbers,
            Stage::Numbers => Stage::Strip,
            Stage::Strip => Stage::Drawing,
            Stage::Drawing => Stage::Equations,
            Stage::Equations | Stage::Opening => Stage::Opening,
        }
    }
}

/// How far the page is.
#[derive(Clone, Copy)]
pub struct Stages(RwSignal<Stage>);

impl Stages {
    /// Whether a stage has come.
    pub fn reached(self, stage: Stage) -> Memo<bool> {
        Memo::new(move |_| self.0.get() >= stage)
    }
}

/// Provides the stages and begins them.
pub fn provide_stages() -> Stages {
    let stages = Stages(RwSignal::new(Stage::Frame));
    provide_context(stages);
    go_on(stages);
    stages
}

/// The stages.
pub fn use_stages() -> Stages {
    expect_context()
}

/// The next stage, in a task of its own. The page may have been left meanwhile.
fn go_on(stages: Stages) {
    after(0, move || {
        let now = stages.0.try_update(|stage| {
            *stage = stage.next();
            *stage
        });
        if now.is_some_and(|now| now < Stage::LAST) {
            go_on(stages);
        }
    });
}
