import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Public files with their norms, kept beside the project because they are not ours to publish. */
export const CORPUS = new URL("../../../shared/corpus/checkpoints/", import.meta.url);

export const isCorpusAtHand = existsSync(CORPUS);

export function corpusPath(path: string): string {
  return fileURLToPath(new URL(path, CORPUS));
}

/** What is known of a tensor; what is missing the truth does not tell. */
export interface KnownTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype?: string;
  readonly l2?: number;
  readonly nan?: number;
  readonly inf?: number;
}

export interface KnownCheckpoint {
  /** Of what is opened, from the corpus's root: a file or a folder. */
  readonly path: string;
  readonly tensors: readonly KnownTensor[];
}

/** All files of the corpus, by their paths from its root. */
export function corpusFiles(): readonly string[] {
  const entries = isCorpusAtHand ? readdirSync(CORPUS, { recursive: true, withFileTypes: true }) : [];
  const root = fileURLToPath(CORPUS);
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)).replaceAll(sep, "/"))
    .toSorted();
}

/** Everything whose tensors are known. */
export function knownCheckpoints(): readonly KnownCheckpoint[] {
  return isCorpusAtHand
    ? [...publicFiles(), ...torchFiles(), distributed(), ...tensorflowFiles(), ...otherFiles()]
    : [];
}

type Truth = Readonly<Record<string, Readonly<Record<string, Omit<KnownTensor, "name">>>>>;

function json(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, CORPUS), "utf8").replaceAll(/\b(NaN|-?Infinity)\b/g, '"$1"'));
}

function tensorsOf(truth: Truth, key: string): readonly KnownTensor[] {
  const tensors = truth[key];
  if (tensors === undefined) {
    throw new Error(`the corpus has no truth for ${key}`);
  }
  return Object.entries(tensors).map(([name, tensor]) => ({ ...tensor, name }));
}

/** A tensor that is a whole file has no name there; Gradlens calls it as the file. */
function publicFiles(): readonly KnownCheckpoint[] {
  const known = json("known.json") as Readonly<Record<string, { readonly tensors: readonly KnownTensor[] }>>;
  return Object.entries(known).map(([path, { tensors }]) => {
    const stem = path.slice(path.lastIndexOf("/") + 1).replace(/\.\w+$/, "");
    return { path, tensors: tensors.map((tensor) => ({ ...tensor, name: tensor.name === "" ? stem : tensor.name })) };
  });
}

/** The model of the optimizers' files; of its weights the truth tells no norms. */
const MODEL: readonly KnownTensor[] = [
  { name: "model_state_dict/emb.weight", shape: [11, 8], dtype: "F32" },
  { name: "model_state_dict/ln.weight", shape: [8], dtype: "F32" },
  { name: "model_state_dict/ln.bias", shape: [8], dtype: "F32" },
  { name: "model_state_dict/fc1.weight", shape: [16, 8], dtype: "F32" },
  { name: "model_state_dict/fc1.bias", shape: [16], dtype: "F32" },
  { name: "model_state_dict/fc2.weight", shape: [11, 16], dtype: "F32" },
];

/** Names in fp8.safetensors of tensors of dtypes.pt. */
const FP8_NAMES: Readonly<Record<string, string>> = {
  f8_e4m3fn: "e4m3",
  f8_e5m2: "e5m2",
  f8_e4m3fnuz: "e4m3fnuz",
  f8_e5m2fnuz: "e5m2fnuz",
  c64: "c64",
  empty: "empty",
  scalar: "scalar",
};

