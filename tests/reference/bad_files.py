"""Files that must be refused: one line on standard error with these words in it, nothing on standard output.

Each case changes one thing in a small right file. `named`: what the line must hold (the field's path, or its
last part where the contract leaves the path's beginning open). `status`: 2, or 3 where training itself
runs out of numbers. A case's text is given by what it keeps of its verb's base file: the first `keep[0]`
characters, then `between`, then the last `keep[1]` characters. Decisions where the contract is silent: a
byte order mark and a repeated key are refused; u lies in [0, 1); β in [0, 1).
"""

import copy
import json

import numpy as np

from model import tensor
from own import OWN


def filled(*shape):
    """Small, all different, short numbers."""
    size = int(np.prod(shape))
    return tensor(((np.arange(size) * 7 % 13) - 6).reshape(shape) / 16)


def base_experiment():
    gates = {f"W_{g}": filled(2, 5) for g in "cfuo"} | {f"b_{g}": filled(2, 1) for g in "cfuo"}
    return {
        "format": "unrolled-experiment/1",
        "model": {"cells": ["lstm"], "loss": "softmax-cross-entropy",
                  "weights": {"layers": [gates], "output": {"W_ya": filled(2, 2), "b_y": filled(2, 1)}}},
        "input": {"x": filled(2, 3, 2), "y": {"shape": [2, 2], "data": [0, 1, 1, 0]}, "lengths": [2, 1],
                  "initial": [{"a": filled(2, 2), "c": filled(2, 2)}], "loss_at": "every-step"},
    }


def base_training():
    return {
        "format": "unrolled-training/1",
        "model": {"cells": ["rnn"], "loss": "softmax-cross-entropy",
                  "weights": {"layers": [{"W_aa": filled(2, 2), "W_ax": filled(2, 3), "b_a": filled(2, 1)}],
                              "output": {"W_ya": filled(3, 2), "b_y": filled(3, 1)}}},
        "batches": {"input": {"shape": [3, 2, 1], "data": [-1, 0, 1, 2, 0, 1]}, "target": {"shape": [3, 2, 1], "data": [0, 1, 2, 0, 1, 2]}},
        "carry_state": False, "loss_reduction": "mean", "loss_scale": 1.0,
        "optimiser": {"rule": "adam", "learning_rate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
        "clip": {"global_norm": 1.0},
    }


def base_draw():
    return {"format": "unrolled-draw/1", "logits": [0.5, 1.5, -1.0], "temperature": 1.0, "top_k": None, "top_p": None, "greedy": False, "u": [0.25]}


BASES = {"trace": base_experiment, "train": base_training, "draw": base_draw}
GONE = object()


class Raw(str):
    """JSON text that `json.dumps` would not write."""


def changed(verb, path, value):
    """The base file with the place at `path` ("model.weights.layers.0.W_f") set, added, or taken out."""
    tree = BASES[verb]()
    at, keys = tree, [int(k) if k.isdigit() else k for k in path.split(".")]
    for key in keys[:-1]:
        at = at[key]
    if value is GONE:
        del at[keys[-1]]
    elif isinstance(at, list) and keys[-1] == len(at):
        at.append(value)
    else:
        at[keys[-1]] = f"RAW{value}WAR" if isinstance(value, Raw) else value
    text = compact(tree)
    return text.replace('"RAW', "").replace('WAR"', "") if isinstance(value, Raw) else text


def compact(tree):
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))


