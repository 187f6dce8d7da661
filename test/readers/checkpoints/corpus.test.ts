import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { afterAll, expect, test } from "vitest";

import type { TensorNorms } from "#core/tensor.ts";
import { computeNorms } from "#worker/norms/computeNorms.ts";

import {
  CORPUS,
  corpusFiles,
  corpusPath,
  isCorpusAtHand,
  knownCheckpoints,
  type KnownTensor,
} from "../../support/corpus.ts";

const KNOWN = knownCheckpoints();

/** Opened, these are nobody's: why, in the words that people read. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  "attacks/bad_pytorch.pt": /: This is a PNG image, not a checkpoint\.$/,
  "attacks/benign_password_protected.zip": /: test\.txt: this file of the zip archive is encrypted\./,
  "attacks/broken_model.pkl": /: The file has 84 of \d+ bytes\. It may still be writing/,
  "attacks/burn_broken.pt": /: This is not a checkpoint of a format that Gradlens reads\.$/,
  "attacks/malicious1.7z": /: This is a 7z archive\. Unpack it first\.$/,
  "attacks/malicious1.zip":
    /: The file holds no tensors .* a call of builtins\.eval\("print\('456'\)"\), which was not made\.$/,
  "attacks/malicious1_0x1.zip": /: model\/config\.pkl: this file of the zip archive is encrypted\./,
  "attacks/malicious1_0x20.zip": /: This zip archive holds no tensors in a form that Gradlens reads\.$/,
  "attacks/malicious1_0x40.zip": /: The zip archive is encrypted\./,
  "attacks/malicious1_crc.zip": /builtins\.eval\("print\('123'\)"\), which was not made\. .*does not have the checksum/,
  "attacks/malicious1_v4.pkl": /: The file holds no tensors .* a call of builtins\.eval\(.*\), which was not made\.$/,
  "attacks/malicious2_v0.pkl":
    /: The file holds no tensors .* a call of posix\.system\("ls -la"\), which was not made\.$/,
  // Its first letter is a pickle's opcode, and seven bytes are too few to tell.
  "attacks/not_a_pickle.bin": /: The file has 7 of 8 bytes\./,
  "attacks/object_array.npy": /: Gradlens does not read elements of type \|O \(pickled Python objects\)\./,
  "made/npy/struct.npy": /: The array's elements are records of several fields\./,
  "made/tf/tf1_v1fmt.ckpt": /: This is TensorFlow's first checkpoint format/,
  // The folder's newest checkpoint is the one of the first format.
  "made/tf/checkpoint": /: This is TensorFlow's first checkpoint format/,
  // Graphs without values.
  "made/tf/tf1_part-100.meta": /: This is not a checkpoint of a format that Gradlens reads\.$/,
  "made/tf/tf1_v1fmt.ckpt.meta": /: This is not a checkpoint of a format that Gradlens reads\.$/,
};

/** Descriptions of the corpus. */
const NO_CHECKPOINTS: readonly string[] = [
  "INDEX.md",
  "known.json",
  "made/misc_truth.json",
  "made/tf/truth.json",
  "made/torch/truth.json",
];

test("the corpus is beside the project, or the other tests here know that it is not", () => {
  if (!isCorpusAtHand) {
    process.stderr.write("corpus not at hand\n");
  }
  expect(KNOWN.length > 0).toBe(isCorpusAtHand);
});

test("every file of the corpus is tested here", () => {
  const tested = [...KNOWN.map(({ path }) => path), ...Object.keys(REFUSED), ...NO_CHECKPOINTS];
  const covers = (file: string): boolean => tested.some((path) => file === path || file.startsWith(`${path}/`));
  expect(corpusFiles().filter((file) => !covers(file))).toEqual([]);
});

test.each(isCorpusAtHand ? KNOWN : [{ path: "nothing", tensors: [] }])(
  "$path has its known tensors, shapes, types and norms",
  async ({ path, tensors }) => {
    const found = isCorpusAtHand ? await measure(path, "simd") : [];
    expect(found.map(describe).toSorted()).toEqual(tensors.map(describe).toSorted());
    expect(farFrom(tensors, found)).toEqual([]);
  },
);

/** One of each kind of storage: plain, strided, compressed, big-endian, quantised, in pieces, in many files. */
test.each([
  "keras-h5/fastml_KERAS_conv1d_weights.h5",
  "made/gguf/mixed.gguf",
  "made/npy/be_f4.npy",
  "made/npy/grads_deflate.npz",
  "made/onnx/inline.onnx",
  "made/orbax/noocdbt_zarr2",
  "made/orbax/ocdbt_zarr3",
  "made/tf/tf1_part-100.index",
  "made/torch/dtypes.pt",
  "made/torch/fp8.safetensors",
  "pytorch-legacy/burn_legacy_with_offsets.pt",
  "pytorch-tar/burn_tar_2d_tensor.tar",
  "pytorch-zip/burn_special_values.pt",
])("onnxruntime gives the norms of %s too", async (path) => {
  const known = KNOWN.find((each) => each.path === path)?.tensors ?? [];
  const found = isCorpusAtHand ? await measure(path, "onnxruntime") : [];
  expect(found.length).toBe(known.length);
  expect(farFrom(known, found, 1e-6)).toEqual([]);
});

