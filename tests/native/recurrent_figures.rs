//! The numbers in the figures of the chapter on recurrent networks, against small calculations of their own.

use std::collections::BTreeMap;

use unrolled::engine::syntax::Symbol;
use unrolled::training::study::StudyRun;
use unrolled::view::figures::network::{Network, Wish};
use unrolled::view::figures::recurrent::product;
use unrolled::view::figures::{
    Drawing, Figure, News, Opens, Values, Words, figure, numbers as changes, resolve,
};
use unrolled::view::stepper::edits::Edits;

const SENTENCE: &str = "the cat";

fn draw(name: &str, values: &[(&'static str, &'static str)]) -> Drawing {
    let drawn = figure(name).expect("a figure");
    let given: Values = [("sentence", SENTENCE)].into_iter().chain(values.iter().copied()).collect();
    let (_, now) = resolve(&*drawn, &given);
    drawn.draw(&now, &Words::new(BTreeMap::new()))
}

fn network() -> Network {
    Wish { cell: "rnn", sentence: SENTENCE, hidden: 3, layers: 1, seed: 7, edits: Edits::default() }
        .network()
        .expect("a sentence")
}

fn number(text: &str) -> f64 {
    text.replace('\u{2212}', "-").parse().unwrap_or_else(|_| panic!("no number: {text}"))
}

fn numbers(drawing: &Drawing, from: usize) -> Vec<Vec<f64>> {
    drawing.table.rows.iter().map(|row| row[from..].iter().map(|cell| number(cell)).collect()).collect()
}

#[test]
fn a_number_that_a_reader_changes_changes_all_that_follows_from_it() {
    let changed = [("step", "1"), ("numbers", "w1.b_a.1.1=0.75;x.1.2=0.5;s1.a.1=-0.25")];
    let (came, drawing) = (draw("state", &[("step", "1")]), draw("state", &changed));
    let (came, rows) = (numbers(&came, 1), numbers(&drawing, 1));
    assert_eq!(rows[0][2], 0.75, "the bias of the first unit");
    for (unit, (row, before)) in rows.iter().zip(&came).enumerate() {
        let [memory, input, bias, z, a] = row[..] else { panic!("{row:?}") };
        let weight = |name: &str, column: usize| {
            let network = network();
            network.model.weight(Some(0), &Symbol::from(name)).expect("a weight")[(unit, column)]
        };
        assert_eq!((before[0], before[1]), (0.0, 0.0), "the first step has neither memory nor input");
        assert!((memory + 0.25 * weight("W_aa", 0)).abs() < 1e-4, "{row:?}");
        assert!((input - 0.5 * weight("W_ax", 1)).abs() < 1e-4, "{row:?}");
        assert!((memory + input + bias - z).abs() < 2e-4 && (z.tanh() - a).abs() < 2e-4, "{row:?}");
    }
    // The Stepper opens it as it is.
    let state = figure("state").expect("a figure");
    let given: Values = [("sentence", SENTENCE)].into_iter().chain(changed).collect();
    let Some(Opens::Stepper(shared)) = state.opens(&resolve(&*state, &given).1) else { panic!("no Stepper") };
    assert_eq!(String::from(shared.stepper.edits), changed[1].1);
    // The question with one answer has weights of its own, which can be changed as well.
    let asked = [("question", "logistic"), ("numbers", "wy.W_ya.1.2=0;wy.b_y.1.1=3")];
    let came = numbers(&draw("answer", &asked[..1]), 1);
    let rows = numbers(&draw("answer", &asked), 1);
    assert_ne!(rows, came);
    assert!((1.0 / (1.0 + (-rows[0][0]).exp()) - rows[0][2]).abs() < 1e-4, "{rows:?}");
}

