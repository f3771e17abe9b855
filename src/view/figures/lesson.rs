//! A language model that is trained in the page on a short text, one sample a line, and that several figures of a
//! chapter share: until it is trained, its weights are those drawn from the seed.

use std::marker::PhantomData;

use super::pieces::shown;
use super::{Drawing, Figure, Job, News, Opens, Setting, Values, Words};
use crate::language::corpus::{Corpus, ReadingRules, read};
use crate::language::probability::{SequenceProbability, from_logits};
use crate::language::sampling::{Distribution, distribution};
use crate::language::text::{cut, join, normalised};
use crate::language::{NO_SYMBOL, Reading, SamplingRules, Unit};
use crate::training::initial::usual_weights;
use crate::training::session::architecture;
use crate::training::settings::{CellChoice, RunSettings, TextSource};
use crate::training::writer::{Draw, Writer, WritingTask};
use crate::view::link::Shared;

/// Most characters of the text.
const LONGEST: usize = 1500;
/// Most symbols of a sentence that is followed.
pub(super) const MOST_SYMBOLS: usize = 40;

/// A figure about a model that is trained in the page. What it trains, what it hears of it and where it opens is the
/// same for all of them; [`Taught`] makes a [`Figure`] of it.
pub(super) trait AboutModel {
    /// What it trains.
    const PLAN: Plan;

    /// Its own settings; that of the text follows them.
    fn settings(given: &Values) -> Vec<Setting>;

    /// Names settings otherwise where that follows from what the model writes.
    fn rename(lesson: &Lesson, given: &Values, settings: &mut [Setting]) {
        let _ = (lesson, given, settings);
    }

    /// See [`Figure::draw`].
    fn draw(lesson: &Lesson, now: &Values, words: &Words) -> Drawing;

    /// Its button was pressed: see [`Figure::press`].
    fn press(lesson: &Lesson, now: &Values) -> Vec<(&'static str, String)> {
        let _ = (lesson, now);
        Vec::new()
    }
}

/// A figure about a model, with the model's training.
pub(super) struct Taught<F> {
    lesson: Lesson,
    figure: PhantomData<F>,
}

impl<F: AboutModel> Default for Taught<F> {
    fn default() -> Self {
        Self { lesson: Lesson::new(F::PLAN), figure: PhantomData }
    }
}

impl<F: AboutModel> Figure for Taught<F> {
    fn settings(&self, given: &Values) -> Vec<Setting> {
        let mut settings = F::settings(given);
        F::rename(&self.lesson, given, &mut settings);
        settings.push(Setting::lines("text", LONGEST, 3, ""));
        settings
    }

    fn draw(&self, now: &Values, words: &Words) -> Drawing {
        F::draw(&self.lesson, now, words)
    }

    fn press(&mut self, _: &str, now: &Values) -> Vec<(&'static str, String)> {
        F::press(&self.lesson, now)
    }

    fn opens(&self, now: &Values) -> Option<Opens> {
        self.lesson.opens(now)
    }

    fn job(&self, now: &Values) -> Option<Job> {
        self.lesson.job(now)
    }

    fn hear(&mut self, news: News) {
        self.lesson.hear(news);
    }
}

/// What one chapter's figures train.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Plan {
    /// What one symbol is.
    pub unit: Unit,
    /// Hidden units.
    pub hidden: usize,
    /// Updates.
    pub updates: u32,
    /// Symbols that become `<UNK>`: the rarest ones.
    pub rare: usize,
}

/// A model's training as a figure hears of it.
pub(super) struct Lesson {
    plan: Plan,
    trained: Option<(u32, Vec<f32>)>,
    /// (update, loss in nats per symbol).
    pub losses: Vec<(u32, f32)>,
    /// The same on the lines that are kept apart.
    pub held_out: Vec<(u32, f32)>,
    /// (update, what it wrote).
    pub samples: Vec<(u32, String)>,
}

/// The model as it is now, ready to read and to write.
pub(super) struct Reader {
    pub corpus: Corpus,
    /// Updates so far.
    pub updates: u32,
    weights: Vec<f32>,
    writer: Writer,
    unit: Unit,
}

/// A sentence as the model reads it, each step fed the true symbol before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Followed {
    /// The labels, `<EOS>` last (T).
    pub labels: Vec<usize>,
    /// `ŷ<t>` (T × V).
    pub distributions: Vec<Vec<f64>>,
    /// The chain rule's factors.
    pub chain: SequenceProbability,
    /// Symbols that the vocabulary has no place for, left out.
    pub left_out: Vec<String>,
}

