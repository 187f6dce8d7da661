"""Writes checkpoints of every element type, layout and format into a folder, and prints what NumPy says of them in float64."""

import json
import math
import os
import pickle
import struct
import sys
import warnings

import h5py
import numcodecs
import numpy as np
import torch

warnings.filterwarnings("ignore")  # torch says that it cannot write into an expanded array, and nobody does

folder = sys.argv[1]
rng = np.random.default_rng(20261130)
FLOATS = ["f8", "f4", "f2"]
NUMBERS = FLOATS + ["c8", "c16", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?"]
truth = {}


def values(dtype, shape, special):
    """Numbers of many sizes; of integers the whole range."""
    kind = np.dtype(dtype).kind
    if kind == "b":
        return rng.integers(0, 2, shape).astype(dtype)
    if kind in "iu":
        info = np.iinfo(dtype)
        return rng.integers(info.min, info.max, shape, dtype=dtype, endpoint=True)
    real = rng.standard_normal(shape) * 10.0 ** rng.integers(-3, 3, shape)
    array = (real + 1j * rng.standard_normal(shape) if kind == "c" else real).astype(dtype)
    if special and array.size >= 4:
        flat = array.reshape(-1)
        flat[:4] = np.array(special, dtype)
    return array


TINY = {"f8": 5e-324, "c16": 5e-324, "f4": 1e-45, "c8": 1e-45, "f2": 6e-8}
HUGE = {"f8": 1e300, "c16": 1e300, "f4": 3e38, "c8": 3e38, "f2": 65504}


def layouts(dtype):
    """Arrays by the name of their layout; some are views of others."""
    shape = tuple(int(size) for size in rng.integers(2, 14, 2))
    base = values(dtype, shape, None)
    cube = values(dtype, (3, 4, 5), None)
    made = {
        "rows": base,
        "columns": np.asfortranarray(base),
        "transposed": cube.transpose(2, 0, 1),
        "strided": cube[::2, 1:4, ::-2] if np.dtype(dtype).kind != "b" else cube[::2, 1:4, ::2],
        "expanded": np.broadcast_to(base[0], (6, base.shape[1])),
        "scalar": np.asarray(base[1, 1]),
        "one": base[:1, :1],
        "long": values(dtype, (4099,), None),
        "empty": base[:0],
        "zeros": np.zeros((5, 3), dtype),
    }
    if np.dtype(dtype).kind in "fc":
        made["notFinite"] = values(dtype, (7, 3), [math.nan, math.inf, -math.inf, 0])
        made["tiny"] = np.full((9,), TINY[dtype], dtype)
        made["huge"] = np.full((9,), HUGE[dtype], dtype)
    return made


def facts(array):
    """What a checkpoint must be found to hold. Of a complex number the absolute value counts."""
    with np.errstate(all="ignore"):
        wide = np.abs(array.astype(np.complex128)) if array.dtype.kind == "c" else np.abs(array.astype(np.float64))
        finite = wide[np.isfinite(wide)]
        largest = float(finite.max()) if finite.size else 0.0
        # Scaled, so that the squares of the smallest numbers are none of them zero.
        scale = largest if largest > 0 else 1.0
        norm = scale * math.sqrt(math.fsum(((finite / scale).reshape(-1) ** 2).tolist()))
    return {
        "shape": list(array.shape),
        "norm": norm,
        "nan": int(np.isnan(wide).sum()),
        "infinite": int(np.isinf(wide).sum()),
    }


def safetensors(path, array, dtype):
    data = np.ascontiguousarray(array).tobytes()
    header = json.dumps({"w": {"dtype": dtype, "shape": list(array.shape), "data_offsets": [0, len(data)]}}).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + data)


SAFETENSORS = {"f8": "F64", "f4": "F32", "f2": "F16", "c8": "C64", "i8": "I64", "i4": "I32", "i2": "I16", "i1": "I8", "u8": "U64", "u4": "U32", "u2": "U16", "u1": "U8", "?": "BOOL"}  # fmt: skip


