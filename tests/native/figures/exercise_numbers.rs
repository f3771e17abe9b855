//! The exercises' answers against small calculations of their own, from what a reader is given.

use unrolled::view::figures::exercise::Task;
use unrolled::view::figures::worksheet::{KNOWN, Known};
use unrolled::view::markup::Node;

use super::{WORKSHEETS, words};

/// The numbers of a sentence, in order.
fn numbers_of(text: &str) -> Vec<f64> {
    let text = text.replace('−', "-");
    let parts = text.split(|letter: char| !(letter.is_ascii_digit() || "-.".contains(letter)));
    parts.filter_map(|part| part.trim_end_matches('.').parse().ok()).collect()
}

/// The numbers of the given table, row by row; a head is none of them.
fn table_of(task: &Task) -> Vec<Vec<f64>> {
    let mut rows = Vec::new();
    for node in &task.given {
        node.each(&mut |element| {
            if element.tag == "tr" {
                let cells = element.children.iter().filter_map(|cell| match cell {
                    Node::Element(cell) if cell.tag == "td" => {
                        numbers_of(&Node::Element(cell.clone()).plain()).pop()
                    }
                    _ => None,
                });
                rows.push(cells.collect());
            }
        });
    }
    rows.retain(|row: &Vec<f64>| !row.is_empty());
    rows
}

/// Compares the answers of many questions of a kind with what `expected` makes of the sentence's numbers and the table.
fn check(name: &str, within: f64, expected: impl Fn(&[f64], &[Vec<f64>]) -> Vec<f64>) {
    let known: &Known = KNOWN.iter().find(|known| known.name == name).expect("the exercise");
    let words = words("en", WORKSHEETS).of(known.figure);
    for seed in 1..=200 {
        let task = known.exercise.task(seed, &known.given(seed), &words).expect("a question");
        let (sentence, table) = (numbers_of(&task.question), table_of(&task));
        let own = expected(&sentence, &table);
        let answers: Vec<f64> = task.steps.iter().map(|step| step.value).collect();
        assert_eq!(own.len(), answers.len(), "{name} {seed}: {sentence:?} {table:?}");
        for (answer, own) in answers.iter().zip(&own) {
            assert!(
                (answer - own).abs() <= within,
                "{name} {seed}: {answers:?}, expected {own} from {} {table:?}",
                task.question
            );
        }
    }
}

fn softmax(logits: &[f64]) -> Vec<f64> {
    let sum: f64 = logits.iter().map(|z| z.exp()).sum();
    logits.iter().map(|z| z.exp() / sum).collect()
}

fn chain(factors: &[f64]) -> (f64, f64, f64) {
    let loss: f64 = factors.iter().map(|factor| -factor.ln()).sum();
    (factors.iter().product(), loss, (loss / factors.len() as f64).exp())
}

#[test]
fn shapes_are_output_by_input() {
    check("shapes-task", 0.0, |sentence, _| {
        let [a, x, y] = sentence[..] else { panic!("{sentence:?}") };
        vec![x, y, a, a + x, a * a, a * a + a * x + a + y * a + y]
    });
}

#[test]
fn a_softmax_its_loss_and_its_slope() {
    check("answer-task", 1e-12, |sentence, _| {
        let shares = softmax(&sentence[..3]);
        let hit = shares[sentence[3] as usize - 1];
        [shares, vec![-hit.ln(), hit - 1.0]].concat()
    });
}

#[test]
fn a_loss_is_minus_the_logarithm_of_what_the_right_symbol_got() {
    check("loss-task", 1e-12, |sentence, table| {
        let losses: Vec<f64> = (0..3).map(|step| -table[sentence[step] as usize - 1][step].ln()).collect();
        [losses.clone(), vec![losses.iter().sum()]].concat()
    });
}