/// A draw, kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Drawn {
    /// `ŷ<t>` as the model gives it (V).
    pub whole: Vec<f64>,
    /// What the rules have left of it, drawn from.
    pub distribution: Distribution,
    /// The random number.
    pub u: f64,
    /// The symbol.
    pub id: usize,
}

/// A text that the model has written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Written {
    /// The symbols of the prompt.
    pub prompt: Vec<usize>,
    /// The prompt as it is read: without symbols that the vocabulary has no place for.
    pub read: String,
    /// Those that the vocabulary has no place for, left out.
    pub left_out: Vec<String>,
    /// The draws, that of `<EOS>` included.
    pub draws: Vec<Drawn>,
    /// Prompt and continuation.
    pub text: String,
    /// Whether it ended with `<EOS>`, not at the limit.
    pub ended: bool,
}

impl Lesson {
    const fn new(plan: Plan) -> Lesson {
        Lesson { plan, trained: None, losses: Vec::new(), held_out: Vec::new(), samples: Vec::new() }
    }

    fn job(&self, now: &Values) -> Option<Job> {
        let text = now.text("text");
        let settings = self.settings(text)?;
        Some(Job { settings, text: text.to_owned(), measures: true })
    }

    fn hear(&mut self, news: News) {
        match news {
            News::Reset => *self = Lesson::new(self.plan),
            News::Weights { step, weights, .. } => self.trained = Some((step, weights.to_vec())),
            News::Progress(progress) => {
                self.losses.extend(&progress.losses);
                self.held_out.extend(&progress.held_out);
                self.samples.extend(progress.samples.iter().cloned());
            }
            _ => {}
        }
    }

    fn rules(&self, text: &str) -> ReadingRules {
        let rules = ReadingRules { unit: self.plan.unit, reading: Reading::Lines, vocabulary_limit: None };
        if self.plan.rare == 0 {
            return rules;
        }
        let all = read(text, &rules, None).map_or(0, |corpus| corpus.vocabulary.len() - 1);
        ReadingRules { vocabulary_limit: Some(all.saturating_sub(self.plan.rare).max(2)), ..rules }
    }

    fn settings(&self, text: &str) -> Option<RunSettings> {
        let rules = self.rules(text);
        let corpus = read(text, &rules, None).ok()?;
        let longest = corpus.lines.iter().map(|line| line.len() + 1).max()?;
        let mut run = RunSettings::default();
        run.text.source = TextSource::Own(String::new());
        run.text.unit = self.plan.unit;
        run.text.reading = Reading::Lines;
        run.text.vocabulary_limit = rules.vocabulary_limit;
        run.model.cell = CellChoice::Preset("gru".into());
        run.model.hidden = self.plan.hidden;
        run.training.learning_rate = 0.01;
        run.training.batch = 8;
        run.training.window = longest.clamp(4, 64);
        run.training.steps = self.plan.updates;
        Some(run)
    }

    /// The model as it is now; none where the text has nothing to learn.
    pub(super) fn reader(&self, now: &Values) -> Option<Reader> {
        let text = now.text("text");
        let settings = self.settings(text)?;
        let corpus = read(text, &settings.text.rules(), None).ok()?;
        let architecture = architecture(&settings.model, corpus.vocabulary.len()).ok()?;
        let (updates, weights) = match &self.trained {
            Some((step, weights)) if weights.len() == architecture.layout().len => (*step, weights.clone()),
            _ => (0, usual_weights(&architecture, &settings.model.cell, settings.training.seed)),
        };
        let mut writer = Writer::new(&architecture, self.plan.unit);
        writer.load(&weights, &[]);
        Some(Reader { corpus, updates, weights, writer, unit: self.plan.unit })
    }

    /// The same run in the Lab.
    fn opens(&self, now: &Values) -> Option<Opens> {
        let text = now.text("text");
        let mut run = self.settings(text)?;
        run.text.source = TextSource::Own(text.to_owned());
        let trained = self.trained.as_ref().map_or(0, |(step, _)| *step);
        Some(Opens::Lab(Box::new(Shared { run, trained, ..Shared::default() })))
    }
}

impl Reader {
    /// Reads a sentence of at most [`MOST_SYMBOLS`] symbols; none where nothing of it is in the vocabulary.
    pub(super) fn follow(&mut self, sentence: &str) -> Option<Followed> {
        let (mut ids, left_out) = self.ids(sentence.trim());
        ids.truncate(MOST_SYMBOLS);
        if ids.is_empty() {
            return None;
        }
        ids.extend(self.corpus.vocabulary.end().and_then(|end| i32::try_from(end).ok()));
        let logits = self.writer.follow(&self.weights, &ids);
        let distributions = logits.iter().map(|logits| whole(logits)).collect();
        let exact: Vec<Vec<f64>> =
            logits.iter().map(|logits| logits.iter().map(|z| f64::from(*z)).collect()).collect();
        let chain = from_logits(exact.iter().map(Vec::as_slice).zip(ids.iter().copied()));
        Some(Followed { labels: places(&ids), distributions, chain, left_out })
    }

