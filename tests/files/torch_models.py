"""Writes models/*.safetensors and models/torch.json with PyTorch (made with 1.13): small networks with the outputs that
PyTorch itself gives, for the tests of the import.

    python3 tests/files/torch_models.py
"""

import json
import pathlib
import struct

import torch

HERE = pathlib.Path(__file__).parent / "models"
KINDS = {torch.float32: "F32", torch.float64: "F64", torch.float16: "F16", torch.bfloat16: "BF16"}


def save(name, tensors):
    """The format by hand: the length of a JSON header, the header, the bytes."""
    header, data = {}, b""
    for key, tensor in tensors.items():
        values = tensor.detach().contiguous()
        if values.dtype == torch.bfloat16:
            raw = values.view(torch.int16).numpy().tobytes()
        else:
            raw = values.numpy().tobytes()
        header[key] = {"dtype": KINDS[values.dtype], "shape": list(values.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    (HERE / name).write_bytes(struct.pack("<Q", len(text)) + text + data)


def fill(module, seed):
    generator = torch.Generator().manual_seed(seed)
    for tensor in module.state_dict().values():
        tensor.copy_(torch.round(torch.empty_like(tensor).uniform_(-1, 1, generator=generator) * 256) / 256)


class Network(torch.nn.Module):
    def __init__(self, rnn, n_a, n_y, symbols=None, n_x=None):
        super().__init__()
        if symbols:
            self.emb = torch.nn.Embedding(symbols, n_x)
        self.rnn = rnn
        self.head = torch.nn.Linear(n_a, n_y)


def run(network, ids, symbols):
    """States of the top layer and logits in double precision."""
    network = network.double()
    x = network.emb(torch.tensor(ids)) if hasattr(network, "emb") else torch.nn.functional.one_hot(torch.tensor(ids), symbols).double()
    out, _ = network.rnn(x[:, None])
    return {"ids": ids, "a": out[:, 0].tolist(), "logits": network.head(out)[:, 0].tolist()}


def main():
    HERE.mkdir(exist_ok=True)
    ids, found = [0, 2, 1, 3, 3], {}
    lstm = Network(torch.nn.LSTM(4, 3, num_layers=2), 3, 4)
    gru = Network(torch.nn.GRU(4, 3), 3, 5, symbols=5, n_x=4)
    rnn = torch.nn.RNN(4, 3)
    for seed, module in enumerate([lstm, gru, rnn]):
        fill(module, seed)
    save("torch-lstm.safetensors", lstm.state_dict())
    save("torch-gru.safetensors", gru.state_dict())
    save("torch-rnn.safetensors", rnn.state_dict())
    save("torch-half.safetensors", {k: v.to(torch.bfloat16 if "hh" in k else torch.float16) for k, v in rnn.state_dict().items()})
    save("torch-bidirectional.safetensors", torch.nn.LSTM(4, 3, bidirectional=True).state_dict())
    save("torch-projection.safetensors", torch.nn.LSTM(4, 3, proj_size=2).state_dict())
    found["torch-lstm.safetensors"] = run(lstm, ids, 4)
    found["torch-gru.safetensors"] = run(gru, ids, 5)
    half = torch.nn.RNN(4, 3)
    half.load_state_dict({k: v.to(torch.bfloat16 if "hh" in k else torch.float16).float() for k, v in rnn.state_dict().items()})
    for name, module in [("torch-rnn.safetensors", rnn), ("torch-half.safetensors", half)]:
        x = torch.nn.functional.one_hot(torch.tensor(ids), 4).double()
        found[name] = {"ids": ids, "a": module.double()(x[:, None])[0][:, 0].tolist()}
    (HERE / "torch.json").write_text(json.dumps(found))


main()
