"""Lets h5py write every kind of dataset in both format versions into a folder, and prints their norms as JSON."""

import json
import sys

import h5py
import numpy as np

a = np.random.default_rng(0).standard_normal((70, 33)).astype("f4")
norms = {}
for version in ["earliest", "latest"]:
    with h5py.File(f"{sys.argv[1]}/{version}.h5", "w", libver=version) as f:
        f["contiguous"] = a
        f["big"] = a.astype(">f8")
        f["half"] = a.astype("f2")
        f["group/mask"] = a > 0
        f.create_dataset("chunked", data=a, chunks=(16, 10))
        f.create_dataset("gzip", data=a, chunks=(16, 10), compression="gzip", shuffle=True, fletcher32=True)
        f.create_dataset("lzf", data=a, chunks=(16, 10), compression="lzf")
        f.create_dataset("growing", data=a, chunks=(2, 10), maxshape=(None, 33), compression="gzip")
        f.create_dataset("growingBoth", data=a, chunks=(1, 1), maxshape=(None, None))
        f.create_dataset("sparse", shape=(90, 90), chunks=(10, 10), fillvalue=2.5, dtype="f4")[25:35, 5:15] = 1
        for i in range(300):
            f[f"many/{i}"] = np.full((3,), i, "f4")
        found = {}
        f.visititems(lambda name, o: found.__setitem__(name, float(np.sqrt((o[...].astype("f8") ** 2).sum()))) if isinstance(o, h5py.Dataset) else None)
        norms[version] = found
print(json.dumps(norms))
