use proptest::prelude::*;
use unrolled::language::batches::{Batches, Part, Position, Window};
use unrolled::language::corpus::{Corpus, ReadingRules, read};
use unrolled::language::{NO_SYMBOL, Reading, Unit};

fn corpus(text: &str, reading: Reading) -> Corpus {
    read(text, &ReadingRules { unit: Unit::Character, reading, vocabulary_limit: None }, None).unwrap()
}

/// The next window, a row of inputs and a row of targets for each sample (masked steps left out).
fn next(batches: &mut Batches) -> (Vec<Vec<i32>>, Vec<Vec<usize>>, bool) {
    let mut window = batches.buffer();
    batches.next_window(&mut window);
    let size = batches.batch();
    let column = |b: usize| (0..window.lengths[b]).map(move |t| t * size + b);
    let inputs = (0..size).map(|b| column(b).map(|at| window.inputs[at]).collect()).collect();
    let targets = (0..size).map(|b| column(b).map(|at| window.targets[at]).collect()).collect();
    (inputs, targets, window.from_zero)
}

#[test]
fn running_text_becomes_streams_with_inputs_one_step_behind() {
    // 20 symbols, 18 for training, two streams of 9: abababccc and dddabcdab (ids a b c d = 0 1 2 3), windows of 4.
    let mut batches =
        Batches::new(&corpus("abababcccdddabcdabcd", Reading::Running), Part::Training, 2, 4, 0).unwrap();
    assert_eq!((batches.batch(), batches.window(), batches.windows_per_epoch()), (2, 4, 2));
    let (inputs, targets, from_zero) = next(&mut batches);
    assert_eq!(inputs, [[NO_SYMBOL, 0, 1, 0], [NO_SYMBOL, 3, 3, 3]]);
    assert_eq!(targets, [[0, 1, 0, 1], [3, 3, 3, 0]]);
    assert!(from_zero);
    let (inputs, targets, from_zero) = next(&mut batches);
    assert_eq!(inputs, [[1, 0, 1, 2], [0, 1, 2, 3]]);
    assert_eq!(targets, [[0, 1, 2, 2], [1, 2, 3, 0]]);
    assert!(!from_zero);
    assert_eq!(batches.position(), Position { epoch: 1, window: 0 });
    assert!(next(&mut batches).2);
}

#[test]
fn a_line_is_a_sample_that_ends_with_eos_and_is_masked_after_it() {
    let mut batches =
        Batches::new(&corpus("ab\nbbb\n\na \r\n", Reading::Lines), Part::Training, 8, 99, 5).unwrap();
    assert_eq!((batches.batch(), batches.window(), batches.windows_per_epoch()), (3, 4, 1));
    let mut window = batches.buffer();
    batches.next_window(&mut window);
    assert!(window.from_zero);
    let mut samples: Vec<(Vec<i32>, Vec<usize>, usize)> = (0..3)
        .map(|b| {
            let steps = || (0..4).map(|t| t * 3 + b);
            let inputs = steps().map(|at| window.inputs[at]).collect();
            (inputs, steps().map(|at| window.targets[at]).collect(), window.lengths[b])
        })
        .collect();
    samples.sort();
    // a b <EOS> = 0 1 2
    assert_eq!(
        samples,
        [
            (vec![-1, 0, -1, -1], vec![0, 2, 0, 0], 2),
            (vec![-1, 0, 1, -1], vec![0, 1, 2, 0], 3),
            (vec![-1, 1, 1, 1], vec![1, 1, 1, 2], 4),
        ]
    );
}

#[test]
fn lines_longer_than_the_window_are_cut_and_counted() {
    let mut batches = Batches::new(&corpus("abcd\nab", Reading::Lines), Part::Training, 2, 3, 0).unwrap();
    assert_eq!((batches.window(), batches.cut_lines()), (3, 1));
    let mut targets = next(&mut batches).1;
    targets.sort();
    assert_eq!(targets, [[0, 1, 2], [0, 1, 4]]);
}

#[test]
fn short_texts_make_the_batch_smaller_first_and_then_the_window() {
    for (symbols, batch, window) in [(1000, 16, 32), (500, 14, 32), (40, 1, 32), (20, 1, 18), (2, 1, 2)] {
        let text = "ab".repeat(symbols / 2);
        let batches = Batches::new(&corpus(&text, Reading::Running), Part::Training, 16, 32, 0).unwrap();
        assert_eq!((batches.batch(), batches.window()), (batch, window), "{symbols}");
    }
}

