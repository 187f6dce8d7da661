import { descriptionOf } from "#core/tensor.ts";
import { storedBytes } from "#core/tensorPart.ts";
import { createStorageNumbers } from "#core/ties.ts";
import type { DeviceChoice, EngineChoice } from "#core/device.ts";
import { PART_SCHEMA } from "#protocol/normsPart.ts";
import type { Fingerprint, NormsPart, PartTensor, Share } from "#protocol/normsPart.ts";
import { chooseEngine } from "../norms/chooseEngine.ts";
import { threadCount } from "../norms/computeNorms.ts";
import type { NormsOptions } from "../norms/computeNorms.ts";
import type { OpenCheckpoint } from "../checkpoints/openCheckpoint.ts";
import { createProgress } from "../norms/progress.ts";
import { isThreaded, reduceCheckpoint } from "../norms/reduceCheckpoint.ts";
import type { ReductionTools } from "../norms/reduceCheckpoint.ts";
import { sortReducible } from "../norms/reducibleTensors.ts";
import type { RefusedTensor, ReducibleTensor } from "../norms/reducibleTensors.ts";
import { noteOnKinds, withKinds } from "../checkpoints/takenAs.ts";
import { withCheckpoint } from "../checkpoints/withCheckpoint.ts";
import { cutShare } from "./cutShare.ts";
import type { OwnWork } from "./cutShare.ts";
import { fingerprintOf } from "./fingerprint.ts";

export interface ShareOptions extends Omit<NormsOptions, "hasAlternatives"> {
  readonly share: Share;
  /** What `isWanted` was made of. */
  readonly only?: string;
  /** A part of the same share that is there already, if there is one: taken when it belongs to this very computation. */
  readonly existing?: (fingerprint: Fingerprint) => Promise<NormsPart | undefined>;
}

/** Reduces one share of a checkpoint. Rejects with a sentence for people. */
export async function computeShare(path: string, options: ShareOptions): Promise<NormsPart> {
  return withCheckpoint(path, async (checkpoint) => shareOf(checkpoint, path, options));
}

async function shareOf(checkpoint: OpenCheckpoint, path: string, options: ShareOptions): Promise<NormsPart> {
  const { share, isFull = false, isWanted = () => true, takenAs, only, existing } = options;
  const notes = [...checkpoint.notes, ...noteOnKinds(checkpoint.tensors, takenAs)];
  const threads = threadCount(options.threads);
  const { engine } = await chooseEngine({ ...sameOnAllMachines(options), threads }, notes);
  try {
    const wanted = withKinds(checkpoint.tensors.filter(isWanted), takenAs);
    const labels = { full: isFull, only: only ?? null, kind: takenAs ?? null };
    const fingerprint = fingerprintOf({ checkpoint, wanted, engine, options: labels });
    const before = await existing?.(fingerprint);
    if (before !== undefined) {
      return before;
    }
    const startMs = performance.now();
    const { reducible, refused } = sortReducible(wanted);
    const own = cutShare(reducible, share, engine.staging.chunkElements);
    const results = await reduceOwn(own, { checkpoint, engine, threads }, options);
    const storages = storagesOf(reducible);
    return {
      schema: PART_SCHEMA,
      source: path,
      share,
      fingerprint: { ...fingerprint, engine: { name: engine.name, device: engine.device } }, // A device may have failed.
      format: checkpoint.format,
      files: [...new Set(checkpoint.tensors.map(({ file }) => file))],
      bytes: checkpoint.bytes,
      threads: isThreaded({ engine }) ? threads : engine.threads,
      notes,
      tensorCount: reducible.length,
      tensors: results.map((result) => describeResult(result, storages)),
      refused: share.index === 1 ? refused.map(describeRefused) : [],
      readBytes: bytesOf(own),
      seconds: (performance.now() - startMs) / 1000,
    };
  } finally {
    await engine.dispose();
  }
}

/** Machines may differ in what is fastest, and bits differ between engines: all shares take the one that runs everywhere. */
function sameOnAllMachines({ engine = "auto", device = "auto" }: ShareOptions): {
  readonly engine: EngineChoice;
  readonly device: DeviceChoice;
} {
  return { engine: engine === "auto" && (device === "auto" || device === "cpu") ? "simd" : engine, device };
}

type OwnTools = Pick<ReductionTools, "checkpoint" | "engine" | "threads">;

/** What the share's chunks of each tensor give, in the order of the tensors. */
async function reduceOwn(
  own: readonly OwnWork[],
  tools: OwnTools,
  { isFull = false, signal, onProgress }: ShareOptions,
): Promise<readonly OwnResult[]> {
  const progress = createProgress(bytesOf(own), onProgress);
  const results: OwnResult[] = [];
  await reduceCheckpoint(own, {
    ...tools,
    isFull,
    signal,
    onAdvance: progress.advance,
    onSums(work, sums) {
      results.push({ work, sums });
      progress.finish(work.bytes);
    },
    onDamage: (work, damage) => void results.push({ work, sums: null, damage }),
  });
  progress.flush();
  return results.toSorted((a, b) => a.work.place - b.work.place);
}

interface OwnResult extends Pick<PartTensor, "sums" | "damage"> {
  readonly work: OwnWork;
}

function bytesOf(own: readonly OwnWork[]): number {
  return own.reduce((total, { bytes }) => total + bytes, 0);
}

function storagesOf(tensors: readonly ReducibleTensor[]): readonly number[] {
  const numberOf = createStorageNumbers();
  return tensors.map(({ entry }) => numberOf(entry));
}

function describeResult({ work, ...result }: OwnResult, storages: readonly number[]): PartTensor {
  const { entry, place, chunks, chunkCount } = work;
  const bytes = storedBytes(entry);
  const storage = storages[place] ?? place;
  return { ...descriptionOf(entry), place, storage, bytes, chunks: { ...chunks, of: chunkCount }, ...result };
}

function describeRefused({ entry, why }: RefusedTensor): NormsPart["refused"][number] {
  return { ...descriptionOf(entry), why };
}
