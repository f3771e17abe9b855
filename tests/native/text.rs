use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;
use unrolled::language::batches::{Batches, Part};
use unrolled::language::corpus::{ReadingRules, read};
use unrolled::language::generate::GENERATED;
use unrolled::language::text::{
    ByRules, GLUE, Joined, MAX_TEXT_BYTES, TextError, WordCutter, cut, join, needs_dictionary, normalised,
};
use unrolled::language::visible::visible;
use unrolled::language::vocabulary::Vocabulary;
use unrolled::language::{NO_SYMBOL, Reading, Unit};

/// A cutter that answers nonsense: offsets inside characters, out of order, beyond the end.
struct Nonsense(Vec<usize>);

impl WordCutter for Nonsense {
    fn cut(&self, _: &str) -> Vec<usize> {
        self.0.clone()
    }
}

#[track_caller]
fn check_words(text: &str, expected: &[&str]) {
    let text = normalised(text).unwrap();
    let words = cut(&text, Unit::Word, None).unwrap();
    assert_eq!(words, expected);
    assert_eq!(join(words, Unit::Word), text);
}

#[track_caller]
fn check_characters(text: &str, expected: &[&str]) {
    let text = normalised(text).unwrap();
    assert_eq!(cut(&text, Unit::Character, None).unwrap(), expected);
}

fn rules(unit: Unit, reading: Reading, vocabulary_limit: Option<usize>) -> ReadingRules {
    ReadingRules { unit, reading, vocabulary_limit }
}

#[test]
fn a_sentence_is_cut_into_its_words_and_its_full_stop() {
    check_words(
        "Cats average 15 hours of sleep a day.",
        &["Cats", "average", "15", "hours", "of", "sleep", "a", "day", "."],
    );
}

#[test]
fn a_space_is_a_symbol_only_where_no_writer_would_put_one() {
    check_words("day .", &["day", " ", "."]);
    check_words("one, two", &["one", ",", "two"]);
    check_words("one,two", &["one", ",", GLUE, "two"]);
    check_words("a  b", &["a", "  ", "b"]);
    check_words(" a ", &[" ", "a", " "]);
    check_words("a (b) c", &["a", "(", "b", ")", "c"]);
    check_words("can't 3.14\nend", &["can't", "3.14", "\n", "end"]);
    check_words("“Yes,” she said.", &["“", "Yes", ",", "”", "she", "said", "."]);
}

#[test]
fn an_unknown_word_is_spaced_like_a_word() {
    assert_eq!(join(["the", "<UNK>", "sat", "."], Unit::Word), "the <UNK> sat.");
    assert_eq!(join(["a", "<UNK>", "b"], Unit::Character), "a<UNK>b");
}

#[test]
fn every_han_character_is_a_word_without_spaces_between() {
    check_words("我有 3 只猫。", &["我", "有", " ", "3", " ", "只", "猫", "。"]);
}

#[test]
fn a_character_is_what_a_reader_sees_as_one() {
    check_characters("e\u{301}👩‍👩‍👧🇨🇳👍🏽𠮷", &["é", "👩‍👩‍👧", "🇨🇳", "👍🏽", "𠮷"]);
    let stack = format!("a{}", "\u{331}".repeat(1000));
    check_characters(&stack, &[&stack]);
}

#[test]
fn line_ends_become_one_and_the_invisible_is_dropped() {
    assert_eq!(normalised("\u{FEFF}a\r\nb\rc\0\u{2060}\n\r\n").unwrap(), "a\nb\nc\n\n");
    assert_eq!(normalised("e\0\u{301}").unwrap(), "é");
    assert_eq!(normalised("\r\0\n").unwrap(), "\n");
    assert_eq!(normalised("a\u{FFFD}b").unwrap(), "a\u{FFFD}b");
}

#[test]
fn five_megabytes_are_read_and_one_byte_more_is_refused() {
    let text = "b a".repeat(MAX_TEXT_BYTES / 3);
    assert!(read(&text, &ReadingRules::default(), None).is_ok());
    let text = "a".repeat(MAX_TEXT_BYTES + 1);
    let refused = TextError::TooLarge { bytes: MAX_TEXT_BYTES + 1, limit: MAX_TEXT_BYTES };
    assert_eq!(normalised(&text), Err(refused));
}

