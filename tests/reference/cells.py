"""The seven preset cells by hand, and a small evaluator for a reader's own cell.

A cell is an object with `states`, `output`, `weights(n_a, n_x)` (name -> shape) and
`step(w, before, x, mask)` (name -> node, in order). `z_...` are the named pre-activations.
"""

import re
import unicodedata

import tape as ops


class Preset:
    def __init__(self, states, shapes, step):
        self.states, self.output, self.weights, self.step = states, "a", shapes, step


def rnn(activation):
    def step(w, before, x, _mask):
        z = w["W_aa"] @ before["a"] + w["W_ax"] @ x + w["b_a"]
        return {"z_a": z, "a": activation(z)}

    return Preset(["a"], lambda n, m: {"W_aa": (n, n), "W_ax": (n, m), "b_a": (n, 1)}, step)


def gate_shapes(gates):
    return lambda n, m: {k: s for g in gates for k, s in ((f"W_{g}", (n, n + m)), (f"b_{g}", (n, 1)))}


def gru_simplified_step(w, before, x, _mask):
    seen = ops.stack([before["c"], x])
    z_c = w["W_c"] @ seen + w["b_c"]
    z_u = w["W_u"] @ seen + w["b_u"]
    candidate, update = ops.tanh(z_c), ops.sigma(z_u)
    c = update * candidate + (1 - update) * before["c"]
    return {"z_c": z_c, "c~": candidate, "z_u": z_u, "Γ_u": update, "c": c, "a": c}


def gru_step(w, before, x, _mask):
    seen = ops.stack([before["c"], x])
    z_r = w["W_r"] @ seen + w["b_r"]
    z_u = w["W_u"] @ seen + w["b_u"]
    reset, update = ops.sigma(z_r), ops.sigma(z_u)
    z_c = w["W_c"] @ ops.stack([reset * before["c"], x]) + w["b_c"]
    candidate = ops.tanh(z_c)
    c = update * candidate + (1 - update) * before["c"]
    return {"z_r": z_r, "Γ_r": reset, "z_u": z_u, "Γ_u": update, "z_c": z_c, "c~": candidate, "c": c, "a": c}


def lstm_step(w, before, x, _mask):
    seen = ops.stack([before["a"], x])
    out = {}
    for gate, name, activation in (("c", "c~", ops.tanh), ("f", "Γ_f", ops.sigma), ("u", "Γ_u", ops.sigma), ("o", "Γ_o", ops.sigma)):
        out[f"z_{gate}"] = w[f"W_{gate}"] @ seen + w[f"b_{gate}"]
        out[name] = activation(out[f"z_{gate}"])
    out["c"] = out["Γ_u"] * out["c~"] + out["Γ_f"] * before["c"]
    out["a"] = out["Γ_o"] * ops.tanh(out["c"])
    return out


PRESETS = {
    "rnn": rnn(ops.tanh),
    "rnn-relu": rnn(ops.relu),
    "rnn-leaky-relu": rnn(ops.leaky_relu),
    "rnn-swish": rnn(ops.swish),
    "gru-simplified": Preset(["c"], gate_shapes("cu"), gru_simplified_step),
    "gru": Preset(["c"], gate_shapes("cur"), gru_step),
    "lstm": Preset(["a", "c"], gate_shapes("cfuo"), lstm_step),
}

TOKEN = re.compile(r"\s*(?:((?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|([^\W\d][\w~]*(?:<t(?:-1)?>)?)|([-+*/^()\[\],]))")
ALIASES = {"sigma": "σ", "yhat": "ŷ"}


def canonical(name):
    name = ALIASES.get(name, name)
    return re.sub(r"^(?:Gamma|G)_", "Γ_", name)


