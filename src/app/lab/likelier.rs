//! "Which is likelier": sentences ranked by the model's probability of them.

use leptos::prelude::*;

use super::refusal::sentence;
use super::state::Lab;
use crate::app::language::{say, say_with};
use crate::app::parts::{Dialog, FieldError};
use crate::protocol::Score;
use crate::view::number::fixed;

/// The dialog.
#[component]
pub fn Likelier(lab: Lab, open: RwSignal<bool>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let asked = RwSignal::new(Vec::<String>::new());
    let is_empty = RwSignal::new(false);
    let ask = move || {
        let sentences: Vec<String> = text.with_untracked(|text| {
            text.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect()
        });
        is_empty.set(sentences.is_empty());
        if !sentences.is_empty() {
            asked.set(sentences.clone());
            lab.score(sentences);
        }
    };
    let answer = move || {
        lab.scored.get().map(|answer| match answer {
            Err(refusal) => view! { <p class="field-error">{sentence(&refusal)}</p> }.into_any(),
            Ok(scores) => {
                let mut lines: Vec<(String, Score)> =
                    asked.get_untracked().into_iter().zip(scores).collect();
                // Per symbol: a longer sentence is not worse for being longer.
                let mean = |score: &Score| score.nats / score.symbols.max(1) as f64;
                lines.sort_by(|one, other| mean(&one.1).total_cmp(&mean(&other.1)));
                // What holds a symbol that the network has never seen has no probability, and no place among the others.
                let (ranked, left_out): (Vec<_>, Vec<_>) =
                    lines.into_iter().partition(|(_, score)| score.left_out == 0);
                let rows = ranked.into_iter().map(|(line, score)| {
                    let unknown = (score.unknown > 0).then(|| say_with!(lab.score_unknown; "n" => score.unknown));
                    view! {
                        <li>
                            <span class="scored-text">{line}</span>
                            <span class="num muted">
                                {say_with!(lab.score; "mean" => fixed(mean(&score), 3), "total" => fixed(score.nats, 1), "perplexity" => fixed(libm::exp(mean(&score)), 1))}
                                " "{unknown}
                            </span>
                        </li>
                    }
                }).collect_view();
                let left_out = left_out.into_iter().map(|(line, score)| view! {
                    <li>
                        <span class="scored-text">{line}</span>
                        <span class="muted">{say_with!(lab.score_left_out; "n" => score.left_out)}</span>
                    </li>
                }).collect_view();
                view! {
                    <ol class="scored" data-testid="scored">{rows}</ol>
                    <ul class="scored" data-testid="scored-left-out">{left_out}</ul>
                }.into_any()
            }
        })
    };
    view! {
        <Dialog open title=say!(lab.likelier_title) testid="likelier-dialog">
            <p class="muted">{say!(lab.likelier_text)}</p>
            <textarea class="likelier-text" spellcheck="false" aria-label=say!(lab.likelier_label) data-testid="likelier-text"
                prop:value=text on:input=move |event| text.set(event_target_value(&event))></textarea>
            <div class="row"><button class="solid small" data-testid="likelier-ask" on:click=move |_| ask()>{say!(lab.compare)}</button></div>
            <FieldError id="likelier-error" sentence=Signal::derive(move || is_empty.get().then(|| say!(lab.likelier_empty).to_owned()))/>
            <div aria-live="polite">{answer}</div>
        </Dialog>
    }
}
