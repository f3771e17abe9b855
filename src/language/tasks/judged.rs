//! Sentences that speak well or badly of something.

use super::{LabelledSample, Wanted, chance};
use crate::language::random::Random;

pub fn english(random: &mut Random) -> LabelledSample {
    const GOOD: &[&str] = &["good", "lovely", "funny", "clever", "warm", "bright"];
    const BAD: &[&str] = &["bad", "dull", "awful", "boring", "poor", "ugly"];
    const NOUNS: &[&str] = &["film", "book", "song", "meal", "play", "story", "room"];
    let mut words = vec![random.one_of(&["the", "this", "that"]), random.one_of(NOUNS)];
    words.push(random.one_of(&["was", "is", "seemed"]));
    let turned = chance(40, random);
    if turned {
        words.push(random.one_of(&["not", "never", "hardly"]));
    }
    if chance(60, random) {
        words.push(random.one_of(&["really", "very", "so"]));
    }
    let well = chance(50, random);
    words.push(random.one_of(if well { GOOD } else { BAD }));
    match random.below(4) {
        0 => {}
        1 => words.extend([
            ",",
            random.one_of(&["said", "thought"]),
            "my",
            random.one_of(&["sister", "uncle"]),
        ]),
        2 => words.extend(["to", "my", random.one_of(&["sister", "uncle"])]),
        _ => words.extend(["last", random.one_of(&["week", "night", "time"])]),
    }
    sample(&words, well != turned)
}

pub fn chinese(random: &mut Random) -> LabelledSample {
    // Each of them can be said of each thing.
    const GOOD: &[&str] = &["好", "精彩", "有趣", "迷人", "出色", "感人"];
    const BAD: &[&str] = &["差", "无聊", "糟糕", "乏味", "平淡", "沉闷"];
    const THINGS: &[(&str, &str)] =
        &[("部", "电影"), ("本", "书"), ("首", "歌"), ("出", "戏"), ("个", "故事"), ("节", "课")];
    let (measure, noun) = random.one_of(THINGS);
    let mut words = vec![random.one_of(&["这", "那"]), measure, noun];
    let turned = chance(40, random);
    let negation: &[&str] =
        if turned { random.one_of(&[&["不"][..], &["并", "不"], &["一点", "也", "不"]]) } else { &[] };
    words.extend(negation);
    if chance(60, random) {
        let degree = random.one_of(&["那么", "特别", "怎么"][..if turned { 3 } else { 2 }]);
        // No degree follows 一点也不.
        if negation.len() < 3 {
            words.push(degree);
        }
    }
    let well = chance(50, random);
    words.push(random.one_of(if well { GOOD } else { BAD }));
    match random.below(3) {
        0 => {}
        1 => words.extend(["，", random.one_of(&["妹妹", "叔叔", "邻居"]), random.one_of(&["说", "觉得"])]),
        _ => words.extend(["，", "大家", "都", "这么", "说"]),
    }
    sample(&words, well != turned)
}

fn sample(words: &[&str], answer: bool) -> LabelledSample {
    let given = words.iter().map(|word| (*word).to_owned()).collect();
    LabelledSample { given, wanted: Wanted::Answers(vec![answer]) }
}
