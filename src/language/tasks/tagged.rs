//! Sentences in small letters whose names are words of other kinds elsewhere.

use super::{LabelledSample, Wanted, chance};
use crate::language::random::Random;

type Tagged = Vec<(&'static str, bool)>;

pub fn english(random: &mut Random) -> LabelledSample {
    const TIMES: &[&[&str]] =
        &[&["today"], &["yesterday"], &["at", "dawn"], &["in", "may"], &["last", "june"]];
    const VERBS: &[&str] = &["saw", "found", "drew", "sold", "liked", "lost"];
    let mut words = Tagged::new();
    if chance(50, random) {
        words.extend(random.one_of(TIMES).iter().map(|word| (*word, false)));
    }
    english_phrase(&mut words, random);
    words.push((random.one_of(VERBS), false));
    english_phrase(&mut words, random);
    if chance(50, random) {
        words.push((random.one_of(&["with", "for", "near"]), false));
        english_phrase(&mut words, random);
    }
    sample(words)
}

fn english_phrase(words: &mut Tagged, random: &mut Random) {
    const NAMES: &[&str] =
        &["anna", "omar", "rose", "lily", "iris", "mark", "bill", "hope", "dawn", "may", "june"];
    const NOUNS: &[&str] = &["rose", "lily", "iris", "mark", "bill", "boat", "lamp", "letter", "gate"];
    if chance(50, random) {
        words.push((random.one_of(NAMES), true));
        return;
    }
    words.push((random.one_of(&["the", "a", "my", "every"]), false));
    if chance(40, random) {
        words.push((random.one_of(&["old", "small", "red", "fine"]), false));
    }
    words.push((random.one_of(NOUNS), false));
}

pub fn chinese(random: &mut Random) -> LabelledSample {
    const VERBS: &[&str] = &["看见", "画", "想起", "写到", "谈起"];
    let mut words = Tagged::new();
    if chance(50, random) {
        words.push((random.one_of(&["昨天", "今天", "早上", "有时"]), false));
    }
    chinese_phrase(&mut words, random);
    words.extend([(random.one_of(VERBS), false), ("了", false)]);
    chinese_phrase(&mut words, random);
    if chance(50, random) {
        words.extend([("和", false)]);
        chinese_phrase(&mut words, random);
    }
    sample(words)
}

fn chinese_phrase(words: &mut Tagged, random: &mut Random) {
    const NAMES: &[&str] = &["小红", "阿秀", "黎明", "高峰", "白云", "明月", "小雪", "长河"];
    const NOUNS: &[(&str, &str)] = &[
        ("个", "黎明"),
        ("座", "高峰"),
        ("片", "白云"),
        ("轮", "明月"),
        ("场", "小雪"),
        ("条", "长河"),
        ("盏", "灯"),
        ("封", "信"),
    ];
    if chance(50, random) {
        words.push((random.one_of(NAMES), true));
        return;
    }
    let (measure, noun) = random.one_of(NOUNS);
    words.extend([(random.one_of(&["一", "那", "这"]), false), (measure, false)]);
    if chance(40, random) {
        words.push((random.one_of(&["美丽的", "难忘的", "遥远的"]), false));
    }
    words.push((noun, false));
}

fn sample(words: Tagged) -> LabelledSample {
    let given = words.iter().map(|(word, _)| (*word).to_owned()).collect();
    LabelledSample { given, wanted: Wanted::Answers(words.iter().map(|(_, is_name)| *is_name).collect()) }
}
