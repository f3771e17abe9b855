//! Training speed in the browser: the project's trainer in its worker and TensorFlow.js with its WebAssembly backend,
//! the same models on the same text, in turns, in one run.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use xtask::run::cache;
use xtask::server::Site;
use xtask::site::dist;

use crate::driver::{Browser, Driver};
use crate::session::Session;
use crate::{Failure, Outcome, fail};

/// A standard model. V is 65 in all of them, the optimiser is Adam, the loss softmax cross-entropy at each step.
struct Model {
    name: &'static str,
    cell: &'static str,
    /// Blocks of `n_a` rows that the gates and the candidate make.
    gates: f64,
    layers: usize,
    hidden: usize,
    batch: usize,
    window: usize,
    /// Goal as a share of the limit.
    goal: f64,
    /// Updates of TensorFlow.js in a round: its slowest model takes 10 s for one.
    theirs: usize,
}

const V: f64 = 65.0;

const MODELS: [Model; 5] = [
    Model {
        name: "S",
        cell: "lstm",
        gates: 4.0,
        layers: 1,
        hidden: 64,
        batch: 16,
        window: 32,
        goal: 0.60,
        theirs: 6,
    },
    Model {
        name: "M",
        cell: "lstm",
        gates: 4.0,
        layers: 1,
        hidden: 128,
        batch: 32,
        window: 64,
        goal: 0.75,
        theirs: 3,
    },
    Model {
        name: "M-GRU",
        cell: "gru",
        gates: 3.0,
        layers: 1,
        hidden: 128,
        batch: 32,
        window: 64,
        goal: 0.75,
        theirs: 3,
    },
    Model {
        name: "M-RNN",
        cell: "rnn",
        gates: 1.0,
        layers: 1,
        hidden: 128,
        batch: 32,
        window: 64,
        goal: 0.75,
        theirs: 4,
    },
    Model {
        name: "L",
        cell: "lstm",
        gates: 4.0,
        layers: 2,
        hidden: 256,
        batch: 32,
        window: 64,
        goal: 0.75,
        theirs: 1,
    },
];

/// Rounds in which everything takes its turn.
const ROUNDS: usize = 3;

impl Model {
    /// Multiply-adds of one character: each product forward, and twice backward. The one-hot input is a gather and
    /// costs none; a layer above the first has products with its input as well.
    fn multiply_adds(&self) -> f64 {
        let n = self.hidden as f64;
        let recurrent = self.gates * n * n * self.layers as f64;
        let inputs = self.gates * n * n * (self.layers - 1) as f64;
        3.0 * (recurrent + inputs + V * n)
    }

    fn characters(&self) -> f64 {
        (self.batch * self.window) as f64
    }

    fn json(&self) -> Value {
        json!({
            "name": self.name, "cell": self.cell, "layers": self.layers, "hidden": self.hidden,
            "batch": self.batch, "window": self.window,
        })
    }

    fn words(&self) -> String {
        let (layers, hidden) = (self.layers, self.hidden);
        format!(
            "{}: {} {layers}×{hidden}, B {}, T {}",
            self.name,
            self.cell.to_uppercase(),
            self.batch,
            self.window
        )
    }
}

/// What was measured of one model: seconds of an update, once a round.
#[derive(Default)]
struct Times {
    alone: Vec<f64>,
    on_the_page: Vec<f64>,
    theirs: Vec<f64>,
    /// Multiply-adds a second at the peak of plain SIMD.
    peak: Vec<f64>,
}

