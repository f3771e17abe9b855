"""A stack of cells with its head: forward, loss, gradients, and the check by complex steps."""

import numpy as np

import tape as ops
from cells import cell_of


NUMBER = [float]  # what tensors are read as; `np.longdouble` shows how far rounding reaches


def tensor(array, whole=False):
    array = np.asarray(array).astype(float)
    data = array.reshape(-1).tolist()
    return {"shape": list(array.shape), "data": [int(v) for v in data] if whole else data}


def array(t):
    return np.array(t["data"], dtype=NUMBER[0]).reshape(t["shape"])


def arrays(weights):
    return {
        "layers": [{k: array(t) for k, t in layer.items()} for layer in weights["layers"]],
        "output": {k: array(t) for k, t in weights["output"].items()},
    }


def run(cells, loss, weights, x, y, lengths, initial, loss_at="every-step", scale=None):
    """Forward and backward over x (T x n_x x B). `y`: ids T x B, or 0/1 T x V x B. `weights`: arrays.

    `scale` (a number) multiplies the loss whose gradients are taken, not the loss reported.
    """
    tape = ops.Tape()
    steps, _, batch = x.shape
    own = [cell_of(c) for c in cells]
    w = [{k: tape.leaf(v) for k, v in layer.items()} for layer in weights["layers"]]
    head = {k: tape.leaf(v) for k, v in weights["output"].items()}
    inputs = [tape.leaf(x[t]) for t in range(steps)]
    first = [{s: tape.leaf(initial[i][s]) for s in cell.states} for i, cell in enumerate(own)]
    masks = [(np.asarray(lengths) > t).astype(float)[None, :] for t in range(steps)]

    before = [dict(f) for f in first]
    values = [[] for _ in own]  # layer -> step -> name -> node
    states = [[] for _ in own]  # layer -> step -> state -> the value carried on
    logits = []
    for t in range(steps):
        up = inputs[t]
        for i, cell in enumerate(own):
            here = cell.step(w[i], before[i], up, masks[t])
            values[i].append(here)
            before[i] = {s: keep(here[s], before[i][s], masks[t]) for s in cell.states}
            states[i].append(before[i])
            up = here[cell.output]
        logits.append(head["W_ya"] @ up + head["b_y"])

    per_step, seeds, yhat = np.zeros((steps, batch), dtype=np.result_type(*(z.value for z in logits))), [], []
    for t in range(steps):
        z = logits[t].value
        counts = masks[t][0].copy()
        if loss_at == "last-step":
            counts = (np.asarray(lengths) == t + 1).astype(float)
        if loss == "softmax-cross-entropy":
            p = ops.softmax_of(z)
            high = z.real.max(axis=0)
            label = np.eye(z.shape[0])[:, y[t].astype(int)]
            l = np.log(np.exp(z - high).sum(axis=0)) + high - (z * label).sum(axis=0)
        else:
            p = ops.sigma_of(z)
            label = y[t]
            # -log σ(z) = log(1 + e^-z) for a label 1; for 0 the same with z's sign turned.
            turned = np.where(label > 0.5, -z, z)
            size = np.where(turned.real > 0, turned, -turned)
            l = (np.where(turned.real > 0, turned, 0) + np.log1p(np.exp(-size))).sum(axis=0)
        yhat.append(p)
        per_step[t] = np.where(counts > 0, l, 0)
        seeds.append((logits[t], (p - label) * counts * (1.0 if scale is None else scale)))
    tape.backward(seeds)
    tokens = batch if loss_at == "last-step" else int(np.sum(lengths))

    def over_time(i, name):
        shown = states[i] if name in own[i].states else values[i]
        return np.stack([shown[t][name].value for t in range(steps)])

    return {
        "layers": [{k: over_time(i, k) for k in values[i][0]} for i in range(len(own))],
        "final": [{s: before[i][s].value for s in cell.states} for i, cell in enumerate(own)],
        "logits": np.stack([z.value for z in logits]),
        "yhat": np.stack(yhat),
        "per_step": per_step,
        "sum": per_step.sum(),
        "tokens": tokens,
        "weights": {
            "layers": [{k: n.gradient for k, n in layer.items()} for layer in w],
            "output": {k: n.gradient for k, n in head.items()},
        },
        "x": np.stack([n.gradient for n in inputs]),
        "initial": [{s: n.gradient for s, n in f.items()} for f in first],
        "states": [
            {s: np.stack([values[i][t][s].gradient for t in range(steps)]) for s in cell.states}
            for i, cell in enumerate(own)
        ],
    }


