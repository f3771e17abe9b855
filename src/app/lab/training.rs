//! The training: optimiser, learning rate, clipping, window, batch, steps, seed.

use leptos::prelude::*;

use super::keep;
use super::refusal::{Place, bound, place_of, sentence};
use super::state::Lab;
use crate::app::browser::fresh_seed;
use crate::app::language::{say, say_with};
use crate::app::parts::{Field, FieldError, Menu, MenuItem, Slider};
use crate::protocol::Refusal;
use crate::training::settings::{Changed, Rule, RunSettings, TrainingSettings};
use crate::view::run::{decades, nearest, write_number};
use crate::view::typed::{decimal, whole};

/// A name and its control.
#[component]
pub fn Row(
    /// The name.
    #[prop(into)]
    name: String,
    /// What a lesson link calls it; empty: it cannot be put away by itself.
    #[prop(optional)]
    part: &'static str,
    /// The control.
    children: Children,
) -> impl IntoView {
    let part = (!part.is_empty()).then_some(part);
    view! { <div class="lab-row" data-part=part><span class="muted">{name}</span><span class="lab-control">{children()}</span></div> }
}

/// A setting that is a number: how it is read, written and checked.
#[derive(Clone, Copy)]
struct Setting {
    name: &'static str,
    testid: &'static str,
    is_whole: bool,
    get: fn(&TrainingSettings) -> String,
    set: fn(&mut TrainingSettings, f64),
    /// Handed to the run while it goes on.
    changed: Option<fn(f64) -> Changed>,
}

/// Range of a setting, from the table that the trainer checks with.
fn range(name: &str) -> (f64, f64) {
    crate::training::limits::range(name).unwrap_or((0.0, f64::MAX))
}

/// The card.
#[component]
pub fn TrainingCard(lab: Lab) -> impl IntoView {
    let rule = Memo::new(move |_| lab.settings.with(|settings| rule_name(settings.training.rule).to_owned()));
    let rules: Vec<MenuItem> = [Rule::Adam, Rule::Rmsprop, Rule::Momentum, Rule::MomentumEma, Rule::Sgd]
        .into_iter()
        .map(|rule| MenuItem {
            value: rule_name(rule).into(),
            text: rule_text(rule).into(),
            note: rule_formula(rule).into(),
        })
        .collect();
    let rule_label =
        Signal::derive(move || rule_text(lab.settings.with(|settings| settings.training.rule)).to_owned());
    let seed_row = move || {
        number(
            lab,
            Setting {
                name: "seed",
                testid: "seed",
                is_whole: true,
                get: |training| training.seed.to_string(),
                set: |training, value| training.seed = value as u64,
                changed: None,
            },
        )
    };
    let dice = move |_| {
        lab.settings.update(|settings| settings.training.seed = fresh_seed() % 1_000_000);
        keep::edited(lab);
    };
    view! {
        <section class="card" aria-labelledby="lab-training" data-part="training">
            <h2 id="lab-training">{say!(lab.training)}</h2>
            <div class="lab-rows">
                <Row name=say!(lab.optimiser)>
                    <Menu
                        label=rule_label
                        items=rules
                        value=rule
                        name=say!(lab.optimiser)
                        testid="optimiser"
                        on_choose=move |name: String| {
                            lab.settings.update(|settings| settings.training.rule = rule_of(&name));
                            keep::edited(lab);
                        }
                    />
                </Row>
                <Rate lab/>
                <ClipRow lab/>
                {number(lab, Setting {
                    name: "window",
                    testid: "window",
                    is_whole: true,
                    get: |training| training.window.to_string(),
                    set: |training, value| training.window = value as usize,
                    changed: None,
                })}
                {number(lab, Setting {
                    name: "batch",
                    testid: "batch",
                    is_whole: true,
                    get: |training| training.batch.to_string(),
                    set: |training, value| training.batch = value as usize,
                    changed: None,
                })}
                {number(lab, Setting {
                    name: "steps",
                    testid: "steps",
                    is_whole: true,
                    get: |training| training.steps.to_string(),
                    set: |training, value| training.steps = value as u32,
                    changed: Some(|value| Changed::Steps(value as u32)),
                })}
                {number(lab, Setting {
                    name: "l2",
                    testid: "l2",
                    is_whole: false,
                    get: |training| write_number(training.l2),
                    set: |training, value| training.l2 = value as f32,
                    changed: None,
                })}
                <div class="lab-seed">
                    {seed_row()}
                    <button class="ghost icon small" aria-label=say!(lab.dice) title=say!(lab.dice) data-testid="dice" on:click=dice>
                        <span aria-hidden="true">"↻"</span>
                    </button>
                </div>
            </div>
        </section>
    }
}