function torchFiles(): readonly KnownCheckpoint[] {
  const truth = json("made/torch/truth.json") as Truth;
  const of = (file: string): readonly KnownTensor[] => tensorsOf(truth, `torch/${file}`);
  const files: Readonly<Record<string, readonly KnownTensor[]>> = {
    "dtypes.pt": of("dtypes.pt"),
    "dtypes_proto4.pt": of("dtypes.pt"),
    "legacy_2.13.pt": of("dtypes.pt").filter(({ name }) => ["f32", "f64", "bf16", "empty", "scalar"].includes(name)),
    "fp8.safetensors": of("dtypes.pt").flatMap(({ name, ...tensor }) =>
      FP8_NAMES[name] === undefined ? [] : [{ ...tensor, name: FP8_NAMES[name] }],
    ),
    "grads_last_step.pt": of("grads_last_step.pt"),
    "grads_last_step.safetensors": of("grads_last_step.pt"),
    // Rounded from the same gradients: the norms are those of other numbers, which another test bounds.
    "grads_last_step_bf16.safetensors": of("grads_last_step.pt").map(({ name, shape }) => ({
      name,
      shape,
      dtype: "BF16",
    })),
    "param_with_state.pt": of("param_with_state.pt"),
    // Sparse tensors are listed by their stored values; the quantised ones, q and qc, are not read.
    "special.pt": of("special.pt").flatMap((each) => (each.name.startsWith("q") ? [] : [{ ...each, shape: [2] }])),
  };
  const optimizers = ["adadelta", "adagrad", "adam_amsgrad", "adam_named", "adamax", "nadam", "rmsprop", "sgd"];
  return [
    ...Object.entries(files).map(([file, tensors]) => ({ path: `made/torch/${file}`, tensors })),
    ...optimizers.map((optimizer) => {
      const states = of(`ckpt_${optimizer}.pt`).filter(({ name }) => name.startsWith("state/"));
      const named = states.map((state) => ({ ...state, name: `optimizer_state_dict/${state.name}` }));
      return { path: `made/torch/ckpt_${optimizer}.pt`, tensors: [...MODEL, ...named] };
    }),
  ];
}

/** What torch 2.13's dcp_to_torch_save makes of the folder: shape, norms of the parameter, its first and its second moment. */
const DISTRIBUTED: Readonly<Record<string, readonly [shape: readonly number[], ...norms: number[]]>> = {
  "emb.weight": [[11, 8], 9.071606903836777, 0.01264782344485635, 3.8156759990394264e-6],
  "ln.weight": [[8], 2.8275995399790266, 0.01244664856012918, 7.024276429090611e-6],
  "ln.bias": [[8], 0.010284805789114048, 0.01527205988020137, 1.1343949884795508e-5],
  "fc1.weight": [[16, 8], 2.4500546855400125, 0.04897858524867808, 4.517204321205623e-5],
  "fc1.bias": [[16], 0.8412200779956558, 0.023780522193584345, 1.7717332816339355e-5],
  "fc2.weight": [[11, 16], 1.835593705411618, 0.08039013364618368, 0.00014092478658937326],
};

function distributed(): KnownCheckpoint {
  const tensors = Object.entries(DISTRIBUTED).flatMap(([name, [shape, ...norms]]): KnownTensor[] => {
    const state = `optim.state.${name}`;
    const names = [`model.${name}`, `${state}.exp_avg`, `${state}.exp_avg_sq`];
    return [
      { name: `${state}.step`, shape: [], dtype: "F32", l2: 7 },
      ...names.map((each, at) => ({ name: each, shape, dtype: "F32", l2: norms[at] ?? Number.NaN })),
    ];
  });
  return { path: "made/torch/dcp_single", tensors: [...tensors, { name: "step", shape: [], dtype: "I64", l2: 7 }] };
}

const TENSORFLOW_DTYPES: Readonly<Record<string, string>> = {
  "model/b/.ATTRIBUTES/VARIABLE_VALUE": "BF16",
  "save_counter/.ATTRIBUTES/VARIABLE_VALUE": "I64",
  "step/.ATTRIBUTES/VARIABLE_VALUE": "I64",
};

function tensorflowFiles(): readonly KnownCheckpoint[] {
  const truth = json("made/tf/truth.json") as Readonly<
    Record<string, Readonly<Record<string, Omit<KnownTensor, "name"> & { readonly string?: boolean }>>>
  >;
  return ["ckpt-1", "tf1_part-100"].flatMap((prefix) => {
    const tensors = tensorsOf(truth, prefix)
      .filter((tensor) => !("string" in tensor))
      .map((tensor) => ({ ...tensor, dtype: TENSORFLOW_DTYPES[tensor.name] ?? "F32" }));
    return ["index", "data-00000-of-00001"].map((ending) => ({ path: `made/tf/${prefix}.${ending}`, tensors }));
  });
}