def cases():
    out = []

    def text(name, verb, body, *named, status=2):
        out.append({"name": name, "verb": verb, "text": body, "named": list(named), "status": status})

    def bad(name, verb, path, value, *named, status=2):
        text(name, verb, changed(verb, path, copy.deepcopy(value) if not isinstance(value, Raw) and value is not GONE else value), *named, status=status)

    layer = "model.weights.layers.0"
    # Not JSON, or not the file that was asked for.
    for verb in BASES:
        whole = compact(BASES[verb]())
        text("empty file", verb, "")
        text("white space only", verb, " \n")
        text("cut in half", verb, whole[: len(whole) // 2])
        text("last bracket missing", verb, whole[:-1])
        text("something after the end", verb, whole + "]")
        text("byte order mark", verb, "\ufeff" + whole)
        text("a list", verb, "[]")
        text("a number", verb, "1")
        text("null", verb, "null")
        text("no field at all", verb, "{}")
        bad("unknown field at the top", verb, "colour", 1, "colour")
        bad("wrong format", verb, "format", "unrolled-experiment/2", "format")
        bad("no format", verb, "format", GONE, "format")
        bad("format is a number", verb, "format", 1, "format")
        text("the same key twice", verb, whole[:-1] + ',"format":"' + BASES[verb]()["format"] + '"}', "format")
    text("a training run given to trace", "trace", compact(base_training()))
    text("an experiment given to train", "train", compact(base_experiment()))
    # Unknown fields, deeper.
    bad("unknown field in the model", "trace", "model.size", 3, "size")
    bad("unknown field in the weights", "trace", "model.weights.head", {}, "head")
    bad("unknown field in a tensor", "trace", f"{layer}.W_f.dtype", "f32", "dtype")
    bad("unknown field in the input", "trace", "input.mask", [1], "mask")
    bad("unknown field in the batches", "train", "batches.mask", [1], "mask")
    bad("unknown field in the optimiser", "train", "optimiser.nesterov", True, "nesterov")
    bad("unknown field in the clip", "train", "clip", {"norm": 1.0}, "norm")
    bad("unknown field in an own cell", "trace", "model.cells.0", {"equations": OWN["coupled-gates"], "name": "mine"}, "cells[0]")
    # Weights.
    bad("weights of a wrong shape", "trace", f"{layer}.W_f", filled(2, 3), "weights.layers[0].W_f: 2 × 3, expected 2 × 5")
    bad("too many rows", "trace", f"{layer}.W_o", filled(3, 5), "weights.layers[0].W_o: 3 × 5, expected 2 × 5")
    bad("a bias of a wrong shape", "trace", f"{layer}.b_u", filled(3, 1), "weights.layers[0].b_u: 3 × 1, expected 2 × 1")
    bad("a bias that is a row", "trace", f"{layer}.b_u", filled(1, 2), "weights.layers[0].b_u: 1 × 2, expected 2 × 1")
    bad("a bias with one dimension", "trace", f"{layer}.b_u", filled(2), "weights.layers[0].b_u")
    bad("the first matrix of a wrong shape", "trace", f"{layer}.W_c", filled(2, 4), "weights.layers[0].W_c: 2 × 4, expected 2 × 5")
    bad("output weights of a wrong shape", "trace", "model.weights.output.W_ya", filled(2, 3), "weights.output.W_ya: 2 × 3, expected 2 × 2")
    bad("output bias of a wrong shape", "trace", "model.weights.output.b_y", filled(3, 1), "weights.output.b_y: 3 × 1, expected 2 × 1")
    bad("a missing matrix", "trace", f"{layer}.W_f", GONE, "weights.layers[0].W_f")
    bad("a missing bias", "trace", f"{layer}.b_o", GONE, "weights.layers[0].b_o")
    bad("output bias missing", "trace", "model.weights.output.b_y", GONE, "weights.output.b_y")
    bad("a weight too many", "trace", f"{layer}.W_g", filled(2, 5), "weights.layers[0].W_g")
    bad("an output weight too many", "trace", "model.weights.output.b_z", filled(2, 1), "weights.output.b_z")
    bad("no layers", "trace", "model.weights.layers", [], "layers")
    bad("no weights", "train", "model.weights", {}, "weights")
    bad("a layer too many", "trace", "model.weights.layers.1", {}, "layers")
    bad("weights: wrong shape in a training run", "train", f"{layer}.W_aa", filled(2, 3), "weights.layers[0].W_aa: 2 × 3, expected 2 × 2")
    # Tensors.
    bad("data shorter than the shape", "trace", f"{layer}.W_f.data", [0.5] * 9, "weights.layers[0].W_f")
    bad("data longer than the shape", "trace", f"{layer}.W_f.data", [0.5] * 11, "weights.layers[0].W_f")
    bad("a negative size", "trace", f"{layer}.W_f.shape", [-2, 5], "weights.layers[0].W_f")
    bad("a size with a fraction", "trace", f"{layer}.W_f.shape", [2.5, 4], "weights.layers[0].W_f")
    bad("sizes in the milliards", "trace", f"{layer}.W_f.shape", [1000000000, 1000000000], "weights.layers[0].W_f")
    bad("sizes whose product overflows", "trace", "input.x.shape", [4294967296, 4294967296, 4294967296], "input.x")
    huge = {"shape": [2**63, 2**63], "data": []}
    bad("all sizes beyond memory", "trace", layer, {k: huge for k in base_experiment()["model"]["weights"]["layers"][0]}, "weights.layers[0]")
    bad("all sizes beyond memory, of a training run", "train", layer, {k: huge for k in ("W_aa", "W_ax", "b_a")}, "weights.layers[0]")
    bad("output sizes beyond memory", "train", "model.weights.output", {"W_ya": {"shape": [2**62, 2], "data": []}, "b_y": {"shape": [2**62, 1], "data": []}}, "weights.output")
    bad("a size beyond 64 bits", "trace", "input.x.shape", [10**30, 3, 2], "input.x")
    bad("a shape in words", "trace", f"{layer}.W_f.shape", "2x5", "weights.layers[0].W_f")
    bad("no shape", "trace", f"{layer}.W_f.shape", GONE, "weights.layers[0].W_f")
    bad("no data", "trace", f"{layer}.W_f.data", GONE, "weights.layers[0].W_f")
    bad("a tensor that is a plain list", "trace", f"{layer}.W_f", [[0.5] * 5] * 2, "weights.layers[0].W_f")
    bad("a weight in words", "trace", f"{layer}.W_f.data.3", "half", "weights.layers[0].W_f")
    bad("a weight that is null", "trace", f"{layer}.W_f.data.3", None, "weights.layers[0].W_f")
    bad("a weight beyond f64", "trace", f"{layer}.W_f.data.3", Raw("1e999"), "weights.layers[0].W_f")
    bad("NaN written out", "trace", f"{layer}.W_f.data.3", Raw("NaN"), "weights.layers[0].W_f")
    bad("Infinity written out", "trace", "input.x.data.0", Raw("Infinity"), "input.x")
    bad("-Infinity written out", "trace", "input.x.data.0", Raw("-Infinity"), "input.x")
    bad("a training weight beyond f32", "train", f"{layer}.W_aa.data.0", Raw("1e39"), "weights.layers[0].W_aa")
    # Cells and losses.
    bad("unknown cell", "trace", "model.cells.0", "lstn", "cells[0]")
    bad("no cells", "trace", "model.cells", [], "cells")
    bad("a cell that is a number", "trace", "model.cells.0", 3, "cells[0]")
    bad("two cells, one layer", "trace", "model.cells", ["lstm", "lstm"], "layers")
    bad("unknown loss", "trace", "model.loss", "mse", "loss")
    bad("unknown loss_at", "trace", "input.loss_at", "first-step", "loss_at")
    bad("empty equations", "trace", "model.cells.0", {"equations": ""}, "cells[0]")
    bad("equations that do not parse", "trace", "model.cells.0", {"equations": "state a\na<t> = tanh(W_a [a<t-1>, x<t>]"}, "cells[0]")
    bad("equations with an unknown name", "trace", "model.cells.0", {"equations": "state a\na<t> = tanh(W_a [q<t-1>, x<t>] + b_a)"}, "cells[0]")
    bad("a state never assigned", "trace", "model.cells.0", {"equations": "state a, c\na<t> = tanh(W_a [a<t-1>, x<t>] + b_a)"}, "cells[0]")
    bad("a name assigned twice", "trace", "model.cells.0", {"equations": "state a\na<t> = tanh(W_a x<t>)\na<t> = tanh(W_a x<t>)"}, "cells[0]")
    bad("shapes that cannot multiply", "trace", "model.cells.0", {"equations": "state a\na<t> = tanh(W_a x<t> + W_a [a<t-1>, x<t>])"}, "cells[0]")
    uneven = base_experiment()
    uneven["model"]["cells"] = [{"equations": "state a\na<t> = tanh(W_a a<t-1> + x<t>)"}]
    uneven["model"]["weights"]["layers"] = [{"W_a": filled(2, 2)}]
    del uneven["input"]["initial"]
    text("x added to a state of another height", "trace", compact(uneven), "cells[0]")
    # Input.
    bad("no x", "trace", "input.x", GONE, "x")
    bad("no y", "trace", "input.y", GONE, "y")
    bad("x with two dimensions", "trace", "input.x", filled(2, 3), "input.x")
    bad("x of other height than the weights", "trace", "input.x", filled(2, 4, 2), "×")
    bad("no steps", "trace", "input.x", {"shape": [0, 3, 2], "data": []}, "input.x")
    bad("no samples", "trace", "input.x", {"shape": [2, 3, 0], "data": []}, "input.x")
    bad("y of other T", "trace", "input.y", {"shape": [3, 2], "data": [0] * 6}, "input.y")
    bad("y of other B", "trace", "input.y", {"shape": [2, 1], "data": [0] * 2}, "input.y")
    bad("y outside the vocabulary", "trace", "input.y.data.1", 2, "input.y")
    bad("y negative", "trace", "input.y.data.1", -1, "input.y")
    bad("y with a fraction", "trace", "input.y.data.1", 0.5, "input.y")
    bad("y as for the logistic loss", "trace", "input.y", {"shape": [2, 2, 2], "data": [0] * 8}, "input.y")
    bad("a length 0", "trace", "input.lengths.0", 0, "input.lengths[0]")
    bad("a length beyond T", "trace", "input.lengths.1", 3, "input.lengths[1]")
    bad("a negative length", "trace", "input.lengths.1", -1, "input.lengths")
    bad("a length too many", "trace", "input.lengths.2", 1, "input.lengths")
    bad("a length with a fraction", "trace", "input.lengths.1", 1.5, "input.lengths")
    bad("initial of a wrong shape", "trace", "input.initial.0.c", filled(2, 3), "input.initial[0].c: 2 × 3, expected 2 × 2")
    bad("initial state of a wrong name", "trace", "input.initial.0.h", filled(2, 2), "input.initial[0].h")
    bad("initial states for a layer too many", "trace", "input.initial.1", {}, "input.initial")
    logistic = base_experiment()
    logistic["model"]["loss"] = "logistic"
    text("y as ids under the logistic loss", "trace", compact(logistic), "input.y")
    logistic["input"]["y"] = {"shape": [2, 2, 2], "data": [0, 1, 0, 2, 0, 1, 0, 1]}
    text("a logistic label 2", "trace", compact(logistic), "input.y")
    # Training.
    ids = lambda *shape: {"shape": list(shape), "data": [0] * int(np.prod(shape))}
    bad("input and target of different T", "train", "batches.target", ids(3, 1, 1), "batches.target")
    bad("input and target of different B", "train", "batches.target", ids(3, 2, 2), "batches.target")
    bad("input and target of different steps", "train", "batches.target", ids(2, 2, 1), "batches.target")
    bad("no update at all", "train", "batches", {"input": ids(0, 2, 1), "target": ids(0, 2, 1)}, "batches.input")
    bad("input with two dimensions", "train", "batches.input", ids(3, 2), "batches.input")
    bad("no target", "train", "batches.target", GONE, "target")
    bad("input id outside the vocabulary", "train", "batches.input.data.3", 3, "batches.input")
    bad("input id -2", "train", "batches.input.data.3", -2, "batches.input")
    bad("input id with a fraction", "train", "batches.input.data.3", 0.5, "batches.input")
    bad("target id outside the vocabulary", "train", "batches.target.data.3", 3, "batches.target")
    bad("target id -1", "train", "batches.target.data.3", -1, "batches.target")
    bad("unknown rule", "train", "optimiser.rule", "adamw", "optimiser")
    bad("no rule", "train", "optimiser.rule", GONE, "rule")
    bad("no learning rate", "train", "optimiser.learning_rate", GONE, "learning_rate")
    bad("a learning rate in words", "train", "optimiser.learning_rate", "fast", "learning_rate")
    bad("a negative learning rate", "train", "optimiser.learning_rate", -0.1, "learning_rate")
    bad("a learning rate beyond f64", "train", "optimiser.learning_rate", Raw("1e999"), "learning_rate")
    bad("beta1 of 1", "train", "optimiser.beta1", 1.0, "beta1")
    bad("a negative beta2", "train", "optimiser.beta2", -0.5, "beta2")
    bad("a negative epsilon", "train", "optimiser.epsilon", -1e-8, "epsilon")
    bad("no optimiser", "train", "optimiser", GONE, "optimiser")
    bad("both ways of clipping", "train", "clip", {"global_norm": 1.0, "value": 1.0}, "clip")
    bad("an empty clip", "train", "clip", {}, "clip")
    bad("a negative clip", "train", "clip", {"global_norm": -1.0}, "clip")
    bad("unknown reduction", "train", "loss_reduction", "median", "loss_reduction")
    bad("a loss scale in words", "train", "loss_scale", "big", "loss_scale")
    bad("a negative l2", "train", "l2", -0.1, "l2")
    bad("carry_state in words", "train", "carry_state", "yes", "carry_state")
    bad("unknown wiring", "train", "model.wiring", "spiral", "wiring")
    diverging = base_training() | {"optimiser": {"rule": "sgd", "learning_rate": 1e20}}
    diverging["model"]["cells"] = ["rnn-leaky-relu"]
    del diverging["clip"]
    text("a run that diverges", "train", compact(diverging), "step ", status=3)
    diverging["optimiser"]["learning_rate"] = 1e60
    text("an update beyond f32", "train", compact(diverging), "step 1", "weights", status=3)
    # Draws.
    bad("no logits", "draw", "logits", GONE, "logits")
    bad("empty logits", "draw", "logits", [], "logits")
    bad("a logit beyond f64", "draw", "logits.1", Raw("1e999"), "logits")
    bad("a logit NaN", "draw", "logits.1", Raw("NaN"), "logits")
    bad("a logit that is null", "draw", "logits.1", None, "logits")
    bad("u of 1", "draw", "u.0", 1.0, "u[0]")
    bad("u negative", "draw", "u.0", -0.25, "u[0]")
    bad("temperature 0", "draw", "temperature", 0.0, "temperature")
    bad("temperature negative", "draw", "temperature", -1.0, "temperature")
    bad("top_k 0", "draw", "top_k", 0, "top_k")
    bad("top_k negative", "draw", "top_k", -1, "top_k")
    bad("top_k with a fraction", "draw", "top_k", 1.5, "top_k")
    bad("top_p 0", "draw", "top_p", 0.0, "top_p")
    bad("top_p above 1", "draw", "top_p", 1.5, "top_p")
    bad("greedy in words", "draw", "greedy", "yes", "greedy")
    return [{"bases": {verb: compact(base()) for verb, base in BASES.items()}}] + [shortened(case) for case in out]


def shortened(case):
    """The text as what it keeps of the base's start and end (in characters) and what stands between."""
    base, body = compact(BASES[case["verb"]]()), case["text"]
    most = min(len(base), len(body))
    start = next((i for i in range(most) if base[i] != body[i]), most)
    end = next((i for i in range(most - start) if base[-1 - i] != body[-1 - i]), most - start)
    del case["text"]
    case["keep"] = [start, end]
    case["between"] = body[start : len(body) - end]
    assert base[:start] + case["between"] + base[len(base) - end :] == body
    return case
