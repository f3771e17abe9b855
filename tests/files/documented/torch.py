"""As much of PyTorch as exported code uses, in NumPy, after the equations of PyTorch's documentation (torch.nn.RNN, GRU,
LSTM, Linear; the functions of torch.nn.functional). Gradients by reverse mode. For machines without PyTorch: the tests run
exported code on it, so that gate order, biases and shapes are checked against what is documented.
"""

import types

import numpy as np

float64 = np.float64


def set_default_dtype(_):
    pass


class Tensor:
    """Values, and how their gradient goes back to what they were made of."""

    def __init__(self, values, parents=()):
        self.values = np.asarray(values)
        if self.values.dtype.kind == "f":
            self.values = self.values.astype(float)
        self.parents, self.grad = parents, None

    shape = property(lambda self: self.values.shape)
    T = property(lambda self: self.transpose(0, 1))

    def __len__(self):
        return len(self.values)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __getitem__(self, place):
        def back(g):
            full = np.zeros(self.shape)
            np.add.at(full, place, g)
            return full

        return Tensor(self.values[place], [(self, back)])

    def transpose(self, i, j):
        return Tensor(np.swapaxes(self.values, i, j), [(self, lambda g: np.swapaxes(g, i, j))])

    def contiguous(self):
        return self

    def reshape(self, *shape):
        return Tensor(self.values.reshape(shape), [(self, lambda g: g.reshape(self.shape))])

    def expand(self, *shape):
        return Tensor(np.broadcast_to(self.values, shape), [(self, lambda g: fit(g, self.shape))])

    def sum(self, dim=None, keepdim=False):
        def back(g):
            if dim is not None and not keepdim:
                g = np.expand_dims(g, dim)
            return np.broadcast_to(g, self.shape)

        return Tensor(self.values.sum(axis=dim, keepdims=keepdim), [(self, back)])

    def mean(self, dim, keepdim=False):
        return self.sum(dim, keepdim) / self.shape[dim]

    def detach(self):
        return Tensor(self.values)

    def tolist(self):
        return self.values.tolist()

    def __add__(self, other):
        other = as_tensor(other)
        return Tensor(self.values + other.values, [(self, lambda g: fit(g, self.shape)), (other, lambda g: fit(g, other.shape))])

    def __mul__(self, other):
        other = as_tensor(other)
        u, v = self.values, other.values
        return Tensor(u * v, [(self, lambda g: fit(g * v, self.shape)), (other, lambda g: fit(g * u, other.shape))])

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -as_tensor(other)

    def __truediv__(self, other):
        return self * as_tensor(other) ** -1

    def __pow__(self, n):
        u = self.values.astype(float)
        return Tensor(u**n, [(self, lambda g: g * n * u ** (n - 1))])

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return as_tensor(other) - self

    def __rtruediv__(self, other):
        return as_tensor(other) / self

    def __matmul__(self, other):
        u, v = self.values, other.values
        return Tensor(u @ v, [(self, lambda g: fit(g @ np.swapaxes(v, -1, -2), self.shape)), (other, lambda g: fit(np.swapaxes(u, -1, -2) @ g, other.shape))])

    def backward(self):
        order, seen = [], set()
        todo = [(self, False)]
        while todo:
            node, done = todo.pop()
            if done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                todo.append((node, True))
                todo.extend((parent, False) for parent, _ in node.parents)
        gradients = {id(self): np.ones(self.shape)}
        for node in reversed(order):
            gradient = gradients.get(id(node))
            if gradient is None:
                continue
            if isinstance(node, Parameter):
                node.grad = Tensor(gradient)
            for parent, back in node.parents:
                gradients[id(parent)] = gradients.get(id(parent), 0) + back(gradient)


def fit(gradient, shape):
    """Sums over what was broadcast."""
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1 and gradient.shape[axis] != 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


class Parameter(Tensor):
    def __init__(self, tensor):
        super().__init__(tensor.values)


def tensor(values):
    return Tensor(values)


def as_tensor(values, dtype=None):
    return values if isinstance(values, Tensor) else Tensor(np.asarray(values, dtype=float))


def atleast_2d(v):
    return v if v.values.ndim >= 2 else v.reshape(1, -1)


def each(function, slope):
    """A function of every entry; its slope from argument and result."""

    def apply(z):
        y = function(z.values)
        return Tensor(y, [(z, lambda g: g * slope(z.values, y))])

    return apply


def _sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z < 0, e, 1) / (1 + e)


sigmoid = each(_sigmoid, lambda z, y: y * (1 - y))
tanh = each(np.tanh, lambda z, y: 1 - y * y)
relu = each(lambda z: np.maximum(z, 0), lambda z, y: (z > 0) * 1.0)
exp = each(np.exp, lambda z, y: y)
log = each(np.log, lambda z, y: 1 / z)
sqrt = each(np.sqrt, lambda z, y: 0.5 / y)
softplus = each(lambda z: np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0), lambda z, y: _sigmoid(z))


def softmax(z, dim):
    shifted = exp(z - Tensor(z.values.max(axis=dim, keepdims=True)))
    return shifted / shifted.sum(dim=dim, keepdim=True)


def sum(z, dim, keepdim=False):
    return z.sum(dim, keepdim)


