import type { SeriesChunk } from "#core/series.ts";
import type { Run } from "#store/run.ts";
import type { createRunStore } from "#store/runStore.ts";
import { GLOBAL, batch, tensorKey } from "./logs.ts";

const LOG = { path: "/run/metrics.jsonl", format: "jsonl" } as const;
const ROLES = ["attn.q_proj", "attn.o_proj", "mlp.up_proj", "mlp.down_proj", "ln_1"];

export interface LayeredRun {
  readonly blocks: number;
  readonly steps: number;
  /** Changes the norms of a tensor before they are logged; steps begin at 1. */
  readonly change?: (name: string, values: Float64Array) => void;
}

/** Norms of a made-up transformer that fall with depth and waver: five tensors in each block, an embedding and a head. */
export function layeredRun(store: ReturnType<typeof createRunStore>, { blocks, steps, change }: LayeredRun): Run {
  const run = store.setFiles({ folder: "/run", logs: [LOG], checkpoints: [], modifiedMs: 0 });
  const numbers = Float64Array.from({ length: steps }, (_, index) => index + 1);
  const squares = new Float64Array(steps);
  const chunkOf = (key: SeriesChunk | ReturnType<typeof tensorKey>, values: Float64Array): SeriesChunk => {
    return { ...key, steps: numbers, values, lines: numbers.map((step) => step - 1) };
  };
  const chunks = namesOf(blocks).map((name, tensor) => {
    const level = 0.2 * 0.9 ** Math.floor(tensor / ROLES.length) * (1 + (tensor % 3));
    const values = numbers.map((step) => level * (1 + 0.3 * Math.sin(step * 0.37 + tensor) ** 2));
    change?.(name, values);
    values.forEach((value, index) => (squares[index] = (squares[index] ?? 0) + value * value));
    return chunkOf(tensorKey(name), values);
  });
  store.append(run.id, LOG, batch([chunkOf(GLOBAL, squares.map(Math.sqrt)), ...chunks]));
  return run;
}

function namesOf(blocks: number): readonly string[] {
  const inBlocks = Array.from({ length: blocks }, (_, block) =>
    ROLES.map((role) => `model.layers.${block}.${role}.weight`),
  );
  return ["model.embed_tokens.weight", ...inBlocks.flat(), "lm_head.weight"];
}