def keep(new, old, mask):
    """The new state where the step is within the sample, else the old one."""
    return new if mask.all() else new * new.tape.leaf(mask) + old * new.tape.leaf(1 - mask)


def read(experiment):
    """Arguments of `run` from an experiment file."""
    model, given = experiment["model"], experiment["input"]
    weights = arrays(model["weights"])
    x, y = array(given["x"]), array(given["y"])
    steps, _, batch = x.shape
    lengths = given.get("lengths", [steps] * batch)
    start = given.get("initial")
    initial = []
    for i, cell in enumerate(model["cells"]):
        rows = height(cell, weights["layers"][i])
        zero = {s: np.zeros((rows, batch)) for s in cell_of(cell).states}
        zero.update({k: array(t) for k, t in (start[i] if start else {}).items()})
        initial.append(zero)
    return dict(cells=model["cells"], loss=model["loss"], weights=weights, x=x, y=y, lengths=lengths,
                initial=initial, loss_at=given.get("loss_at", "every-step"))


def height(_cell, weights):
    """n_a: the rows of any of the layer's parameters."""
    return next(iter(weights.values())).shape[0]


def trace(experiment):
    """The trace file of an experiment file."""
    r = run(**read(experiment))
    named = lambda d: {k: tensor(v) for k, v in d.items()}
    return {
        "format": "unrolled-trace/1",
        "layers": [named(d) for d in r["layers"]],
        "final": [named(d) for d in r["final"]],
        "logits": tensor(r["logits"]),
        "yhat": tensor(r["yhat"]),
        "loss": {"per_step": tensor(r["per_step"]), "sum": float(r["sum"]), "mean_over_tokens": float(r["sum"] / r["tokens"])},
        "gradients": {
            "weights": {"layers": [named(d) for d in r["weights"]["layers"]], "output": named(r["weights"]["output"])},
            "x": tensor(r["x"]),
            "initial": [named(d) for d in r["initial"]],
            "states": [named(d) for d in r["states"]],
        },
    }


def check_by_complex_steps(experiment, most=12, rng=None):
    """Largest difference between the tape's gradients and complex steps, relative to the tensor's largest entry."""
    rng = rng or np.random.default_rng(0)
    given = read(experiment)
    r = run(**given)
    pairs = [(given["x"], r["x"])]
    for i, layer in enumerate(given["weights"]["layers"]):
        pairs += [(layer[k], r["weights"]["layers"][i][k]) for k in layer]
        pairs += [(given["initial"][i][k], r["initial"][i][k]) for k in given["initial"][i]]
    pairs += [(given["weights"]["output"][k], r["weights"]["output"][k]) for k in given["weights"]["output"]]
    worst = 0.0
    for place, gradient in pairs:
        largest = max(np.abs(gradient).max(), 1e-300)
        flat = rng.permutation(place.size)[:most]
        for index in flat:
            at = np.unravel_index(index, place.shape)
            moved = place.astype(complex)
            moved[at] += 1e-30j
            swapped = replace(given, place, moved)
            found = run(**swapped)["sum"].imag / 1e-30
            worst = max(worst, abs(found - gradient[at]) / largest)
    return worst


def replace(tree, old, new):
    """The same tree with one array exchanged."""
    if tree is old:
        return new
    if isinstance(tree, dict):
        return {k: replace(v, old, new) for k, v in tree.items()}
    if isinstance(tree, list):
        return [replace(v, old, new) for v in tree]
    return tree
