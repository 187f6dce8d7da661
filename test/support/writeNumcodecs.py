"""Lets numcodecs compress what Blosc and LZ4 can be asked for into a folder of chunks; prints what each holds as JSON."""

import json
import sys

import numcodecs
import numpy as np

folder = sys.argv[1]
random = np.random.default_rng(1)
ARRAYS = {
    "noise": random.standard_normal(50_001).astype("f4"),
    "steps": (np.arange(70_000) // 7).astype("f8"),
    "zeros": np.zeros(33_333, "i2"),
    "bytes": random.integers(0, 4, 100_003).astype("u1"),
    "text": np.frombuffer(b"far away and far away, " * 9000, "u1"),
    "wide": np.repeat(random.standard_normal(500), 9).astype("c16"),
    "few": np.arange(3, dtype="f4"),
}
CODECS = {
    f"blosc-{name}-{shuffle}-{level}": numcodecs.Blosc(cname=name, shuffle=shuffle, clevel=level)
    for name in ("blosclz", "lz4", "lz4hc", "zlib", "zstd")
    for shuffle in (0, 1, 2)
    for level in (1, 5, 9)
}
CODECS["blosc-blocks"] = numcodecs.Blosc(cname="lz4", blocksize=4096)
CODECS["blosc-off"] = numcodecs.Blosc(clevel=0)
CODECS["lz4"] = numcodecs.LZ4()

chunks = []
for name, array in ARRAYS.items():
    with open(f"{folder}/{name}", "wb") as file:
        file.write(array.tobytes())
    for codec, compressor in CODECS.items():
        with open(f"{folder}/{name}.{codec}", "wb") as file:
            file.write(compressor.encode(array))
        chunks.append({"array": name, "codec": codec, "bytes": array.nbytes})
print(json.dumps(chunks))
