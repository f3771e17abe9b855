"""As much of Keras 3 as exported code uses, in NumPy, after the equations of Keras's documentation and the order of its
weights: kernel (n_x x gates), recurrent kernel (n_a x gates), bias. For machines without Keras: the tests run exported code on it.
"""

from types import SimpleNamespace

import numpy as np

from . import ops

config = SimpleNamespace(set_floatx=lambda name: None, floatx=lambda: "float64")
backend = SimpleNamespace(backend=lambda: "tensorflow")


class Layer:
    """Weights in the order in which they are added; these names are the layer's own."""

    name = path = trainable = variables = dtype = metrics = input = output = property(lambda self: None)

    def __init__(self):
        self.weights, self.built = [], False

    def build(self, shape):
        self.built = True

    def add_weight(self, shape, name):
        self.weights.append(np.zeros(shape))
        return self.weights[-1]

    def set_weights(self, values):
        values = [np.asarray(value) for value in values]
        shapes = [weight.shape for weight in self.weights]
        if [value.shape for value in values] != shapes:
            raise ValueError(f"{[value.shape for value in values]}, expected {shapes}")
        for weight, value in zip(self.weights, values):
            weight[...] = value

    def __call__(self, *inputs, **named):
        return self.call(*inputs, **named)


ACTIVATIONS = {"tanh": np.tanh, "relu": ops.relu, "silu": ops.silu, "sigmoid": ops.sigmoid}


class Recurrent(Layer):
    def __init__(self, units, return_sequences=False, activation="tanh", reset_after=True):
        super().__init__()
        assert return_sequences
        self.units, self.function, self.reset_after = units, ACTIVATIONS[activation], reset_after

    def build(self, shape):
        width = self.gates * self.units
        bias = (2, width) if self.gates == 3 and self.reset_after else (width,)
        self.weights = [np.zeros((shape[-1], width)), np.zeros((self.units, width)), np.zeros(bias)]

    def cut(self, values):
        return np.split(values, self.gates, axis=-1)

    def call(self, xs, initial_state):
        state, outs = [np.asarray(one) for one in initial_state], []
        for t in range(xs.shape[1]):
            state = self.step(xs[:, t], *state)
            outs.append(state[0])
        return np.stack(outs, axis=1)


class SimpleRNN(Recurrent):
    gates = 1

    def step(self, x, h):
        kernel, recurrent, bias = self.weights
        return [self.function(x @ kernel + bias + h @ recurrent)]


class LSTM(Recurrent):
    """i, f, c, o"""

    gates = 4

    def step(self, x, h, c):
        kernel, recurrent, bias = self.weights
        i, f, g, o = self.cut(x @ kernel + h @ recurrent + bias)
        c = ops.sigmoid(f) * c + ops.sigmoid(i) * self.function(g)
        return [ops.sigmoid(o) * self.function(c), c]


class GRU(Recurrent):
    """z, r, h; h' = z * h + (1 - z) * candidate"""

    gates = 3

    def step(self, x, h):
        kernel, recurrent, bias = self.weights
        if self.reset_after:
            x_z, x_r, x_h = self.cut(x @ kernel + bias[0])
            h_z, h_r, h_h = self.cut(h @ recurrent + bias[1])
            z, r = ops.sigmoid(x_z + h_z), ops.sigmoid(x_r + h_r)
            candidate = self.function(x_h + r * h_h)
        else:
            x_z, x_r, x_h = self.cut(x @ kernel + bias)
            u_z, u_r, u_h = self.cut(recurrent)
            z, r = ops.sigmoid(x_z + h @ u_z), ops.sigmoid(x_r + h @ u_r)
            candidate = self.function(x_h + (r * h) @ u_h)
        return [z * h + (1 - z) * candidate]


class RNN(Layer):
    """A cell of one's own over a sequence."""

    def __init__(self, cell, return_sequences):
        super().__init__()
        assert return_sequences
        self.cell = cell

    def build(self, shape):
        self.cell.build((shape[0], shape[2]))
        self.weights = self.cell.weights

    def call(self, xs, initial_state):
        state, outs = list(initial_state), []
        assert len(state) == len(self.cell.state_size)
        for t in range(xs.shape[1]):
            out, state = self.cell.call(xs[:, t], state)
            outs.append(out)
        return np.stack(outs, axis=1)


class Dense(Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units

    def build(self, shape):
        self.weights = [np.zeros((shape[-1], self.units)), np.zeros(self.units)]

    def call(self, x):
        return x @ self.weights[0] + self.weights[1]


def sparse_categorical_crossentropy(labels, logits, from_logits):
    assert from_logits
    top = logits.max(axis=-1, keepdims=True)
    total = np.log(np.exp(logits - top).sum(axis=-1)) + top[..., 0]
    return total - np.take_along_axis(logits, np.asarray(labels)[..., None], axis=-1)[..., 0]


losses = SimpleNamespace(sparse_categorical_crossentropy=sparse_categorical_crossentropy)
layers = SimpleNamespace(Layer=Layer, RNN=RNN, SimpleRNN=SimpleRNN, LSTM=LSTM, GRU=GRU, Dense=Dense)
