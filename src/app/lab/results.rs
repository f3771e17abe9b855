//! What a run shows: the loss, what it writes, how far the gradient reaches.

use std::sync::Arc;

use leptos::{html, prelude::*};

use super::files::LabFiles;
use super::likelier::Likelier;
use super::sampler::Sampler;
use super::state::{Lab, Status};
use crate::app::files::PictureTools;
use crate::app::handover::{TrainedModel, use_handover};
use crate::app::language::{say, say_with};
use crate::app::parts::{Chart, Drawn, Reach};
use crate::app::{browser, to};
use crate::training::settings::TextSource;
use crate::view::address::Page;
use crate::view::chart::{Dash, ReachSeries};
use crate::view::comparison::smoothed;
use crate::view::controls::updates_of;
use crate::view::formula::{Level, Piece};
use crate::view::number::{count, fixed};

/// What the curves show, and what the gradient is one of.
fn loss_formula() -> Vec<Vec<Piece>> {
    let on = |text: &str| Piece { text: text.to_owned(), level: Level::On, is_slanted: false };
    let value = |text: &str| Piece { is_slanted: true, ..on(text) };
    let at = |text: &str, level: Level| Piece::upright(text, level);
    let step = || at("⟨t⟩", Level::Above);
    vec![vec![
        value("L"),
        on(" = −(1/"),
        value("N"),
        on(") Σ"),
        at("t", Level::Below),
        on(" log "),
        value("ŷ"),
        step(),
        on("["),
        value("y"),
        step(),
        on("]"),
    ]]
}

/// Symbols of the sentence that the Stepper opens first.
const SENTENCE: usize = 16;
/// Samples in view.
const SAMPLES: usize = 5;

/// The size of a chart as wide as the run's column: so flat that what the network writes is in view below it, but for a class.
fn wide_size(lab: Lab) -> (f64, f64) {
    match (browser::matches("(max-width: 560px)"), lab.classroom.is_presenting()) {
        (true, _) => (400.0, 240.0),
        (false, true) => (800.0, 262.0),
        (false, false) => (800.0, 200.0),
    }
}

/// The loss over the updates.
#[component]
pub fn LossCard(lab: Lab) -> impl IntoView {
    let vocabulary = Memo::new(move |_| {
        let prepared = lab.prepared.with(|prepared| prepared.as_ref().map(|p| p.vocabulary.len()));
        prepared
            .or_else(|| lab.facts.with(|facts| facts.symbols.filter(|n| *n > 0).map(|_| facts.vocabulary)))
    });
    let rule = Signal::derive(move || vocabulary.get().filter(|v| *v > 1).map(|v| libm::log(v as f64)));
    let curves = Signal::derive(move || {
        let (losses, held_out) =
            lab.with_history(|history| (history.losses.clone(), history.held_out.clone()));
        // Each update's loss is that of one batch: where the run goes is seen in their mean.
        let mean = smoothed(&losses);
        vec![
            Drawn {
                name: say!(lab.curve_updates).to_owned(),
                dash: Dash::Solid,
                is_soft: true,
                points: losses,
            },
            Drawn {
                name: say!(lab.curve_training).to_owned(),
                dash: Dash::Solid,
                is_soft: false,
                points: mean,
            },
            Drawn {
                name: say!(lab.curve_held_out).to_owned(),
                dash: Dash::Dashed,
                is_soft: false,
                points: held_out,
            },
        ]
    });
    let steps = Signal::derive(move || {
        let running = lab.running.with(|running| running.as_ref().map(updates_of));
        running.unwrap_or_else(|| lab.settings.with(|settings| settings.training.steps))
    });
    let size = Signal::derive(move || wide_size(lab));
    let label = Signal::derive(move || {
        let (loss, held) = lab.with_history(|history| (history.loss(), history.held_out_loss()));
        match (loss, held) {
            (Some(loss), Some(held)) => {
                say_with!(lab.loss_chart; "loss" => fixed(loss, 2), "held" => fixed(held, 2))
            }
            _ => say!(lab.loss).to_owned(),
        }
    });
    let place = NodeRef::<html::Div>::new();
    view! {
        <section class="card" aria-labelledby="lab-loss">
            <div class="row wrap loss-head">
                <h2 id="lab-loss" class="grow">{say!(lab.loss)}</h2>
                <span class="muted num">
                    {move || rule.get().map(|ln| say_with!(lab.uniform_guess; "value" => fixed(ln, 2)))}
                </span>
                <PictureTools place name=say!(files.loss_name) formulas=Signal::stored(loss_formula()) testid="loss-chart"/>
            </div>
            <div node_ref=place><Chart label curves rule steps size testid="loss-chart"/></div>
        </section>
    }
}