function otherFiles(): readonly KnownCheckpoint[] {
  const truth = json("made/misc_truth.json") as Truth;
  const norms = truth as unknown as Readonly<Record<string, Readonly<Record<string, number>>>>;
  const jax = tensorsOf(truth, "flax/checkpoint_3");
  return [
    // A step that is a plain number is no tensor in MessagePack; Orbax saves it as one.
    { path: "made/flax/checkpoint_3", tensors: jax.filter(({ name }) => name !== "step") },
    {
      path: "made/flax/flax_model.msgpack",
      tensors: jax.flatMap((each) =>
        each.name.startsWith("params/") ? [{ ...each, name: each.name.slice("params/".length) }] : [],
      ),
    },
    ...["ocdbt_zarr3", "noocdbt_zarr2"].map((name) => ({
      path: `made/orbax/${name}`,
      tensors: jax.map((each) => (each.name === "step" ? { ...each, dtype: "I64" } : each)),
    })),
    ...["model.h5", "model.keras"].map((name) => ({
      path: `made/keras/${name}`,
      tensors: tensorsOf(truth, "keras").map((each) => ({
        ...each,
        dtype: each.name === "adam/iteration" ? "I32" : "F32",
        name: name === "model.h5" ? legacyKerasName(each.name) : kerasName(each.name),
      })),
    })),
    {
      path: "made/gguf/mixed.gguf",
      tensors: Object.entries(norms["gguf/mixed.gguf"] ?? {}).map(([name, l2]) => {
        return { name, l2, shape: [4, 256], dtype: name.replace("blk.0.", "").toUpperCase() };
      }),
    },
    {
      path: "made/onnx/inline.onnx",
      tensors: Object.entries(norms["onnx/external.onnx"] ?? {}).map(([name, l2]) => ({
        name,
        l2,
        ...(ONNX[name] ?? { shape: [-1] }),
      })),
    },
    ...arrays(truth),
  ];
}

const ONNX: Readonly<Record<string, Pick<KnownTensor, "shape" | "dtype">>> = {
  W: { shape: [64, 32], dtype: "F32" },
  B: { shape: [32], dtype: "F32" },
  fdata: { shape: [3], dtype: "F32" },
  h: { shape: [2], dtype: "F16" },
  bf: { shape: [2], dtype: "BF16" },
  i64: { shape: [2], dtype: "I64" },
};

function arrays(truth: Truth): readonly KnownCheckpoint[] {
  const all = truth as unknown as Readonly<Record<string, Omit<KnownTensor, "name">>>;
  const of = (stem: string): Omit<KnownTensor, "name"> => all[`npy/${stem}.npy`] ?? { shape: [-1] };
  const stems = ["fortran_f8", "be_f4", "c16", "f2", "zero_d", "empty", "bool", "u8be", "bf16", "v2", "v3"];
  const f8 = { ...of("fortran_f8"), name: "layer.0/weight" };
  return [
    ...stems.map((name) => ({
      path: `made/npy/${name}.npy`,
      tensors: [{ ...of(name === "v2" || name === "v3" ? "fortran_f8" : name), name }],
    })),
    // Of the second array in them the truth tells nothing.
    ...["grads_stored", "grads_deflate"].map((stem) => ({
      path: `made/npy/${stem}.npz`,
      tensors: [f8, { name: "b", shape: [4], dtype: "F64" }],
    })),
  ];
}

/** Keras's names stand behind the groups that its old form puts them in. */
function legacyKerasName(name: string): string {
  const [model, layer] = name.split("/");
  return model === "adam" ? `optimizer_weights/${name}` : `model_weights/${layer}/${name}`;
}

const KERAS_LAYERS: Readonly<Record<string, readonly string[]>> = {
  "layers/dense/vars": ["sequential/d1/kernel", "sequential/d1/bias"],
  "layers/batch_normalization/vars": ["gamma", "beta", "moving_mean", "moving_variance"].map(
    (each) => `sequential/bn/${each}`,
  ),
  "layers/dense_1/vars": ["sequential/d2/kernel", "sequential/d2/bias"],
  "optimizer/vars": [
    "iteration",
    "learning_rate",
    ...["d1_kernel", "d1_bias", "bn_gamma", "bn_beta", "d2_kernel", "d2_bias"].flatMap((each) => [
      `sequential_${each}_momentum`,
      `sequential_${each}_velocity`,
    ]),
  ].map((each) => `adam/${each}`),
};

/** Its new form numbers variables. */
function kerasName(name: string): string {
  const layer = Object.entries(KERAS_LAYERS).find(([, names]) => names.includes(name));
  return layer === undefined ? name : `${layer[0]}/${layer[1].indexOf(name)}`;
}
