"""Lets torch write views of every dtype in both forms into a folder, and prints their norms as JSON."""

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


def norm(tensor):
    wide = torch.complex128 if tensor.is_complex() else torch.float64
    return tensor.to(wide).abs().pow(2).sum().sqrt().item()


def flat(value, path=""):
    if isinstance(value, dict):
        return {name: norm for key, item in value.items() for name, norm in flat(item, f"{path}/{key}" if path else key).items()}
    return {path: norm(value)}


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
print(json.dumps({"version": torch.__version__, "norms": norms}))
