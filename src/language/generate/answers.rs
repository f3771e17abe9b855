//! Questions about animals with their answers, in English and in Chinese, and Chinese names.
//!
//! Each fact is asked for in several ways, so that a network that has seen some of them can answer the others.

use super::{Random, lines};
use crate::sorted::sort_by;

/// What is known of an animal.
pub(super) struct Animal {
    pub name: &'static str,
    pub sound: &'static str,
    pub food: &'static str,
    pub bed: &'static str,
    /// English: what its young are called. Chinese: how many legs it has.
    more: &'static str,
}

const fn animal(
    name: &'static str,
    sound: &'static str,
    food: &'static str,
    bed: &'static str,
    more: &'static str,
) -> Animal {
    Animal { name, sound, food, bed, more }
}

#[rustfmt::skip]
pub(super) const ENGLISH: &[Animal] = &[
    animal("cat", "meow", "fish", "in a basket", "a kitten"),
    animal("dog", "woof", "bones", "in a kennel", "a puppy"),
    animal("cow", "moo", "grass", "in a barn", "a calf"),
    animal("sheep", "baa", "clover", "in a fold", "a lamb"),
    animal("horse", "neigh", "hay", "in a stable", "a foal"),
    animal("duck", "quack", "snails", "on the pond", "a duckling"),
    animal("hen", "cluck", "corn", "in a coop", "a chick"),
    animal("pig", "oink", "turnips", "in a sty", "a piglet"),
    animal("frog", "croak", "flies", "in the reeds", "a tadpole"),
    animal("owl", "hoot", "voles", "in a hollow tree", "an owlet"),
    animal("mouse", "squeak", "crumbs", "in a hole", "a pup"),
    animal("lion", "roar", "meat", "in the tall grass", "a cub"),
    animal("goose", "honk", "weeds", "by the river", "a gosling"),
    animal("goat", "bleat", "leaves", "on the hillside", "a kid"),
];

#[rustfmt::skip]
pub(super) const CHINESE: &[Animal] = &[
    animal("猫", "喵喵", "鱼", "篮子里", "四"),
    animal("狗", "汪汪", "骨头", "狗窝里", "四"),
    animal("牛", "哞哞", "青草", "牛棚里", "四"),
    animal("羊", "咩咩", "树叶", "羊圈里", "四"),
    animal("猪", "哼哼", "红薯", "猪圈里", "四"),
    animal("鸡", "咯咯", "小米", "鸡笼里", "两"),
    animal("鸭", "嘎嘎", "小虾", "池塘边", "两"),
    animal("青蛙", "呱呱", "飞虫", "荷叶下", "四"),
    animal("老鼠", "吱吱", "大米", "墙洞里", "四"),
    animal("蜜蜂", "嗡嗡", "花蜜", "蜂巢里", "六"),
    animal("麻雀", "喳喳", "谷子", "屋檐下", "两"),
    animal("乌鸦", "哇哇", "果子", "大树上", "两"),
    animal("狼", "嗷嗷", "肉", "山洞里", "四"),
    animal("鸽子", "咕咕", "豆子", "木箱里", "两"),
];

/// English questions and answers, one pair a line.
pub fn answers_en() -> String {
    let mut random = Random::new(5, 0);
    let mut all = Vec::new();
    for (at, Animal { name, sound, food, bed, more }) in ENGLISH.iter().enumerate() {
        let other = &ENGLISH[(at + 1 + random.below(ENGLISH.len() - 1)) % ENGLISH.len()];
        all.extend([
            format!("What does the {name} say? The {name} says {sound}."),
            format!("Who says {sound}? The {name} says {sound}."),
            format!("What does the {name} eat? The {name} eats {food}."),
            format!("Who eats {food}? The {name} eats {food}."),
            format!("Where does the {name} sleep? The {name} sleeps {bed}."),
            format!("Who sleeps {bed}? The {name} sleeps {bed}."),
            format!("What is {more}? {} is a young {name}.", capital(more)),
            format!("What do we call a young {name}? We call it {more}."),
            format!("Is {more} a young {}? No, {more} is a young {name}.", other.name),
            format!("Does the {} say {sound}? No, the {name} says {sound}.", other.name),
        ]);
    }
    random.shuffle(&mut all);
    lines(all.into_iter())
}

