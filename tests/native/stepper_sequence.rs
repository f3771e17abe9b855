use proptest::prelude::*;
use unrolled::language::Unit;
use unrolled::language::vocabulary::{EOS, UNK, Vocabulary};
use unrolled::view::stepper::sequence::{MOST_STEPS, has_spaces_among_words, own, under};

fn vocabulary(symbols: &[&str]) -> Vocabulary {
    Vocabulary::from_symbols(symbols.iter().map(|symbol| (*symbol).to_owned()).collect())
}

#[test]
fn a_sentence_begins_with_the_zero_vector_and_ends_with_the_end_sign() {
    let sequence = own("aba", Unit::Character, None);
    assert_eq!(sequence.vocabulary, ["a", "b", EOS]);
    assert_eq!(sequence.inputs, [None, Some(0), Some(1), Some(0)]);
    assert_eq!(sequence.labels, [0, 1, 0, 2]);
}

#[test]
fn without_an_end_sign_the_last_symbol_is_only_a_label() {
    let sequence = under("ab", Unit::Character, None, &vocabulary(&["a", "b"]));
    assert_eq!(sequence.inputs, [None, Some(0)]);
    assert_eq!(sequence.labels, [0, 1]);
}

#[test]
fn what_the_vocabulary_lacks_is_read_as_unknown_where_there_is_such_a_symbol() {
    let sequence = under("axax", Unit::Character, None, &vocabulary(&["a", UNK, EOS]));
    assert_eq!(sequence.labels, [0, 1, 0, 1, 2]);
    assert_eq!((sequence.unknown.as_slice(), sequence.left_out.len()), (["x".to_owned()].as_slice(), 0));
}

#[test]
fn what_the_vocabulary_lacks_is_left_out_where_there_is_no_unknown() {
    let sequence = under("axax", Unit::Character, None, &vocabulary(&["a", EOS]));
    assert_eq!(sequence.labels, [0, 0, 1]);
    assert_eq!(sequence.left_out, ["x"]);
}

#[test]
fn a_family_is_one_step() {
    assert_eq!(own("👩‍👩‍👧‍👦", Unit::Character, None).steps(), 2);
}

proptest! {
    #[test]
    fn any_sentence_becomes_steps_within_the_limit(sentence in "\\PC{0,200}") {
        let sequence = own(&sentence, Unit::Character, None);
        prop_assert!((1..=MOST_STEPS).contains(&sequence.steps()));
        prop_assert_eq!(sequence.inputs.len(), sequence.labels.len());
        prop_assert_eq!(sequence.inputs[0], None);
        for (input, label) in sequence.inputs[1..].iter().zip(&sequence.labels) {
            prop_assert_eq!(*input, Some(*label));
        }
        prop_assert!(sequence.labels.iter().all(|label| *label < sequence.vocabulary.len()));
        prop_assert_eq!(sequence.steps() - 1 + sequence.cut_off, sequence.symbols);
    }
}

#[test]
fn spaces_are_symbols_of_their_own_only_where_words_do_not_imply_them() {
    let spaces = |sentence: &str, unit| has_spaces_among_words(&own(sentence, unit, None).vocabulary, unit);
    assert!(!spaces("the cat sat", Unit::Word), "between words they go without saying");
    assert!(spaces("the  cat", Unit::Word), "a second space does not");
    assert!(spaces("a - b", Unit::Word), "nor does one beside a dash");
    assert!(spaces("word(s)", Unit::Word), "a missing one has its own sign");
    assert!(!spaces("the cat", Unit::Character), "among characters it is like any other");
}
