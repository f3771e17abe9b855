//! The own cell against the others: the same text, seed and sizes, one curve each.

use leptos::{html, prelude::*};

use super::keep::OwnCell;
use super::reading::Reading;
use super::runs::{Run, Runs, Standing};
use super::start::words;
use crate::app::browser::{fresh_seed, matches};
use crate::app::files::PictureTools;
use crate::app::lab::{sentence, use_lab};
use crate::app::language::{gap, paragraph, say, say_with};
use crate::app::parts::{Chart, Drawn, Segment, Segmented};
use crate::app::to;
use crate::training::settings::CellChoice;
use crate::view::address::Page;
use crate::view::chart::Dash;
use crate::view::comparison::{STEPS, lowest, outcome, smoothed};
use crate::view::number::{count, fixed};

/// The cells that it may be compared with, and whether they are chosen at first.
const OTHERS: [(&str, bool); 4] = [("rnn", false), ("gru-simplified", false), ("gru", true), ("lstm", true)];

/// The card.
#[component]
pub fn Compare(own: OwnCell, reading: Reading) -> impl IntoView {
    let lab = use_lab();
    let runs = Runs::new();
    on_cleanup(move || runs.end());
    let chosen = OTHERS.map(|(_, is_chosen)| RwSignal::new(is_chosen));
    let steps = RwSignal::new(STEPS.get(1).copied().unwrap_or(500));
    let seed = RwSignal::new(None::<u64>);
    let seed_in_use = Memo::new(move |_| {
        seed.get().unwrap_or_else(|| lab.settings.with(|settings| settings.training.seed))
    });
    let begin = move |_| {
        let mut cells = vec![(say!(cell.own).to_owned(), own.choice())];
        for ((id, _), is_chosen) in OTHERS.iter().zip(chosen) {
            if is_chosen.get_untracked() {
                cells.push((words(id).0.to_owned(), CellChoice::Preset((*id).to_owned())));
            }
        }
        runs.begin(lab, cells, steps.get_untracked(), seed_in_use.get_untracked());
    };
    let boxes = OTHERS.iter().zip(chosen).map(|((id, _), is_chosen)| {
        view! {
            <label class="cell-check">
                <input
                    type="checkbox" data-testid=format!("compare-{id}") prop:checked=is_chosen
                    on:change=move |event| is_chosen.set(event_target_checked(&event))
                />
                <span>{words(id).0}</span>
            </label>
        }
    });
    let steps_text = Signal::derive(move || steps.get().to_string());
    let options = STEPS.map(|steps| Segment::new(steps.to_string(), count(u64::from(steps)))).to_vec();
    let choose_steps = Callback::new(move |value: String| steps.set(value.parse().unwrap_or(500)));
    let conditions = move || {
        let (hidden, layers) = lab.settings.with(|settings| (settings.model.hidden, settings.model.layers));
        say_with!(cell.compare_conditions; "hidden" => hidden, "layers" => layers, "seed" => seed_in_use.get())
    };
    // The results stay when the cell or the seed changes, and say that they are of before.
    let is_of_before = Memo::new(move |_| {
        let of_another_cell = own.text.with(|text| {
            runs.shown.with(|runs| {
                runs.iter().any(|run| matches!(&run.cell, CellChoice::Own(trained) if trained != text))
            })
        });
        of_another_cell || runs.seed.get() != seed_in_use.get()
    });
    let has_runs = Memo::new(move |_| runs.shown.with(|runs| !runs.is_empty()));
    view! {
        <section class="card cell-compare" aria-labelledby="cell-compare" data-testid="cell-compare">
            <h2 id="cell-compare">{say!(cell.compare)}</h2>
            <p class="cell-lead">{say!(cell.compare_lead)}{gap()}{conditions}{gap()}<a href=to(&Page::Lab)>{say!(cell.compare_lab)}</a></p>
            <div class="row wrap cell-starts">
                <span role="group" aria-label=say!(cell.compare_with) class="row wrap">{boxes.collect_view()}</span>
                <Segmented label=say!(lab.steps) options value=steps_text on_change=choose_steps testid="compare-steps"/>
                <span class="muted">{say!(cell.updates)}</span>
            </div>
            <div class="row wrap cell-actions">
                <button
                    class="solid" type="button" data-testid="compare-start"
                    disabled=move || reading.is_wrong.get() || runs.is_running.get() on:click=begin
                >{say!(cell.compare_start)}</button>
                <button
                    class="ghost" type="button" data-testid="compare-stop" disabled=move || !runs.is_running.get()
                    on:click=move |_| runs.stop()
                >{say!(cell.compare_stop)}</button>
                <button
                    class="ghost" type="button" data-testid="compare-seed" disabled=move || runs.is_running.get()
                    on:click=move |_| seed.set(Some(fresh_seed() % 1_000_000))
                >{say!(lab.dice)}</button>
            </div>
            <Show when=move || has_runs.get()>
                <Show when=move || is_of_before.get()>
                    <p class="notice" role="status" data-testid="compare-of-before">{say!(cell.compare_of_before)}</p>
                </Show>
                <Outcomes runs/>
            </Show>
        </section>
    }
}