#[test]
fn the_chosen_number_has_the_value_that_it_has_in_the_network() {
    let state = figure("state").expect("a figure");
    let value = |pairs: &[(&'static str, &'static str)]| {
        let given: Values = [("sentence", SENTENCE)].into_iter().chain(pairs.iter().copied()).collect();
        let (_, now) = resolve(&*state, &given);
        (now.text("value").to_owned(), changes::with_value(&now, Some(1.5)), changes::with_value(&now, None))
    };
    let network = network();
    let came = network.model.weight(Some(0), &Symbol::from("W_ax")).expect("a weight")[(1, 2)];
    let chosen = ("number", "w1.W_ax.2.3");
    assert_eq!(value(&[chosen]), (came.to_string(), "w1.W_ax.2.3=1.5".to_owned(), String::new()));
    let changed = ("numbers", "w1.W_ax.2.3=-1.0;x.2.1=0.5");
    assert_eq!(
        value(&[chosen, changed]),
        ("-1".to_owned(), "w1.W_ax.2.3=1.5;x.2.1=0.5".to_owned(), "x.2.1=0.5".to_owned())
    );
    // What the network does not have is not chosen; what is no change is none.
    for wrong in ["w1.W_ax.9.9", "w9.W_ax.1.1", "W_ax", "<b>", ""] {
        assert_eq!(value(&[("number", wrong), ("numbers", "rubbish")]).0, "", "{wrong}");
    }
}

#[test]
fn folded_and_unrolled_have_the_same_elements_so_that_each_can_move() {
    fn shape(drawing: &Drawing) -> Vec<&'static str> {
        let mut tags = Vec::new();
        drawing.body.iter().for_each(|node| node.each(&mut |element| tags.push(element.tag)));
        tags
    }
    let (folded, unrolled) =
        (draw("unrolled", &[("drawing", "folded")]), draw("unrolled", &[("drawing", "unrolled")]));
    assert_eq!(shape(&folded), shape(&unrolled));
    assert_eq!(folded.table, unrolled.table);
    assert_ne!(folded.body, unrolled.body);
}

#[test]
fn a_product_exists_where_columns_and_rows_are_as_many() {
    assert_eq!(product((5, 27), 27), Ok(5));
    assert_eq!(product((5, 27), 5), Err((27, 5)));
    assert_eq!(product((5, 1), 1), Ok(5));
}

#[test]
fn the_state_is_tanh_of_the_three_parts_added_up() {
    for step in ["1", "2", "5", "8"] {
        let drawing = draw("state", &[("step", step)]);
        for row in numbers(&drawing, 1) {
            let [memory, input, bias, z, a] = row[..] else { panic!("{row:?}") };
            assert!((memory + input + bias - z).abs() < 2e-4, "{row:?}");
            assert!((z.tanh() - a).abs() < 2e-4, "{row:?}");
        }
    }
    let first = numbers(&draw("state", &[("step", "1")]), 1);
    assert!(first.iter().flatten().all(|number| *number == 0.0), "untrained biases are 0: {first:?}");
}

#[test]
fn two_products_and_one_give_the_same_numbers() {
    for step in ["1", "3", "8"] {
        for row in draw("stacked", &[("step", step)]).table.rows {
            assert_eq!(row[1], row[2], "twelve decimals");
        }
    }
}

#[test]
fn an_answer_is_made_of_its_logits() {
    let softmax = numbers(&draw("answer", &[("step", "4")]), 1);
    let sum: f64 = softmax.iter().map(|row| row[0].exp()).sum();
    for row in &softmax {
        assert!((row[0].exp() / sum - row[2]).abs() < 1e-3, "{row:?}");
    }
    assert_eq!(softmax.iter().filter(|row| row[3] == 1.0).count(), 1, "one label");
    for (step, label) in [("4", 0.0), ("8", 1.0)] {
        let logistic = numbers(&draw("answer", &[("step", step), ("question", "logistic")]), 1);
        let [row] = &logistic[..] else { panic!("one output") };
        assert!((1.0 / (1.0 + (-row[0]).exp()) - row[2]).abs() < 1e-3, "{row:?}");
        assert_eq!(row[3], label, "over at the last step alone");
    }
}

