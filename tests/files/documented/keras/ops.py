"""`keras.ops` in NumPy, as much as exported code uses."""

import numpy as np

exp, log, tanh, sqrt, matmul, transpose = np.exp, np.log, np.tanh, np.sqrt, np.matmul, lambda z: np.transpose(np.asarray(z))
broadcast_to, concatenate = np.broadcast_to, np.concatenate


def convert_to_tensor(values, dtype=None):
    return np.asarray(values, dtype=dtype)


def convert_to_numpy(values):
    return np.asarray(values)


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z < 0, e, 1) / (1 + e)


def relu(z):
    return np.maximum(z, 0)


def leaky_relu(z, slope):
    return np.where(z > 0, z, slope * z)


def silu(z):
    return z * sigmoid(z)


def sum(z, axis, keepdims=False):
    return np.sum(z, axis=axis, keepdims=keepdims)


def mean(z, axis, keepdims=False):
    return np.mean(z, axis=axis, keepdims=keepdims)


def softmax(z, axis):
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def binary_crossentropy(target, output, from_logits):
    assert from_logits
    return np.maximum(output, 0) - output * target + np.log1p(np.exp(-np.abs(output)))
