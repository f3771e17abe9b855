//! "Which is likelier": sentences ranked by the model's probability of them.

use leptos::prelude::*;

use super::refusal::sentence;
use super::state::Lab;
use crate::app::language::{say, say_with};
use crate::app::parts::Dialog;
use crate::view::number::fixed;

/// The dialog.
#[component]
pub fn Likelier(lab: Lab, open: RwSignal<bool>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let asked = RwSignal::new(Vec::<String>::new());
    let ask = move || {
        let sentences: Vec<String> = text.with_untracked(|text| {
            text.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect()
        });
        asked.set(sentences.clone());
        lab.score(sentences);
    };
    let answer = move || {
        lab.scored.get().map(|answer| match answer {
            Err(refusal) => view! { <p class="field-error">{sentence(&refusal)}</p> }.into_any(),
            Ok(scores) => {
                let mut lines: Vec<(String, crate::protocol::Score)> =
                    asked.get_untracked().into_iter().zip(scores).collect();
                // Per symbol: a longer sentence is not worse for being longer.
                let mean = |score: &crate::protocol::Score| score.nats / score.symbols.max(1) as f64;
                lines.sort_by(|one, other| mean(&one.1).total_cmp(&mean(&other.1)));
                let rows = lines.into_iter().map(|(line, score)| {
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
                view! { <ol class="scored" data-testid="scored">{rows}</ol> }.into_any()
            }
        })
    };
    view! {
        <Dialog open title=say!(lab.likelier_title) testid="likelier-dialog">
            <p class="muted">{say!(lab.likelier_text)}</p>
            <textarea class="likelier-text" spellcheck="false" aria-label=say!(lab.likelier_label) data-testid="likelier-text"
                prop:value=text on:input=move |event| text.set(event_target_value(&event))></textarea>
            <div class="row"><button class="solid small" data-testid="likelier-ask" on:click=move |_| ask()>{say!(lab.compare)}</button></div>
            <div aria-live="polite">{answer}</div>
        </Dialog>
    }
}