#[test]
fn texts_without_anything_to_learn_are_refused_with_the_reason() {
    for (text, refused) in [
        ("", TextError::Empty),
        ("\0\u{FEFF}", TextError::Empty),
        ("aaaa", TextError::VocabularyOfOne { symbol: "a".into() }),
    ] {
        assert_eq!(read(text, &ReadingRules::default(), None), Err(refused));
    }
    let lines = |text| read(text, &rules(Unit::Character, Reading::Lines, None), None);
    assert_eq!(lines("\n \n\t\n"), Err(TextError::Empty));
    assert_eq!(lines("aa\na"), Err(TextError::VocabularyOfOne { symbol: "a".into() }));
    let chinese = read("猫", &rules(Unit::ChineseWord, Reading::Running, None), None);
    assert_eq!(chinese, Err(TextError::NoDictionary));
}

#[test]
fn a_vocabulary_is_in_the_order_of_code_points_and_ends_with_unk_and_eos() {
    let corpus = read("bab\ncab", &rules(Unit::Character, Reading::Lines, Some(2)), None).unwrap();
    assert_eq!(corpus.vocabulary.symbols(), ["a", "b", "<UNK>", "<EOS>"]);
    assert_eq!(corpus.counts, [2, 3, 1, 2]);
    assert_eq!(corpus.ids, [1, 0, 1, 2, 0, 1]);
    assert_eq!(corpus.lines, [0..3, 3..6]);
    assert_eq!(corpus.unknown_share(), 1.0 / 6.0);
}

#[test]
fn of_equally_frequent_symbols_the_first_in_order_are_kept() {
    let corpus = read("dcbaa", &rules(Unit::Character, Reading::Running, Some(3)), None).unwrap();
    assert_eq!(corpus.vocabulary.symbols(), ["a", "b", "c", "<UNK>"]);
}

#[test]
fn without_a_limit_that_cuts_there_is_no_unk_and_foreign_symbols_are_reported() {
    let corpus = read("abba", &rules(Unit::Character, Reading::Running, Some(2)), None).unwrap();
    assert_eq!(corpus.vocabulary.symbols(), ["a", "b"]);
    let encoded = corpus.vocabulary.encode(["a", "猫", "b"]);
    assert_eq!(encoded.ids, [0, NO_SYMBOL, 1]);
    assert_eq!((encoded.unknown[0].position, encoded.unknown[0].symbol.as_str()), (1, "猫"));
}

#[test]
fn a_saved_vocabulary_gives_the_same_ids_and_a_written_unk_is_no_special_symbol() {
    let built = Vocabulary::build([("b", 3), ("a", 2), ("z", 1)], Some(2), true);
    let again = Vocabulary::from_symbols(built.symbols().to_vec());
    assert_eq!(again, built);
    assert_eq!((again.unknown(), again.end()), (Some(2), Some(3)));
    let encoded = again.encode(["a", "<EOS>"]);
    assert_eq!(encoded.ids, [0, 2]);
    assert_eq!(encoded.unknown.len(), 1);
}

