import { createPartOpener } from "#codings/decoded.ts";
import { isDamage } from "#codings/damage.ts";
import type { CheckpointIndex } from "#core/checkpoint.ts";
import type { Outcome } from "#core/outcome.ts";
import { fileReaderFor, folderReaderFor } from "#readers/checkpoints/readers.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { reduceTensor } from "#reduction/reduce.ts";

import { memoryFolder } from "./memoryFolder.ts";
import type { Random } from "./random.ts";
import { concat, sourceOf } from "./safetensors.ts";

/** A checkpoint in memory: its files, and the one that is opened; without it the folder is. */
export interface Seed {
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly opened?: string;
}

/** The checkpoint with some bytes of one of its files changed, cut out, put in, or moved. */
export function mutated({ files, opened }: Seed, random: Random): Seed {
  const name = random.pick(Object.keys(files));
  let bytes = files[name] ?? new Uint8Array();
  for (let times = 1 + random.below(3); times > 0; times -= 1) {
    bytes = random.pick(MUTATIONS)(bytes, random);
  }
  return { files: { ...files, [name]: bytes }, ...(opened === undefined ? {} : { opened }) };
}

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

const SPECIAL: readonly number[] = [0, 1, 0x7f, 0x80, 0xfe, 0xff];

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => withByte(bytes, random.below(bytes.length), 1 << random.below(8), true),
  (bytes, random) => withByte(bytes, random.below(bytes.length), random.below(256), false),
  (bytes, random) => withByte(bytes, random.below(bytes.length), random.pick(SPECIAL), false),
  (bytes, random) => {
    const at = random.below(bytes.length);
    const run = new Uint8Array(random.pick([2, 4, 8])).fill(random.pick(SPECIAL));
    return concat([bytes.subarray(0, at), run, bytes.subarray(at + run.length)]);
  },
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => {
    const at = random.below(bytes.length + 1);
    return concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(16))]);
  },
  (bytes, random) => {
    const at = random.below(bytes.length + 1);
    return concat([bytes.subarray(0, at), random.bytes(1 + random.below(16)), bytes.subarray(at)]);
  },
  (bytes, random) => {
    const [from, to, length] = [random.below(bytes.length), random.below(bytes.length), 1 + random.below(64)];
    return concat([bytes.subarray(0, to), bytes.subarray(from, from + length), bytes.subarray(to + length)]);
  },
];

function withByte(bytes: Uint8Array, at: number, value: number, isFlip: boolean): Uint8Array {
  const copy = bytes.slice();
  copy[at] = isFlip ? (copy[at] ?? 0) ^ value : value;
  return copy;
}

/**
 * Reads a checkpoint and computes all norms of it, and says how it ended. Rejects when a reader does, or when anything but
 * damaged data makes a norm fail.
 */
export async function attempt({ files, opened }: Seed, engine: ReductionEngine): Promise<string> {
  const index = await readIndex({ files, ...(opened === undefined ? {} : { opened }) });
  if (index.kind !== "ok") {
    return index.kind;
  }
  const ends = new Set<string>();
  for (const entry of index.value.tensors) {
    const opener = createPartOpener();
    try {
      const open: Parameters<typeof reduceTensor>[1]["open"] = (part) =>
        opener.open(part, async (target, offset) => {
          target.set(await sourceOf(files[part.file] ?? new Uint8Array(), part.file).read(offset, target.length));
        });
      ends.add((await reduceTensor(engine, { entry, open })).kind);
    } catch (error) {
      if (!isDamage(error)) {
        throw error;
      }
      ends.add("damage");
    } finally {
      await opener.close();
    }
  }
  return ["ok", ...ends].join(" ");
}

async function readIndex({ files, opened }: Seed): Promise<Outcome<CheckpointIndex>> {
  const folder = memoryFolder(files);
  if (opened === undefined) {
    const reader = folderReaderFor(await folder.list());
    return reader === undefined ? { kind: "unsupported", what: "no checkpoint" } : reader.readIndex(folder);
  }
  const source = sourceOf(files[opened] ?? new Uint8Array(), opened);
  const reader = await fileReaderFor(source);
  return reader.kind === "ok" ? reader.value.readIndex(source, folder) : reader;
}
