//! Options of the model: what is changed in the cell's text, and where the weights start. The changed text is shown.

use leptos::prelude::*;

use super::keep;
use super::refusal::sentence;
use super::state::Lab;
use super::training::Row;
use crate::app::language::say;
use crate::app::parts::{FieldError, Menu, MenuItem, Segment, Segmented};
use crate::protocol::Refusal;
use crate::training::initial::{check_start, recurrent_matrix, usual_forget_bias};
use crate::training::session::{architecture, cell_of};
use crate::training::settings::{Normalisation, Options as ModelOptions, Start};

/// The limit of the small start values.
const SMALL: f32 = 0.05;

/// The disclosure.
#[component]
pub fn Options(lab: Lab) -> impl IntoView {
    let options = Memo::new(move |_| lab.settings.with(|settings| settings.model.options));
    let starts = Memo::new(move |_| lab.settings.with(|settings| settings.training.start));
    let cell = Memo::new(move |_| lab.settings.with(|settings| cell_of(&settings.model.cell).ok()));
    let change = move |change: &dyn Fn(&mut ModelOptions)| {
        lab.settings.update(|settings| change(&mut settings.model.options));
        keep::edited(lab);
    };
    let normalisation = Memo::new(move |_| {
        match options.get().normalisation {
            None => "none",
            Some(Normalisation::Layer) => "layer",
            Some(Normalisation::Batch) => "batch",
        }
        .to_owned()
    });
    let residual = Memo::new(move |_| if options.get().residual { "on" } else { "off" }.to_owned());
    let start = Memo::new(move |_| {
        match starts.get() {
            Start::Xavier => "xavier",
            Start::He => "he",
            Start::Uniform(_) => "uniform",
            Start::Identity => "identity",
        }
        .to_owned()
    });
    let start_label = Signal::derive(move || match starts.get() {
        Start::Xavier => "Xavier".to_owned(),
        Start::He => "He".to_owned(),
        Start::Uniform(limit) => format!("±{limit}"),
        Start::Identity => say!(lab.start_identity).to_owned(),
    });
    let start_menu = move || {
        let mut items = vec![("xavier", "Xavier"), ("he", "He"), ("uniform", say!(lab.start_small))];
        if cell.with(|cell| cell.as_ref().is_some_and(|cell| recurrent_matrix(cell).is_some())) {
            items.push(("identity", say!(lab.start_identity)));
        }
        let items: Vec<MenuItem> = items
            .into_iter()
            .map(|(value, text)| MenuItem { value: value.into(), text: text.into(), note: String::new() })
            .collect();
        let choose = move |value: String| {
            lab.settings.update(|settings| {
                settings.training.start = match value.as_str() {
                    "he" => Start::He,
                    "uniform" => Start::Uniform(SMALL),
                    "identity" => Start::Identity,
                    _ => Start::Xavier,
                }
            });
            keep::edited(lab);
        };
        view! { <Menu label=start_label items=items value=start name=say!(lab.start_values) testid="start" on_choose=choose/> }
    };
    let usual_bias = Memo::new(move |_| {
        lab.settings
            .with(|settings| cell.with(|cell| usual_forget_bias(&settings.model.cell, cell.as_ref()?)))
    });
    let forget = move || {
        let usual = usual_bias.get()? as f32;
        let value = Memo::new(move |_| {
            lab.settings.with(|settings| settings.training.forget_bias.unwrap_or(usual).to_string())
        });
        Some(view! {
            <Row name=say!(lab.forget_bias)>
                <Segmented
                    label=say!(lab.forget_bias)
                    options=[("-1", "−1"), ("0", "0"), ("1", "1"), ("2", "2")].map(|(value, text)| Segment::new(value, text)).to_vec()
                    value=value
                    testid="forget-bias"
                    on_change=move |value: String| {
                        let chosen = value.parse().ok().filter(|bias| *bias != usual);
                        lab.settings.update(|settings| settings.training.forget_bias = chosen);
                        keep::edited(lab);
                    }
                />
            </Row>
        })
    };
    // What does not go together is said before training is asked for. The vocabulary has no part in it, and the sizes have
    // none either: nothing is made of them here.
    let error = Memo::new(move |_| {
        lab.settings.with(|settings| {
            let made = architecture(&settings.model, 2);
            let made = made.and_then(|made| Ok(check_start(&made, &settings.training)?));
            made.err()
                .filter(|refusal| matches!(refusal, Refusal::Option { .. }))
                .map(|refusal| sentence(&refusal))
        })
    });
    let texts = move || {
        let model = lab.settings.with(|settings| settings.model.clone());
        if model.options == ModelOptions::default() {
            return None;
        }
        let made = architecture(&model, 2).ok()?;
        let lowest = made.layers.first()?.cell.text.clone();
        let upper = made.layers.last()?.cell.text.clone();
        let is_other = upper != lowest;
        Some(view! {
            <p class="muted lab-option-name">{say!(lab.option_text)}</p>
            <pre class="lab-option-text" tabindex="0" data-testid="option-text">{lowest}</pre>
            {is_other.then(|| view! {
                <p class="muted lab-option-name">{say!(lab.option_text_upper)}</p>
                <pre class="lab-option-text" tabindex="0">{upper}</pre>
            })}
        })
    };
    view! {
        <details class="lab-options" data-part="options" data-testid="options">
            <summary>{say!(lab.options)}</summary>
            <div class="lab-rows">
                <Row name=say!(lab.normalisation)>
                    <Segmented
                        label=say!(lab.normalisation)
                        options=vec![
                            Segment::new("none", say!(lab.normalise_none)),
                            Segment::new("layer", say!(lab.normalise_layer)),
                            Segment::new("batch", say!(lab.normalise_batch)),
                        ]
                        value=normalisation
                        testid="normalisation"
                        on_change=move |value: String| {
                            change(&|options| options.normalisation = match value.as_str() {
                                "layer" => Some(Normalisation::Layer),
                                "batch" => Some(Normalisation::Batch),
                                _ => None,
                            });
                        }
                    />
                </Row>
                <Row name=say!(lab.residual)>
                    <Segmented
                        label=say!(lab.residual)
                        options=vec![Segment::new("off", say!(lab.off)), Segment::new("on", say!(lab.on))]
                        value=residual
                        testid="residual"
                        on_change=move |value: String| change(&|options| options.residual = value == "on")
                    />
                </Row>
                <Row name=say!(lab.start_values)>{start_menu}</Row>
                {forget}
            </div>
            {move || options.get().normalisation.map(|_| view! { <p class="muted lab-option-name">{say!(lab.normalise_why)}</p> })}
            {texts}
        </details>
        // Outside of what may be closed: with it nothing can be trained.
        <FieldError id="options-error" sentence=error/>
    }
}
