"""Writes tests/reference/cases/*.json: what the engine must reproduce.

    python3 -m venv venv && venv/bin/pip install numpy
    venv/bin/python tests/reference/generate.py

An implementation of its own in double precision; it shares nothing with the engine. Forward passes are
written by hand (cells.py), gradients come from a tape (tape.py) and every model is checked against
complex-step derivatives before it is written. Numbers are printed in their shortest form that reads back
to the same bits. Random numbers come from NumPy's PCG64 with the seed named at each set.
"""

import json
import pathlib
import sys

import numpy as np

import bad_files
import tape as ops
from cells import PRESETS, cell_of
from draw import draw
from model import check_by_complex_steps, run, read, tensor, trace
from own import NAMED, OWN
from training import train

HERE = pathlib.Path(__file__).parent / "cases"


def numbers(rng, shape, scale, fine):
    """Normal numbers: multiples of 1/64 (short, exact in f32), or all their digits."""
    v = rng.normal(size=shape) * scale
    return v if fine else np.round(v * 64) / 64


def experiment(rng, cells, sizes, n_x, n_y, T, B, loss="softmax-cross-entropy", loss_at=None, lengths=None,
               initial=True, scale=0.6, fine=False):
    layers, up, start = [], n_x, []
    for entry, n_a in zip(cells, sizes):
        cell = cell_of(entry)
        layers.append({k: tensor(numbers(rng, s, scale, fine)) for k, s in cell.weights(n_a, up).items()})
        start.append({s: tensor(numbers(rng, (n_a, B), 0.5, fine)) for s in cell.states})
        up = n_a
    output = {"W_ya": tensor(numbers(rng, (n_y, up), scale, fine)), "b_y": tensor(numbers(rng, (n_y, 1), scale, fine))}
    if loss == "softmax-cross-entropy":
        y = tensor(rng.integers(0, n_y, size=(T, B)), whole=True)
    else:
        y = tensor(rng.integers(0, 2, size=(T, n_y, B)), whole=True)
    given = {"x": tensor(numbers(rng, (T, n_x, B), 1.0, fine)), "y": y}
    if lengths is not None:
        given["lengths"] = lengths
    if initial:
        given["initial"] = start
    if loss_at is not None:
        given["loss_at"] = loss_at
    model = {"cells": cells, "loss": loss, "weights": {"layers": layers, "output": output}}
    return {"format": "unrolled-experiment/1", "model": model, "input": given}


def away_from_kinks(make, rng, margin=2e-3):
    """Draws until no relu stands so close to its kink that f32 could fall on the other side."""
    for _ in range(200):
        ops.KINKS.clear()
        case = make(rng)
        run(**read(case))
        if not ops.KINKS or min(ops.KINKS) > margin:
            return case
    raise ValueError("always near a kink")