/// Chart, table, and the sentence about both.
#[component]
fn Outcomes(runs: Runs) -> impl IntoView {
    let curves = Signal::derive(move || {
        runs.shown.with(|runs| {
            let drawn = |(place, run): (usize, &Run)| Drawn {
                name: run.name.clone(),
                dash: Dash::of_run(place),
                is_soft: false,
                points: smoothed(&run.history.losses),
            };
            // What the verdict is about, where every run has it: in the dash of its curve of training, softer.
            let held_out = |(place, run): (usize, &Run)| Drawn {
                name: say_with!(cell.compare_held_out; "name" => run.name),
                dash: Dash::of_run(place),
                is_soft: true,
                points: run.history.held_out.clone(),
            };
            let has_held_out = runs.iter().any(|run| run.history.held_out.len() > 1);
            let others = runs.iter().enumerate().filter(|_| has_held_out).map(held_out);
            runs.iter().enumerate().map(drawn).chain(others).collect::<Vec<_>>()
        })
    });
    // As wide as its card, so that its letters keep their size.
    let size = match (matches("(max-width: 560px)"), matches("(max-width: 1140px)")) {
        (true, _) => (400.0, 240.0),
        (_, true) => (800.0, 262.0),
        _ => (1160.0, 300.0),
    };
    let rows = move || {
        runs.shown.with(|runs| {
            let of = |run: &Run| {
                let outcome = outcome(&run.history);
                let number =
                    |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| fixed(value, 3));
                view! {
                    <tr>
                        <th scope="row">{run.name.clone()}</th>
                        <td>{run.parameters.map_or_else(|| "–".to_owned(), |n| count(n as u64))}</td>
                        <td>{count(u64::from(outcome.step))}</td>
                        <td>{number(outcome.training)}</td>
                        <td>{number(outcome.held_out)}</td>
                        <td class="cell-standing">{standing(&run.standing)}</td>
                    </tr>
                }
            };
            runs.iter().map(of).collect_view()
        })
    };
    let verdict = move || {
        let runs = runs.shown.get();
        if let Some(run) = runs.iter().find(|run| run.standing == Standing::Running) {
            return say_with!(cell.compare_running; "name" => run.name);
        }
        let done: Vec<&Run> = runs.iter().filter(|run| run.standing == Standing::Done).collect();
        let outcomes: Vec<_> = done.iter().map(|run| outcome(&run.history)).collect();
        let Some((lead, run)) = lowest(&outcomes).and_then(|lead| Some((lead, *done.get(lead.place)?)))
        else {
            return String::new();
        };
        let guess = run.symbols.map(|symbols| libm::log(symbols as f64));
        // As many decimals as are shown.
        let is_alike = lead.by < 0.0005;
        let sentence = match (lead.is_held_out, is_alike) {
            (true, true) => say!(cell.compare_alike).to_owned(),
            (false, true) => say!(cell.compare_alike_training).to_owned(),
            (true, false) => say_with!(cell.compare_lowest; "name" => run.name, "by" => fixed(lead.by, 3)),
            (false, false) => {
                say_with!(cell.compare_lowest_training; "name" => run.name, "by" => fixed(lead.by, 3))
            }
        };
        match guess.filter(|guess| lead.least > *guess) {
            Some(guess) => {
                let over = say_with!(cell.compare_over_guess; "guess" => fixed(guess, 2));
                paragraph(&[sentence, over])
            }
            None => sentence,
        }
    };
    let place = NodeRef::<html::Div>::new();
    view! {
        <div node_ref=place>
        <Chart label=Signal::stored(say!(cell.compare_chart).to_owned()) curves rule=Signal::stored(None) steps=runs.planned size=Signal::stored(size) testid="compare-chart"/>
        </div>
        <PictureTools place name=say!(files.loss_name) formulas=Signal::stored(Vec::new()) testid="compare-chart"/>
        <div class="scroller cell-results" tabindex="0" role="region" aria-label=say!(cell.compare)>
            <table data-testid="compare-table">
                <thead><tr>
                    <th scope="col">{say!(lab.cell)}</th>
                    <th scope="col">{say!(lab.parameters)}</th>
                    <th scope="col">{say!(lab.steps)}</th>
                    <th scope="col">{say!(lab.curve_training)}</th>
                    <th scope="col">{say!(lab.curve_held_out)}</th>
                    <th scope="col">{say!(cell.standing)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p role="status" data-testid="compare-verdict">{verdict}</p>
    }
}

fn standing(standing: &Standing) -> String {
    match standing {
        Standing::Waiting => say!(cell.waiting).to_owned(),
        Standing::Running => say!(cell.running).to_owned(),
        Standing::Done => say!(cell.done).to_owned(),
        Standing::Stopped => say!(cell.stopped).to_owned(),
        Standing::Diverged(step) => say_with!(cell.diverged; "step" => step),
        Standing::Refused(refusal) => sentence(refusal),
    }
}