/// The learning rate: a slider through the decades, and a field for any number.
#[component]
fn Rate(lab: Lab) -> impl IntoView {
    let places = StoredValue::new(decades(-5, 0));
    let value = Memo::new(move |_| lab.settings.with(|settings| settings.training.learning_rate));
    let set = move |rate: f64| lab.set_learning_rate(rate as f32);
    let error = RwSignal::new(None::<String>);
    view! {
        <Row name=say!(lab.learning_rate)>
            <Slider
                label=say!(lab.learning_rate)
                places=places.with_value(Vec::len)
                place=Signal::derive(move || places.with_value(|places| nearest(places, f64::from(value.get()))))
                text=Signal::derive(move || write_number(value.get()))
                testid="learning-rate-slider"
                with_text=false
                on_input=move |place: usize| {
                    error.set(None);
                    set(places.with_value(|places| places.get(place).copied().unwrap_or(0.003)));
                }
            />
            {field(lab, Signal::derive(move || write_number(value.get())), "learning_rate", "learning-rate", false, error, set)}
        </Row>
        <FieldError id="learning-rate-error" sentence=with_refusal(lab, "learning_rate", error)/>
    }
}

/// The largest norm of the gradient: a slider whose last place means none.
#[component]
fn ClipRow(lab: Lab) -> impl IntoView {
    let places = StoredValue::new(decades(-2, 2));
    let value = Memo::new(move |_| lab.settings.with(|settings| settings.training.clip));
    let last = places.with_value(Vec::len);
    let text = Signal::derive(move || value.get().map_or_else(|| say!(lab.no_clip).to_owned(), write_number));
    view! {
        <Row name=say!(lab.clip)>
            <Slider
                label=say!(lab.clip)
                places=last + 1
                place=Signal::derive(move || value.get().map_or(last, |clip| places.with_value(|places| nearest(places, f64::from(clip)))))
                text=text
                testid="clip"
                on_input=move |place: usize| {
                    let clip = places.with_value(|places| places.get(place).map(|clip| *clip as f32));
                    lab.settings.update(|settings| settings.training.clip = clip);
                    lab.hand_on(Changed::Clip(clip));
                    keep::edited(lab);
                }
            />
        </Row>
        <FieldError id="clip-error" sentence=with_refusal(lab, "clip", RwSignal::new(None))/>
    }
}

/// A row with a field.
fn number(lab: Lab, setting: Setting) -> impl IntoView {
    let error = RwSignal::new(None::<String>);
    let value = Memo::new(move |_| lab.settings.with(|settings| (setting.get)(&settings.training)));
    let set = move |number: f64| {
        lab.settings.update(|settings: &mut RunSettings| (setting.set)(&mut settings.training, number));
        if let Some(changed) = setting.changed {
            lab.hand_on(changed(number));
        }
        keep::edited(lab);
    };
    let name = match setting.name {
        "window" => say!(lab.window),
        "batch" => say!(lab.batch),
        "steps" => say!(lab.steps),
        "l2" => say!(lab.l2),
        _ => say!(lab.seed),
    };
    view! {
        <Row name=name>{field(lab, value.into(), setting.name, setting.testid, setting.is_whole, error, set)}</Row>
        <FieldError id=format!("{}-error", setting.testid) sentence=with_refusal(lab, setting.name, error)/>
    }
}

