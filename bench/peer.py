"""The Python peer: every tensor of a safetensors file by torch.linalg.vector_norm over a memory map.

Usage: peer.py FILE THREADS RUNS DTYPE; DTYPE is float32 (fast, and wrong on large tensors) or float64 (right).
Prints the seconds of each run and the global norm as JSON.
"""

import json
import math
import mmap
import struct
import sys
import time

import torch

path, threads, runs, dtype = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), getattr(torch, sys.argv[4])
torch.set_num_threads(threads)
TYPES = {"F32": torch.float32, "BF16": torch.bfloat16, "F16": torch.float16}

with open(path, "rb") as file:
    length = struct.unpack("<Q", file.read(8))[0]
    header = json.loads(file.read(length))
    data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        squares = 0.0
        for entry in header.values():
            begin, end = entry["data_offsets"]
            stored = TYPES[entry["dtype"]]
            count = (end - begin) // torch.empty(0, dtype=stored).element_size()
            tensor = torch.frombuffer(data, dtype=stored, count=count, offset=8 + length + begin)
            squares += torch.linalg.vector_norm(tensor, dtype=dtype).item() ** 2
        seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": seconds, "l2": math.sqrt(squares)}))
