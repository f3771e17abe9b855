"""Sampling: temperature, top-k, top-p, greedy, and the choice for each u."""

import math


def draw(file):
    logits = file["logits"]
    order = range(len(logits))
    if file.get("greedy"):
        best = max(order, key=lambda i: (logits[i], -i))
        return {"probabilities": [1.0 if i == best else 0.0 for i in order], "kept": [best], "indices": [best for _ in file["u"]]}
    scaled = [z / file.get("temperature", 1.0) for z in logits]
    kept = sorted(order, key=lambda i: (-scaled[i], i))
    if file.get("top_k") is not None:
        kept = kept[: file["top_k"]]
    p = softmax(scaled, kept)
    # No prefix but the whole reaches 1; sums of doubles would, where the rest is below their last digit.
    if file.get("top_p") is not None and file["top_p"] < 1:
        reached, prefix = 0.0, []
        for i in kept:
            prefix.append(i)
            reached += p[i]
            if reached >= file["top_p"]:
                break
        kept = prefix
        p = softmax(scaled, kept)
    cumulative, sums = 0.0, []
    for i in order:
        cumulative += p[i]
        sums.append(cumulative)
    last = max(kept)
    indices = [next((i for i in order if sums[i] > u and i in kept), last) for u in file["u"]]
    return {"probabilities": p, "kept": sorted(kept), "indices": indices}


def softmax(scaled, kept):
    high = max(scaled[i] for i in kept)
    total = math.fsum(math.exp(scaled[i] - high) for i in kept)
    return [math.exp(scaled[i] - high) / total if i in kept else 0.0 for i in range(len(scaled))]
