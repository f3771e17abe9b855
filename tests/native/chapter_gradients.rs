//! Chapter 6: what its figures show and its prose says of them, over several seeds.

use std::collections::BTreeMap;

use unrolled::training::session::{RUNAWAY_LOSS, Session};
use unrolled::view::figures::{News, Values, Words, figure, resolve};

const EN: &str = "the geese that crossed the lake were tired";
const ZH: &str = "那群飞过辽阔冰湖、又越过高高雪山的大雁终于累了";
const SEEDS: std::ops::RangeInclusive<u32> = 1..=8;

/// The texts of the runs that diverge, as the chapter has them.
fn texts() -> [String; 2] {
    ["en", "zh"].map(|language| {
        let path = format!("{}/content/{language}/gradients.md", env!("CARGO_MANIFEST_DIR"));
        let chapter = std::fs::read_to_string(path).expect("a chapter");
        let (_, rest) = chapter.split_once("```figure diverging text=\"").expect("the figure");
        rest.split_once('"').expect("its text").0.replace("\\n", "\n")
    })
}

/// The numbers of a figure's table, row by row, without the heads.
fn table(name: &str, pairs: &[(&str, &str)], seed: u32) -> Vec<Vec<f64>> {
    let drawn = figure(name).expect("a figure");
    let seed = seed.to_string();
    let given = Values::from_iter(pairs.iter().copied().chain([("seed", seed.as_str())]));
    let (_, now) = resolve(&*drawn, &given);
    let drawing = drawn.draw(&now, &Words::new(BTreeMap::new()));
    let number = |cell: &String| {
        let cell = cell.replace('−', "-").replace(',', "");
        cell.parse().unwrap_or_else(|_| panic!("{name}: {cell} is no number"))
    };
    drawing.table.rows.iter().map(|row| row.iter().skip(1).map(number).collect()).collect()
}

/// The first row as a share of the last, column by column: what arrives.
fn shares(name: &str, pairs: &[(&str, &str)], seed: u32) -> Vec<f64> {
    let rows = table(name, pairs, seed);
    let (first, last) = (rows.first().expect("a row"), rows.last().expect("a row"));
    first.iter().zip(last).map(|(first, last)| first / last).collect()
}

#[test]
fn a_product_of_jacobians_is_at_most_the_product_of_their_norms() {
    for seed in SEEDS {
        let rows = table("jacobians", &[("sentence", EN), ("radius", "1.2")], seed);
        let mut most = 1.0;
        for row in rows.iter().rev() {
            assert!(row[2] <= most * 1.01, "seed {seed}: {} > {most}", row[2]);
            most *= row[1];
        }
    }
}

#[test]
fn a_radius_of_one_and_a_fifth_mostly_shrinks_the_product_and_three_makes_it_anything() {
    for sentence in [EN, ZH] {
        let whole = |radius: &str, seed| {
            let rows = table("jacobians", &[("sentence", sentence), ("radius", radius)], seed);
            rows.first().expect("a step")[2]
        };
        let shrunk = SEEDS.filter(|seed| whole("1.2", *seed) < 1.0).count();
        assert!(shrunk >= 5, "{sentence}: {shrunk} of 8");
        assert!(whole("1.2", 7) < 0.5, "the seed that is shown");
        let at_three: Vec<f64> = SEEDS.map(|seed| whole("3", seed)).collect();
        assert!(at_three.iter().any(|whole| *whole > 10.0), "{sentence}: {at_three:?}");
        assert!(at_three.iter().any(|whole| *whole < 1.0), "{sentence}: {at_three:?}");
    }
}

#[test]
fn open_gates_carry_the_gradient_and_half_open_ones_lose_more_than_the_rnn() {
    for sentence in [EN, ZH] {
        for seed in SEEDS {
            let half = shares("vanishing", &[("sentence", sentence), ("keep", "0")], seed);
            let open = shares("vanishing", &[("sentence", sentence), ("keep", "3")], seed);
            let [rnn, _, gru, lstm, _] = half[..] else { panic!("five curves") };
            assert!(gru < rnn && lstm < rnn, "{sentence}, seed {seed}: {half:?}");
            assert!(
                open[1..4].iter().all(|share| *share > 0.1 && *share > 3.0 * open[0]),
                "{sentence}, seed {seed}: {open:?}"
            );
        }
    }
}

#[test]
fn remedies_do_through_time_what_the_chapter_says() {
    for sentence in [EN, ZH] {
        let after = |pairs: &[(&str, &str)], seed| {
            let all: Vec<(&str, &str)> =
                [("sentence", sentence)].into_iter().chain(pairs.iter().copied()).collect();
            let found = shares("remedies", &all, seed);
            (found[0], found[1])
        };
        let (mut with_he, mut below_tanh) = (0, 0);
        for seed in SEEDS {
            let (without, xavier) = after(&[("before", "small"), ("start", "xavier")], seed);
            assert!(without < 1e-8 && xavier > 1e4 * without, "seed {seed}: {without} {xavier}");
            let (tanh, relu) = after(&[("before", "xavier"), ("activation", "relu")], seed);
            below_tanh += u32::from(relu < tanh);
            let (_, he) = after(&[("before", "xavier"), ("start", "he"), ("activation", "relu")], seed);
            with_he += u32::from(he > relu);
            let (_, identity) =
                after(&[("before", "small"), ("start", "identity"), ("activation", "relu")], seed);
            assert!(identity > 0.1, "seed {seed}: {identity}");
            let (_, layer) = after(&[("before", "small"), ("normalisation", "layer")], seed);
            assert!(layer > 1e-3, "seed {seed}: {layer}");
            let (_, batch) = after(&[("before", "small"), ("normalisation", "batch")], seed);
            assert!(batch > 0.1, "seed {seed}: {batch}");
        }
        assert!(with_he >= 7, "{sentence}: {with_he} of 8");
        assert!(below_tanh >= 6, "{sentence}: {below_tanh} of 8");
    }
}

