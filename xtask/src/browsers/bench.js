// Runs in the bench's own page: the project's trainer in its worker, TensorFlow.js beside it on the page's thread.
'use strict';

/** A text of `distinct` different symbols with some structure in it, the same one every time. */
function makeText(distinct, length) {
  const letters = Array.from({ length: distinct }, (_, i) => String.fromCodePoint(33 + i));
  let state = 12345;
  let place = 0;
  let text = letters.join('');
  while (text.length < length) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    // Mostly the next letter, sometimes another one.
    place = (state >>> 16) % 4 ? (place + 1) % distinct : (state >>> 8) % distinct;
    text += letters[place];
  }
  return text;
}

const median = (list) => {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const symbolsOf = (message) => (typeof message === 'object' && message !== null ? message : {});

/** The project's trainer, asked through its own protocol. */
class Trainer {
  constructor(folder) {
    const text = `importScripts(${JSON.stringify(folder + 'loader.js')});`;
    this.worker = new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
    this.waiting = [];
    this.worker.onmessage = ({ data }) => {
      if (data === 'loaded') {
        this.worker.postMessage(folder);
        return;
      }
      const message = symbolsOf(data && data.message ? data.message : data);
      for (const listener of [...this.waiting]) listener(message);
    };
    this.worker.onerror = (event) => {
      this.failed = event.message || 'the worker failed';
    };
  }

  /** The first message that has one of these names; a refusal ends the wait. */
  next(...names) {
    return new Promise((resolve, reject) => {
      const clock = setInterval(() => {
        if (this.failed) listener({ Failed: this.failed });
      }, 100);
      const listener = (message) => {
        const name = names.find((name) => message[name] !== undefined);
        const bad = message.Refused || message.Diverged || message.Failed;
        if (name === undefined && !bad) return;
        this.waiting.splice(this.waiting.indexOf(listener), 1);
        clearInterval(clock);
        if (bad) reject(new Error(JSON.stringify(bad)));
        else resolve(message[name]);
      };
      this.waiting.push(listener);
    });
  }

  ask(request) {
    this.worker.postMessage(request);
  }
}

function settingsOf(model, text, steps) {
  return {
    text: { source: { Own: text }, unit: 'Character', reading: 'Running', vocabulary_limit: null },
    model: { cell: { Preset: model.cell }, layers: model.layers, hidden: model.hidden },
    training: {
      rule: 'adam', learning_rate: 0.001, clip: null, window: model.window, batch: model.batch, steps, seed: 7, l2: 0,
    },
    changes: [],
  };
}

let trainer = null;
let run = 0;
let text = '';

/** Prepares everything once; returns what is known about this machine. */
async function prepare(folder) {
  trainer = new Trainer(folder);
  await trainer.next('Ready');
  // The vocabulary may hold marks of its own: the text is cut so that V is 65 in all.
  text = makeText(65, 220000);
  run += 1;
  const prepared = trainer.next('Prepared');
  trainer.ask({ Start: { run, settings: settingsOf({ cell: 'rnn', layers: 1, hidden: 8, window: 32, batch: 16 }, text, 10), paused: true, until: null } });
  const extra = (await prepared).vocabulary.length - 65;
  trainer.ask({ Stop: { run } });
  if (extra > 0) text = makeText(65 - extra, 220000);
  await tf.setBackend('wasm');
  await tf.ready();
  return { backend: tf.getBackend(), extra };
}

/** Median seconds of an update without evaluation, samples and snapshots, and the peak of plain SIMD, in the worker. */
async function ours(model, updates) {
  run += 1;
  const measured = trainer.next('Measured');
  trainer.ask({ Measure: { run, settings: settingsOf(model, text, 1000000), updates } });
  return measured;
}

/** Seconds of an update as the page shows it: with everything running, over `seconds` by the page's own clock. */
async function oursOnThePage(model, seconds) {
  run += 1;
  const own = run;
  trainer.ask({ Start: { run: own, settings: settingsOf(model, text, 1000000), paused: false, until: null } });
  const points = [];
  let began = null;
  for (;;) {
    const { run: of, progress } = await trainer.next('Progress');
    if (of !== own) continue;
    const now = performance.now();
    // What happens before the engine's code is compiled well is not measured.
    if (began === null) began = now;
    if (now - began > 1000) points.push([now, progress.step]);
    if (now - began > 1000 + seconds * 1000 && points.length > 2) break;
  }
  trainer.ask({ Stop: { run: own } });
  const [first, last] = [points[0], points[points.length - 1]];
  return (last[0] - first[0]) / 1000 / (last[1] - first[1]);
}

const models = new Map();

/** The same model in TensorFlow.js, made once. */
function theirModel(model) {
  const made = models.get(model.name);
  if (made) return made;
  const network = tf.sequential();
  const layer = { lstm: tf.layers.lstm, gru: tf.layers.gru, rnn: tf.layers.simpleRNN }[model.cell];
  for (let i = 0; i < model.layers; i += 1) {
    const settings = { units: model.hidden, returnSequences: true, kernelInitializer: 'glorotUniform', recurrentInitializer: 'glorotUniform' };
    if (model.cell !== 'rnn') settings.recurrentActivation = 'sigmoid';
    if (i === 0) settings.inputShape = [model.window, 65];
    network.add(layer(settings));
  }
  network.add(tf.layers.dense({ units: 65, activation: 'softmax' }));
  network.compile({ optimizer: tf.train.adam(0.001), loss: 'categoricalCrossentropy' });
  models.set(model.name, network);
  return network;
}

/** Seconds of each of some updates of TensorFlow.js on windows of the same text. */
async function theirs(model, updates, skip) {
  const network = theirModel(model);
  const ids = [...text].map((letter) => letter.codePointAt(0) - 33);
  const stream = Math.floor(ids.length / model.batch);
  const times = [];
  for (let update = 0; update < updates; update += 1) {
    const at = (update * model.window) % (stream - model.window - 1);
    const windows = (shift) => Array.from({ length: model.batch }, (_, b) => ids.slice(b * stream + at + shift, b * stream + at + shift + model.window));
    const [x, y] = tf.tidy(() => [0, 1].map((shift) => tf.oneHot(tf.tensor2d(windows(shift), [model.batch, model.window], 'int32'), 65).toFloat()));
    const began = performance.now();
    await network.trainOnBatch(x, y);
    const taken = (performance.now() - began) / 1000;
    tf.dispose([x, y]);
    if (update >= skip) times.push(taken);
  }
  return times;
}

window.bench = { prepare, ours, oursOnThePage, theirs, median };