def model_cases():
    """Seed 20261. Each preset in several sizes, masks, losses and stacks; then the own cells."""
    rng = np.random.default_rng(20261)
    plans = []
    for name in PRESETS:
        plans += [
            (f"{name}, one step, one sample, zero start", dict(cells=[name], sizes=[3], n_x=2, n_y=3, T=1, B=1, initial=False)),
            (f"{name}, three samples of different length", dict(cells=[name], sizes=[2], n_x=3, n_y=4, T=4, B=3, lengths=[4, 1, 3])),
            (f"{name}, logistic at the last step, all digits", dict(cells=[name], sizes=[3], n_x=2, n_y=2, T=3, B=2, loss="logistic", loss_at="last-step", lengths=[2, 3], fine=True)),
            (f"{name}, one unit, one input", dict(cells=[name], sizes=[1], n_x=1, n_y=2, T=5, B=2, loss_at="every-step", initial=False)),
        ]
    plans += [
        ("lstm, lengths all shorter than T", dict(cells=["lstm"], sizes=[2], n_x=2, n_y=2, T=4, B=2, lengths=[2, 3])),
        ("gru, one output only, logistic", dict(cells=["gru"], sizes=[2], n_x=2, n_y=1, T=3, B=2, loss="logistic")),
        ("rnn, one class only", dict(cells=["rnn"], sizes=[2], n_x=2, n_y=1, T=2, B=1)),
        ("gru, seven samples", dict(cells=["gru"], sizes=[2], n_x=1, n_y=2, T=2, B=7, lengths=[1, 2, 1, 2, 2, 1, 2])),
        ("lstm, five units of nine rows in all", dict(cells=["lstm"], sizes=[5], n_x=4, n_y=3, T=2, B=1)),
        ("lstm under gru", dict(cells=["lstm", "gru"], sizes=[2, 3], n_x=2, n_y=3, T=3, B=2, lengths=[3, 1])),
        ("rnn-relu under rnn-swish under rnn", dict(cells=["rnn-relu", "rnn-swish", "rnn"], sizes=[3, 2, 4], n_x=2, n_y=3, T=3, B=2)),
        ("gru under lstm under gru-simplified, last step", dict(cells=["gru", "lstm", "gru-simplified"], sizes=[2, 2, 2], n_x=2, n_y=2, T=3, B=2, loss_at="last-step", lengths=[1, 3])),
        ("lstm under lstm, logistic, zero start", dict(cells=["lstm", "lstm"], sizes=[2, 3], n_x=2, n_y=2, T=2, B=2, loss="logistic", initial=False)),
        ("rnn, saturated", dict(cells=["rnn"], sizes=[2], n_x=2, n_y=2, T=3, B=1, scale=1.2)),
        ("lstm, saturated", dict(cells=["lstm"], sizes=[2], n_x=2, n_y=3, T=3, B=1, scale=2.0)),
        ("gru, logits in the hundreds, logistic", dict(cells=["gru"], sizes=[2], n_x=2, n_y=2, T=2, B=2, scale=300.0, loss="logistic")),
        ("gru-simplified, logits in the hundreds", dict(cells=["gru-simplified"], sizes=[2], n_x=2, n_y=3, T=2, B=2, scale=300.0)),
        ("rnn-swish, small weights", dict(cells=["rnn-swish"], sizes=[3], n_x=2, n_y=3, T=3, B=2, scale=1e-4, fine=True)),
    ]
    for name, text in OWN.items():
        entry = {"equations": text}
        n_a = n_x = 3
        plans.append((f"own cell: {name}", dict(cells=[entry], sizes=[n_a], n_x=n_x, n_y=2, T=3, B=3 if "batch" in name else 2, lengths=[3, 2, 3] if "batch" in name else [3, 2])))
    plans += [
        ("own cell: residual over lstm, two layers", dict(cells=["lstm", {"equations": OWN["residual"]}], sizes=[3, 3], n_x=2, n_y=2, T=3, B=2)),
        ("own cell: minimal-gated-unit under gru", dict(cells=[{"equations": OWN["minimal-gated-unit"]}, "gru"], sizes=[2, 3], n_x=2, n_y=2, T=3, B=2, lengths=[3, 2])),
        ("own cell: the text of rnn in its stacked form", dict(cells=[{"equations": "state a\na<t> = tanh(W_a [a<t-1>, x<t>] + b_a)"}], sizes=[3], n_x=2, n_y=2, T=3, B=2)),
    ]
    cases = []
    for name, plan in plans:
        case = away_from_kinks(lambda r: experiment(r, **plan), rng)
        if "hundreds" not in name and "saturated" not in name:
            worst = check_by_complex_steps(case, most=6)
            assert worst < 1e-12, (name, worst)
        found = trace(case)
        for own, values in NAMED.items():
            if name == f"own cell: {own}":
                text = OWN[own].rstrip() + "".join(f"\nk{i}<t> = {v}" for i, v in enumerate(values.values()))
                again = json.loads(json.dumps(case))
                again["model"]["cells"] = [{"equations": text}]
                more = trace(again)["layers"][0]
                found["layers"][0].update({z: more[f"k{i}"] for i, z in enumerate(values)})
        cases.append({"name": name, "experiment": case, "trace": found})
    return cases


def norm_cases():
    """Seed 20262. 50 steps, the loss at the last: ‖dl/ds<t>‖ of each state at each step, per sample."""
    rng = np.random.default_rng(20262)
    cases = []
    plans = [(n, s) for n in PRESETS for s in (0.35, 0.7)]
    plans += [("lstm under gru", 0.5)]
    for name, scale in plans:
        cells = name.split(" under ")
        case = away_from_kinks(
            lambda r: experiment(r, cells, [3] * len(cells), 2, 2, 50, 1, loss_at="last-step", scale=scale, initial=False), rng, 1e-5)
        assert check_by_complex_steps(case, most=4) < 1e-11
        r = run(**read(case))
        norms = [{s: np.sqrt((g**2).sum(axis=1)).reshape(-1).tolist() for s, g in layer.items()} for layer in r["states"]]
        cases.append({"name": f"{name}, weights of size {scale}", "experiment": case, "norms": norms})
    return cases