#[test]
fn a_sentence_is_the_product_of_its_factors() {
    check("chain-task", 1e-12, |_, table| {
        let (product, loss, perplexity) = chain(&table[0]);
        vec![product, loss, loss / 4.0, perplexity]
    });
    check("likelier-task", 1e-9, |sentence, _| {
        let (one, other) = (chain(&sentence[..3]), chain(&sentence[3..7]));
        let ratio = (one.0 / other.0).max(other.0 / one.0);
        vec![one.0, other.0, ratio, one.2, other.2]
    });
}

#[test]
fn a_draw_is_the_first_symbol_whose_cumulative_probability_exceeds_the_random_number() {
    check("draw-task", 1e-9, |sentence, table| {
        let shares = &table[1];
        let cumulative: Vec<f64> = (1..=4).map(|count| shares[..count].iter().sum()).collect();
        let hit = |u: f64| cumulative.iter().position(|end| *end > u).expect("a piece") as f64 + 1.0;
        vec![cumulative[1], cumulative[2], hit(sentence[0]), hit(sentence[1]), hit(sentence[2])]
    });
}

#[test]
fn a_temperature_divides_the_logits() {
    check("temperature-task", 1e-12, |sentence, table| {
        let at = |tau: f64| softmax(&table[0].iter().map(|z| z / tau).collect::<Vec<_>>());
        let (plain, heated) = (at(1.0), at(sentence[1]));
        vec![plain[0], plain[2], heated[0], heated[2]]
    });
}

#[test]
fn the_tail_is_cut_by_count_and_by_sum() {
    check("tail-task", 1e-9, |sentence, table| {
        let (shares, k) = (&table[0], sentence[0] as usize);
        let top: f64 = shares[..k].iter().sum();
        let mut count = 1;
        while shares[..count].iter().sum::<f64>() < sentence[1] {
            count += 1;
        }
        let nucleus: f64 = shares[..count].iter().sum();
        vec![shares[0] / top, shares[k - 1] / top, count as f64, shares[0] / nucleus]
    });
}

#[test]
fn a_factor_is_the_weight_times_the_slope() {
    check("product-task", 1e-9, |sentence, table| {
        let factors: Vec<f64> =
            table[0][1..].iter().map(|state| sentence[0] * (1.0 - state * state)).collect();
        [factors.clone(), vec![factors.iter().product()]].concat()
    });
}

#[test]
fn clipping_keeps_the_direction() {
    check("clip-task", 1e-9, |sentence, _| {
        let (entries, limit) = (&sentence[..3], sentence[3]);
        let norm = entries.iter().map(|entry| entry * entry).sum::<f64>().sqrt();
        let factor = (limit / norm).min(1.0);
        [vec![norm, factor], entries.iter().map(|entry| factor * entry).collect()].concat()
    });
}

#[test]
fn start_weights_have_the_variance_of_their_rule() {
    check("start-task", 1e-9, |sentence, _| {
        let (rows, columns) = (sentence[0], sentence[1]);
        let (xavier, he) = (2.0 / (rows + columns), 2.0 / columns);
        vec![xavier, (3.0 * xavier).sqrt(), he, (3.0 * he).sqrt()]
    });
}

#[test]
fn gates_mix_and_keep() {
    // The sentence names c<0> first; its value is the second number.
    check("mix-task", 1e-9, |sentence, table| {
        let (mut memory, mut share, mut all) = (sentence[1], 1.0, Vec::new());
        for row in table {
            let [gate, candidate] = row[..] else { panic!("{row:?}") };
            memory = gate * candidate + (1.0 - gate) * memory;
            share *= 1.0 - gate;
            all.push(memory);
        }
        all.push(share);
        all
    });
    check("memory-task", 1e-9, |sentence, table| {
        let (mut memory, mut share, mut all) = (sentence[1], 1.0, Vec::new());
        for row in table {
            let [forget, update, output, candidate] = row[..] else { panic!("{row:?}") };
            memory = update * candidate + forget * memory;
            share *= forget;
            all.extend([memory, output * memory.tanh()]);
        }
        all.push(share);
        all
    });
}
