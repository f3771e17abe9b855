//! Lists of words.

/// Words and their opposites.
#[rustfmt::skip]
pub const OPPOSITES_EN: &[(&str, &str)] = &[
    ("big", "small"), ("hot", "cold"), ("day", "night"), ("old", "new"), ("up", "down"), ("open", "shut"),
    ("fast", "slow"), ("wet", "dry"), ("loud", "quiet"), ("full", "empty"), ("early", "late"), ("light", "dark"),
    ("first", "last"), ("near", "far"),
];

/// The same in Chinese.
#[rustfmt::skip]
pub const OPPOSITES_ZH: &[(&str, &str)] = &[
    ("大", "小"), ("热", "冷"), ("白天", "黑夜"), ("旧", "新"), ("上", "下"), ("开", "关"), ("快", "慢"),
    ("湿", "干"), ("吵闹", "安静"), ("满", "空"), ("早", "晚"), ("明", "暗"), ("先", "后"), ("近", "远"),
];

/// First names in small letters.
pub const NAMES_EN: &str = "\
    ada adele agnes alan alba albert alice alma amelia amy andrea andrew anita anna anton arthur ben bella benno berta \
    bruno carla carlo carol cecil celia clara conrad cora daniel daria david dennis diana dora edgar edith edwin elena \
    elias elsa emil emma enid eric erin ernest esther eva fanny felix flora frida george gerda gina glen gloria greta \
    gustav hanna harald hazel hector helen helga henry hilda hugo ida igor ilse ingrid irene iris isabel ivan jacob \
    jane jasper joan joel john jonas julia julian karen karin karl kate kevin klara lara laura lena leo leon lewis \
    lilian linda lisa lorena louis lucas lucia luisa lydia magda marco maria marian marina mario martin mary matilda \
    max mia mila milo mina mira moritz nadia nelly nina noah nora olga oliver olivia oscar otto pablo paula pedro peter \
    petra philip rita robert robin roland rosa rosalind ruben rudolf ruth sally samuel sandra sara selma simon sofia \
    stella susan tamara teresa theo thomas tilda tina tobias ursula vera victor viola walter wanda wilma yara yvonne";
