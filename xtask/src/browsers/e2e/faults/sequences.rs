//! Random sequences of edits and faults, each with its own seed: no edit older than 300 ms is lost.

use super::super::lab::{SECOND, WATCH_WORKERS, clear};
use super::super::tests;
use super::storage::{WATCH_DATABASES, until_kept, wait_kept};
use crate::session::Session;
use crate::{Failure, Outcome, ensure};

tests! {
    "no edit is lost in three random sequences of faults" => few,
}

/// Edits and faults of one sequence.
const LENGTH: usize = 8;

/// What may happen after an edit.
#[derive(Clone, Copy, Debug)]
enum Happening {
    /// The page is loaded again.
    Reload,
    /// The worker is ended from outside.
    WorkerEnds,
    /// The browser closes every database.
    DatabasesClose,
    /// The tab shows another page and comes back.
    LeaveAndReturn,
    /// Train is pressed, or Pause.
    MainButton,
    /// Another tab opens the same page and closes.
    SecondTab,
}

const HAPPENINGS: [Happening; 6] = [
    Happening::Reload,
    Happening::WorkerEnds,
    Happening::DatabasesClose,
    Happening::LeaveAndReturn,
    Happening::MainButton,
    Happening::SecondTab,
];

/// A small generator for tests (SplitMix64, Steele et al. 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}

async fn few(session: &Session<'_>) -> Outcome {
    many(session, 0..3).await
}

/// The sequences of these seeds, each on an empty storage.
///
/// # Errors
/// The seed, what happened in order, and what was lost.
pub async fn many(session: &Session<'_>, seeds: std::ops::Range<u64>) -> Outcome {
    for part in ["crash", "Uncaught", "404", "closed"] {
        session.expect_error(part);
    }
    session.before_each_page(WATCH_WORKERS).await?;
    session.before_each_page(WATCH_DATABASES).await?;
    for seed in seeds {
        let mut happened = Vec::new();
        sequence(session, seed, &mut happened)
            .await
            .map_err(|Failure(what)| Failure(format!("seed {seed}, {happened:?}: {what}")))?;
        clear(session).await?;
    }
    Ok(())
}

async fn sequence(session: &Session<'_>, seed: u64, happened: &mut Vec<Happening>) -> Outcome {
    let mut random = Random(seed);
    session.open_app("en/lab/").await?;
    session.wait_visible("main-button").await?;
    let mut text = String::new();
    for edit in 0..LENGTH {
        let words = ["a cat ran. ", "the dog sat. ", "两只猫。", "rain fell on the roof. "][random.below(4)];
        text += &format!("{edit} {}", words.repeat(1 + random.below(8)));
        session.paste("text", &text).await?;
        until_kept().await;
        let happening = HAPPENINGS[random.below(HAPPENINGS.len())];
        happened.push(happening);
        cause(session, happening).await?;
        wait_kept(session, &text).await?;
        ensure(!session.is_visible("broken").await?, || "the page broke".into())?;
    }
    // And after all of it the page still trains.
    session.reload().await?;
    wait_kept(session, &text).await
}

async fn cause(session: &Session<'_>, happening: Happening) -> Outcome {
    match happening {
        Happening::Reload => session.reload().await,
        Happening::WorkerEnds => session.js("window.__workers.at(-1)?.terminate()", vec![]).await.map(drop),
        Happening::DatabasesClose => {
            session.js("for (const database of window.__databases) database.close();", vec![]).await.map(drop)
        }
        Happening::LeaveAndReturn => {
            session.open("samples/rhymes-en.txt").await?;
            session.driver.back().await?;
            session.wait_for("app-ready").await
        }
        Happening::MainButton => {
            let script = "const button = document.querySelector('[data-testid=main-button]'); if (!button.disabled) button.click();";
            session.js(script, vec![]).await.map(drop)
        }
        Happening::SecondTab => {
            let own = session.driver.window().await?;
            let other = session.new_tab().await?;
            session.driver.switch_to_window(other).await?;
            session.open_app("en/lab/").await?;
            session
                .wait_text("text-facts", "a text's size", 10 * SECOND, |facts| facts.contains("V = "))
                .await?;
            session.driver.close_window().await?;
            session.driver.switch_to_window(own).await?;
            Ok(())
        }
    }
}
