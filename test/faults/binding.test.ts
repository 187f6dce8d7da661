import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { EngineReport } from "#core/device.ts";
import type { WorkerRequest } from "#protocol/worker.ts";
import { createFaultyWorker } from "./faultyWorker.ts";
import type { FaultyWorker } from "./faultyWorker.ts";
import { ask, createScene } from "./requests.ts";
import type { Asked, Scene } from "./requests.ts";
import { createTally, IS_LONG } from "./rounds.ts";

// onnxruntime is not there, or not what it should be: norms come all the same, by the engine that every machine has.

const MODULES = join(import.meta.dirname, "../../node_modules");

let scene: Scene;
let norms: Asked;
let truth: unknown;
beforeAll(async () => {
  scene = await createScene();
  [norms] = scene.asked.filter(({ what }) => what === "norms") as [Asked];
  await withWorker(
    "whole",
    () => undefined,
    async ({ client }) => {
      truth = await ask(client, norms.request);
    },
  );
});
afterAll(async () => scene.dispose());

/** The library in the program's folder, as a copy that may be damaged. */
interface Library {
  readonly folder: string;
  /** The native parts: the binding, and onnxruntime itself. */
  readonly native: (name: "onnxruntime_binding.node" | "libonnxruntime") => string;
}

type Damage = (library: Library) => void;

const cutInHalf: Damage = ({ native }) => {
  const path = native("onnxruntime_binding.node");
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length / 2));
};

const instead =
  (code: string): Damage =>
  ({ folder }) =>
    writeFileSync(join(folder, "dist", "index.js"), code);

/** A session that runs, and counts a half of every square. */
const WRONG = `
  const { Tensor } = require("onnxruntime-common");
  exports.Tensor = Tensor;
  exports.InferenceSession = { create: async () => ({
    release: async () => undefined,
    run: async ({ x }) => {
      const [rows, columns] = x.dims;
      const half = Float32Array.from({ length: rows }, (_, row) => x.data.subarray(row * columns, (row + 1) * columns).reduce((sum, value) => sum + (value * value) / 2, 0));
      return { squareSums: { data: half }, squareMaxima: { data: half } };
    },
  }) };`;

const DAMAGES: readonly { readonly how: string; readonly damage: Damage }[] = [
  { how: "is not there", damage: ({ folder }) => rmSync(folder, { recursive: true }) },
  { how: "has no native binding", damage: ({ native }) => rmSync(native("onnxruntime_binding.node")) },
  { how: "has an empty binding", damage: ({ native }) => writeFileSync(native("onnxruntime_binding.node"), "") },
  {
    how: "has a text in the binding's place",
    damage: ({ native }) => writeFileSync(native("onnxruntime_binding.node"), "not found\n"),
  },
  { how: "lacks its library", damage: ({ native }) => rmSync(native("libonnxruntime")) },
  {
    how: "has a damaged library",
    damage({ native }) {
      const path = native("libonnxruntime");
      rmSync(path);
      writeFileSync(path, Buffer.alloc(100_000, 7));
    },
  },
  {
    how: "has a package.json that is no JSON",
    damage: ({ folder }) => writeFileSync(join(folder, "package.json"), "{"),
  },
  { how: "throws while it is loaded", damage: instead("throw new Error('blocked by the system');") },
  {
    how: "has no sessions",
    damage: instead(
      "exports.InferenceSession = { create: async () => { throw new Error('no provider'); } }; exports.Tensor = class {};",
    ),
  },
  { how: "gives wrong sums", damage: instead(WRONG) },
];

/** In a short run one of each kind: no package, no binding, no library, no sessions, no right sums. */
const SHORT = ["is not there", "has an empty binding", "lacks its library", "has no sessions", "gives wrong sums"];

test.for(DAMAGES.filter(({ how }) => IS_LONG || SHORT.includes(how)))(
  "where onnxruntime $how, norms are the same and the engines' report says why",
  async ({ how, damage }, context) => {
    const { time } = createTally(context);
    await withWorker(how, damage, async ({ client }) => {
      expect(await time(async () => ask(client, norms.request))).toEqual(truth);
      const { chosen, rates } = (await ask(client, { kind: "reportEngines", threads: 1 })) as EngineReport;
      const onnxruntime = rates.find(({ name }) => name === "onnxruntime");
      expect([chosen.name, onnxruntime?.bytesPerSecond, onnxruntime?.note]).toEqual([
        "simd",
        null,
        expect.stringMatching(/^[^\n]{20,300}$/),
      ]);
      const asked = { ...norms.request, engine: "onnxruntime" } as typeof norms.request;
      const { tensors, notes } = (await ask(client, asked)) as {
        readonly tensors: readonly unknown[];
        readonly notes: readonly string[];
      };
      expect([tensors.length, notes.some((note) => note.includes("A slower engine was used."))]).toEqual([600, true]);
    });
  },
);

test.for([
  { how: "has half a binding", damage: cutInHalf, reason: "SIGBUS" }, // What is mapped beyond the file's end.
  { how: "ends the process while it is loaded", damage: instead("process.abort();"), reason: "SIGABRT" },
  {
    how: "never comes back from being loaded",
    damage: instead("for (;;);"),
    reason: expect.stringMatching(/^no sign of life for \d+ s$/) as string,
  },
])(
  "where onnxruntime $how, the request is asked once more, and norms are the same",
  async ({ how, damage, reason }, context) => {
    const { time } = createTally(context);
    await withWorker(how, damage, async ({ client }) => {
      expect(await time(async () => ask(client, norms.request))).toEqual(truth);
      expect([client.state().lastCrash?.reason, await ask(client, norms.request)]).toEqual([reason, truth]);
      const asked = await client.request<"computeNorms">({ ...norms.request, engine: "onnxruntime" } as Computing);
      expect([asked.engine.name, asked.notes.at(-1)]).toEqual([
        "simd",
        expect.stringMatching(/^The compute worker stopped twice \(.*\), so the engine simd was used\.$/),
      ]);
    });
  },
);

type Computing = Extract<WorkerRequest, { kind: "computeNorms" }>;

/** A worker with a copy of the library, and a machine of its own: what was measured elsewhere is not known to it. */
async function withWorker(how: string, damage: Damage, use: (worker: FaultyWorker) => Promise<void>): Promise<void> {
  const folder = join(scene.path, how);
  vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
  const worker = await createFaultyWorker(folder, { hangMs: 1500 });
  damage(copyLibrary(join(folder, "node_modules")));
  try {
    await use(worker);
  } finally {
    worker.client.dispose();
    vi.unstubAllEnvs();
  }
}

/** Only what a test may damage is copied; the library of some ten megabytes is linked. */
function copyLibrary(modules: string): Library {
  rmSync(modules);
  mkdirSync(modules);
  symlinkSync(join(MODULES, "onnxruntime-common"), join(modules, "onnxruntime-common"), "junction");
  const [from, folder] = [MODULES, modules].map((each) => join(each, "onnxruntime-node")) as [string, string];
  cpSync(join(from, "dist"), join(folder, "dist"), { recursive: true });
  copyFileSync(join(from, "package.json"), join(folder, "package.json"));
  const place = join("bin", "napi-v6", process.platform, process.arch);
  mkdirSync(join(folder, place), { recursive: true });
  for (const name of readdirSync(join(from, place))) {
    const copy = name.endsWith(".node") ? copyFileSync : symlinkSync;
    copy(join(from, place, name), join(folder, place, name));
  }
  const native: Library["native"] = (start) => {
    const name = readdirSync(join(folder, place)).find((each) => each.startsWith(start));
    return join(folder, place, name ?? start);
  };
  return { folder, native };
}
