//! A language model that is trained in the page on a short text, one sample a line, and that several figures of a
//! chapter share: until it is trained, its weights are those drawn from the seed.

use std::marker::PhantomData;

use super::reader::Reader;
use super::{Drawing, Figure, Job, News, Opens, Setting, Values, Words};
use crate::language::corpus::{ReadingRules, read};
use crate::language::{Reading, Unit};
use crate::training::initial::usual_weights;
use crate::training::session::architecture;
use crate::training::settings::{CellChoice, RunSettings, TextSource};
use crate::view::link::Shared;

/// Most characters of the text.
const LONGEST: usize = 1500;

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
        Some(Reader::new(corpus, &architecture, updates, weights, self.plan.unit))
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