    /// The distributions that a beginning meets, one a symbol of it.
    pub(super) fn expected(&mut self, beginning: &str) -> Vec<Vec<f64>> {
        let (ids, _) = self.ids(beginning);
        self.writer.follow(&self.weights, &ids).iter().map(|logits| whole(logits)).collect()
    }

    /// Continues a prompt; none where the rules or the numbers do not allow it.
    pub(super) fn write(
        &mut self,
        prompt: &str,
        length: usize,
        rules: SamplingRules,
        seed: u64,
    ) -> Option<Written> {
        let (ids, left_out) = self.ids(prompt);
        let given = places(&ids);
        let vocabulary = &self.corpus.vocabulary;
        let prompt = join(given.iter().filter_map(|id| vocabulary.symbol(*id)), self.unit);
        let mut draws = Vec::new();
        let task = WritingTask { prompt: &prompt, length, rules, seed };
        let keep = |draw: Draw| {
            draws.push(Drawn {
                whole: whole(draw.logits),
                distribution: draw.distribution.clone(),
                u: draw.u,
                id: draw.id,
            });
        };
        let text = self.writer.write_watched(&self.weights, vocabulary, &task, None, keep).ok()?;
        let ended = draws.last().is_some_and(|draw| Some(draw.id) == vocabulary.end());
        Some(Written { read: prompt, prompt: given, left_out, draws, text, ended })
    }

    /// The ids of a text's symbols, and the symbols that have none, each once.
    fn ids(&self, text: &str) -> (Vec<i32>, Vec<String>) {
        let text = normalised(text).unwrap_or_default();
        let symbols = cut(&text, self.unit, None).unwrap_or_default();
        let encoded = self.corpus.vocabulary.encode(symbols);
        let mut left_out: Vec<String> = Vec::new();
        if self.corpus.vocabulary.unknown().is_none() {
            for unknown in encoded.unknown {
                if !left_out.contains(&unknown.symbol) {
                    left_out.push(unknown.symbol);
                }
            }
        }
        (encoded.ids.into_iter().filter(|id| *id != NO_SYMBOL).collect(), left_out)
    }

    /// A symbol as it is shown.
    pub(super) fn shown(&self, id: usize) -> String {
        self.corpus.vocabulary.symbol(id).map(shown).unwrap_or_default()
    }

    /// Whether a line of the text is this one.
    pub(super) fn knows(text: &str, line: &str) -> bool {
        text.lines().any(|known| known.trim() == line.trim())
    }

    /// Whether a line of the text holds this.
    pub(super) fn holds(text: &str, part: &str) -> bool {
        text.lines().any(|known| known.contains(part.trim()))
    }

    /// How much it has been trained, as a sentence that follows another one.
    pub(super) fn standing(&self, words: &Words) -> String {
        let standing = if self.updates == 0 {
            words.plain("untrained")
        } else {
            words.count("trained", self.updates as usize, &[])
        };
        format!("{}{standing}", words.plain("gap"))
    }

    /// Which symbols of a sentence were left out, as a sentence that follows another one; empty: none.
    pub(super) fn left_out(left_out: &[String], words: &Words) -> String {
        if left_out.is_empty() {
            return String::new();
        }
        let symbols: Vec<String> = left_out.iter().map(|symbol| shown(symbol)).collect();
        format!("{}{}", words.plain("gap"), words.say("left-out", &[("symbols", &symbols.join(" "))]))
    }
}

/// The softmax of logits, `<UNK>` not refused.
fn whole(logits: &[f32]) -> Vec<f64> {
    let rules = SamplingRules { refuse_unknown: false, ..SamplingRules::default() };
    distribution(logits, &rules, None).map(|all| all.probabilities).unwrap_or_default()
}

fn places(ids: &[i32]) -> Vec<usize> {
    ids.iter().filter_map(|id| usize::try_from(*id).ok()).collect()
}

/// Places of the largest probabilities, the largest first; of equal ones the lower place first.
pub(super) fn likeliest(probabilities: &[f64], most: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    let value = |place: usize| probabilities.get(place).copied().unwrap_or_default();
    order.sort_by(|one, other| value(*other).total_cmp(&value(*one)));
    order.truncate(most);
    order
}