#[test]
fn losses_are_minus_logarithms_and_add_up() {
    for question in ["softmax", "logistic"] {
        let drawing = draw("losses", &[("question", question)]);
        let mut sum = 0.0;
        for row in numbers(&drawing, 2) {
            let [given, loss, so_far] = row[..] else { panic!("{row:?}") };
            assert!((-given.ln() - loss).abs() < 2e-3, "{row:?}");
            sum += loss;
            assert!((sum - so_far).abs() < 2e-3, "{row:?}");
        }
        if question == "softmax" {
            assert!((sum - network().trace.loss_sum).abs() < 2e-3);
        }
    }
}

#[test]
fn the_shares_of_all_steps_are_the_gradient() {
    let network = network();
    let layer = &network.trace.layers[0];
    let wanted = layer.weight_gradients.iter().find(|(name, _)| *name == Symbol("W_aa".to_owned()));
    let wanted = wanted.map(|(_, gradient)| gradient.row(0).to_vec()).expect("a gradient of W_aa");
    let rows = numbers(&draw("backward", &[]), 1);
    for (column, wanted) in wanted.into_iter().enumerate() {
        let sum: f64 = rows.iter().map(|row| row[6 + column]).sum();
        assert!((sum - wanted).abs() < 1e-3, "{sum} instead of {wanted}");
    }
    let first = rows.last().expect("the first step is the last row");
    assert!(first[6..].iter().all(|share| *share == 0.0), "a<0> = 0: {first:?}");
}

#[test]
fn two_ways_to_a_gradient_agree_to_about_eight_digits() {
    for cell in ["rnn", "gru", "lstm"] {
        for seed in ["1", "2", "3", "7"] {
            let drawing = draw("gradient-check", &[("cell", cell), ("seed", seed)]);
            let mut deviations: Vec<f64> =
                drawing.table.rows.iter().map(|row| number(&row[3])).filter(|value| *value > 0.0).collect();
            deviations.sort_by(f64::total_cmp);
            let (middle, worst) = (deviations[deviations.len() / 2], deviations[deviations.len() - 1]);
            println!("{cell} {seed}: {middle:e} in the middle, {worst:e} at worst");
            // Tiny gradients of the gated cells have fewer digits.
            let most = if cell == "rnn" { (1e-8, 1e-7) } else { (1e-6, 1e-4) };
            assert!(middle < most.0 && middle > 1e-13 && worst < most.1);
        }
    }
}

#[test]
fn each_wiring_learns_its_task_with_the_cell_that_the_figure_begins_with() {
    let least = [
        ("one-to-one", 0.9),
        ("one-to-many", 0.2),
        ("many-to-one", 0.9),
        ("many-to-many", 0.9),
        ("encoder-decoder", 0.85),
    ];
    for (wiring, least) in least {
        for language in ["english", "chinese"] {
            let mut drawn = figure("wirings").expect("a figure");
            let given: Values = [("wiring", wiring), ("language", language)].into_iter().collect();
            let (_, now) = resolve(&*drawn, &given);
            train(&mut *drawn, &now);
            let drawing = drawn.draw(&now, &Words::new(BTreeMap::new()));
            let accuracy = |row: &[String]| number(row[2].trim_end_matches(['%', '\u{202f}'])) / 100.0;
            let rows = &drawing.table.rows;
            let (before, after) = (accuracy(&rows[0]), accuracy(&rows[rows.len() - 1]));
            println!("{wiring} {language}: {before} → {after} after {} updates", rows[rows.len() - 1][0]);
            assert!(after >= least && after > before + 0.1, "{wiring} {language}: {before} → {after}");
        }
    }
}

