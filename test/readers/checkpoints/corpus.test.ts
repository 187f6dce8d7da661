import { existsSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { readSafetensors } from "#readers/checkpoints/safetensors.ts";
import { globalNorms, type MeasuredTensor } from "#reduction/globals.ts";
import { reduceTensor } from "#reduction/reduce.ts";

import { onnxEngine, openIn } from "../../reduction/engines.ts";
import { sourceOf } from "../../support/safetensors.ts";

/** Public files with their norms, kept beside the project because they are not ours to publish. */
const CORPUS = new URL("../../../../shared/corpus/checkpoints/", import.meta.url);

interface KnownFile {
  readonly tensors: readonly {
    readonly name: string;
    readonly offset: number;
    readonly l2: number;
    readonly absmax: number;
  }[];
}

type Norms = Readonly<Record<string, number>>;

const atHand = existsSync(CORPUS);

test("the corpus is beside the project, or the other tests here know that it is not", () => {
  if (!atHand) {
    process.stderr.write("corpus not at hand\n");
  }
  expect(existsSync(new URL("known.json", CORPUS))).toBe(atHand);
});

test.each(["safetensors/burn_mnist.safetensors", "safetensors/burn_multi_layer.safetensors"])(
  "every tensor of %s has its known offset and norm",
  async (path) => {
    const known = atHand ? (knownFiles()[path]?.tensors ?? []) : [];
    const measured = atHand ? await measure(path) : [];
    expect(measured.map(({ name, parts }) => [name, parts[0]?.offset])).toEqual(
      known.map(({ name, offset }) => [name, offset]),
    );
    expect(farFrom(Object.fromEntries(known.map(({ name, l2 }) => [name, l2])), measured, 1e-7)).toEqual([]);
    expect(measured.map(({ linf }) => linf)).toEqual(known.map(({ absmax }) => absmax));
  },
);

test.each([
  { path: "made/torch/grads_last_step.safetensors", tolerance: 1e-7 },
  { path: "made/torch/grads_last_step_bf16.safetensors", tolerance: 2 ** -9 },
])("$path holds the gradients torch clipped, to $tolerance", async ({ path, tolerance }) => {
  const { per_tensor, clip_grad_norm_total } = atHand
    ? clippedGradients()
    : { per_tensor: {}, clip_grad_norm_total: 0 };
  const measured = atHand ? await measure(path) : [];
  expect(farFrom(per_tensor, measured, tolerance)).toEqual([]);
  const total = globalNorms(measured).gradient?.l2 ?? 0;
  expect(Math.abs(total - clip_grad_norm_total)).toBeLessThanOrEqual(tolerance * clip_grad_norm_total);
});

test("8-bit floats and complex numbers written by torch have torch's norms", async () => {
  const measured = atHand ? await measure("made/torch/fp8.safetensors") : [];
  expect(farFrom(atHand ? torchNorms() : {}, measured, 1e-7)).toEqual([]);
});

function knownFiles(): Readonly<Record<string, KnownFile>> {
  return json("known.json") as Readonly<Record<string, KnownFile>>;
}

function clippedGradients(): { readonly clip_grad_norm_total: number; readonly per_tensor: Norms } {
  const truth = json("made/torch/truth.json") as Record<string, ReturnType<typeof clippedGradients>>;
  return truth["__grads__"] ?? { per_tensor: { missing: 0 }, clip_grad_norm_total: 0 };
}

/** The same tensors as in fp8.safetensors, which torch also wrote to dtypes.pt under longer names. */
function torchNorms(): Norms {
  const truth = json("made/torch/truth.json") as Record<string, Record<string, { readonly l2: number }>>;
  const names = { e4m3: "f8_e4m3fn", e5m2: "f8_e5m2", e4m3fnuz: "f8_e4m3fnuz", e5m2fnuz: "f8_e5m2fnuz" };
  const same = { c64: "c64", empty: "empty", scalar: "scalar" };
  const l2 = (name: string): number => truth["torch/dtypes.pt"]?.[name]?.l2 ?? Number.NaN;
  return Object.fromEntries(Object.entries({ ...names, ...same }).map(([name, long]) => [name, l2(long)]));
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, CORPUS), "utf8"));
}

async function measure(path: string): Promise<MeasuredTensor[]> {
  const bytes = readFileSync(new URL(path, CORPUS));
  const index = await readSafetensors(sourceOf(bytes, path));
  const entries = index.kind === "ok" ? index.value.tensors : [];
  const engine = await onnxEngine();
  const tensors: MeasuredTensor[] = [];
  for (const entry of entries) {
    const outcome = await reduceTensor(engine, { entry, open: openIn(bytes) });
    tensors.push(...(outcome.kind === "ok" ? [{ ...entry, ...outcome.value }] : []));
  }
  await engine.dispose();
  return tensors;
}

/** Names of the tensors that are missing or whose norm is off by more than the tolerance, relative. */
function farFrom(wanted: Norms, measured: readonly MeasuredTensor[], tolerance: number): string[] {
  const norms = new Map(measured.map(({ name, l2 }) => [name, l2]));
  const names = Object.keys(wanted);
  return names.filter((name) => {
    const norm = wanted[name] ?? Number.NaN;
    return !(Math.abs((norms.get(name) ?? Number.NaN) - norm) <= tolerance * norm);
  });
}