/// Measures the models whose name holds `only`; `packages` is npm's folder with TensorFlow.js in it.
pub async fn run(packages: &str, only: &str) -> Outcome {
    let folder = make_page(Path::new(packages))?;
    let site = Site::start(&folder, "/", 0).map_err(Failure)?;
    let driver = Driver::start(Browser::Chromium)?;
    let session = Session::start(&driver, &site).await?;
    session.driver.set_script_timeout(std::time::Duration::from_secs(600)).await?;
    session.open("bench.html").await?;
    let known = call(&session, "bench.prepare(arguments[0])", vec![json!(site.url("w/"))]).await?;
    println!("TensorFlow.js runs on its backend `{}`.", known["backend"].as_str().unwrap_or("?"));

    let models: Vec<&Model> = MODELS.iter().filter(|model| only.is_empty() || model.name == only).collect();
    if models.is_empty() {
        return fail(format!("there is no model `{only}`"));
    }
    let mut all: Vec<Times> = models.iter().map(|_| Times::default()).collect();
    for round in 0..ROUNDS {
        for (model, times) in models.iter().zip(&mut all) {
            eprintln!("round {}/{ROUNDS}: {} …", round + 1, model.name);
            let flops = number(&call(&session, "bench.peak()", vec![]).await?)?;
            times.peak.push(flops / 2.0);
            for (measures, list) in [(true, &mut times.on_the_page), (false, &mut times.alone)] {
                let taken = call(
                    &session,
                    "bench.ours(arguments[0], arguments[1], 3)",
                    vec![model.json(), json!(measures)],
                )
                .await?;
                list.push(number(&taken)?);
            }
            let skip = usize::from(round == 0);
            let theirs = call(
                &session,
                "bench.theirs(arguments[0], arguments[1], arguments[2])",
                vec![model.json(), json!(model.theirs + skip), json!(skip)],
            )
            .await?;
            for time in theirs.as_array().into_iter().flatten() {
                times.theirs.push(number(time)?);
            }
        }
    }
    session.end(&driver, false).await;
    print_table(&models, &all);
    Ok(())
}

fn print_table(models: &[&Model], all: &[Times]) {
    println!();
    println!(
        "Characters a second; medians of {ROUNDS} rounds. “Page” is with evaluation, samples and snapshots running."
    );
    println!(
        "{:<30} {:>10} {:>10} {:>10} {:>8} {:>10} {:>7} {:>7} {:>6}",
        "model", "page", "alone", "TF.js", "ratio", "limit", "page", "alone", "goal"
    );
    for (model, times) in models.iter().zip(all) {
        let speed = |times: &[f64]| model.characters() / median(times);
        let (page, alone, theirs) = (speed(&times.on_the_page), speed(&times.alone), speed(&times.theirs));
        let limit = median(&times.peak) / model.multiply_adds();
        println!(
            "{:<30} {page:>10.0} {alone:>10.0} {theirs:>10.0} {:>7.1}× {limit:>10.0} {:>6.0}% {:>6.0}% {:>5.0}%",
            model.words(),
            page / theirs,
            100.0 * page / limit,
            100.0 * alone / limit,
            100.0 * model.goal,
        );
    }
}

/// Calls an asynchronous function of the bench's page and waits for its value.
async fn call(session: &Session<'_>, expression: &str, arguments: Vec<Value>) -> Outcome<Value> {
    let script = format!(
        "const done = arguments[arguments.length - 1]; \
         Promise.resolve({expression}).then((value) => done({{ value }}), (error) => done({{ error: String(error) }}));"
    );
    let answer = session.js_async(&script, arguments).await?;
    match answer.get("error").and_then(Value::as_str) {
        Some(error) => fail(error),
        None => Ok(answer["value"].clone()),
    }
}

fn number(value: &Value) -> Outcome<f64> {
    value.as_f64().ok_or_else(|| Failure(format!("`{value}` is no number")))
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (sorted.len(), sorted.get(sorted.len() / 2)) {
        (_, None) => f64::NAN,
        (length, Some(upper)) if length % 2 == 1 => *upper,
        (length, Some(upper)) => (upper + sorted[length / 2 - 1]) / 2.0,
    }
}

/// A page of its own in the cache: the built trainer, TensorFlow.js, and the script. It never ships.
fn make_page(packages: &Path) -> Outcome<PathBuf> {
    let folder = cache().join("bench");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("w"))?;
    let built = fs::read_dir(dist().join("w"))?
        .flatten()
        .next()
        .ok_or_else(|| Failure("dist has no trainer".into()))?;
    for entry in fs::read_dir(built.path())?.flatten() {
        fs::copy(entry.path(), folder.join("w").join(entry.file_name()))?;
    }
    let tensorflow = packages.join("@tensorflow");
    fs::copy(tensorflow.join("tfjs").join("dist").join("tf.min.js"), folder.join("tf.min.js"))?;
    for entry in fs::read_dir(tensorflow.join("tfjs-backend-wasm").join("dist"))?.flatten() {
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if text.ends_with(".wasm") || text == "tf-backend-wasm.min.js" {
            fs::copy(entry.path(), folder.join(&name))?;
        }
    }
    fs::write(folder.join("bench.js"), include_str!("bench.js"))?;
    fs::write(
        folder.join("bench.html"),
        "<!doctype html><meta charset=utf-8><title>Bench</title><script src=tf.min.js></script>\
         <script src=tf-backend-wasm.min.js></script><script src=bench.js></script>",
    )?;
    Ok(folder)
}
