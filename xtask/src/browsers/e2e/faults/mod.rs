//! What goes wrong in such apps, caused in a real browser. [`TABLE`] says which test causes which fault.

mod browser;
mod input;
mod sequences;
mod storage;
mod worker;

pub use sequences::many as many_sequences;

use super::Test;
use crate::{Outcome, ensure};

/// The tests of this folder, by subject.
pub const GROUPS: [&[Test]; 5] =
    [storage::TESTS, worker::TESTS, input::TESTS, browser::TESTS, sequences::TESTS];

/// Where a fault is caused.
#[derive(Clone, Copy, Debug)]
pub enum Caused {
    /// By a test from end to end, of this name.
    Here(&'static str),
    /// By a native test: its function, and what in the fault needs no browser.
    Natively(&'static str),
    /// By `cargo xtask soak`, because it takes long.
    Soaking(&'static str),
}
use Caused::{Here, Natively, Soaking};

/// A name in [`TABLE`] that no test has.
///
/// # Errors
/// The names: whoever renames a test finds its fault again.
pub fn check() -> Outcome {
    let missing: Vec<&str> = TABLE
        .iter()
        .flat_map(|(_, tests)| tests.iter())
        .filter_map(|test| match test {
            Here(name) if !super::all().any(|known| known.name == *name) => Some(*name),
            _ => None,
        })
        .collect();
    ensure(missing.is_empty(), || format!("the table of faults names no test: {}", missing.join("; ")))
}

/// Prints the table.
pub fn print() {
    for (number, (fault, tests)) in TABLE.iter().enumerate() {
        println!("{:2} {fault}", number + 1);
        for test in *tests {
            match test {
                Here(name) => println!("       end to end: {name}"),
                Natively(module) => println!("       natively:   tests/native/{module}.rs"),
                Soaking(part) => println!("       soak:       cargo xtask soak {part}"),
            }
        }
    }
}

/// Each fault, in a few words, and the tests that cause it.
pub const TABLE: [(&str, &[Caused]); 32] = [
    ("storage full", &[Here("with storage full the lab works and says so")]),
    (
        "storage slow and refusing again and again",
        &[Here("storage that refuses slowly is not asked at every key")],
    ),
    (
        "no storage, or one that never answers",
        &[
            Here("without storage the lab works and says that nothing is kept"),
            Here("a storage that never answers is said within seconds"),
        ],
    ),
    ("storage wiped between visits", &[Here("a storage wiped between visits gives a first visit again")]),
    ("connection closed by the browser", &[Here("a connection that the browser closes is opened again")]),
    ("two tabs", &[Here("two tabs have runs of their own and neither takes the other's")]),
    (
        "two tabs of different builds",
        &[Here("storage that is closed, taken over or cleared is met without a loss or said")],
    ),
    ("closed at once after an edit", &[Here("an edit is kept when the page is left at once")]),
    ("damaged record", &[Here("a damaged checkpoint is said and the text is kept")]),
    (
        "worker ended from outside, or crashed",
        &[
            Here("a worker that is ended loses nothing of the run's numbers"),
            Here("a worker that crashes is replaced and loses little"),
        ],
    ),
    ("out of memory", &[Here("a model beyond the memory gets a sentence beside the button")]),
    ("thirty reloads", &[Soaking("reloads")]),
    ("worker that never answers", &[Here("a worker that cannot be loaded is said, and a retry helps")]),
    (
        "commands before the worker is ready",
        &[Here("commands given before the worker is ready are not lost")],
    ),
    (
        "new build while a tab is open",
        &[Here("a new build is announced, never forced, and loaded when the reader asks for it")],
    ),
    ("page and worker of different builds", &[Here("a worker of another build is not talked to")]),
    (
        "service worker installed by halves",
        &[
            Here("a new build with a file missing or cut short is not taken"),
            Here("a site that is not to be kept any more takes all of it away"),
        ],
    ),
    ("offline", &[Here("without a network every page, worker and sample works from the second visit on")]),
    (
        "addresses and links",
        &[
            Here("an address without its last slash arrives at the page"),
            Here("an unknown address says so and leads on"),
            Here("a lab's link that differs only behind the hash is read"),
        ],
    ),
    (
        "large texts and files",
        &[
            Here("five megabytes are taken without a freeze, six are refused"),
            Here("a hundred thousand lines are taken, a binary file is refused"),
        ],
    ),
    (
        "unusual characters",
        &[
            Here("lone surrogates become the sign for what cannot be read"),
            Here("a text from right to left keeps its order"),
            Here("an empty, a right-to-left and an emoji sentence are stepped through"),
            Natively("text"),
        ],
    ),
    ("input methods", &[Here("text that is being composed is neither read nor rewritten")]),
    (
        "numbers that break a run",
        &[
            Here("a learning rate out of range gets a sentence beside it"),
            Here("texts that cannot be trained on get a sentence and are kept"),
            Here("a run that diverges stops with its reason and goes on from good weights"),
        ],
    ),
    (
        "hostile links and files",
        &[
            Here("no element is made of a text"),
            Here("no element is made of a sentence"),
            Natively("language_of_cells"),
        ],
    ),
    ("hidden tab", &[Here("a hidden tab trains on and shows where it is on return")]),
    ("clock set back", &[Here("a clock that runs backward changes no figure")]),
    ("back and forward", &[Here("leaving and coming back by the browser's buttons keeps the lab alive")]),
    ("media preferences", &[Here("reduced motion, forced colours and print are obeyed")]),
    (
        "zoom and text spacing",
        &[
            Here("every English page answers, comes alive, fits a phone, and axe finds nothing"),
            Here("every Chinese page answers, comes alive, fits a phone, and axe finds nothing"),
            Here("wide text spacing and doubled text cut nothing off"),
        ],
    ),
    (
        "no scripts, no WebAssembly",
        &[
            Here("every chapter is readable without scripts"),
            Here("a browser without WebAssembly gets a sentence"),
            Here("a browser without SIMD gets a sentence and the text"),
        ],
    ),
    (
        "violations of the policy",
        &[
            Here("the page cannot ask another origin nor evaluate text"),
            Here("the worker cannot ask another origin nor evaluate text"),
        ],
    ),
    (
        "refusals inside a frame",
        &[Here("a stepper in a frame of another site works without storage and clipboard")],
    ),
];