RULES = {
    "sgd": {"rule": "sgd", "learning_rate": 0.5},
    "momentum": {"rule": "momentum", "learning_rate": 0.125, "beta": 0.875},
    "momentum-ema": {"rule": "momentum-ema", "learning_rate": 0.5, "beta": 0.75},
    "rmsprop": {"rule": "rmsprop", "learning_rate": 0.01, "rho": 0.9, "epsilon": 1e-6},
    "adam": {"rule": "adam", "learning_rate": 0.02, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
}


def training_cases():
    """Seed 20263. Fifty updates each: every rule on every preset, then clips, L2, carried states, scaled sums, stacks."""
    rng = np.random.default_rng(20263)
    plans = []
    for i, rule in enumerate(RULES):
        for j, name in enumerate(PRESETS):
            if i and name in ("rnn-leaky-relu", "rnn-swish"):
                continue  # two presets with one rule are enough of these
            plans.append((f"{rule} on {name}", dict(cells=[name], rule=rule, carry=(i + j) % 2 == 0)))
    plans += [
        ("global norm, clipped now and then", dict(cells=["gru"], rule="sgd", clip={"global_norm": 0.4})),
        ("global norm, always clipped", dict(cells=["lstm"], rule="adam", clip={"global_norm": 0.001})),
        ("global norm, never clipped", dict(cells=["rnn"], rule="momentum", clip={"global_norm": 1000.0})),
        ("value clipped", dict(cells=["lstm"], rule="sgd", clip={"value": 0.05})),
        ("value clipped, rmsprop", dict(cells=["rnn"], rule="rmsprop", clip={"value": 0.02})),
        ("no clip, said so", dict(cells=["gru-simplified"], rule="sgd", clip=None)),
        ("l2, clipped after it", dict(cells=["lstm"], rule="sgd", l2=0.0625, clip={"global_norm": 0.3})),
        ("l2 with adam", dict(cells=["rnn"], rule="adam", l2=0.01)),
        ("sum over tokens, scaled down", dict(cells=["gru"], rule="sgd", reduction="sum", scale=0.125)),
        ("sum over tokens, momentum-ema, carried", dict(cells=["rnn"], rule="momentum-ema", reduction="sum", scale=0.0625, carry=True)),
        ("mean, scaled up, l2 and value", dict(cells=["gru"], rule="momentum", scale=3.0, l2=0.01, clip={"value": 0.1})),
        ("two layers, carried", dict(cells=["lstm", "gru"], rule="adam", carry=True, clip={"global_norm": 1.0})),
        ("three layers", dict(cells=["rnn", "gru-simplified", "rnn-swish"], rule="rmsprop")),
        ("windows of one step, carried", dict(cells=["lstm"], rule="adam", carry=True, T=1, B=1)),
        ("own cell trained: minimal-gated-unit", dict(cells=[{"equations": OWN["minimal-gated-unit"]}], rule="adam")),
        ("own cell trained: layernorm", dict(cells=[{"equations": OWN["layernorm"]}], rule="sgd", carry=True)),
        ("no input at all: every id -1", dict(cells=["gru"], rule="adam", none=True)),
        ("l2 0 and scale 1 written out, sgd", dict(cells=["rnn-relu"], rule="sgd", l2=0.0, scale=1.0)),
    ]
    cases = []
    for name, plan in plans:
        for _ in range(100):
            ops.KINKS.clear()
            case = run_file(rng, **plan)
            log = train(case)
            quiet = not ops.KINKS or min(k for k in ops.KINKS if k > 0) > 1e-4
            limit = (plan.get("clip") or {}).get("global_norm"), (plan.get("clip") or {}).get("value")
            seen = log["gradient_norm"] if limit[0] else log["gradient_max"]
            bound = limit[0] or limit[1]
            clear = bound is None or min(abs(v - bound) / bound for v in seen) > 1e-4
            if quiet and clear:
                break
        else:
            raise ValueError(name)
        # A case holds two tensors of each layer and the head's, enough to see every rule.
        short = {"layers": [{k: v for k, v in list(layer.items())[:2]} for layer in log["weights"]["layers"]], "output": log["weights"]["output"]}
        cases.append({"name": name, "run": case, "log": {**log, "weights": short}})
    return cases


def run_file(rng, cells, rule, carry=False, clip=False, l2=None, reduction=None, scale=None, T=2, B=2, none=False, V=3):
    sizes = [2 + i for i in range(len(cells))]
    base = experiment(rng, cells, sizes, V, V, 1, 1, scale=0.5)
    ids = rng.integers(0, V, size=(50 * T + 1, B))
    for t in range(1, 50 * T + 1):  # something to learn: mostly the next id in a circle
        ids[t] = np.where(rng.random(B) < 0.7, (ids[t - 1] + 1) % V, ids[t])
    source = ids[:-1].reshape(50, T, B).copy()
    source[0, 0, :] = -1
    if none:
        source[:] = -1
    file = {"format": "unrolled-training/1", "model": base["model"],
            "batches": {"input": tensor(source, whole=True), "target": tensor(ids[1:].reshape(50, T, B), whole=True)},
            "optimiser": RULES[rule]}
    if carry:
        file["carry_state"] = True
    if clip is not False:
        file["clip"] = clip
    if l2 is not None:
        file["l2"] = l2
    if reduction is not None:
        file["loss_reduction"] = reduction
    if scale is not None:
        file["loss_scale"] = scale
    return file


def draw_cases():
    """Seed 20264. Each rule alone, in pairs, all three; ties; extreme logits; u at the edges."""
    rng = np.random.default_rng(20264)
    plans = []
    for temperature in (1.0, 0.5, 0.1, 2.5):
        for top_k in (None, 1, 3, 50):
            for top_p in (None, 0.5, 0.9, 1.0):
                plans.append(dict(logits=np.round(rng.normal(size=6) * 2, 3).tolist(), temperature=temperature, top_k=top_k, top_p=top_p))
    tied = [1.0, 2.0, 2.0, 0.0, 2.0, 1.0]
    plans += [
        dict(logits=tied, greedy=True), dict(logits=tied, top_k=2), dict(logits=tied, top_p=0.3), dict(logits=tied, top_k=4, top_p=0.6),
        dict(logits=[0.0] * 4), dict(logits=[0.0] * 4, top_k=2), dict(logits=[0.0] * 4, top_p=0.5), dict(logits=[0.0] * 4, top_p=0.50001),
        dict(logits=[3.0], top_k=1, top_p=0.1), dict(logits=[1000.0, 999.0, -1000.0]), dict(logits=[-1000.0, -1001.0, -1002.0], temperature=0.5),
        dict(logits=[5.0, 1.0, 0.0], top_p=1e-9), dict(logits=[0.1, 0.7, 0.2], greedy=True, temperature=0.1, top_k=2, top_p=0.5),
        dict(logits=[1e308, -1e308, 0.0]), dict(logits=[0.0, 1.0, 2.0, 3.0], temperature=100.0), dict(logits=[0.0, 1.0, 2.0, 3.0], temperature=0.001),
        dict(logits=np.round(rng.normal(size=60), 3).tolist(), temperature=0.9, top_k=40, top_p=0.95),
    ]
    cases = []
    for plan in plans:
        file = {"format": "unrolled-draw/1", **plan, "u": [0.0, 0.9999999999999999, *np.round(rng.random(4), 4).tolist()]}
        cases.append({"draw": file, "out": draw(file)})
    # The cumulative probability itself as u: the next index, for it must exceed.
    file = {"format": "unrolled-draw/1", "logits": [0.0, 0.0, 0.0, 0.0], "u": [0.0, 0.25, 0.5, 0.75, 0.2499999, 0.7500001]}
    cases.append({"draw": file, "out": draw(file)})
    return cases


def write(name, cases):
    text = "[\n" + ",\n".join(json.dumps(c, ensure_ascii=False, separators=(",", ":"), allow_nan=False) for c in cases) + "\n]\n"
    (HERE / name).write_text(text, encoding="utf-8")
    print(f"{name}: {len(cases)} cases, {len(text.encode()) // 1024} KB", file=sys.stderr)


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    write("models.json", model_cases())
    write("norms.json", norm_cases())
    write("training.json", training_cases())
    write("draws.json", draw_cases())
    write("bad.json", bad_files.cases())