#[test]
fn the_last_tenth_is_held_out_and_lines_stay_whole() {
    let text = corpus(&"ab".repeat(50), Reading::Running);
    assert_eq!((text.held_out_from(), text.held_out_symbols()), (90, 10));
    let lines: String = (0..20).map(|at| format!("{}\n", "xy".repeat(at + 1))).collect();
    let text = corpus(&lines, Reading::Lines);
    assert_eq!((text.held_out_from(), text.held_out_symbols()), (18, 2 * 19 + 2 * 20));
    let mut held_out = Batches::new(&text, Part::HeldOut, 16, 64, 0).unwrap();
    let (_, targets, _) = next(&mut held_out);
    assert_eq!(targets.iter().map(Vec::len).collect::<Vec<_>>(), [39, 41]);
}

#[test]
fn below_ten_nothing_is_held_out_and_a_batch_of_nothing_is_none() {
    let text = corpus("abababab", Reading::Running);
    assert!(Batches::new(&text, Part::HeldOut, 1, 1, 0).is_none());
    assert!(Batches::new(&text, Part::Training, 0, 1, 0).is_none());
    assert!(Batches::new(&text, Part::Training, 1, 0, 0).is_none());
}

#[test]
fn every_epoch_has_an_order_of_its_own_and_every_seed_too() {
    let lines: String = ('a'..='z').map(|c| format!("{c}\n")).collect();
    let text = corpus(&lines, Reading::Lines);
    let order = |seed, epoch| {
        let mut batches = Batches::new(&text, Part::Training, 24, 9, seed).unwrap();
        batches.seek(Position { epoch, window: 0 });
        next(&mut batches).1.iter().map(|line| line[0]).collect::<Vec<_>>()
    };
    assert_eq!(order(1, 0), order(1, 0));
    assert_ne!(order(1, 0), order(1, 1));
    assert_ne!(order(1, 0), order(2, 0));
    let mut all = order(1, 0);
    all.sort_unstable();
    assert_eq!(all, (0..24).collect::<Vec<_>>());
}

proptest! {
    #[test]
    fn a_saved_position_goes_on_with_the_same_windows(
        text in "[a-d\n]{2,200}",
        lines: bool,
        batch in 1..8_usize,
        window in 1..20_usize,
        before in 0..40_usize,
        seed: u64,
    ) {
        let reading = if lines { Reading::Lines } else { Reading::Running };
        let rules = ReadingRules { unit: Unit::Character, reading, vocabulary_limit: None };
        let Ok(text) = read(&text, &rules, None) else { return Ok(()) };
        let Some(mut batches) = Batches::new(&text, Part::Training, batch, window, seed) else { return Ok(()) };
        let mut one = batches.buffer();
        for _ in 0..before {
            batches.next_window(&mut one);
        }
        let mut again = Batches::new(&text, Part::Training, batch, window, seed).unwrap();
        again.seek(batches.position());
        let mut other = Window::default();
        for _ in 0..5 {
            batches.next_window(&mut one);
            again.next_window(&mut other);
            prop_assert_eq!(&one, &other);
            prop_assert!(one.lengths.iter().all(|&length| (1..=batches.window()).contains(&length)));
            prop_assert!(one.targets.iter().all(|&id| id < text.vocabulary.len()));
            prop_assert!(one.inputs.iter().all(|&id| id >= NO_SYMBOL && id < text.vocabulary.len() as i32));
        }
    }

    #[test]
    fn the_targets_of_an_epoch_are_the_text_itself(length in 2..400_usize, batch in 1..9_usize, window in 1..40_usize) {
        let text: String = (0..length).map(|at| char::from(b'a' + (at % 23) as u8)).collect();
        let text = corpus(&text, Reading::Running);
        let mut batches = Batches::new(&text, Part::Training, batch, window, 0).unwrap();
        let mut streams: Vec<Vec<usize>> = vec![Vec::new(); batches.batch()];
        for _ in 0..batches.windows_per_epoch() {
            for (stream, targets) in streams.iter_mut().zip(next(&mut batches).1) {
                stream.extend(targets);
            }
        }
        let stride = text.held_out_from() / batches.batch();
        for (at, stream) in streams.iter().enumerate() {
            prop_assert!(stream.len() + batches.window() > stride);
            let expected = text.ids[at * stride..].iter().map(|&id| id as usize);
            prop_assert!(stream.iter().copied().eq(expected.take(stream.len())));
        }
        prop_assert_eq!(batches.position(), Position { epoch: 1, window: 0 });
    }
}
