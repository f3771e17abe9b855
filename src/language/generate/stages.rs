//! Two texts for two stages: statements about animals to begin with, then questions with their answers.
//!
//! Every fact stands in the statements. Of each animal one fact is never asked for in the question–answer pairs: a
//! network that answered such a question would have its knowledge from the first stage and the manner from the second.
//! (The small ones trained here do not: they learn the pairs by heart, and forget statements.)

use super::answers::{Animal, CHINESE, ENGLISH};
use super::{Random, lines};
use crate::language::tasks::TaskLanguage;

/// A question, its answer, and whether the pairs of the second stage hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The question alone.
    pub question: String,
    /// The sentence that answers it.
    pub answer: String,
    /// False: it stands in no pair of the second stage.
    pub trained: bool,
}

/// A question as the model sees it: what stands before the answer.
///
/// ```
/// use unrolled::language::generate::prompt;
/// use unrolled::language::tasks::TaskLanguage;
/// assert_eq!(prompt(TaskLanguage::English, "what does the cat say?"), "Q: what does the cat say? A:");
/// assert_eq!(prompt(TaskLanguage::Chinese, "猫怎么叫？"), "问：猫怎么叫？答：");
/// ```
pub fn prompt(language: TaskLanguage, question: &str) -> String {
    match language {
        TaskLanguage::English => format!("Q: {question} A:"),
        TaskLanguage::Chinese => format!("问：{question}答："),
    }
}

/// Question and answer of a line in the prompt's form; none for any other line.
///
/// ```
/// use unrolled::language::generate::question_of;
/// use unrolled::language::tasks::TaskLanguage;
/// let asked = question_of(TaskLanguage::Chinese, "问：猫怎么叫？答：猫喵喵叫。").expect("a pair");
/// assert_eq!((asked.question.as_str(), asked.answer.as_str()), ("猫怎么叫？", "猫喵喵叫。"));
/// ```
pub fn question_of(language: TaskLanguage, line: &str) -> Option<Asked> {
    let (begin, middle) = match language {
        TaskLanguage::English => ("Q:", "A:"),
        TaskLanguage::Chinese => ("问：", "答："),
    };
    let (question, answer) = line.trim().strip_prefix(begin)?.split_once(middle)?;
    let (question, answer) = (question.trim().to_owned(), answer.trim().to_owned());
    (!question.is_empty() && !answer.is_empty()).then_some(Asked { question, answer, trained: true })
}

/// All questions with their answers, in a fixed order.
pub fn asked(language: TaskLanguage) -> Vec<Asked> {
    let animals = match language {
        TaskLanguage::English => ENGLISH,
        TaskLanguage::Chinese => CHINESE,
    };
    let of = |(at, animal): (usize, &Animal)| {
        let facts = facts(language, animal);
        let each = facts.into_iter().enumerate();
        each.map(move |(which, (question, answer, _))| Asked { question, answer, trained: at % 3 != which })
            .collect::<Vec<_>>()
    };
    animals.iter().enumerate().flat_map(of).collect()
}

/// The text of the first stage: every fact stated in three ways, one a line.
pub fn statements(language: TaskLanguage) -> String {
    let animals = match language {
        TaskLanguage::English => ENGLISH,
        TaskLanguage::Chinese => CHINESE,
    };
    let facts = animals.iter().flat_map(|animal| facts(language, animal));
    let mut all: Vec<String> =
        facts.flat_map(|(_, answer, others)| others.into_iter().chain([answer])).collect();
    Random::new(8, 0).shuffle(&mut all);
    lines(all.into_iter())
}

/// The text of the second stage: questions with their answers in the prompt's form, one pair a line.
pub fn pairs(language: TaskLanguage) -> String {
    let trained = asked(language).into_iter().filter(|asked| asked.trained);
    let space = if language == TaskLanguage::English { " " } else { "" };
    let mut all: Vec<String> = trained
        .map(|Asked { question, answer, .. }| format!("{}{space}{answer}", prompt(language, &question)))
        .collect();
    Random::new(9, 0).shuffle(&mut all);
    lines(all.into_iter())
}

/// Question, answer, and two other ways to state the same: voice, food, bed.
fn facts(language: TaskLanguage, animal: &Animal) -> [(String, String, [String; 2]); 3] {
    let Animal { name, sound, food, bed, .. } = animal;
    match language {
        TaskLanguage::English => [
            (
                format!("what does the {name} say?"),
                format!("the {name} says {sound}."),
                [format!("in the morning the {name} says {sound}."), format!("my {name} says {sound}.")],
            ),
            (
                format!("what does the {name} eat?"),
                format!("the {name} eats {food}."),
                [format!("every day the {name} eats {food}."), format!("my {name} eats {food}.")],
            ),
            (
                format!("where does the {name} sleep?"),
                format!("the {name} sleeps {bed}."),
                [format!("at night the {name} sleeps {bed}."), format!("my {name} sleeps {bed}.")],
            ),
        ],
        TaskLanguage::Chinese => [
            (
                format!("{name}怎么叫？"),
                format!("{name}{sound}叫。"),
                [format!("早上{name}{sound}叫。"), format!("我家的{name}{sound}叫。")],
            ),
            (
                format!("{name}爱吃什么？"),
                format!("{name}爱吃{food}。"),
                [format!("每天{name}爱吃{food}。"), format!("我家的{name}爱吃{food}。")],
            ),
            (
                format!("{name}睡在哪里？"),
                format!("{name}睡在{bed}。"),
                [format!("晚上{name}睡在{bed}。"), format!("我家的{name}睡在{bed}。")],
            ),
        ],
    }
}
