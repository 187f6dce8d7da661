import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { computeNorms } from "#worker/computeNorms.ts";

/** What Flax and Orbax wrote, with norms that NumPy computed, kept beside the project because it is large. */
const CORPUS = new URL("../../../../shared/corpus/checkpoints/made/", import.meta.url);

interface Known {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly l2: number;
}

const atHand = existsSync(CORPUS);

test("the corpus is beside the project, or the other tests here know that it is not", () => {
  if (!atHand) {
    process.stderr.write("corpus not at hand\n");
  }
  expect(existsSync(new URL("misc_truth.json", CORPUS))).toBe(atHand);
});

function truth(name: string): Readonly<Record<string, Known>> {
  const all = JSON.parse(readFileSync(new URL("misc_truth.json", CORPUS), "utf8")) as Record<
    string,
    Record<string, Known>
  >;
  return all[name] ?? {};
}

const DTYPES: Readonly<Record<string, string>> = { float32: "F32", bfloat16: "BF16", int32: "I32", int64: "I64" };

test.each([
  // A step that is a plain number is no tensor in MessagePack; Orbax saves it as one.
  { name: "flax/checkpoint_3", plain: ["step"] },
  { name: "flax/flax_model.msgpack", plain: [] },
  { name: "orbax/noocdbt_zarr2", plain: [] },
  { name: "orbax/ocdbt_zarr3", plain: [] },
])("$name has the tensors that the library saved, with their shapes, types and norms", async ({ name, plain }) => {
  const known = Object.entries(atHand ? truth(name) : {}).filter(([tensor]) => !plain.includes(tensor));
  const path = fileURLToPath(new URL(name, CORPUS));
  const norms = atHand ? await computeNorms(path, { threads: 1, engine: "simd" }) : { tensors: [], notes: [] };
  expect(norms.notes).toEqual([]);
  const measured = new Map(norms.tensors.map((tensor) => [tensor.name, tensor]));
  const described = known.map(([tensor]) => {
    const { shape, dtype } = measured.get(tensor) ?? {};
    return [tensor, shape, dtype];
  });
  expect(described).toEqual(known.map(([tensor, { shape, dtype }]) => [tensor, shape, DTYPES[dtype]]));
  const far = known.filter(([tensor, { l2, dtype }]) => {
    const tolerance = dtype === "bfloat16" ? 1e-6 : 1e-9;
    return !(Math.abs((measured.get(tensor)?.l2 ?? Number.NaN) - l2) <= tolerance * l2);
  });
  expect(far).toEqual([]);
});

test("optimizer states know their parameters", async () => {
  const path = fileURLToPath(new URL("orbax/ocdbt_zarr3", CORPUS));
  const norms = atHand ? await computeNorms(path, { threads: 1, engine: "simd" }) : { tensors: [] };
  const owned = norms.tensors.filter(({ kind }) => kind === "moment1" || kind === "moment2");
  expect(owned.map(({ parameter }) => parameter)).toEqual(
    owned.map(({ name }) => name.replace(/^opt_state\/1\/0\/[mn]u\//, "params/")),
  );
  expect(owned.length).toBe(atHand ? 8 : 0);
});