#[test]
fn invisible_symbols_have_a_visible_form() {
    for (symbol, shown) in [
        (" ", "␣"),
        ("\n", "⏎"),
        ("\t", "⇥"),
        ("  ", "␣␣"),
        ("\u{3000}", "□"),
        ("\u{1}", "␁"),
        ("\u{202E}", "U+202E"),
        ("\u{200D}", "U+200D"),
        ("\u{85}", "U+0085"),
        ("\u{301}", "◌\u{301}"),
        (GLUE, "⁀"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("é", "é"),
        ("猫", "猫"),
    ] {
        assert_eq!(visible(symbol), shown);
    }
}

#[test]
fn a_cutter_that_answers_nonsense_loses_nothing() {
    let text = "猫平均 每天 a b";
    for bounds in [vec![], vec![1, 2, 3, 3, 99, 0, 9], vec![usize::MAX, 3], vec![9, 3, 9, 12]] {
        let words = cut(text, Unit::ChineseWord, Some(&Nonsense(bounds))).unwrap();
        assert_eq!(join(words, Unit::ChineseWord), text);
    }
}

#[test]
fn without_scripts_that_need_it_the_rules_cut_as_words_do() {
    for text in ["the cat sat, 3.14 can't", "Où est l’été?", "שלום עולם", "", "a  b\n"] {
        assert!(!needs_dictionary(text, Unit::ChineseWord));
        assert_eq!(cut(text, Unit::ChineseWord, Some(&ByRules)), cut(text, Unit::Word, None));
    }
    assert!(needs_dictionary("a 猫", Unit::ChineseWord));
    assert!(!needs_dictionary("a 猫", Unit::Word));
}

#[cfg(feature = "segmenter")]
#[test]
fn a_dictionary_cuts_chinese_into_words() {
    use unrolled::language::segmenter::Dictionary;
    let text = "猫平均每天睡十五个小时";
    let words = cut(text, Unit::ChineseWord, Some(&Dictionary)).unwrap();
    assert_eq!(words, ["猫", "平均", "每天", "睡", "十五", "个", "小时"]);
    assert_eq!(join(words, Unit::ChineseWord), text);
}

#[test]
fn generated_samples_are_what_their_rule_writes() {
    for (id, write) in GENERATED {
        let path = format!("{}/public/samples/{id}.txt", env!("CARGO_MANIFEST_DIR"));
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        // UPDATE_SAMPLES=1 writes the files anew.
        if std::env::var_os("UPDATE_SAMPLES").is_some() {
            std::fs::write(&path, write()).unwrap();
        } else {
            assert_eq!(kept, write(), "{id}");
        }
    }
}

#[test]
fn every_sample_is_in_the_index_with_settings_that_fit_it() {
    let folder = format!("{}/public/samples", env!("CARGO_MANIFEST_DIR"));
    let index: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(format!("{folder}/index.json")).unwrap()).unwrap();
    assert_eq!(index["format"], "unrolled-samples/1");
    let mut listed = Vec::new();
    for entry in index["samples"].as_array().unwrap() {
        let id = entry["id"].as_str().unwrap();
        listed.push(format!("{id}.txt"));
        let text = std::fs::read_to_string(format!("{folder}/{id}.txt")).unwrap();
        assert!((2_000..=12_000).contains(&text.len()), "{id}: {} bytes", text.len());
        assert_eq!(normalised(&text).unwrap(), text, "{id}");
        for key in ["title_en", "title_zh", "reason_en", "reason_zh"] {
            let words = entry[key].as_str().unwrap();
            assert!(!words.is_empty(), "{id}: {key}");
            let chinese = words.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
            assert_eq!(chinese, key.ends_with("zh"), "{id}: {key}");
        }
        let unit = serde_json::from_value(entry["unit"].clone()).unwrap();
        let reading = serde_json::from_value(entry["reading"].clone()).unwrap();
        let corpus = read(&text, &rules(unit, reading, None), None).unwrap();
        let number = |key: &str| usize::try_from(entry[key].as_u64().unwrap()).unwrap();
        for part in [Part::Training, Part::HeldOut] {
            let batches = Batches::new(&corpus, part, number("batch"), number("window"), 0).unwrap();
            assert_eq!(batches.cut_lines(), 0, "{id}: the window is shorter than a line");
            if part == Part::Training {
                assert_eq!(batches.batch(), number("batch"), "{id}");
            }
        }
        let presets = ["rnn", "rnn-relu", "rnn-leaky-relu", "rnn-swish", "gru-simplified", "gru", "lstm"];
        assert!(presets.contains(&entry["cell"].as_str().unwrap()), "{id}");
        assert!(number("steps") > 0 && number("hidden") > 0 && number("layers") > 0);
    }
    let mut files: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".txt"))
        .collect();
    files.sort();
    listed.sort();
    assert_eq!(files, listed);
}

#[test]
fn names_stand_in_their_list_once() {
    for id in ["names-en", "names-zh"] {
        let path = format!("{}/public/samples/{id}.txt", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let mut names: Vec<&str> = text.lines().collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "{id}");
    }
}

