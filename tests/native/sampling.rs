use proptest::prelude::*;
use unrolled::language::SamplingRules;
use unrolled::language::probability::{from_log_probabilities, from_logits, log_softmax};
use unrolled::language::random::Random;
use unrolled::language::sampling::{Distribution, SamplingError, choose, distribution};

fn plain() -> SamplingRules {
    SamplingRules { refuse_unknown: false, ..SamplingRules::default() }
}

/// Logits whose softmax is exactly these numbers, up to rounding.
fn logits_of(probabilities: &[f64]) -> Vec<f64> {
    probabilities.iter().map(|&p| libm::log(p)).collect()
}

#[track_caller]
fn check(logits: &[f64], rules: SamplingRules, expected: &[f64], kept: &[usize]) {
    let drawn = distribution(logits, &rules, None).unwrap();
    assert_eq!(drawn.kept, kept);
    for (p, q) in drawn.probabilities.iter().zip(expected) {
        assert!((p - q).abs() < 1e-14, "{:?} against {expected:?}", drawn.probabilities);
    }
    assert_eq!(drawn.probabilities.len(), expected.len());
}

#[test]
fn temperature_divides_the_logits() {
    // exp(ln 4 / 2) = 2, exp(ln 1 / 2) = 1: 2/3 and 1/3.
    let rules = SamplingRules { temperature: 2.0, ..plain() };
    check(&[libm::log(4.0), 0.0], rules, &[2.0 / 3.0, 1.0 / 3.0], &[0, 1]);
}

#[test]
fn top_k_keeps_the_lower_index_on_a_tie() {
    let rules = SamplingRules { top_k: Some(2), ..plain() };
    check(&[0.0, 1.0, 1.0, 1.0], rules, &[0.0, 0.5, 0.5, 0.0], &[1, 2]);
    let rules = SamplingRules { top_k: Some(9), ..plain() };
    check(&[0.0, -0.0], rules, &[0.5, 0.5], &[0, 1]);
    check(&[-0.0, 0.0], SamplingRules { top_k: Some(1), ..plain() }, &[1.0, 0.0], &[0]);
}

#[test]
fn top_p_keeps_the_symbol_that_crosses_it() {
    let logits = logits_of(&[0.1, 0.5, 0.15, 0.25]);
    let rules = SamplingRules { top_p: Some(0.6), ..plain() };
    check(&logits, rules, &[0.0, 2.0 / 3.0, 0.0, 1.0 / 3.0], &[1, 3]);
    check(&logits, SamplingRules { top_p: Some(1.0), ..plain() }, &[0.1, 0.5, 0.15, 0.25], &[0, 1, 2, 3]);
    check(&logits, SamplingRules { top_p: Some(1e-9), ..plain() }, &[0.0, 1.0, 0.0, 0.0], &[1]);
    // Exactly reached: 1/4 + 1/4 = 1/2.
    check(&[0.0; 4], SamplingRules { top_p: Some(0.5), ..plain() }, &[0.5, 0.5, 0.0, 0.0], &[0, 1]);
}

#[test]
fn top_p_is_taken_of_what_top_k_left() {
    // Of 0.4, 0.3, 0.2, 0.1 the first three become 4/9, 3/9, 2/9; 7/9 ≥ 0.75, while 0.7 of the whole would not be.
    let rules = SamplingRules { top_k: Some(3), top_p: Some(0.75), ..plain() };
    check(&logits_of(&[0.4, 0.3, 0.2, 0.1]), rules, &[4.0 / 7.0, 3.0 / 7.0, 0.0, 0.0], &[0, 1]);
}

#[test]
fn greedy_takes_the_first_of_the_largest() {
    let rules = SamplingRules { greedy: true, temperature: 3.0, top_k: Some(2), top_p: Some(0.1), ..plain() };
    check(&[1.0, 2.0, 2.0], rules, &[0.0, 1.0, 0.0], &[1]);
}

#[test]
fn unknown_is_left_out_before_everything_else_and_never_left_alone() {
    let rules = SamplingRules { top_k: Some(1), ..SamplingRules::default() };
    let drawn = distribution(&[1.0, 5.0, 2.0], &rules, Some(1)).unwrap();
    assert_eq!((drawn.kept, drawn.probabilities), (vec![2], vec![0.0, 0.0, 1.0]));
    assert_eq!(distribution(&[1.0], &rules, Some(0)), Err(SamplingError::NothingLeft));
}