/// Samples as they improve, and what can be asked of the model.
#[component]
pub fn WritesCard(lab: Lab) -> impl IntoView {
    let asks_sample = RwSignal::new(false);
    let asks_likelier = RwSignal::new(false);
    let samples = Memo::new(move |_| lab.with_history(|history| history.samples_over_time(SAMPLES)));
    let line = |(step, text): (u32, String)| {
        view! {
            <span class="says-step">{say_with!(lab.sample_step; "n" => count(u64::from(step)))}</span>
            <span class="says-text">{text.trim().replace('\n', " ↵ ")}</span>
        }
    };
    let newest = move || samples.with(|samples| samples.last().cloned()).map(line);
    let earlier = move || {
        let mut samples = samples.get();
        samples.pop();
        samples.into_iter().map(|sample| view! { <li>{line(sample)}</li> }).collect_view()
    };
    // A sample is cut after two lines, so that what stands below stays in view while it trains.
    let is_whole = RwSignal::new(false);
    let has_samples = move || samples.with(|samples| !samples.is_empty());
    let has_model = Memo::new(move |_| lab.status.with(Status::has_model));
    let handover = use_handover();
    let navigate = leptos_router::hooks::use_navigate();
    let step_through = move |_| {
        let navigate = navigate.clone();
        hand_over(lab, handover, move || {
            navigate(
                &to(&Page::Stepper),
                leptos_router::NavigateOptions { resolve: false, ..Default::default() },
            );
        });
    };
    view! {
        <section class="card" aria-labelledby="lab-writes">
            <div class="row says-head">
                <h2 id="lab-writes" class="grow">{say!(lab.writes)}</h2>
                <button
                    class="ghost small" data-testid="samples-whole" hidden=move || !has_samples()
                    aria-pressed=move || is_whole.get().to_string() on:click=move |_| is_whole.update(|whole| *whole = !*whole)
                >{say!(lab.writes_whole)}</button>
            </div>
            <p class="muted" hidden=has_samples>{say!(lab.writes_empty)}</p>
            // The newest one first and in two lines always, so that it is in view beside the loss and no button moves away
            // from under a pointer; what grows while it trains stands below.
            <p class="says newest" class:whole=is_whole hidden=move || !has_samples() data-testid="newest-sample">{newest}</p>
            <div class="row wrap lab-asks">
                <button class="solid small" data-testid="step-through" disabled=move || !has_model.get() on:click=step_through>
                    {say!(lab.step_through)}
                </button>
                <button class="ghost" data-testid="sample" disabled=move || !has_model.get() on:click=move |_| asks_sample.set(true)>
                    {say!(lab.sample)}
                </button>
                <button class="ghost" data-testid="likelier" disabled=move || !has_model.get() on:click=move |_| asks_likelier.set(true)>
                    {say!(lab.likelier)}
                </button>
                <LabFiles lab/>
            </div>
            <ol class="says" class:whole=is_whole data-testid="samples-written">{earlier}</ol>
            <Sampler lab open=asks_sample/>
            <Likelier lab open=asks_likelier/>
        </section>
    }
}

/// Hands the network over as it is now, without stopping its training.
fn hand_over(lab: Lab, handover: RwSignal<Option<Arc<TrainedModel>>>, then: impl FnOnce() + 'static) {
    with_snapshot(lab, move |model| {
        handover.set(Some(Arc::new(model)));
        then();
    });
}

/// The network as it is now, once the trainer has said it; its training goes on.
pub fn with_snapshot(lab: Lab, then: impl FnOnce(TrainedModel) + 'static) {
    lab.snapshot(move |step, checkpoint| {
        let Some(mut settings) = lab.running.get_untracked() else { return };
        let run_text = std::rc::Rc::clone(&lab.control().borrow().run_text);
        let sentence = first_words(&run_text);
        if let TextSource::Own(own) = &mut settings.text.source {
            *own = run_text.to_string();
        }
        let vocabulary =
            lab.prepared.with_untracked(|prepared| prepared.as_ref().map(|p| p.vocabulary.clone()));
        then(TrainedModel {
            settings,
            step,
            vocabulary: vocabulary.unwrap_or_default(),
            checkpoint,
            sentence,
            time_step: None,
        });
    });
}

/// The beginning of a text, as many symbols as fit the Stepper's first view, on one line.
pub fn first_words(text: &str) -> String {
    use unicode_segmentation::UnicodeSegmentation;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
    line.graphemes(true).take(SENTENCE).collect::<String>().trim_end().to_owned()
}

/// How far the gradient of the loss reaches back.
#[component]
pub fn ReachCard(lab: Lab) -> impl IntoView {
    let series = Memo::new(move |_| {
        lab.with_history(|history| {
            history
                .reach
                .iter()
                .map(|(name, norms)| ReachSeries { name: name.clone(), norms: norms.clone() })
                .collect::<Vec<_>>()
        })
    });
    let place = NodeRef::<html::Div>::new();
    // Presented, it has the whole width, and letters as large as those of the loss.
    let size =
        Signal::derive(move || if lab.classroom.is_presenting() { wide_size(lab) } else { (380.0, 170.0) });
    let has_reach = Memo::new(move |_| series.with(|series| !series.is_empty()));
    view! {
        <section class="card" aria-labelledby="lab-reach">
            <h2 id="lab-reach">{say!(lab.reach)}</h2>
            {move || if has_reach.get() {
                view! {
                    <div node_ref=place><Reach label=Signal::stored(say!(lab.reach).to_owned()) series size testid="reach-chart"/></div>
                    <PictureTools place name=say!(files.reach_name) formulas=Signal::stored(loss_formula()) testid="reach-chart"/>
                }.into_any()
            } else {
                view! { <p class="muted">{say!(lab.reach_empty)}</p> }.into_any()
            }}
        </section>
    }
}