def zarr(path, array, compressor):
    chunks = [max(1, (size + 1) // 2) for size in array.shape]
    os.makedirs(f"{path}/w")
    meta = {"zarr_format": 2, "shape": list(array.shape), "chunks": chunks, "dtype": array.dtype.str, "fill_value": 0, "order": "C", "filters": None, "compressor": compressor.get_config() if compressor else None}  # fmt: skip
    with open(f"{path}/w/.zarray", "w") as file:
        json.dump(meta, file)
    for place in np.ndindex(*[-(-size // chunk) for size, chunk in zip(array.shape, chunks)]):
        whole = np.zeros(chunks, array.dtype)
        part = array[tuple(slice(at * chunk, (at + 1) * chunk) for at, chunk in zip(place, chunks))]
        whole[tuple(slice(0, size) for size in part.shape)] = part
        data = whole.tobytes()
        with open(f"{path}/w/{'.'.join(map(str, place)) or '0'}", "wb") as file:
            file.write(compressor.encode(data) if compressor else data)


def writers(dtype):
    """How each format is written, by the ending of its file."""
    order = np.dtype(dtype).newbyteorder(">")
    made = {
        ".npy": lambda path, array: np.save(path, array),
        ".big.npy": lambda path, array: np.save(path, array.astype(order)),
        ".npz": lambda path, array: np.savez_compressed(path, w=array),
        ".pkl": lambda path, array: pickle.dump({"w": array}, open(path, "wb"), protocol=2),
        ".h5": lambda path, array: h5py.File(path, "w").create_dataset("w", data=array).file.close(),
    }
    if dtype in SAFETENSORS:
        made[".safetensors"] = lambda path, array: safetensors(path, array, SAFETENSORS[dtype])
    if dtype not in ["u8", "u4", "u2"]:
        made[".pt"] = lambda path, array: torch.save({"w": view(array)}, path)
        made[".old.pt"] = lambda path, array: torch.save({"w": view(array)}, path, _use_new_zipfile_serialization=False)
    return made


def view(array):
    """As torch strides it; a view with steps backwards it does not have."""
    return torch.from_numpy(array if all(stride >= 0 for stride in array.strides) else array.copy())


def note(path, array):
    truth[path] = facts(array)


for dtype in NUMBERS:
    for layout, array in layouts(dtype).items():
        for ending, write in writers(dtype).items():
            path = f"{dtype.replace('?', 'bool')}-{layout}{ending}"
            write(f"{folder}/{path}", array)
            note(path, array)
        if array.ndim > 0 and array.size > 0 and np.dtype(dtype).kind != "c":
            chosen = [None, numcodecs.GZip(5), numcodecs.Zstd(3), numcodecs.Blosc("lz4", 5, numcodecs.Blosc.SHUFFLE)]
            compressor = chosen[len(truth) % len(chosen)]
            path = f"{dtype.replace('?', 'bool')}-{layout}.zarr"
            zarr(f"{folder}/{path}", np.ascontiguousarray(array), compressor)
            note(path, array)
        if array.ndim > 0 and array.size > 0:
            path = f"{dtype.replace('?', 'bool')}-{layout}.chunked.h5"
            with h5py.File(f"{folder}/{path}", "w", libver="latest" if len(truth) % 2 else "earliest") as file:
                chunks = tuple(max(1, size // 2) for size in array.shape)
                file.create_dataset("w", data=array, chunks=chunks, compression="gzip", shuffle=True)
            note(path, array)

# What NumPy lacks, torch has: its numbers are exact in float32.
for layout, array in layouts("f4").items():
    half = view(array).bfloat16()
    for ending, how in [(".pt", {}), (".old.pt", {"_use_new_zipfile_serialization": False})]:
        path = f"bf16-{layout}{ending}"
        torch.save({"w": half}, f"{folder}/{path}", **how)
        note(path, half.float().numpy())
    path = f"bf16-{layout}.safetensors"
    bits = half.contiguous().view(torch.int16).numpy() if half.ndim > 0 else half.reshape(1).view(torch.int16).numpy().reshape(())
    safetensors(f"{folder}/{path}", bits, "BF16")
    note(path, half.float().numpy())
print(json.dumps(truth))
