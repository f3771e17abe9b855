//! A number that an equation computes: the terms that made it, each leading to where it came from, and what it may be
//! held at.

use leptos::prelude::*;

use super::hold::Hold;
use super::use_editing;
use crate::app::language::{gap, say, say_with};
use crate::app::parts::Formula;
use crate::app::stepper::state::{Shared, Stepper};
use crate::engine::syntax::Expr;
use crate::view::formula::function_text;
use crate::view::number::MINUS;
use crate::view::stepper::digits::{short, signed};
use crate::view::stepper::model::Held;
use crate::view::stepper::spell::TERMS_SHOWN;
use crate::view::stepper::subject::{Subject, place_of, place_of_inner};
use crate::view::stepper::terms::{Factor, Origin, Term, hold_of, origin_of};

/// The explanation.
#[component]
pub fn Value(subject: Subject) -> impl IntoView {
    let editing = use_editing();
    let stepper = editing.stepper;
    let may_be_held =
        untrack(|| stepper.with_model(|model| hold_of(&model.0, &subject, true).is_some())).unwrap_or(false);
    let subject = StoredValue::new(subject);
    let came = Memo::new(move |_| {
        stepper.with_model(|model| subject.with_value(|subject| origin_of(&model.0, subject))).flatten()
    });
    let sum = move || {
        came.get().map(|came| {
            let given = match came.function {
                Some(function) => say_with!(edit.function_of_sum;
                    "function" => function_text(function), "sum" => short(came.sum), "value" => short(came.computed)),
                None => say_with!(edit.sum; "value" => short(came.sum)),
            };
            let held = came.held.map(|held| match held {
                Held::At(value) => say_with!(edit.held_instead; "value" => short(value)),
                Held::GradientStops => say!(edit.stops_instead).to_owned(),
            });
            view! { <p class="number-sum num" data-testid="edit-sum">{given} {held.map(|held| format!(" {held}"))}</p> }
        })
    };
    let before = move || {
        let before = stepper.before.get()?;
        let was = subject.with_value(|subject| origin_of(&before.0, subject))?;
        let now = came.get()?;
        let now = now.held.map_or(now.computed, Held::number);
        let words =
            say_with!(edit.was; "value" => short(was.computed), "difference" => signed(now - was.computed));
        Some(view! { <p class="num muted" data-testid="edit-was">{words}</p> })
    };
    // Its equation may be this one.
    let elsewhere = move || {
        let of = |model: &Shared| match subject.get_value() {
            Subject::Value { part, name, step, .. } => place_of(&model.0, part, &name, step),
            Subject::Inner { part, expr, step, .. } => place_of_inner(&model.0, part, &expr, step),
            _ => None,
        };
        let place = stepper.with_model(of).flatten()?;
        (place != stepper.position.get()).then_some(place)
    };
    let go = move || {
        elsewhere().map(|place| {
            view! {
                <button
                    class="ghost small" type="button" data-testid="edit-go"
                    on:click=move |_| {
                        let subject = subject.get_value();
                        stepper.go(place);
                        if let Subject::Value { row, .. } = &subject {
                            stepper.state.update(|state| state.row = Some(row + 1));
                        }
                        editing.open(subject);
                    }
                >
                    {say_with!(edit.to_its_equation; "step" => place.step, "line" => place.equation + 1)}
                </button>
            }
        })
    };
    view! {
        {move || came.get().map(|came| view! { <Terms came/> })}
        {sum}
        {before}
        <div class="number-go">{go}</div>
        {may_be_held.then(|| view! { <Hold subject=subject.get_value()/> })}
    }
}

