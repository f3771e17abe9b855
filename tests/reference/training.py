"""Training runs: the five rules, both ways of clipping, L2, a carried state, a scaled loss."""

import copy

import numpy as np

from cells import cell_of
from model import arrays, height, run, tensor


def one_hot(ids, size):
    """ids T x B -> T x size x B; -1 is the zero vector."""
    x = np.zeros((ids.shape[0], size, ids.shape[1]))
    for (t, b), v in np.ndenumerate(ids):
        if v >= 0:
            x[t, v, b] = 1
    return x


def flat(weights):
    """Every tensor with its path, in the order of the file."""
    for i, layer in enumerate(weights["layers"]):
        for k in layer:
            yield (f"weights.layers[{i}].{k}", layer, k)
    for k in weights["output"]:
        yield (f"weights.output.{k}", weights["output"], k)


def train(file):
    model = file["model"]
    cells, weights = model["cells"], copy.deepcopy(arrays(model["weights"]))
    ids = {k: np.array(t["data"], dtype=int).reshape(t["shape"]) for k, t in file["batches"].items()}
    steps, T, B = ids["input"].shape
    rule, clip = file["optimiser"], file.get("clip")
    n_x = input_size(cells[0], weights["layers"][0])
    memory = {path: [np.zeros_like(owner[k]), np.zeros_like(owner[k])] for path, owner, k in flat(weights)}
    state = None
    log = {"format": "unrolled-training-log/1", "loss": [], "gradient_norm": [], "gradient_max": [], "clipped_steps": 0}
    tokens = T * B
    for step in range(steps):
        if state is None or not file.get("carry_state", False):
            state = [{s: np.zeros((height(c, w), B)) for s in cell_of(c).states} for c, w in zip(cells, weights["layers"])]
        scale = file.get("loss_scale", 1.0) / (tokens if file.get("loss_reduction", "mean") == "mean" else 1)
        r = run(cells, model["loss"], weights, one_hot(ids["input"][step], n_x), ids["target"][step], [T] * B, state, scale=scale)
        state = r["final"]
        gradients = {}
        for (path, owner, k), (_, given, _) in zip(flat(weights), flat(r["weights"])):
            g = given[k]
            if k[0].isupper():
                g = g + file.get("l2", 0.0) * owner[k]
            gradients[path] = g
        norm = np.sqrt(sum((g**2).sum() for g in gradients.values()))
        largest = max(np.abs(g).max() for g in gradients.values())
        log["loss"].append(float(r["sum"] / tokens))
        log["gradient_norm"].append(float(norm))
        log["gradient_max"].append(float(largest))
        if clip and "global_norm" in clip and norm > clip["global_norm"]:
            log["clipped_steps"] += 1
            gradients = {p: g * (clip["global_norm"] / norm) for p, g in gradients.items()}
        if clip and "value" in clip:
            log["clipped_steps"] += int(largest > clip["value"])
            gradients = {p: np.clip(g, -clip["value"], clip["value"]) for p, g in gradients.items()}
        for path, owner, k in flat(weights):
            owner[k] = owner[k] - update(rule, gradients[path], memory[path], step + 1)
    log["weights"] = {
        "layers": [{k: tensor(v) for k, v in layer.items()} for layer in weights["layers"]],
        "output": {k: tensor(v) for k, v in weights["output"].items()},
    }
    return log


def update(rule, g, memory, step):
    """What is taken away from the weight."""
    name, lr = rule["rule"], rule["learning_rate"]
    if name == "sgd":
        return lr * g
    if name == "momentum":
        memory[0] = rule["beta"] * memory[0] + g
        return lr * memory[0]
    if name == "momentum-ema":
        memory[0] = rule["beta"] * memory[0] + (1 - rule["beta"]) * g
        return lr * memory[0]
    if name == "rmsprop":
        memory[0] = rule["rho"] * memory[0] + (1 - rule["rho"]) * g * g
        return lr * g / (np.sqrt(memory[0]) + rule["epsilon"])
    memory[0] = rule["beta1"] * memory[0] + (1 - rule["beta1"]) * g
    memory[1] = rule["beta2"] * memory[1] + (1 - rule["beta2"]) * g * g
    mean = memory[0] / (1 - rule["beta1"] ** step)
    square = memory[1] / (1 - rule["beta2"] ** step)
    return lr * mean / (np.sqrt(square) + rule["epsilon"])


def input_size(cell, weights):
    """n_x: from the columns of any matrix that reads x; found by trying sizes."""
    found = {k: v.shape for k, v in weights.items()}
    n_a = height(cell, weights)
    for n_x in range(1, 1000):
        if cell_of(cell).weights(n_a, n_x) == found:
            return n_x
    raise ValueError(found)
