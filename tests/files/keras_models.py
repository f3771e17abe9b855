"""Writes models/*.keras, *.h5 and models/keras.json with Keras (made with 3.15 on JAX): small networks with the outputs
that Keras itself gives in single precision, for the tests of the import.

    pip install keras jax h5py && python3 tests/files/keras_models.py
"""

import json
import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np
from keras import layers

HERE = pathlib.Path(__file__).parent / "models"


def network(*parts, symbols):
    first = keras.Input((None,), dtype="int32") if isinstance(parts[0], layers.Embedding) else keras.Input((None, symbols))
    return keras.Sequential([first, *parts])


def main():
    HERE.mkdir(exist_ok=True)
    ids = [0, 2, 1, 3, 3]
    both = {"return_sequences": True}
    models = {
        "keras-lstm.keras": network(layers.LSTM(3, **both), layers.Dropout(0.1), layers.LSTM(2, **both), layers.Dense(4, activation="softmax"), symbols=4),
        "keras-gru.weights.h5": network(layers.Embedding(5, 4), layers.GRU(3, **both), layers.Dense(5), symbols=5),
        "keras-gru-before.keras": network(layers.GRU(3, reset_after=False, **both), layers.Dense(4, activation="sigmoid"), symbols=4),
        "keras-rnn.weights.h5": network(layers.SimpleRNN(3, **both), symbols=4),
        "keras-rnn-relu.keras": network(layers.SimpleRNN(3, activation="relu", **both), layers.TimeDistributed(layers.Dense(4)), symbols=4),
        "keras-mixed.weights.h5": network(layers.LSTM(5, **both), layers.GRU(3, reset_after=False, **both), layers.Dense(4), symbols=4),
        "keras-old.h5": network(layers.LSTM(3, **both), layers.Dense(4), symbols=4),
        "keras-bidirectional.keras": network(layers.Bidirectional(layers.LSTM(2, **both)), layers.Dense(4), symbols=4),
        "keras-relu-lstm.keras": network(layers.LSTM(2, activation="relu", **both), layers.Dense(4), symbols=4),
        # A layer's own name is the group of another one.
        "keras-renamed.keras": network(
            layers.SimpleRNN(3, activation="relu", name="simple_rnn_1", **both),
            layers.SimpleRNN(3, name="simple_rnn_2", **both),
            layers.Dense(4),
            layers.Softmax(),
            symbols=4,
        ),
        "keras-whole.h5": network(layers.SimpleRNN(3, activation="relu", **both), layers.Dense(4, activation="sigmoid"), symbols=4),
        "keras-mask.keras": network(layers.Embedding(5, 4, mask_zero=True), layers.LSTM(2, **both), layers.Dense(5), symbols=5),
        "keras-gate-object.keras": network(layers.LSTM(2, recurrent_activation=layers.ReLU(), **both), layers.Dense(4), symbols=4),
        "keras-softmax-between.keras": network(layers.LSTM(4, **both), layers.Softmax(), layers.LSTM(2, **both), layers.Dense(4), symbols=4),
    }
    rng = np.random.default_rng(5)
    found = {}
    for name, model in models.items():
        for weight in model.weights:
            weight.assign(np.round(rng.uniform(-1, 1, weight.shape) * 256) / 256)
        if name.endswith(".weights.h5"):
            model.save_weights(HERE / name)
        else:
            model.save(HERE / name)
        if isinstance(model.layers[0], layers.Embedding):
            x = np.array([ids])
        else:
            x = np.eye(model.input_shape[-1], dtype="float32")[ids][None]
        outs, out = [], x
        for layer in model.layers:
            out = layer(out)
            outs.append((type(layer).__name__, np.asarray(out)[0].tolist()))
        recurrent = [out for kind, out in outs if kind in ("LSTM", "GRU", "SimpleRNN", "Bidirectional")]
        found[name] = {"ids": ids, "a": recurrent[-1], "out": outs[-1][1]}
    (HERE / "keras.json").write_text(json.dumps(found))
    # Layers that are no chain.
    read, written = keras.Input((None, 4)), keras.Input((None, 4))
    _, *states = layers.LSTM(4, return_state=True)(read)
    out = layers.Dense(4)(layers.LSTM(4, **both)(written, initial_state=states))
    keras.Model([read, written], out).save(HERE / "keras-encoder-decoder.keras")


main()