const workplace = mkdtempSync(join(tmpdir(), "gradlens-attacks-"));
afterAll(() => rmSync(workplace, { recursive: true }));

/** Node's permission model ends a call that starts a process, loads a library or writes a file with an error. */
test("no attack runs anything: each ends as it should where nothing but reading is allowed", () => {
  const paths = isCorpusAtHand ? Object.keys(REFUSED).map(corpusPath) : [];
  const program = fileURLToPath(new URL("../../support/openAll.ts", import.meta.url));
  const only = ["--permission", "--allow-fs-read=*", "--disable-warning=ExperimentalWarning"];
  const { stdout, stderr } = spawnSync(process.execPath, [...only, program, ...paths], {
    cwd: workplace,
    encoding: "utf8",
  });
  const outcomes = JSON.parse(stdout) as Readonly<Record<string, string>>;
  const wrong = Object.entries(REFUSED).filter(([path, says]) => !says.test(outcomes[corpusPath(path)] ?? ""));
  expect([isCorpusAtHand ? wrong.map(([path]) => outcomes[corpusPath(path)]) : [], stderr]).toEqual([[], ""]);
  expect(readdirSync(workplace)).toEqual([]);
});

test("the gradients that torch clipped have the total norm that clip_grad_norm_ gave", async () => {
  const total = isCorpusAtHand ? clippedTotal() : 0;
  for (const [file, tolerance] of [
    ["grads_last_step.safetensors", 1e-7],
    ["grads_last_step_bf16.safetensors", 2 ** -9],
  ] as const) {
    const path = corpusPath(`made/torch/${file}`);
    const norms = isCorpusAtHand ? await computeNorms(path, { engine: "simd", threads: 1 }) : undefined;
    expect(Math.abs((norms?.globals.gradient?.l2 ?? 0) - total)).toBeLessThanOrEqual(tolerance * total);
  }
});

function clippedTotal(): number {
  const truth = JSON.parse(readFileSync(new URL("made/torch/truth.json", CORPUS), "utf8")) as Readonly<
    Record<string, { readonly clip_grad_norm_total: number } | undefined>
  >;
  return truth["__grads__"]?.clip_grad_norm_total ?? Number.NaN;
}

async function measure(path: string, engine: "simd" | "onnxruntime"): Promise<readonly TensorNorms[]> {
  return (await computeNorms(corpusPath(path), { engine, device: "cpu", threads: 1 })).tensors;
}

function describe({ name, shape, dtype = "" }: KnownTensor): string {
  return `${name} ${typeOf(dtype)} ${shape.join("×")}`;
}

const TYPES: Readonly<Record<string, string>> = {
  FLOAT: "F32",
  BFLOAT16: "BF16",
  FLOAT8_E4M3FN: "F8_E4M3",
  V2: "BF16",
  B1: "BOOL",
};

/** What torch, NumPy and ONNX call types, in Gradlens's words. */
function typeOf(word: string): string {
  const own = word.replace(/^torch\.|^[<>|]/, "").toUpperCase();
  const [, kind = "", bytes = ""] = /^([FIUC])(\d{1,2})$/.exec(/^[<>|]/.test(word) ? own : "") ?? [];
  const [, long = "", bits = ""] = /^(FLOAT|INT|UINT|COMPLEX)(\d+)$/.exec(own) ?? [];
  return (
    TYPES[own] ??
    (kind === "" ? undefined : `${kind}${8 * Number(bytes)}`) ??
    (long === "" ? own.replace(/^FLOAT8/, "F8") : `${long.charAt(0)}${bits}`)
  );
}

/** Names of tensors whose norm is missing or off. */
function farFrom(known: readonly KnownTensor[], found: readonly TensorNorms[], tolerance?: number): string[] {
  const norms = new Map(found.map((tensor) => [tensor.name, tensor]));
  return known.flatMap((tensor) => {
    const norm = norms.get(tensor.name);
    const isNear = norm !== undefined && agrees(tensor, norm, tolerance ?? toleranceOf(norm));
    return isNear ? [] : [`${tensor.name}: ${norm?.l2}, not ${tensor.l2}`];
  });
}

/** Of small types and complex64 the truth has fewer digits. */
function toleranceOf({ dtype }: TensorNorms): number {
  return /^(BF16|F16|F8_\w+|C32|C64)$/.test(dtype) ? 1e-6 : 1e-9;
}

/** The truth leaves NaN and Inf out of norms and counts them. */
function agrees({ l2, nan = 0, inf = 0 }: KnownTensor, found: TensorNorms, tolerance: number): boolean {
  if (nan + inf > 0) {
    return found.nan === nan && found.posInf + found.negInf === inf;
  }
  return l2 === undefined || Math.abs(found.l2 - l2) <= tolerance * l2;
}
