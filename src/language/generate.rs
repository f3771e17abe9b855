//! Sample texts made by rule: sums, brackets, sentences in which something must return later, questions and answers.
//!
//! The files under `public/samples` are what these functions write; a test holds them equal.

use std::fmt::Write;

use super::random::Random;

mod answers;
mod stages;

pub use answers::{answers_en, answers_zh, names_zh};
pub use stages::{Asked, asked, pairs, prompt, question_of, statements};

/// Writes a sample text.
pub type Writer = fn() -> String;

/// The generated sample texts: id and the function that writes it.
pub const GENERATED: &[(&str, Writer)] = &[
    ("sums", sums),
    ("brackets", brackets),
    ("agreement-en", agreement_en),
    ("agreement-zh", agreement_zh),
    ("answers-en", answers_en),
    ("answers-zh", answers_zh),
    ("names-zh", names_zh),
];

/// The text of a generated sample.
pub fn generated(id: &str) -> Option<String> {
    GENERATED.iter().find(|(known, _)| *known == id).map(|(_, write)| write())
}

/// Sums of numbers below 100, one a line: `7+35=42`. Each pair of numbers stands at most once.
pub fn sums() -> String {
    let mut random = Random::new(1, 0);
    let mut pairs: Vec<(usize, usize)> = (0..100).flat_map(|a| (0..100).map(move |b| (a, b))).collect();
    random.shuffle(&mut pairs);
    pairs.truncate(1200);
    lines(pairs.into_iter().map(|(a, b)| format!("{a}+{b}={}", a + b)))
}

/// Lines of three kinds of brackets, properly nested, up to five deep: `([]{})`.
pub fn brackets() -> String {
    let mut random = Random::new(2, 0);
    lines((0..600).map(|_| {
        let (mut line, mut open) = (String::new(), Vec::new());
        let pairs = 2 + random.below(6);
        let mut left = pairs;
        while left > 0 || !open.is_empty() {
            let opens = left > 0 && open.len() < 5 && (open.is_empty() || random.below(2) == 0);
            match open.pop() {
                Some(close) if !opens => line.push(close),
                deeper => {
                    open.extend(deeper);
                    let (begin, end) = random.one_of(&[('(', ')'), ('[', ']'), ('{', '}')]);
                    line.push(begin);
                    open.push(end);
                    left -= 1;
                }
            }
        }
        line
    }))
}

/// English sentences whose verb stands far from its subject and agrees with it, not with the noun beside it.
pub fn agreement_en() -> String {
    const SUBJECTS: &[(&str, &str)] = &[
        ("cat", "cats"),
        ("dog", "dogs"),
        ("child", "children"),
        ("farmer", "farmers"),
        ("bird", "birds"),
        ("teacher", "teachers"),
        ("goose", "geese"),
        ("sailor", "sailors"),
    ];
    const PLACES: &[&str] = &[
        "behind the red barns",
        "by the river",
        "under the apple trees",
        "in the old house",
        "near the wide fields",
        "beside the ships",
        "on the hill",
        "from the villages over the bridge",
    ];
    const CLAUSES: &[&str] = &[
        "that my brothers know",
        "that the old lady likes",
        "we met in the gardens",
        "the neighbours talk about",
        "that we saw last winter",
    ];
    const ASIDES: &[&str] =
        &["as my brothers know", "so the neighbours say", "if the letters are right", "in these cold months"];
    const PREDICATES: &[(&str, &str)] = &[
        ("is asleep", "are asleep"),
        ("was late again", "were late again"),
        ("has come home", "have come home"),
        ("sleeps well", "sleep well"),
        ("likes the sun", "like the sun"),
        ("does not mind the rain", "do not mind the rain"),
        ("is hungry", "are hungry"),
        ("waits for the spring", "wait for the spring"),
    ];
    let mut random = Random::new(3, 0);
    lines((0..160).map(|_| {
        let many = random.below(2) == 1;
        let pick = |(one, several): (&'static str, &'static str)| if many { several } else { one };
        let subject = pick(random.one_of(SUBJECTS));
        let between = match random.below(4) {
            0 => String::new(),
            1 => format!(" {}", random.one_of(PLACES)),
            2 => format!(" {}", random.one_of(CLAUSES)),
            _ => format!(" {}, {},", random.one_of(PLACES), random.one_of(ASIDES)),
        };
        let predicate = pick(random.one_of(PREDICATES));
        format!("the {subject}{between} {predicate}.")
    }))
}

/// Chinese sentences in which a name and a measure word with its noun return after a clause.
pub fn agreement_zh() -> String {
    const NAMES: &[&str] = &["小明", "阿秀", "老周", "林林", "奶奶", "弟弟", "大山", "文文"];
    /// Measure word, noun, the verb of getting it, what is done with it (the thing's place is `〇`).
    const THINGS: &[(&str, &str, &str, &str)] = &[
        ("只", "小猫", "领养了", "抱着〇睡觉"),
        ("条", "小狗", "领养了", "带〇去散步"),
        ("匹", "小马", "买了", "骑〇去镇上"),
        ("本", "旧书", "借了", "把〇读一遍"),
        ("张", "地图", "画了", "把〇看一遍"),
        ("把", "雨伞", "买了", "带〇出门"),
        ("棵", "枣树", "种了", "给〇浇水"),
        ("朵", "荷花", "画了", "把〇拿出来看"),
        ("盏", "台灯", "买了", "点着〇写字"),
        ("支", "竹笛", "做了", "用〇吹一首歌"),
        ("辆", "单车", "修好了", "骑〇去上学"),
        ("封", "长信", "收到了", "把〇再读一遍"),
    ];
    const TIMES: &[&str] = &["去年春天", "上个星期", "下雪那天", "刚搬家的时候", "放假以前"];
    const MIDDLES: &[&str] = &[
        "后来天气一天比一天冷",
        "虽然家里人都说用不着",
        "那时候谁也没有在意",
        "日子过得很快",
        "街上的人都看见了",
        "因为路远，朋友们很少来",
    ];
    const OFTEN: &[&str] = &["每天晚上", "一有空", "天一亮", "到了星期天", "天黑以后"];
    let mut random = Random::new(4, 0);
    lines((0..85).map(|_| {
        let name = random.one_of(NAMES);
        let (measure, noun, got, does) = random.one_of(THINGS);
        let (time, middle, often) = (random.one_of(TIMES), random.one_of(MIDDLES), random.one_of(OFTEN));
        let does = does.replace('〇', &format!("那{measure}{noun}"));
        format!("{time}，{name}{got}一{measure}{noun}，{middle}，{often}，{name}总要{does}。")
    }))
}

fn lines(all: impl Iterator<Item = String>) -> String {
    all.fold(String::new(), |mut text, line| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{line}");
        text
    })
}