#[test]
fn wrong_rules_and_logits_are_named() {
    for temperature in [0.0, -1.0, f64::INFINITY] {
        let rules = SamplingRules { temperature, ..plain() };
        assert_eq!(distribution(&[0.0], &rules, None), Err(SamplingError::Temperature(temperature)));
    }
    let rules = SamplingRules { temperature: f64::NAN, ..plain() };
    assert!(matches!(distribution(&[0.0], &rules, None), Err(SamplingError::Temperature(_))));
    let rules = SamplingRules { top_k: Some(0), ..plain() };
    assert_eq!(distribution(&[0.0], &rules, None), Err(SamplingError::TopK));
    for p in [0.0, -0.5, 1.0001] {
        let rules = SamplingRules { top_p: Some(p), ..plain() };
        assert_eq!(distribution(&[0.0], &rules, None), Err(SamplingError::TopP(p)));
    }
    let rules = SamplingRules { top_p: Some(f64::NAN), ..plain() };
    assert!(matches!(distribution(&[0.0], &rules, None), Err(SamplingError::TopP(_))));
    assert_eq!(distribution::<f64>(&[], &plain(), None), Err(SamplingError::NoLogits));
    let wrong = distribution(&[0.0_f32, f32::NAN], &plain(), None);
    assert!(matches!(wrong, Err(SamplingError::NotFinite { index: 1, .. })));
}

#[test]
fn the_choice_is_the_first_index_whose_sum_exceeds_the_number() {
    let drawn = Distribution { probabilities: vec![0.25, 0.0, 0.5, 0.25], kept: vec![0, 1, 2, 3] };
    for (u, index) in [(0.0, 0), (0.2499, 0), (0.25, 2), (0.7499, 2), (0.75, 3), (0.999, 3)] {
        assert_eq!(choose(&drawn, u), index, "{u}");
    }
}

#[test]
fn where_rounding_leaves_the_sum_below_the_number_the_last_possible_symbol_is_taken() {
    let drawn = Distribution { probabilities: vec![0.5, 0.5 - 1e-16, 0.0], kept: vec![0, 1, 2] };
    assert_eq!(choose(&drawn, 1.0 - f64::EPSILON / 2.0), 1);
    assert_eq!(choose(&drawn, 1.0), 1);
}

