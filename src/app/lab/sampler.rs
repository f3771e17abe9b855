//! "Sample…": a prompt, and rules for the draw.

use leptos::prelude::*;

use super::progress::wrong_field;
use super::refusal::sentence;
use super::state::Lab;
use crate::app::browser::fresh_seed;
use crate::app::language::{say, say_with};
use crate::app::parts::{Dialog, Field, FieldError, Slider};
use crate::language::SamplingRules;
use crate::language::visible::visible;
use crate::protocol::Unseen;
use crate::view::run::{nearest, write_number};
use crate::view::typed::{decimal, whole};

/// The places of the temperature.
const TEMPERATURES: [f64; 13] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.2, 1.5, 2.0, 3.0];
/// The largest top-k, and the largest seed.
const LARGEST: u64 = 999_999;
/// The least share of top-p.
const LEAST_SHARE: f64 = 0.001;
/// The rules' fields.
const FORM: &str = ".sampler-rules";
/// Symbols that are written.
const LENGTH: usize = 240;

/// The dialog.
#[component]
pub fn Sampler(lab: Lab, open: RwSignal<bool>) -> impl IntoView {
    let prompt = RwSignal::new(String::new());
    let rules = RwSignal::new(SamplingRules { temperature: 0.8, ..SamplingRules::default() });
    let seed = RwSignal::new(1_u64);
    let wrong_k = RwSignal::new(None::<String>);
    let wrong_p = RwSignal::new(None::<String>);
    let wrong_seed = RwSignal::new(None::<String>);
    // What is in a field counts: nothing is drawn with a rule that is not the one in view.
    let draw = move || {
        let is_wrong =
            [wrong_k, wrong_p, wrong_seed].iter().any(|wrong| wrong.with_untracked(Option::is_some));
        if !is_wrong {
            lab.sample(prompt.get_untracked(), LENGTH, rules.get_untracked(), seed.get_untracked());
        } else if let Some(field) = wrong_field(FORM) {
            let _ = field.focus();
        }
    };
    let again = move |_| {
        wrong_seed.set(None);
        seed.set(fresh_seed() % 1_000_000);
        draw();
    };
    // An empty field switches a rule off; what is no value of it leaves it as it is, and says so.
    let change_k = move |text: String| {
        let read = if text.trim().is_empty() {
            Some(None)
        } else {
            whole(&text).filter(|k| (1..=LARGEST).contains(k)).map(|k| Some(k as usize))
        };
        wrong_k.set(
            read.is_none().then(|| say_with!(errors.out_of_range_whole; "least" => 1, "most" => LARGEST)),
        );
        if let Some(k) = read {
            rules.update(|rules| rules.top_k = k);
        }
    };
    let change_p = move |text: String| {
        let read = if text.trim().is_empty() {
            Some(None)
        } else {
            decimal(&text).filter(|p| (LEAST_SHARE..=1.0).contains(p)).map(Some)
        };
        wrong_p
            .set(read.is_none().then(|| say_with!(errors.out_of_range; "least" => LEAST_SHARE, "most" => 1)));
        if let Some(p) = read {
            rules.update(|rules| rules.top_p = p);
        }
    };
    let change_seed = move |text: String| {
        let read = whole(&text).filter(|seed| *seed <= LARGEST);
        wrong_seed.set(
            read.is_none().then(|| say_with!(errors.out_of_range_whole; "least" => 0, "most" => LARGEST)),
        );
        if let Some(value) = read {
            seed.set(value);
        }
    };
    let top_k =
        Signal::derive(move || rules.with(|rules| rules.top_k.map_or(String::new(), |k| k.to_string())));
    let top_p = Signal::derive(move || rules.with(|rules| rules.top_p.map_or(String::new(), write_number)));
    view! {
        <Dialog open title=say!(lab.sample_title) testid="sample-dialog">
            <form class="stack" on:submit=move |event| { event.prevent_default(); draw(); }>
                <label class="stack-line">
                    <span class="label">{say!(lab.prompt)}</span>
                    <input class="wide" type="text" spellcheck="false" autocomplete="off" data-testid="sample-prompt"
                        prop:value=prompt on:input=move |event| prompt.set(event_target_value(&event))/>
                </label>
                <div class="row wrap sampler-rules">
                    <span class="sampler-rule"><span class="label">{say!(lab.temperature)}</span>
                    <Slider
                        label=say!(lab.temperature)
                        places=TEMPERATURES.len()
                        place=Signal::derive(move || nearest(&TEMPERATURES, rules.with(|rules| rules.temperature)))
                        text=Signal::derive(move || write_number(rules.with(|rules| rules.temperature)))
                        testid="temperature"
                        on_input=move |place: usize| rules.update(|rules| rules.temperature = TEMPERATURES.get(place).copied().unwrap_or(1.0))
                    />
                    </span>
                    <span class="sampler-rule"><span class="label">{say!(lab.top_k)}</span>
                    <Field label=say!(lab.top_k) value=top_k testid="top-k" width=3 error=wrong_k on_change=change_k/>
                    <FieldError id="top-k-error" sentence=wrong_k/>
                    </span>
                    <span class="sampler-rule"><span class="label">{say!(lab.top_p)}</span>
                    <Field label=say!(lab.top_p) value=top_p testid="top-p" width=3 error=wrong_p on_change=change_p/>
                    <FieldError id="top-p-error" sentence=wrong_p/>
                    </span>
                    <span class="sampler-rule"><span class="label">{say!(lab.seed)}</span>
                    <Field label=say!(lab.seed) value=Signal::derive(move || seed.get().to_string()) testid="sample-seed" width=5 error=wrong_seed on_change=change_seed/>
                    <FieldError id="sample-seed-error" sentence=wrong_seed/>
                    </span>
                </div>
                <div class="row wrap">
                    <button class="solid small" type="submit" data-testid="sample-draw">{say!(lab.draw)}</button>
                    <button class="ghost" type="button" data-testid="sample-again" on:click=again>{say!(lab.draw_again)}</button>
                </div>
            </form>
            <div aria-live="polite">
                {move || lab.sampled.get().map(|answer| match answer {
                    // The answer begins with the prompt, if the model knows its symbols.
                    Ok((text, unseen)) => {
                        let begin = prompt.get_untracked();
                        let rest = text.strip_prefix(&begin).unwrap_or(&text).to_owned();
                        view! {
                            <p class="sampled" data-testid="sampled"><span class="muted">{begin}</span>{rest}</p>
                            {unseen_sentence(&unseen).map(|sentence| view! {
                                <p class="muted sampled-unseen" data-testid="sampled-unseen">{sentence}</p>
                            })}
                        }.into_any()
                    }
                    Err(refusal) => view! { <p class="field-error">{sentence(&refusal)}</p> }.into_any(),
                })}
            </div>
        </Dialog>
    }
}

/// What of the beginning the network has never seen; none: it has seen all of it.
fn unseen_sentence(unseen: &Unseen) -> Option<String> {
    if unseen.symbols.is_empty() {
        return None;
    }
    let symbols: Vec<_> = unseen.symbols.iter().map(|symbol| visible(symbol)).collect();
    let symbols = symbols.join(say!(lab.list_comma));
    Some(if unseen.is_replaced {
        say_with!(lab.unseen_replaced; "symbols" => symbols)
    } else {
        say_with!(lab.unseen_left_out; "symbols" => symbols)
    })
}