#[test]
fn residual_connections_carry_the_gradient_down_where_small_weights_lose_it() {
    for sentence in [EN, ZH] {
        for seed in SEEDS {
            let found =
                shares("depth", &[("sentence", sentence), ("before", "small"), ("residual", "on")], seed);
            assert!(found[0] < 0.01 && found[1] > 0.3, "seed {seed}: {found:?}");
        }
    }
}

/// The last loss of the chapter's run, or none where it diverged.
fn end(text: &str, pairs: &[(&str, &str)], seed: u32) -> Option<f64> {
    let drawn = figure("diverging").expect("a figure");
    let seed = seed.to_string();
    let all = [("text", text), ("rate", "2"), ("seed", &seed)].into_iter().chain(pairs.iter().copied());
    let (_, now) = resolve(&*drawn, &Values::from_iter(all));
    let job = drawn.job(&now).expect("a job");
    let mut session = Session::new(job.settings.clone(), &job.text, None, None).expect("trainable");
    let mut loss = f64::NAN;
    for _ in 0..job.settings.training.steps {
        loss = session.update().ok()?.loss;
    }
    Some(loss)
}

#[test]
fn the_run_that_is_shown_ends_with_a_number_that_is_not_finite_and_good_weights_before() {
    for (language, text) in ["en", "zh"].iter().zip(texts()) {
        let path = format!("{}/content/{language}/gradients.md", env!("CARGO_MANIFEST_DIR"));
        let chapter = std::fs::read_to_string(path).expect("a chapter");
        let (_, rest) = chapter.split_once("```figure diverging text=").expect("the figure");
        let line = rest.lines().next().expect("a line");
        let of = |name: &str| {
            let (_, rest) = line.split_once(&format!("{name}=")).expect("a setting");
            rest.split(' ').next().expect("a value")
        };
        let drawn = figure("diverging").expect("a figure");
        let given = [("text", text.as_str()), ("rate", of("rate")), ("seed", of("seed"))];
        let (_, now) = resolve(&*drawn, &Values::from_iter(given));
        let job = drawn.job(&now).expect("a job");
        let mut session = Session::new(job.settings.clone(), &job.text, None, None).expect("trainable");
        let ended = (0..job.settings.training.steps).find_map(|_| session.update().err());
        let ended = ended.expect("it diverges");
        assert_ne!(ended.tensor, RUNAWAY_LOSS, "{language}: {ended:?}");
        assert!(ended.good_step > 0, "{language}: {ended:?}");
    }
}

#[test]
fn the_run_of_the_chapter_diverges_and_clipping_saves_it() {
    for text in texts() {
        let diverged = SEEDS.filter(|seed| end(&text, &[], *seed).is_none()).count();
        assert!(diverged >= 7, "{diverged} of 8 diverge: {text}");
        let saved =
            SEEDS.filter(|seed| end(&text, &[("clip", "on")], *seed).is_some_and(|loss| loss < 1.5)).count();
        assert!(saved >= 7, "{saved} of 8 are saved by clipping: {text}");
        assert_eq!(end(&text, &[], 1), None, "the first seed is the one that is tamed");
        for remedy in [("l2", "on"), ("start", "small")] {
            let saved = SEEDS.filter(|seed| end(&text, &[remedy], *seed).is_some()).count();
            assert!(saved <= 5, "{saved} of 8 are saved by {remedy:?}: {text}");
        }
    }
}

#[test]
fn a_run_that_has_ended_stays_on_the_chart_until_it_is_forgotten() {
    let mut drawn = figure("diverging").expect("a figure");
    let words = Words::new(BTreeMap::new());
    let progress = |losses: &[(u32, f32)]| unrolled::training::report::Progress {
        losses: losses.to_vec(),
        ..Default::default()
    };
    let rows = |drawn: &dyn unrolled::view::figures::Figure| {
        let (_, now) = resolve(drawn, &Values::from_iter([("text", "the cat")]));
        drawn.draw(&now, &words).table.rows.len()
    };
    let (_, first) = resolve(&*drawn, &Values::from_iter([("text", "the cat")]));
    drawn.job(&first);
    drawn.hear(News::Progress(&progress(&[(1, 3.0), (2, 9.0)])));
    drawn.hear(News::Diverged(3, "weights.layers[0].W_aa"));
    assert_eq!(rows(&*drawn), 1);
    let (_, second) = resolve(&*drawn, &Values::from_iter([("text", "the cat"), ("clip", "on")]));
    drawn.job(&second);
    drawn.hear(News::Reset);
    drawn.hear(News::Progress(&progress(&[(1, 3.0), (2, 2.0)])));
    assert_eq!(rows(&*drawn), 2);
    drawn.press("forget", &second);
    assert_eq!(rows(&*drawn), 1);
}
