import { fromCheckpoint, toCheckpoint } from "#protocol/checkpoint.ts";
import { ENTRY, GLOBALS, NORMS, UNMEASURED } from "./tensorSamples.ts";
import type { Wire } from "./wires.ts";

const TENSOR_KEY = { name: "w", file: "g.safetensors", tensorKind: "weight" };
const SHOWN = { format: "safetensors", bytes: 24, tensors: [ENTRY, ENTRY], ties: [[1, 0]], notes: ["note"] };

/** Messages of the checkpoint editor that are, and some that are not. */
export const CHECKPOINT_WIRES: readonly Wire[] = [
  {
    what: "a message to the checkpoint view",
    schema: toCheckpoint,
    real: [
      { kind: "index", file: "g.safetensors", ...SHOWN, takenAs: "weight", isFolder: false },
      { kind: "progress", doneBytes: 1, totalBytes: 24, secondsLeft: null, tensors: [NORMS] },
      { kind: "progress", doneBytes: 1, totalBytes: 24, secondsLeft: 3.5, tensors: [] },
      { kind: "cancelled" },
      { kind: "failed", message: "It shrank." },
      { kind: "stale", message: "The file has changed since it was read." },
      { kind: "statistics", ...TENSOR_KEY, norms: NORMS, failure: null },
      { kind: "spectrum", ...TENSOR_KEY, spectrum: null, failure: "It is complex." },
      { kind: "taskProgress", task: "adam", doneBytes: 1, totalBytes: 2, secondsLeft: null },
      { kind: "taskStopped", task: "comparison", message: null },
      { kind: "adam", adam: null },
      {
        kind: "finished",
        groupings: [{ takenAs: "weight", globals: [{ kind: "gradient", norms: GLOBALS }] }],
        unmeasured: [UNMEASURED],
        isCached: false,
        engine: "simd, cpu, 2 threads",
        rates: ["simd on cpu: 15 GB/s"],
        readBytes: 24,
        seconds: 0.1,
        notes: [],
      },
    ],
    wrong: [
      { kind: "index", file: "g.safetensors" },
      { kind: "failed" },
      { kind: "taskStopped", task: "norms", message: null },
      { kind: "statistics", ...TENSOR_KEY, norms: { ...NORMS, l2: null }, failure: null },
    ],
  },
  {
    what: "a message from the checkpoint view",
    schema: fromCheckpoint,
    real: [
      { kind: "ready" },
      { kind: "compute" },
      { kind: "cancel" },
      { kind: "takeAs", tensorKind: "gradient" },
      { kind: "describeTensor", ...TENSOR_KEY },
      { kind: "computeSpectrum", ...TENSOR_KEY },
      { kind: "compare", uri: null },
      { kind: "compare", uri: "file:///run/model.safetensors" },
      { kind: "cancelTask", task: "adam" },
    ],
    wrong: [{ kind: "Compute" }, { kind: "compare" }, { kind: "takeAs", tensorKind: "gradients" }, {}, undefined],
  },
];