class OwnCell:
    """A cell of the cell language; no checks, the texts here are right ones."""

    def __init__(self, text):
        self.text, self.output, self.states, self.equations = text, "a", [], []
        self.activation = None
        text = unicodedata.normalize("NFC", text)
        for sign in "×∗·⊙":
            text = text.replace(sign, "*")
        for line in text.split("\n"):
            line = line.split("#")[0].strip()
            if line.startswith("state "):
                self.states = [s.strip() for s in line[6:].split(",")]
            elif line.startswith("output "):
                self.output = line[7:].strip()
            elif line.startswith("activation "):
                self.activation = line.split("=")[1].strip()
            elif line:
                left, right = line.split("=", 1)
                target = canonical(left.strip().replace("<t>", ""))
                self.equations.append((target, Parser(right, self.activation).whole()))

    def weights(self, n_a, n_x):
        """Rows n_a; a matrix has as many columns as its right factor has rows."""
        found = {}
        for _, tree in self.equations:
            self.measure(tree, n_a, n_x, found)
        return found

    def measure(self, tree, n_a, n_x, found):
        kind = tree[0]
        if kind == "stack":
            return sum(self.measure(part, n_a, n_x, found) for part in tree[1])
        if kind == "product":
            columns = self.measure(tree[2], n_a, n_x, found)
            found.setdefault(tree[1][1], (n_a, columns))
            return n_a
        if kind == "name":
            if self.is_parameter(tree):
                found.setdefault(tree[1], (n_a, 1))
            return n_x if tree[1] == "x" else n_a
        heights = [self.measure(part, n_a, n_x, found) for part in tree[1:] if isinstance(part, tuple)]
        if kind == "number" or kind == "call" and tree[1] == "sum":
            return None  # one row, which spreads
        return next((height for height in heights if height), None)

    def is_parameter(self, tree):
        return tree[2] is None and tree[1] not in [t for t, _ in self.equations]

    def step(self, w, before, x, mask):
        values = {}

        def run(tree):
            kind = tree[0]
            if kind == "number":
                return ops.lift(x.tape, tree[1])
            if kind == "name":
                _, name, time = tree
                if time == "<t-1>":
                    return before[name]
                if self.is_parameter(tree):
                    return w[name]
                return x if name == "x" else values[name]
            if kind == "stack":
                return ops.stack([run(part) for part in tree[1]])
            if kind == "product":
                return run(tree[1]) @ run(tree[2])
            if kind == "power":
                return run(tree[1]) ** tree[2]
            if kind == "negate":
                return -run(tree[1])
            if kind == "call":
                inner = run(tree[2])
                return ops.batchnorm(inner, mask) if tree[1] == "batchnorm" else ops.FUNCTIONS[tree[1]](inner)
            u, v = run(tree[1]), run(tree[2])
            return {"+": lambda: u + v, "-": lambda: u - v, "*": lambda: u * v, "/": lambda: u / v}[kind]()

        for target, tree in self.equations:
            node = run(tree)
            # A node of its own: `a<t> = c<t>` has a gradient that is not c's.
            values[target] = node.make(node.value, (node, lambda g: g))
        return values


class Parser:
    """Binding, tightest first: call and ^n; juxtaposition; * and /; unary -; + and -."""

    def __init__(self, text, activation):
        self.tokens, self.at, self.activation = [], 0, activation
        text, place = text.rstrip(), 0
        while place < len(text):
            match = TOKEN.match(text, place)
            assert match, text[place:]
            self.tokens.append(next(g for g in match.groups() if g is not None))
            place = match.end()

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected=None):
        token = self.peek()
        assert expected is None or token == expected, (token, expected)
        self.at += 1
        return token

    def whole(self):
        tree = self.sum()
        assert self.peek() == "", self.tokens[self.at:]
        return tree

    def sum(self):
        tree = self.signed()
        while self.peek() in ("+", "-") and self.peek():
            tree = (self.take(), tree, self.signed())
        return tree

    def signed(self):
        if self.peek() == "-":
            self.take()
            return ("negate", self.signed())
        tree = self.product()
        while self.peek() in ("*", "/") and self.peek():
            tree = (self.take(), tree, self.product())
        return tree

    def product(self):
        tree = self.power()
        if self.peek() and (self.peek()[0].isalnum() or self.peek()[0] in "[("):
            return ("product", tree, self.product())
        return tree

    def power(self):
        tree = self.primary()
        if self.peek() == "^":
            self.take()
            sign = -1 if self.peek() == "-" and self.take() else 1
            tree = ("power", tree, sign * int(self.take()))
        return tree

    def primary(self):
        token = self.take()
        if token == "(":
            tree = self.sum()
            self.take(")")
            return tree
        if token == "[":
            parts = [self.sum()]
            while self.peek() == ",":
                self.take()
                parts.append(self.sum())
            self.take("]")
            return ("stack", parts)
        if token[0].isdigit() or token[0] == ".":
            return ("number", float(token))
        match = re.match(r"^(.*?)(<t(?:-1)?>)?$", token)
        name, time = canonical(match[1]), match[2]
        if name == "g" and self.activation and self.peek() == "(":
            name = self.activation
        if name in ops.FUNCTIONS and time is None and self.peek() == "(":
            self.take("(")
            tree = self.sum()
            self.take(")")
            return ("call", name, tree)
        return ("name", name, time)


def cell_of(entry):
    return PRESETS[entry] if isinstance(entry, str) else OwnCell(entry["equations"])
