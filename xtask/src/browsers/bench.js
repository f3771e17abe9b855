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

/** The project's trainer, asked through its own protocol. */
class Trainer {
  constructor(folder) {
    const text = `importScripts(${JSON.stringify(folder + 'loader.js')});`;
    this.worker = new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
    this.waiting = [];
    this.worker.onmessage = ({ data }) => {
      if (data === 'loaded') {
        this.worker.postMessage({ trainer: folder });
        return;
      }
      for (const listener of [...this.waiting]) listener(data.message);
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
    this.worker.postMessage({ message: request });
  }
}

let trainer = null;
let run = 0;
let text = '';

/** Begins a run; `measures` turns evaluation, samples and snapshots on, as the page has them. */
function start(model, measures, paused) {
  run += 1;
  const settings = {
    text: { source: { Own: '' }, unit: 'Character', reading: 'Running', vocabulary_limit: null },
    model: { cell: { Preset: model.cell }, layers: model.layers, hidden: model.hidden },
    training: {
      rule: 'adam', learning_rate: 0.001, clip: null, window: model.window, batch: model.batch, steps: 1000000, seed: 7, l2: 0,
    },
    changes: [],
  };
  trainer.ask({ Start: { run, settings, text, paused, until: null, measures } });
  return run;
}

/** Prepares everything once; returns what is known about this machine. */
async function prepare(folder) {
  trainer = new Trainer(folder);
  await trainer.next('Ready');
  // The vocabulary may hold marks of its own: the text is made so that V is 65 in all.
  text = makeText(65, 220000);
  const prepared = trainer.next('Prepared');
  start({ cell: 'rnn', layers: 1, hidden: 8, window: 32, batch: 16 }, false, true);
  const extra = (await prepared).prepared.vocabulary.length - 65;
  trainer.ask({ Stop: { run } });
  if (extra > 0) text = makeText(65 - extra, 220000);
  await tf.setBackend('wasm');
  await tf.ready();
  return { backend: tf.getBackend(), extra };
}

/** Floating point operations a second in registers of plain SIMD, a product and a sum counted as two. */
async function peak() {
  const answer = trainer.next('Peak');
  trainer.ask('MeasurePeak');
  return (await answer).flops;
}

/** Seconds of an update: the slope between the worker's reports over about `seconds`, after a second of warming up. */
async function ours(model, measures, seconds) {
  const prepared = trainer.next('Prepared');
  const own = start(model, measures, false);
  const vocabulary = (await prepared).prepared.vocabulary.length;
  if (vocabulary !== 65) throw new Error(`the vocabulary has ${vocabulary} symbols`);
  const points = [];
  let began = null;
  for (;;) {
    const { run: of, progress } = await trainer.next('Progress');
    if (of !== own) continue;
    const now = performance.now();
    began ??= now;
    if (now - began > 1000) points.push([now, progress.step]);
    const [first, last] = [points[0], points[points.length - 1]];
    if (points.length > 1 && last[0] - first[0] > seconds * 1000 && last[1] - first[1] >= 3) {
      trainer.ask({ Stop: { run: own } });
      return (last[0] - first[0]) / 1000 / (last[1] - first[1]);
    }
  }
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

window.bench = { prepare, peak, ours, theirs };