/// Trains what a figure studies to the end, as the worker does.
fn train(drawn: &mut dyn Figure, now: &Values) {
    let mut run = StudyRun::new(&drawn.study(now).expect("a study")).expect("good settings");
    drawn.hear(News::Reset);
    loop {
        let more = run.slice(|| true).expect("stable");
        let progress = run.progress();
        drawn.hear(News::Study(&progress));
        if !more {
            break;
        }
    }
    drawn.hear(News::StudyWeights(run.step(), run.weights()));
}

fn words(language: &str) -> Words {
    crate::figures::words(language, "recurrent").of("wirings")
}

#[test]
fn an_input_of_ones_own_is_answered_and_pieces_that_are_unknown_are_named() {
    let mut drawn = figure("wirings").expect("a figure");
    let values = |own: &str| -> Values { [("wiring", "many-to-one"), ("own", own)].into_iter().collect() };
    let (_, now) = resolve(&*drawn, &values("The film was not really good, my xylophone"));
    train(&mut *drawn, &now);
    let drawing = drawn.draw(&now, &words("en"));
    assert!(drawing.sentence.contains("left out: xylophone."), "{}", drawing.sentence);
    let said = drawing.body[1].plain();
    assert!(said.contains("the film was not really good , my"), "{said}");
    let (_, now) = resolve(&*drawn, &values("xylophone"));
    let drawing = drawn.draw(&now, &words("en"));
    assert!(drawing.body.is_empty() && drawing.sentence.contains("the model knows too few"));
}

#[test]
fn every_equation_of_every_step_of_every_wiring_can_be_walked_through_with_its_numbers() {
    for (wiring, cell) in ["one-to-one", "one-to-many", "many-to-one", "many-to-many", "encoder-decoder"]
        .into_iter()
        .flat_map(|wiring| [(wiring, "gru"), (wiring, "rnn")])
    {
        let drawn = figure("wirings").expect("a figure");
        for (language, direction) in
            [("en", "forward"), ("en", "backward"), ("zh", "forward"), ("zh", "backward")]
        {
            let of = |step: usize, line: usize| -> Values {
                let given = [
                    ("wiring", wiring),
                    ("cell", cell),
                    ("language", if language == "en" { "english" } else { "chinese" }),
                    ("equations", "on"),
                    ("direction", direction),
                    ("step", &step.to_string()),
                    ("line", &line.to_string()),
                ];
                resolve(&*drawn, &given.into_iter().collect()).1
            };
            let last = |name: &str, now: &Values| -> usize {
                let mut given = now.clone();
                given.set(name, 1000);
                resolve(&*drawn, &given).1.whole(name)
            };
            let steps = last("step", &of(1, 1));
            for step in 1..=steps {
                for line in 1..=last("line", &of(step, 1)) {
                    let now = of(step, line);
                    assert_eq!((now.whole("step"), now.whole("line")), (step, line));
                    let drawing = drawn.draw(&now, &words(language));
                    let what = format!("{wiring} {cell} {direction} step {step} line {line}");
                    assert!(!drawing.table.rows.is_empty(), "{what}");
                    assert!(drawing.table.rows.iter().all(|row| !row[2].contains("NaN")), "{what}");
                }
            }
        }
    }
}

#[test]
fn the_walk_shows_that_the_loss_of_the_decoder_reaches_the_first_step_of_the_encoder() {
    let drawn = figure("wirings").expect("a figure");
    let given: Values = [
        ("wiring", "encoder-decoder"),
        ("cell", "rnn"),
        ("equations", "on"),
        ("direction", "backward"),
        ("step", "1"),
        ("line", "1"),
    ]
    .into_iter()
    .collect();
    let (_, now) = resolve(&*drawn, &given);
    let table = drawn.draw(&now, &words("en")).table;
    let largest = table.rows.iter().map(|row| number(&row[2]).abs()).fold(0.0, f64::max);
    assert!(largest > 1e-4, "{table:?}");
    // An encoder has no output: none of its equations is the head's.
    let said = drawn.draw(&now, &words("en")).sentence;
    assert!(!said.contains('ŷ') && !said.contains("z_y"), "{said}");
}