def cat(parts, dim=0):
    ends = np.cumsum([part.shape[dim] for part in parts])[:-1]

    def back(place):
        return lambda g: np.split(g, ends, axis=dim)[place]

    return Tensor(np.concatenate([part.values for part in parts], axis=dim), [(part, back(i)) for i, part in enumerate(parts)])


def stack(parts):
    return cat([part[None] for part in parts])


OF_MODULE = {"to", "train", "eval", "zero_grad", "bfloat16", "state_dict", "add_module", "apply", "double", "float", "half"}


def where(condition, u, v):
    return u * condition.values.astype(float) + v * (1.0 - condition.values)


class Module:
    def register_parameter(self, name, value):
        if hasattr(self, name) or name in OF_MODULE:
            raise KeyError(f"attribute '{name}' already exists")
        setattr(self, name, value)

    def named_parameters(self):
        return [(name, value) for name, value in vars(self).items() if isinstance(value, Parameter)]

    def load_state_dict(self, state):
        wanted = {name: value.shape for name, value in self.named_parameters()}
        if {name: value.shape for name, value in state.items()} != wanted:
            raise ValueError(f"{wanted} wanted")
        for name, value in state.items():
            setattr(self, name, Parameter(value))

    def __call__(self, *inputs):
        return self.forward(*inputs)


class Linear(Module):
    """y = x W^T + b"""

    def __init__(self, n_in, n_out):
        self.weight, self.bias = Parameter(Tensor(np.zeros((n_out, n_in)))), Parameter(Tensor(np.zeros(n_out)))

    def forward(self, x):
        return x @ self.weight.T + self.bias


class Recurrent(Module):
    """One layer; the input is T x B x n_x, the state 1 x B x n_a."""

    def __init__(self, n_x, n_a):
        rows = self.gates * n_a
        shapes = {"weight_ih_l0": (rows, n_x), "weight_hh_l0": (rows, n_a), "bias_ih_l0": (rows,), "bias_hh_l0": (rows,)}
        for name, shape in shapes.items():
            setattr(self, name, Parameter(Tensor(np.zeros(shape))))
        self.n_a = n_a

    def products(self, x, h):
        """The gates' rows of both products, each with its bias."""
        from_x = x @ self.weight_ih_l0.T + self.bias_ih_l0
        from_h = h @ self.weight_hh_l0.T + self.bias_hh_l0
        cut = [slice(g * self.n_a, (g + 1) * self.n_a) for g in range(self.gates)]
        return [from_x[:, c] for c in cut], [from_h[:, c] for c in cut]


class RNN(Recurrent):
    """h' = tanh(W_ih x + b_ih + W_hh h + b_hh)"""

    gates = 1

    def __init__(self, n_x, n_a, nonlinearity="tanh"):
        super().__init__(n_x, n_a)
        self.function = {"tanh": tanh, "relu": relu}[nonlinearity]

    def forward(self, xs, h):
        h, outs = h[0], []
        for x in xs:
            (i,), (r,) = self.products(x, h)
            h = self.function(i + r)
            outs.append(h)
        return stack(outs), h[None]


class GRU(Recurrent):
    """r, z, n in this order; n = tanh(W_in x + b_in + r * (W_hn h + b_hn)), h' = (1 - z) * n + z * h"""

    gates = 3

    def forward(self, xs, h):
        h, outs = h[0], []
        for x in xs:
            i, s = self.products(x, h)
            r, z = sigmoid(i[0] + s[0]), sigmoid(i[1] + s[1])
            n = tanh(i[2] + r * s[2])
            h = (1 - z) * n + z * h
            outs.append(h)
        return stack(outs), h[None]


class LSTM(Recurrent):
    """i, f, g, o in this order; c' = f * c + i * g, h' = o * tanh(c')"""

    gates = 4

    def forward(self, xs, state):
        h, c, outs = state[0][0], state[1][0], []
        for x in xs:
            s = [u + v for u, v in zip(*self.products(x, h))]
            c = sigmoid(s[1]) * c + sigmoid(s[0]) * tanh(s[2])
            h = sigmoid(s[3]) * tanh(c)
            outs.append(h)
        return stack(outs), (h[None], c[None])


def cross_entropy(logits, labels, reduction):
    assert reduction == "none"
    top = Tensor(logits.values.max(axis=1, keepdims=True))
    total = log(exp(logits - top).sum(dim=1)) + top[:, 0]
    return total - logits[np.arange(len(logits)), labels.values]


def binary_cross_entropy_with_logits(logits, labels, reduction):
    assert reduction == "none"
    return softplus(logits) - logits * labels


def leaky_relu(z, slope):
    return each(lambda u: np.where(u > 0, u, slope * u), lambda u, y: np.where(u > 0, 1.0, slope))(z)


def silu(z):
    return z * sigmoid(z)


functional = types.SimpleNamespace(
    cross_entropy=cross_entropy, binary_cross_entropy_with_logits=binary_cross_entropy_with_logits, leaky_relu=leaky_relu, silu=silu
)
nn = types.SimpleNamespace(Module=Module, Parameter=Parameter, Linear=Linear, RNN=RNN, GRU=GRU, LSTM=LSTM, functional=functional)
