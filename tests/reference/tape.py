"""Reverse-mode differentiation on a tape of NumPy arrays, real or complex.

A value is a matrix n x B, its columns the samples. The same code run on complex numbers gives the
complex-step derivative that the tape is checked against, so every comparison looks at the real part.
"""

import numpy as np


class Tape:
    """The operations in the order they were made."""

    def __init__(self):
        self.nodes = []

    def leaf(self, value):
        """A value that nothing produced: a parameter, an input, an initial state."""
        return Node(self, np.asarray(value), [])

    def backward(self, seeds):
        """Sets `gradient` of every node, `seeds` being pairs (node, gradient that reaches it from outside)."""
        for node in self.nodes:
            node.gradient = np.zeros_like(node.value)
        for node, gradient in seeds:
            node.gradient = node.gradient + gradient
        for node in reversed(self.nodes):
            for parent, pull in node.parents:
                parent.gradient = parent.gradient + fit(pull(node.gradient), parent.value.shape)


class Node:
    """A value with the rules that send its gradient to what it was made of."""

    def __init__(self, tape, value, parents):
        self.tape, self.value, self.parents = tape, value, parents
        self.gradient = None
        tape.nodes.append(self)

    def make(self, value, *parents):
        return Node(self.tape, value, list(parents))

    def __add__(self, other):
        other = lift(self.tape, other)
        return self.make(self.value + other.value, (self, lambda g: g), (other, lambda g: g))

    def __sub__(self, other):
        other = lift(self.tape, other)
        return self.make(self.value - other.value, (self, lambda g: g), (other, lambda g: -g))

    def __rsub__(self, other):
        return lift(self.tape, other) - self

    def __mul__(self, other):
        other = lift(self.tape, other)
        u, v = self.value, other.value
        return self.make(u * v, (self, lambda g: g * v), (other, lambda g: g * u))

    def __truediv__(self, other):
        other = lift(self.tape, other)
        u, v = self.value, other.value
        return self.make(u / v, (self, lambda g: g / v), (other, lambda g: -g * u / v**2))

    def __neg__(self):
        return self.make(-self.value, (self, lambda g: -g))

    def __pow__(self, n):
        u = self.value
        return self.make(u**n, (self, lambda g: g * n * u ** (n - 1)))

    def __matmul__(self, other):
        w, v = self.value, other.value
        return self.make(w @ v, (self, lambda g: g @ v.T), (other, lambda g: w.T @ g))


def lift(tape, value):
    """A plain number as a node."""
    return value if isinstance(value, Node) else tape.leaf(np.array([[float(value)]]))


def fit(gradient, shape):
    """Adds up the rows or columns over which a value was broadcast."""
    for axis in (0, 1):
        if shape[axis] == 1 and gradient.shape[axis] != 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return np.broadcast_to(gradient, shape)


def stack(parts):
    """Rows above rows."""
    ends = np.cumsum([p.value.shape[0] for p in parts])
    rules = []
    for part, end in zip(parts, ends):
        start = end - part.value.shape[0]
        rules.append((part, lambda g, s=start, e=end: g[s:e]))
    return parts[0].make(np.concatenate([p.value for p in parts]), *rules)


def sigma_of(z):
    """1 / (1 + exp(-z)) that does not overflow."""
    positive = z.real > 0
    e = np.exp(np.where(positive, -z, z))
    return np.where(positive, 1 / (1 + e), e / (1 + e))


def sigma(u):
    s = sigma_of(u.value)
    return u.make(s, (u, lambda g: g * s * (1 - s)))


def tanh(u):
    s = np.tanh(u.value)
    return u.make(s, (u, lambda g: g * (1 - s * s)))


KINKS = []  # distances from the kink of relu and leaky_relu, for callers that want to stay away from it


def relu(u, slope=0.0):
    KINKS.append(np.abs(u.value.real).min())
    d = np.where(u.value.real > 0, 1.0, slope)
    return u.make(u.value * d, (u, lambda g: g * d))


def leaky_relu(u):
    return relu(u, 0.01)


def swish(u):
    return u * sigma(u)


def exp(u):
    e = np.exp(u.value)
    return u.make(e, (u, lambda g: g * e))


def log(u):
    return u.make(np.log(u.value), (u, lambda g: g / u.value))


def total(u):
    """`sum`: one row that broadcasts."""
    n = u.value.shape[0]
    return u.make(u.value.sum(axis=0, keepdims=True), (u, lambda g: np.repeat(g, n, axis=0)))


def softmax_of(z):
    e = np.exp(z - z.real.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def softmax(u):
    p = softmax_of(u.value)
    return u.make(p, (u, lambda g: p * (g - (g * p).sum(axis=0, keepdims=True))))


EPSILON = 1e-5  # under the root of both normalisations


def layernorm(u):
    """Mean 0 and variance 1 over the rows, written with the operations above so that it has no rule of its own."""
    n = u.value.shape[0]
    centred = u - total(u) * (1 / n)
    return centred / root(total(centred * centred) * (1 / n) + EPSILON)


def batchnorm(u, mask):
    """Mean 0 and variance 1 over the unmasked columns. `mask`: 1 x B of ones and zeros."""
    count = max(mask.sum(), 1.0)
    share = u.tape.leaf(mask.T / count)  # B x 1
    centred = u - u @ share
    return centred / root((centred * centred) @ share + EPSILON)


def root(u):
    s = np.sqrt(u.value)
    return u.make(s, (u, lambda g: g / (2 * s)))


FUNCTIONS = {
    "σ": sigma, "tanh": tanh, "relu": relu, "leaky_relu": leaky_relu, "swish": swish, "exp": exp,
    "log": log, "softmax": softmax, "sum": total, "layernorm": layernorm, "batchnorm": batchnorm,
}
