"""Lets torch write views of every dtype, and optimizers after real steps, in both forms into a folder; prints the truth as JSON."""

import json
import sys

import torch

folder = sys.argv[1]
DTYPES = [
    "float64", "float32", "float16", "bfloat16", "complex64", "complex128",
    "int64", "int32", "int16", "int8", "uint8", "bool",
    "uint16", "uint32", "uint64", "complex32", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz",
]  # fmt: skip


def views(base):
    shared = base.clone()
    return {
        "contiguous": base,
        "transposed": base.t(),
        "sliced": base[1:7:2, 2:9:3],
        "expanded": base[3].expand(5, 10),
        "column": base[:, 4],
        "empty": base[:0],
        "scalar": base[2, 3],
        "shared": {"a": shared, "b": shared},
        "parameter": torch.nn.Parameter(base, requires_grad=False),
    }


class Model(torch.nn.Module):
    """Parameters of equal shapes, a buffer between them, and weights that may be tied."""

    def __init__(self, tied):
        super().__init__()
        self.embedding = torch.nn.Embedding(9, 6)
        self.first = torch.nn.Linear(6, 6)
        self.norm = torch.nn.BatchNorm1d(6)
        self.second = torch.nn.Linear(6, 6)
        self.head = torch.nn.Linear(6, 9, bias=False)
        if tied:
            self.head.weight = self.embedding.weight

    def forward(self, x):
        return self.head(self.second(self.norm(self.first(self.embedding(x)).relu())))


OPTIMIZERS = {
    "SGD": {"lr": 0.1, "momentum": 0.9, "nesterov": True},
    "Adam": {"amsgrad": True},
    "AdamW": {"weight_decay": 0.1},
    "Adagrad": {},
    "RMSprop": {"momentum": 0.9, "centered": True},
    "Adadelta": {},
    "Adamax": {},
    "NAdam": {},
    "RAdam": {},
}


def trained(name, settings, tied):
    """The checkpoint of a model after three steps, and the names of its optimizer's parameters in their order."""
    torch.manual_seed(2)
    model = Model(tied)
    optimizer = getattr(torch.optim, name)(model.parameters(), **settings)
    tokens = torch.randint(0, 9, (12,))
    for _ in range(3):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(tokens), tokens).backward()
        optimizer.step()
    checkpoint = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "best": torch.tensor(0.5)}
    return checkpoint, [own for own, _ in model.named_parameters()]


def norm(tensor):
    wide = torch.complex128 if tensor.is_complex() else torch.float64
    return tensor.to(wide).abs().pow(2).sum().sqrt().item()


def flat(value, path=""):
    if isinstance(value, (dict, list)):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        inner = (flat(item, f"{path}/{key}" if path else str(key)) for key, item in items)
        return {name: truth for truths in inner for name, truth in truths.items()}
    return {path: [str(value.dtype), list(value.shape), norm(value)]} if isinstance(value, torch.Tensor) else {}


torch.manual_seed(1)
norms = {}
for name in DTYPES:
    dtype = getattr(torch, name, None)
    if dtype is None:
        continue
    values = torch.randn(8, 10, dtype=torch.complex128 if name.startswith("complex") else torch.float64)
    values = values if dtype.is_floating_point or dtype.is_complex else values.mul(9).abs()
    tensors = views(values.to(dtype))
    for form in ("zip", "legacy"):
        file = f"{name}_{form}.pt"
        try:
            torch.save(tensors, f"{folder}/{file}", _use_new_zipfile_serialization=form == "zip")
        except Exception as error:
            print(f"{file}: {error}", file=sys.stderr)
            continue
        norms[file] = flat(tensors)

parameters = {}
for name, settings in OPTIMIZERS.items():
    for tied in (False, True):
        checkpoint, names = trained(name, settings, tied)
        for form in ("zip", "legacy"):
            file = f"{name}_{'tied' if tied else 'plain'}_{form}.pt"
            torch.save(checkpoint, f"{folder}/{file}", _use_new_zipfile_serialization=form == "zip")
            norms[file] = flat(checkpoint)
            parameters[file] = names
print(json.dumps({"version": torch.__version__, "norms": norms, "parameters": parameters}))
