//! The model: cell, units, layers.

use leptos::prelude::*;

use super::keep;
use super::options::Options;
use super::refusal::{Place, place_of, sentence};
use super::state::Lab;
use super::training::Row;
use crate::app::cell::{OwnName, cell_segments, choice_of};
use crate::app::language::say;
use crate::app::parts::{FieldError, Menu, MenuItem, Segment, Segmented, Slider};
use crate::engine::presets::family_of;
use crate::training::settings::CellChoice;
use crate::view::number::count;
use crate::view::run::{nearest, preset_of, set_cell};

/// The places of the slider for the hidden units.
const HIDDEN: [usize; 20] =
    [2, 4, 6, 8, 12, 16, 24, 32, 40, 48, 64, 80, 96, 128, 160, 192, 256, 320, 384, 512];

/// Chooses a cell for the next run.
pub fn choose_cell(lab: Lab, cell: CellChoice) {
    lab.settings.update(|settings| set_cell(&mut settings.model, cell));
    lab.refusal.set(None);
    keep::edited(lab);
}

/// The card.
#[component]
pub fn ModelCard(lab: Lab) -> impl IntoView {
    let cell = Memo::new(move |_| {
        lab.settings.with(|settings| preset_of(&settings.model).unwrap_or("own").to_owned())
    });
    let chosen = Memo::new(move |_| lab.settings.with(|settings| settings.model.cell.clone()));
    let pick = choice_of(chosen);
    let choose = move |id: String| choose_cell(lab, pick(&id));
    let family = Memo::new(move |_| {
        let cell = cell.get();
        family_of(&cell).to_owned()
    });
    let activations = move || {
        let items: Vec<MenuItem> =
            [("rnn", "tanh"), ("rnn-relu", "ReLU"), ("rnn-leaky-relu", "Leaky ReLU"), ("rnn-swish", "Swish")]
                .into_iter()
                .map(|(value, text)| MenuItem { value: value.into(), text: text.into(), note: String::new() })
                .collect();
        let shown = items.clone();
        let label = Signal::derive(move || {
            let cell = cell.get();
            shown.iter().find(|item| item.value == cell).map(|item| item.text.clone()).unwrap_or_default()
        });
        (family.get() == "rnn").then(|| view! {
            <Row name=say!(lab.activation) part="cell">
                <Menu label=label items=items.clone() value=cell name=say!(lab.activation) testid="activation" on_choose=choose/>
            </Row>
        })
    };
    let places: Vec<f64> = HIDDEN.iter().map(|n| *n as f64).collect();
    let hidden = Memo::new(move |_| lab.settings.with(|settings| settings.model.hidden));
    let layers = Memo::new(move |_| lab.settings.with(|settings| settings.model.layers.to_string()));
    let error = Signal::derive(move || {
        lab.refusal.with(|refusal| refusal.as_ref().filter(|r| place_of(r) == Place::Cell).map(sentence))
    });
    let parameters = move || super::size::parameters(lab).map_or_else(|| "–".to_owned(), |n| count(n as u64));
    view! {
        <section class="card model-card" aria-labelledby="lab-model">
            <h2 id="lab-model">{say!(lab.model)}</h2>
            <Segmented
                label=say!(lab.cell)
                options=cell_segments()
                value=family
                testid="cell"
                part="cell"
                on_change=choose
            />
            <OwnName cell=chosen/>
            <FieldError id="cell-error" sentence=error/>
            <div class="lab-rows">
                {activations}
                <Row name=say!(lab.hidden) part="size">
                    <Slider
                        label=say!(lab.hidden)
                        places=HIDDEN.len()
                        place=Signal::derive(move || nearest(&places, hidden.get() as f64))
                        text=Signal::derive(move || hidden.get().to_string())
                        testid="hidden"
                        on_input=move |place: usize| {
                            lab.settings.update(|settings| settings.model.hidden = HIDDEN.get(place).copied().unwrap_or(64));
                            keep::edited(lab);
                        }
                    />
                </Row>
                <Row name=say!(lab.layers) part="size">
                    <Segmented
                        label=say!(lab.layers)
                        options=["1", "2", "3", "4"].map(|n| Segment::new(n, n)).to_vec()
                        value=layers
                        testid="layers"
                        on_change=move |value: String| {
                            lab.settings.update(|settings| settings.model.layers = value.parse().unwrap_or(1));
                            keep::edited(lab);
                        }
                    />
                </Row>
                <Row name=say!(lab.parameters)><span class="num" data-testid="parameters">{parameters}</span></Row>
            </div>
            <Options lab/>
        </section>
    }
}