/// A field that checks what is typed with the trainer's own table.
fn field(
    lab: Lab,
    value: Signal<String>,
    name: &'static str,
    testid: &'static str,
    is_whole: bool,
    error: RwSignal<Option<String>>,
    set: impl Fn(f64) + Send + Sync + 'static,
) -> impl IntoView {
    let label = match name {
        "window" => say!(lab.window),
        "batch" => say!(lab.batch),
        "steps" => say!(lab.steps),
        "l2" => say!(lab.l2),
        "learning_rate" => say!(lab.learning_rate),
        _ => say!(lab.seed),
    };
    let on_change = move |text: String| {
        let (least, most) = range(name);
        let read = if is_whole { whole(&text).map(|value| value as f64) } else { None };
        let fits = |value: &f64| (least..=most).contains(value) && (!is_whole || value.fract() == 0.0);
        match read.or_else(|| decimal(&text)) {
            Some(value) if fits(&value) => {
                error.set(None);
                lab.refusal.set(None);
                set(value);
            }
            read => {
                let ends = (bound(least), bound(most));
                error.set(Some(match read {
                    None => say_with!(errors.not_a_number; "least" => ends.0, "most" => ends.1),
                    Some(_) if is_whole => {
                        say_with!(errors.out_of_range_whole; "least" => ends.0, "most" => ends.1)
                    }
                    Some(_) => say_with!(errors.out_of_range; "least" => ends.0, "most" => ends.1),
                }));
            }
        }
    };
    view! { <Field label=label value=value testid=testid error=with_refusal(lab, name, error) on_change=on_change width=if name == "seed" || name == "steps" { 8 } else { 5 }/> }
}

/// The sentence about what was typed, else the trainer's about the same setting.
fn with_refusal(lab: Lab, name: &'static str, error: RwSignal<Option<String>>) -> Signal<Option<String>> {
    Signal::derive(move || {
        error.get().or_else(|| {
            lab.refusal.with(|refusal| {
                refusal
                    .as_ref()
                    .filter(|refusal| {
                        place_of(refusal) == Place::Setting
                            && matches!(refusal, Refusal::SettingOutOfRange { setting, .. } if setting == name)
                    })
                    .map(sentence)
            })
        })
    })
}

fn rule_name(rule: Rule) -> &'static str {
    match rule {
        Rule::Sgd => "sgd",
        Rule::Momentum => "momentum",
        Rule::MomentumEma => "momentum-ema",
        Rule::Rmsprop => "rmsprop",
        Rule::Adam => "adam",
    }
}

fn rule_of(name: &str) -> Rule {
    match name {
        "sgd" => Rule::Sgd,
        "momentum" => Rule::Momentum,
        "momentum-ema" => Rule::MomentumEma,
        "rmsprop" => Rule::Rmsprop,
        _ => Rule::Adam,
    }
}

fn rule_text(rule: Rule) -> &'static str {
    match rule {
        Rule::Sgd => say!(lab.rule_sgd),
        Rule::Momentum => say!(lab.rule_momentum),
        Rule::MomentumEma => say!(lab.rule_momentum_ema),
        Rule::Rmsprop => "RMSprop",
        Rule::Adam => "Adam",
    }
}

/// The rule itself; the same in every language.
fn rule_formula(rule: Rule) -> &'static str {
    match rule {
        Rule::Sgd => "w ← w − η g",
        Rule::Momentum => "v ← β v + g,  w ← w − η v",
        Rule::MomentumEma => "v ← β v + (1 − β) g,  w ← w − η v",
        Rule::Rmsprop => "s ← ρ s + (1 − ρ) g²,  w ← w − η g / (√s + ε)",
        Rule::Adam => "v̂, ŝ bias-corrected,  w ← w − η v̂ / (√ŝ + ε)",
    }
}
