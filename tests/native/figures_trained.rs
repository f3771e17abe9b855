//! The figures that train: what they say before and after, on the very runs that a reader starts.

use unrolled::training::report::Progress;
use unrolled::training::session::Session;
use unrolled::view::figures::{Drawing, Figure, News, Values, Words, figure, initial, resolve};

use crate::figures::words;

/// A figure of a chapter in a language, under values besides those that the words bring.
struct Shown {
    figure: Box<dyn Figure>,
    words: Words,
    given: Values,
}

impl Shown {
    fn new(language: &str, chapter: &str, name: &str, given: &[(&str, &str)]) -> Shown {
        let words = words(language, chapter).of(name);
        let figure = figure(name).expect("a figure");
        let given = initial(&*figure, given.iter().copied().collect(), &words);
        Shown { figure, words, given }
    }

    fn draw(&self) -> Drawing {
        let (_, now) = resolve(&*self.figure, &self.given);
        self.figure.draw(&now, &self.words)
    }

    /// Trains the figure's job to its end, as the worker does.
    fn train(&mut self, seed: u64) {
        let (_, now) = resolve(&*self.figure, &self.given);
        let mut job = self.figure.job(&now).expect("a job");
        job.settings.training.seed = seed;
        let mut session = Session::new(job.settings.clone(), &job.text, None, None).expect("trainable");
        let symbols = session.prepared().vocabulary.len();
        self.figure.hear(News::Reset);
        for step in 1..=job.settings.training.steps {
            let update = session.update().expect("the run is stable");
            let measures = session.measures();
            let samples = measures.sample.map(|sample| (step, sample)).into_iter().collect();
            let losses = vec![(step, update.loss as f32)];
            self.figure.hear(News::Progress(&Progress { step, losses, samples, ..Progress::default() }));
        }
        let (step, weights) = (job.settings.training.steps, session.checkpoint().weights);
        self.figure.hear(News::Weights { step, settings: &job.settings, symbols, weights: &weights });
    }
}

fn number(cell: &str) -> f64 {
    cell.replace('−', "-").parse().expect("a number")
}

/// Chapter 4: after the training the corrector's candidates stand in the right order, on most seeds.
#[test]
fn a_trained_model_ranks_the_right_spelling_first() {
    let cases = [
        (
            "en",
            "the bird came form the door\nthe bird came from the door\nthe bird came frog the door",
            "from",
        ),
        ("zh", "小狗明天在来\n小狗明天再来\n小狗明天坐来", "再来"),
    ];
    for (language, candidates, right) in cases {
        let mut first = 0;
        for seed in [7, 1, 2, 3] {
            let mut shown = Shown::new(language, "language-model", "likelier", &[("candidates", candidates)]);
            shown.train(seed);
            let drawing = shown.draw();
            println!("{language} {seed}: {}", drawing.sentence);
            let best = &drawing.table.rows[0][0];
            first += usize::from(best.contains(right));
            assert!(seed != 7 || best.contains(right), "the reader's own seed: {best}");
        }
        assert!(first >= 3, "{language}: {first} of 4");
    }
}

/// Chapter 4: the product of the factors, their logarithms' sum and the perplexity say the same thing.
#[test]
fn the_factors_of_the_chain_multiply_to_what_is_said() {
    let mut shown = Shown::new("en", "language-model", "chain", &[("sentence", "the cat sat")]);
    for is_trained in [false, true] {
        if is_trained {
            shown.train(7);
        }
        let drawing = shown.draw();
        let rows = &drawing.table.rows;
        assert_eq!(rows.len(), 12, "eleven letters and <EOS>");
        let log: f64 = rows.iter().map(|row| number(&row[2]).ln()).sum();
        let said = number(&rows[11][4]);
        assert!((log - said).abs() < 0.02 * said.abs(), "{log} and {said}");
        println!("{}", drawing.sentence);
    }
}

/// Chapter 4: a trained model answers a question of its text with the answer of its text.
#[test]
fn a_question_of_the_pairs_is_answered_as_the_pairs_do() {
    let cases = [
        ("en", "what does the cow say?", "the cow says moo."),
        ("en", "where does the cat live?", "the cat lives in the house."),
        ("zh", "牛怎么叫？", "牛哞哞叫。"),
        ("zh", "小猫住哪里？", "小猫住屋里。"),
    ];
    for (language, question, answer) in cases {
        let mut shown = Shown::new(language, "language-model", "dialogue", &[("question", question)]);
        shown.train(7);
        let sentence = shown.draw().sentence;
        println!("{sentence}");
        assert!(sentence.contains(answer), "{sentence}");
    }
}

/// Chapter 5: a draw hits the piece of the line in which its random number lies.
#[test]
fn the_random_number_lies_in_the_piece_that_is_drawn() {
    let mut shown = Shown::new("en", "sampling", "draw", &[("at", "12"), ("seed", "3")]);
    shown.train(7);
    let drawing = shown.draw();
    assert!(!drawing.table.rows.is_empty());
    for row in &drawing.table.rows {
        let (from, to) = row[2].split_once(" – ").expect("two ends");
        let u = number(&row[1]);
        assert!(number(from) <= u + 1e-4 && u <= number(to) + 1e-4, "{row:?}");
    }
    println!("{}", drawing.sentence);
}

/// Chapter 5: what the model writes late is nearer to its text than what it writes early.
#[test]
fn late_samples_cost_less_than_early_ones() {
    for language in ["en", "zh"] {
        let mut shown = Shown::new(language, "sampling", "early-late", &[]);
        shown.train(7);
        let drawing = shown.draw();
        for row in &drawing.table.rows {
            println!("{row:?}");
        }
        println!("{}", drawing.sentence);
        let half = drawing.table.rows.len() / 2;
        let (early, late) = drawing.table.rows.split_at(half);
        let text = shown.given.text("text");
        // Pairs of letters that the text has too.
        let known = |rows: &[Vec<String>]| {
            let pairs = rows.iter().flat_map(|row| {
                let letters: Vec<char> = row[1].chars().collect();
                letters.windows(2).map(|pair| pair.iter().collect::<String>()).collect::<Vec<_>>()
            });
            let (mut all, mut found) = (0.0, 0.0);
            for pair in pairs {
                all += 1.0;
                found += f64::from(u8::from(text.contains(&pair)));
            }
            found / f64::max(all, 1.0)
        };
        assert!(known(late) > known(early), "{} and {}", known(late), known(early));
    }
}

/// Chapter 5: every rule keeps what it says it keeps, and the refused symbol is in no text.
#[test]
fn the_rules_keep_as_many_symbols_as_they_say() {
    let mut shown = Shown::new("en", "sampling", "rules", &[("top-k", "3"), ("top-p", "0.8")]);
    shown.train(7);
    let drawing = shown.draw();
    let kept: Vec<f64> = drawing.table.rows.iter().map(|row| number(&row[1])).collect();
    assert_eq!(kept[0], kept[1] + 1.0, "<UNK> is refused");
    assert_eq!((kept[2], kept[4]), (1.0, 3.0));
    assert!(kept[5] < kept[1]);
    for row in &drawing.table.rows {
        println!("{row:?}");
    }
    assert!(drawing.table.rows[1..].iter().all(|row| !row[3].contains("<UNK>")));
}
