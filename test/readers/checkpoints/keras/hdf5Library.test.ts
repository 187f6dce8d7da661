import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { normsIn } from "../../../support/measure.ts";

/** Writes a file of each format version and prints the norms of its datasets; fails where h5py is not installed. */
const SCRIPT = `
import json, sys, h5py, numpy as np
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
`;

test("files that h5py writes have h5py's norms, where it is installed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-h5py-"));
  const { status, stdout } = spawnSync("python3", ["-c", SCRIPT, folder], { encoding: "utf8" });
  if (status !== 0) {
    process.stderr.write("h5py is not installed\n");
  }
  const norms = (status === 0 ? JSON.parse(stdout) : {}) as Readonly<Record<string, Readonly<Record<string, number>>>>;
  const wrong: string[] = [];
  for (const [version, wanted] of Object.entries(norms)) {
    const found = await normsIn(readFileSync(join(folder, `${version}.h5`)), `${version}.h5`);
    wrong.push(...Object.keys(wanted).filter((name) => !isClose(found[name], wanted[name])));
  }
  expect(wrong).toEqual([]);
}, 60_000);

function isClose(found = Number.NaN, wanted = Number.NaN): boolean {
  return Math.abs(found - wanted) <= 1e-9 * wanted;
}