/// The terms, the largest ones unless all are asked for.
#[component]
fn Terms(came: Origin) -> impl IntoView {
    let stepper = use_editing().stepper;
    let is_all = stepper.all_terms;
    let (count, all) = (came.terms.len(), StoredValue::new(came.terms));
    let items = move || {
        let shown = all.with_value(|terms| largest(terms, is_all.get()));
        shown
            .into_iter()
            .map(|place| {
                let term = all.with_value(|terms| terms[place].clone());
                view! { <Item term/> }
            })
            .collect_view()
    };
    let left_out = move || {
        let (shown, sum) = all.with_value(|terms| {
            let shown = largest(terms, is_all.get());
            let rest = terms.iter().enumerate().filter(|(place, _)| !shown.contains(place));
            (shown.len(), rest.map(|(_, term)| term.value).sum::<f64>())
        });
        (shown < count).then(|| say_with!(edit.more_terms; "count" => count - shown, "sum" => short(sum)))
    };
    let has_more = all.with_value(|terms| largest(terms, false).len() < count);
    view! {
        <ul class="terms" aria-label=say!(edit.terms) data-testid="edit-terms">{items}</ul>
        {has_more.then(|| view! {
            <p class="muted terms-more">
                {left_out} {gap()}
                <button
                    class="ghost small" type="button" data-testid="edit-all-terms"
                    aria-pressed=move || if is_all.get() { "true" } else { "false" }
                    on:click=move |_| is_all.update(|all| *all = !*all)
                >
                    {move || if is_all.get() { say!(stepper.fewer_terms) } else { say!(stepper.all_terms) }}
                </button>
            </p>
        })}
    }
}

/// The places of the largest terms in their own order; all of them if asked.
fn largest(terms: &[Term], all: bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..terms.len()).collect();
    if all {
        return order;
    }
    order.retain(|place| terms[*place].value != 0.0);
    if order.is_empty() {
        order.extend((!terms.is_empty()).then_some(0));
    }
    if order.len() > TERMS_SHOWN + 1 {
        order.sort_by(|one, other| {
            terms[*other].value.abs().total_cmp(&terms[*one].value.abs()).then(one.cmp(other))
        });
        order.truncate(TERMS_SHOWN);
        order.sort_unstable();
    }
    order
}

/// One term: its factors, each a button where it leads somewhere, and what they make.
#[component]
fn Item(term: Term) -> impl IntoView {
    let count = term.factors.len();
    let factors = term
        .factors
        .into_iter()
        .enumerate()
        .map(|(place, factor)| {
            // A term that begins with a divisor is one over it.
            let sign = match (place, factor.is_divisor) {
                (0, false) => None,
                (0, true) => Some("1 /"),
                (_, true) => Some("/"),
                (_, false) => Some("·"),
            };
            let sign = sign.map(|sign| view! { <span class="sign-between" aria-hidden="true">{sign}</span> });
            view! { {sign} <One factor/> }
        })
        .collect_view();
    let sign = if term.is_negative { MINUS.to_string() } else { "+".to_owned() };
    let value = (count > 1 || term.is_negative).then(|| {
        view! { <span class="num term-value">{format!("= {}", short(term.value))}</span> }
    });
    view! {
        <li class="term">
            <span class="sign-between num">{sign}</span>
            {factors}
            {value}
        </li>
    }
}

#[component]
fn One(factor: Factor) -> impl IntoView {
    let editing = use_editing();
    let stepper = editing.stepper;
    let Factor { value, subject, label, row, column, .. } = factor;
    let is_number = matches!(label, Expr::Number(_));
    let node = untrack(|| stepper.typesetter(step_of_equation(stepper)).expression(&label));
    let index = (!is_number).then(|| match column {
        Some(column) => format!("[{}, {}]", row + 1, column + 1),
        None => format!("[{}]", row + 1),
    });
    let inside = view! {
        {(!is_number).then(|| view! { <span class="term-name"><Formula node=Signal::stored(node)/></span> })}
        {index.map(|index| view! { <sub class="term-index num">{index}</sub> })}
        <span class="num term-number">{short(value)}</span>
    };
    let name = subject.as_ref().map(|subject| {
        let name = untrack(|| {
            stepper.with_model(|model| super::names::subject(stepper, &model.0, subject)).unwrap_or_default()
        });
        say_with!(edit.look_at; "name" => name, "value" => short(value))
    });
    match subject {
        Some(subject) => view! {
            <button
                class="term-button" type="button"
                on:click=move |_| editing.open(subject.clone())
            >
                <span aria-hidden="true">{inside}</span>
                <span class="sr-only">{name}</span>
            </button>
        }
        .into_any(),
        None => view! { <span class="term-plain">{inside}</span> }.into_any(),
    }
}

/// Letters are set at the step of the equation that is explained: `a<t-1>` stands for the step before it.
fn step_of_equation(stepper: Stepper) -> usize {
    let own = stepper.subject.with_untracked(|subject| match subject {
        Some(Subject::Value { step, .. } | Subject::Inner { step, .. }) => Some(step + 1),
        _ => None,
    });
    own.unwrap_or_else(|| stepper.position.get_untracked().step)
}