#[test]
fn every_bracket_that_opens_is_closed_by_its_own_kind() {
    for line in unrolled::language::generate::brackets().lines() {
        let mut open = Vec::new();
        for c in line.chars() {
            match c {
                '(' => open.push(')'),
                '[' => open.push(']'),
                '{' => open.push('}'),
                close => assert_eq!(open.pop(), Some(close), "{line}"),
            }
        }
        assert!(open.is_empty(), "{line}");
    }
}

/// Pieces that texts go wrong on, between any other characters.
fn awkward() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("👩‍👩‍👧‍👦".to_owned()),
        Just("🇨🇳🇫".to_owned()),
        Just("👍🏽".to_owned()),
        Just("a\u{301}\u{327}\u{5B0}".to_owned()),
        Just("\u{202E}abc\u{202C}\u{2066}".to_owned()),
        Just("\r\n".to_owned()),
        Just("\r".to_owned()),
        Just("\0".to_owned()),
        Just("\u{FEFF}".to_owned()),
        Just("\u{2060}".to_owned()),
        Just("\u{FFFD}".to_owned()),
        Just("한글\u{1112}\u{1161}\u{11AB}".to_owned()),
        Just("猫 和 dog".to_owned()),
        Just(" ".to_owned()),
        Just(", (".to_owned()),
        Just("<UNK><EOS>".to_owned()),
        "[a-c ,.\n]{0,6}",
        any::<String>(),
        prop::collection::vec(any::<char>(), 0..6).prop_map(|chars| chars.into_iter().collect()),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn joining_the_symbols_gives_back_any_text(text in awkward(), bounds in prop::collection::vec(0..60_usize, 0..20)) {
        let text = normalised(&text).unwrap();
        prop_assert_eq!(&normalised(&text).unwrap(), &text);
        prop_assert_eq!(&text.nfc().collect::<String>(), &text);
        let cutter = Nonsense(bounds);
        for unit in [Unit::Character, Unit::Word, Unit::ChineseWord] {
            let symbols = cut(&text, unit, Some(&cutter)).unwrap();
            let mut joined = Joined::new(unit);
            for symbol in &symbols {
                prop_assert!(!symbol.is_empty());
                prop_assert!(!visible(symbol).is_empty());
                joined.push(symbol);
            }
            prop_assert_eq!(&joined.text, &text);
        }
    }

    #[test]
    fn encoding_and_decoding_gives_back_any_text(text in awkward(), words: bool) {
        let unit = if words { Unit::Word } else { Unit::Character };
        let clean = normalised(&text).unwrap();
        let symbols = cut(&clean, unit, None).unwrap();
        if let Ok(corpus) = read(&text, &rules(unit, Reading::Running, None), None) {
            let encoded = corpus.vocabulary.encode(symbols.iter().copied());
            prop_assert!(encoded.unknown.is_empty());
            prop_assert!(encoded.ids.iter().map(|&id| id as u32).eq(corpus.ids.iter().copied()));
            prop_assert_eq!(corpus.vocabulary.decode(&encoded.ids), symbols);
            prop_assert_eq!(corpus.counts.iter().sum::<usize>(), corpus.ids.len());
        }
    }

    #[test]
    fn a_limit_keeps_that_many_symbols_and_counts_the_rest_as_unknown(text in awkward(), limit in 0..20_usize, lines: bool) {
        let reading = if lines { Reading::Lines } else { Reading::Running };
        if let Ok(corpus) = read(&text, &rules(Unit::Character, reading, Some(limit)), None) {
            let special = usize::from(corpus.vocabulary.unknown().is_some()) + usize::from(lines);
            prop_assert!(corpus.vocabulary.len() - special <= limit);
            prop_assert_eq!(corpus.vocabulary.unknown().is_some(), corpus.unknown > 0);
            let unknown = corpus.ids.iter().filter(|&&id| Some(id as usize) == corpus.vocabulary.unknown());
            prop_assert_eq!(unknown.count(), corpus.unknown);
        }
    }
}
