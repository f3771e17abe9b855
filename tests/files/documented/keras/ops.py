"""`keras.ops` in NumPy, as much as exported code uses."""

import warnings

import numpy as np


def each(function):
    """A function of every entry. A bare number of Python's becomes one of single precision, as in TensorFlow."""
    return lambda z: function(np.float32(z) if isinstance(z, (int, float)) else z)


exp, log, tanh, sqrt = each(np.exp), each(np.log), each(np.tanh), each(np.sqrt)
matmul, transpose = np.matmul, lambda z: np.transpose(np.asarray(z))
broadcast_to, concatenate, where, take_along_axis = np.broadcast_to, np.concatenate, np.where, np.take_along_axis


def convert_to_tensor(values, dtype=None):
    return np.asarray(values, dtype=dtype)


def convert_to_numpy(values):
    return np.asarray(values)


@each
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z < 0, e, 1) / (1 + e)


@each
def relu(z):
    return np.maximum(z, 0)


def leaky_relu(z, slope):
    return np.where(z > 0, z, np.float32(slope) * z)


@each
def silu(z):
    return z * sigmoid(z)


def sum(z, axis, keepdims=False):
    return np.sum(z, axis=axis, keepdims=keepdims)


def mean(z, axis, keepdims=False):
    return np.mean(z, axis=axis, keepdims=keepdims)


def log_softmax(z, axis):
    shifted = z - np.max(z, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


def softmax(z, axis):
    if z.shape[axis] == 1:
        warnings.warn("You are using a softmax over an axis of size 1.")
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def binary_crossentropy(target, output, from_logits):
    assert from_logits
    return np.maximum(output, 0) - output * target + np.log1p(np.exp(-np.abs(output)))