/// Chinese questions and answers, one pair a line.
pub fn answers_zh() -> String {
    let mut random = Random::new(6, 0);
    let mut all = Vec::new();
    for (at, Animal { name, sound, food, bed, more }) in CHINESE.iter().enumerate() {
        let other = &CHINESE[(at + 1 + random.below(CHINESE.len() - 1)) % CHINESE.len()];
        // Among these, what has four legs has no wings, and what has not, has.
        let wings = if *more == "四" { "没有" } else { "有" };
        all.extend([
            format!("{name}怎么叫？{name}{sound}叫。"),
            format!("谁{sound}叫？{name}{sound}叫。"),
            format!("{name}爱吃什么？{name}爱吃{food}。"),
            format!("谁爱吃{food}？{name}爱吃{food}。"),
            format!("{name}睡在哪里？{name}睡在{bed}。"),
            format!("谁睡在{bed}？{name}睡在{bed}。"),
            format!("{name}有几条腿？{name}有{more}条腿。"),
            format!("{name}有翅膀吗？{wings}，{name}{wings}翅膀。"),
            format!("{}{sound}叫吗？不，是{name}{sound}叫。", other.name),
        ]);
    }
    random.shuffle(&mut all);
    lines(all.into_iter())
}

const SURNAMES: &[char] = &[
    '王', '李', '张', '刘', '陈', '杨', '黄', '赵', '吴', '周', '徐', '孙', '马', '朱', '胡', '郭', '何',
    '林', '高', '罗', '郑', '梁', '谢', '宋', '唐', '许', '邓', '冯', '韩', '曹', '曾', '彭', '萧', '蔡',
    '潘', '田', '董', '袁', '于', '余', '叶', '蒋', '杜', '苏', '魏', '程', '吕', '丁', '沈', '任',
];

const GIVEN: &[&str] = &[
    "雨桐", "子轩", "思远", "嘉怡", "明月", "晓东", "文静", "志强", "雪梅", "建国", "若水", "一鸣", "清源",
    "书瑶", "天佑", "安然", "海燕", "立新", "春生", "秋实", "冬梅", "小满", "佳宁", "浩然", "欣然", "梓涵",
    "宇航", "诗涵", "晨曦", "静怡", "俊杰", "雅琴", "永康", "美玲", "国栋", "秀英", "振华", "丽娟", "家辉",
    "慧敏", "伟明", "晓燕", "大勇", "云飞", "玉兰", "松年", "竹青", "知行", "乐天", "可心", "向阳", "望舒",
    "新月", "星辰", "长风", "凌云", "如意", "平安", "学文", "少华", "润泽", "怀瑾", "亦凡", "若兰", "素心",
    "念慈", "景行", "致远", "修文", "守诚", "雁南", "北辰", "西洲", "东篱", "青山", "白露", "芳", "敏", "静",
    "伟", "磊", "洋", "勇", "军", "杰", "娟", "涛", "明", "超", "霞", "平", "刚", "颖", "琳", "鹏", "辉",
    "宁", "岚", "昕", "悦",
];

/// Chinese names, one a line, each once.
pub fn names_zh() -> String {
    let mut random = Random::new(7, 0);
    let mut all = Vec::new();
    for given in GIVEN {
        let mut surnames: Vec<char> = (0..3).map(|_| random.one_of(SURNAMES)).collect();
        sort_by(&mut surnames, Ord::cmp);
        surnames.dedup();
        all.extend(surnames.into_iter().map(|surname| format!("{surname}{given}")));
    }
    random.shuffle(&mut all);
    lines(all.into_iter())
}

fn capital(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
