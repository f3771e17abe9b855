"""Beyond the committed cases: random models, random own cells, random runs, draws and damaged files.

    venv/bin/python tests/reference/explore.py target/release/unrolled [seed] [how many]

Prints the largest relative difference of each kind and every case that went wrong; exits 1 if any did.
"""

import json
import subprocess
import sys

import numpy as np

import bad_files
import model
from cells import OwnCell, PRESETS
from draw import draw
from generate import RULES, away_from_kinks, experiment, run_file
from model import array, check_by_complex_steps, trace
from own import OWN
from training import train

PROGRAM = __import__("os").path.abspath(sys.argv[1])
FAULTS = []
LARGEST = {}
FLOOR = 1e-6  # a tensor whose every entry is 0 but for rounding is measured by this


def program(verb, text, precision=None):
    arguments = [PROGRAM, verb, "-"] + (["--precision", precision] if precision else [])
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    done = subprocess.run(arguments, input=data, capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode("utf-8", "replace")


def fault(kind, name, what, file):
    FAULTS.append((kind, name))
    print(f"FAULT {kind}, {name}: {what}")
    with open(f"/tmp/fault-{len(FAULTS)}.json", "wb") as f:
        f.write(file if isinstance(file, bytes) else file.encode("utf-8", "surrogatepass"))


def differences(expected, found, path, lengths):
    if isinstance(expected, dict) and set(expected) == {"shape", "data"}:
        if found is None or found["shape"] != expected["shape"]:
            yield float("inf"), path
            return
        e, g = array(expected), array(found)
        if lengths is not None and e.ndim == 3 and path.split(".")[1].split("[")[0] in ("layers", "logits", "yhat"):
            inside = (np.arange(e.shape[0])[:, None] < np.array(lengths)[None, :])[:, None, :]
            e, g = e * inside, g * inside
        yield float(np.abs(e - g).max(initial=0.0) / max(np.abs(e).max(initial=0.0), FLOOR)), path
    elif isinstance(expected, dict):
        for k, v in expected.items():
            yield from differences(v, (found or {}).get(k), f"{path}.{k}", lengths)
    elif isinstance(expected, list) and expected and isinstance(expected[0], float):
        e, g = np.array(expected), np.array(found)
        yield float(np.abs(e - g).max() / max(np.abs(e).max(), 1e-30)), path
    elif isinstance(expected, list):
        if len(expected) != len(found or []):
            yield float("inf"), path
            return
        for i, v in enumerate(expected):
            yield from differences(v, found[i], f"{path}[{i}]", lengths)
    elif isinstance(expected, float):
        yield abs(expected - found) / max(abs(expected), 1e-30), path
    elif expected != found:
        yield float("inf"), path


def compare(kind, name, verb, file, expected, limits=(("f64", 1e-11), ("f32", 3e-5))):
    text = json.dumps(file, ensure_ascii=False)
    lengths = None
    if verb == "trace":
        T, _, B = file["input"]["x"]["shape"]
        lengths = file["input"].get("lengths", [T] * B)
    for precision, limit in limits:
        status, out, error = program(verb, text, precision)
        if status != 0:
            fault(kind, name, f"{precision}: status {status}: {error.strip()}", text)
            continue
        worst, place = max(differences(expected, json.loads(out), "", lengths))
        LARGEST[kind, precision] = max(LARGEST.get((kind, precision), (0, "")), (worst, f"{name}{place}"))
        if worst > limit and worst < 100 * 2.0 ** (29 if precision == "f32" else 0) * sensitivity(verb, file, expected, lengths):
            print(f"ill-conditioned {kind}, {name}: {precision}: {worst:.2e} at {place}")
        elif not worst <= limit:
            fault(kind, name, f"{precision}: {worst:.2e} at {place}", text)


def sensitivity(verb, file, expected, lengths):
    """How far this implementation itself is from what it finds in 80-bit numbers."""
    model.NUMBER[0] = np.longdouble
    again = trace(file) if verb == "trace" else train(file)
    model.NUMBER[0] = float
    return max(differences(again, expected, "", lengths))[0]


def random_model(rng):
    layers = int(rng.integers(1, 4))
    cells = [str(rng.choice(list(PRESETS))) for _ in range(layers)]
    T, B = int(rng.integers(1, 9)), int(rng.integers(1, 6))
    plan = dict(
        cells=cells, sizes=[int(rng.integers(1, 8)) for _ in cells], n_x=int(rng.integers(1, 6)), n_y=int(rng.integers(1, 6)), T=T, B=B,
        loss=str(rng.choice(["softmax-cross-entropy", "logistic"])), loss_at=[None, "every-step", "last-step"][rng.integers(3)],
        lengths=[None, [int(v) for v in rng.integers(1, T + 1, size=B)]][rng.integers(2)], initial=bool(rng.integers(2)),
        scale=float(rng.choice([0.1, 0.4, 0.7])), fine=bool(rng.integers(2)))
    return away_from_kinks(lambda r: experiment(r, **plan), rng, 2e-5), plan


def large_model(rng):
    """Sizes beyond any block of the kernels, with rests of every length."""
    cells = [str(rng.choice(["rnn", "rnn-swish", "gru-simplified", "gru", "lstm"])) for _ in range(rng.integers(1, 3))]
    T, B = int(rng.integers(1, 50)), int(rng.integers(1, 40))
    plan = dict(cells=cells, sizes=[int(rng.integers(8, 70)) for _ in cells], n_x=int(rng.integers(1, 70)), n_y=int(rng.integers(2, 70)), T=T, B=B,
                lengths=[int(v) for v in rng.integers(1, T + 1, size=B)], scale=0.2, fine=True)
    return experiment(rng, **plan), plan


def random_cell(rng):
    """A text with two or three states, some gates, and expressions nested at random; sizes n_a = n_x."""
    states = ["a", "c", "s"][: rng.integers(1, 4)]
    known = [f"{s}<t-1>" for s in states] + ["x<t>"]
    lines, parameters = [f"state {', '.join(states)}"], 0

    def parameter(letter):
        nonlocal parameters
        parameters += 1
        return f"{letter}_{parameters}"

    seen = []

    def value(depth):
        """A new expression, or now and then one that stands elsewhere already."""
        if seen and rng.integers(6) == 0:
            return str(rng.choice(seen))
        text = new(depth)
        if "(" in text:
            seen.append(f"({text})")
        return text

    def new(depth):
        kind = rng.integers(0, 11) if depth > 0 else rng.integers(0, 3)
        pick = lambda: str(rng.choice(known))
        if kind == 0:
            return pick()
        if kind == 1:
            return f"({parameter('W')} [{pick()}, {pick()}] + {parameter('b')})"
        if kind == 2:
            return f"{parameter('W')} {pick()}"
        if kind == 3:
            f = rng.choice(["σ", "tanh", "swish", "softmax", "layernorm", "batchnorm", "tanh", "σ"])
            return f"{f}({value(depth - 1)})"
        if kind == 4:
            return f"({value(depth - 1)} {rng.choice(['+', '-'])} {value(depth - 1)})"
        if kind == 5:
            return f"{parameter('p')} * {value(depth - 1)}"
        if kind == 6:
            return f"({value(depth - 1)}) / (2 + ({value(depth - 1)})^2)"
        if kind >= 9:
            return f"{parameter('W')} ({value(depth - 1)})" if kind == 9 else f"{parameter('W')} [{value(depth - 1)}, {pick()}]"
        if kind == 7:
            return f"tanh({value(depth - 1)})^{rng.integers(1, 4)}"
        return f"(0.5 * sum(tanh({value(depth - 1)})) - {value(depth - 1)})"

    for i in range(rng.integers(0, 3)):
        lines.append(f"u_{i}<t> = σ({value(2)})")
        known.append(f"u_{i}<t>")
    for s in rng.permutation(states):
        lines.append(f"{s}<t> = tanh({value(3)}) + 0.25 * {s}<t-1>")
        known.append(f"{s}<t>")
    return "\n".join(lines)


def mutated(rng, text):
    """A right file with a few bytes or tokens changed."""
    data = bytearray(text.encode())
    for _ in range(rng.integers(1, 4)):
        at, kind = int(rng.integers(len(data))), rng.integers(6)
        if kind == 0:
            data[at] = int(rng.integers(256))
        elif kind == 1:
            del data[at : at + int(rng.integers(1, 20))]
        elif kind == 2:
            data[at:at] = bytes(rng.choice([b"[", b"]", b"{", b"}", b",", b'"', b"-", b"1e9", b"null", b"0", b"99999999999", b"\\u0000", b"<t>"]))
        elif kind == 3:
            end = at + int(rng.integers(1, 40))
            data[at:at] = data[at:end]
        elif kind == 4:
            digits = [i for i, b in enumerate(data) if 48 <= b <= 57]
            if digits:
                data[digits[rng.integers(len(digits))]] = int(rng.integers(48, 58))
        else:
            data = data[:at] or data
        if not data:
            break
    return bytes(data)


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    many = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    rng = np.random.default_rng(seed)
    for i in range(many):
        file, plan = random_model(rng)
        compare("model", f"{i} {'/'.join(plan['cells'])}", "trace", file, trace(file))
    for i in range(many // 20):
        file, plan = large_model(rng)
        compare("large model", f"{i} {'/'.join(plan['cells'])} {plan['sizes']} T {plan['T']} B {plan['B']}", "trace", file, trace(file))
    for i in range(many // 2):
        text = ""
        while max(map(len, text.split("\n"))) > 200 or "W_" not in text:
            text = random_cell(rng)
        T, B, n = int(rng.integers(1, 5)), int(rng.integers(2, 5)), int(rng.integers(2, 5))
        plan = dict(cells=[{"equations": text}], sizes=[n], n_x=n, n_y=2, T=T, B=B)
        if "batchnorm" not in text:  # of one sample alone it gives 0, and its gradient is rounding
            plan["lengths"] = [int(v) for v in rng.integers(1, T + 1, size=B)]
        file = experiment(rng, **plan)
        # Variances near 0 make batch normalisation of one sample a matter of rounding: looser in f32.
        if check_by_complex_steps(file, most=2) < 1e-10:
            compare("own cell", f"{i} {text!r}", "trace", file, trace(file), (("f64", 1e-11), ("f32", 2e-3)))
    for i in range(many // 4):
        cells = [str(rng.choice([p for p in PRESETS if "relu" not in p])) for _ in range(rng.integers(1, 3))]
        clip = [False, None, {"global_norm": float(rng.random())}, {"value": float(rng.random() * 0.1)}][rng.integers(4)]
        file = run_file(rng, cells, str(rng.choice(list(RULES))), bool(rng.integers(2)), clip, [None, 0.01][rng.integers(2)],
                        [None, "sum", "mean"][rng.integers(3)], [None, 0.5][rng.integers(2)], int(rng.integers(1, 5)), int(rng.integers(1, 4)), False, int(rng.integers(2, 6)))
        compare("run", f"{i} {cells} {file['optimiser']['rule']}", "train", file, train(file))
    for i in range(many):
        V = int(rng.integers(1, 30))
        file = {"format": "unrolled-draw/1", "logits": (rng.normal(size=V) * 3).tolist(), "temperature": float(rng.random() * 2 + 0.05),
                "top_k": [None, int(rng.integers(1, V + 3))][rng.integers(2)], "top_p": [None, float(rng.random() * 0.98 + 0.01)][rng.integers(2)],
                "greedy": bool(rng.integers(8) == 0), "u": rng.random(20).tolist()}
        compare("draw", str(i), "draw", file, draw(file), (("f64", 1e-13),))
    for i in range(many * 4):
        verb = str(rng.choice(list(bad_files.BASES)))
        base = bad_files.BASES[verb]()
        if verb == "trace" and rng.integers(2):
            name = str(rng.choice(list(OWN)))
            base = experiment(rng, [{"equations": OWN[name]}], [2], 2, 2, 2, 2)
        text = mutated(rng, bad_files.compact(base))
        try:
            status, out, error = program(verb, text)
        except subprocess.TimeoutExpired:
            fault("damaged", f"{i} {verb}", "takes longer than a minute", text)
            continue
        lines = error.strip().count("\n") + 1 if error.strip() else 0
        good = (status == 0 and not error) or (status in (2, 3) and lines == 1 and not out)
        if not good:
            fault("damaged", f"{i} {verb}", f"status {status}, {lines} lines, {len(out)} bytes out: {error[:200]}", text)
    for (kind, precision), (worst, place) in LARGEST.items():
        print(f"{kind} {precision}: largest difference {worst:.2e} ({place[:120]})")
    print(f"{len(FAULTS)} faults")
    sys.exit(bool(FAULTS))


if __name__ == "__main__":
    main()