#[test]
fn extreme_logits_and_temperatures_stay_finite() {
    for temperature in [1e-300, 1e300] {
        let rules = SamplingRules { temperature, ..plain() };
        let drawn = distribution(&[1e308, -1e308, 3.0], &rules, None).unwrap();
        assert!(drawn.probabilities.iter().all(|p| p.is_finite()));
        assert!((drawn.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn factors_multiply_and_their_logarithms_add_up() {
    let sequence = from_log_probabilities(&logits_of(&[0.5, 0.25, 0.5]));
    assert!((sequence.product - 0.0625).abs() < 1e-15);
    assert!((sequence.log_product - libm::log(0.0625)).abs() < 1e-15);
    assert_eq!(sequence.log_sums.last(), Some(&sequence.log_product));
    // Four choices' worth in three steps: 16^(1/3).
    assert!((sequence.perplexity - libm::cbrt(16.0)).abs() < 1e-14);
    assert_eq!(from_log_probabilities(&[]).perplexity, 1.0);
}

#[test]
fn a_uniform_model_has_the_size_of_the_vocabulary_as_its_perplexity() {
    let row = [1000.0; 7];
    let sequence = from_logits((0..20).map(|t| (&row[..], t % 7)));
    assert!((sequence.perplexity - 7.0).abs() < 1e-12);
    let with_unknown = from_logits([(&row[..], 3), (&row[..], -1), (&row[..], 7)]);
    assert_eq!(with_unknown.probabilities.len(), 1);
}

#[test]
fn the_random_numbers_of_a_seed_never_change() {
    let mut random = Random::new(7, 3);
    let bits: Vec<u32> = (0..4).map(|_| random.bits()).collect();
    assert_eq!(bits, GOLDEN_BITS);
    assert_eq!([random.uniform(), random.normal()], GOLDEN_REALS);
    let mut items: Vec<usize> = (0..10).collect();
    random.shuffle(&mut items);
    assert_eq!(items, GOLDEN_ORDER);
    assert_eq!([random.below(1000), random.below(1), random.below(0)], GOLDEN_BELOW);
}

// Worked out by a separate implementation of the cipher and of the rules in `random.rs`; a change of them changes
// every shared link.
const GOLDEN_BITS: [u32; 4] = [2_897_986_910, 2_847_227_336, 2_895_278_666, 2_166_813_001];
const GOLDEN_REALS: [f64; 2] = [0.7851909453872726, 0.004681115627970871];
const GOLDEN_ORDER: [usize; 10] = [1, 5, 6, 2, 0, 8, 4, 3, 9, 7];
const GOLDEN_BELOW: [usize; 3] = [670, 0, 0];

#[test]
fn the_first_words_are_those_of_the_published_cipher() {
    // ChaCha8 with a key and nonce of zeros begins with the bytes 3e 00 ef 2f 89 5f 40 d6.
    let mut random = Random::new(0, 0);
    assert_eq!([random.bits(), random.bits()], [0x2fef_003e, 0xd640_5f89]);
}

#[test]
fn streams_of_one_seed_differ() {
    assert_ne!(Random::new(7, 0).bits(), Random::new(7, 1).bits());
    assert_ne!(Random::new(7, 0).bits(), Random::new(8, 0).bits());
}

#[test]
fn uniform_and_normal_numbers_have_their_mean_and_variance() {
    let mut random = Random::new(1, 0);
    let moments = |draw: &mut dyn FnMut() -> f64| {
        let all: Vec<f64> = (0..40_000).map(|_| draw()).collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        (mean, all.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / all.len() as f64)
    };
    // Five standard errors.
    let (mean, variance) = moments(&mut || random.uniform());
    assert!((mean - 0.5).abs() < 0.008 && (variance - 1.0 / 12.0).abs() < 0.002);
    let (mean, variance) = moments(&mut || random.normal());
    assert!(mean.abs() < 0.025 && (variance - 1.0).abs() < 0.036);
}

proptest! {
    #[test]
    fn uniform_numbers_lie_in_their_interval(seed: u64, n in 1..1000_usize) {
        let mut random = Random::new(seed, 0);
        for _ in 0..20 {
            prop_assert!((0.0..1.0).contains(&random.uniform()));
            prop_assert!(random.below(n) < n);
            prop_assert!(random.normal().is_finite());
        }
    }

    #[test]
    fn any_rules_give_probabilities_that_sum_to_one_and_choices_among_the_kept(
        logits in prop::collection::vec(-30.0..30.0_f64, 1..40),
        temperature in 0.05..5.0_f64,
        top_k in prop::option::of(1..50_usize),
        top_p in prop::option::of(0.001..=1.0_f64),
        greedy: bool,
        u in 0.0..1.0_f64,
    ) {
        let rules = SamplingRules { temperature, top_k, top_p, greedy, refuse_unknown: true };
        let drawn = distribution(&logits, &rules, None).unwrap();
        prop_assert!((drawn.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        prop_assert!(drawn.kept.is_sorted() && !drawn.kept.is_empty());
        prop_assert!(drawn.kept.len() <= top_k.unwrap_or(usize::MAX));
        let index = choose(&drawn, u);
        prop_assert!(drawn.kept.contains(&index));
        prop_assert!(drawn.probabilities[index] > 0.0);
        for (at, &p) in drawn.probabilities.iter().enumerate() {
            prop_assert!(drawn.kept.contains(&at) || p == 0.0);
        }
    }

    #[test]
    fn the_softmax_of_shifted_logits_is_the_same(logits in prop::collection::vec(-30.0..30.0_f64, 1..20), shift in -500.0..500.0_f64) {
        let (mut plain, mut shifted) = (logits.clone(), logits);
        shifted.iter_mut().for_each(|z| *z += shift);
        log_softmax(&mut plain);
        log_softmax(&mut shifted);
        for (a, b) in plain.iter().zip(&shifted) {
            prop_assert!((a - b).abs() < 1e-10);
        }
    }
}
