import { join } from "node:path";
import { DEVICES } from "#core/device.ts";
import { toJson } from "#core/json.ts";
import { writeAtomically } from "#files/written/writeAtomically.ts";
import type { NormsPart } from "#protocol/normsPart.ts";
import type { MissingShares, NormsProgress } from "#protocol/workerAnswers.ts";
import { t } from "@vscode/l10n";
import { computeShare } from "./computeShare.ts";
import type { ShareOptions } from "./computeShare.ts";
import { difference } from "./fingerprint.ts";
import { partName } from "./partName.ts";
import { missingShares } from "./partSet.ts";
import { readSharesIn } from "./readShares.ts";

/** Which shares of a computation a folder does not have. Rejects with a sentence for people when it has none at all. */
export async function findMissingShares(folder: string): Promise<MissingShares> {
  const parts = await readSharesIn(folder);
  return { missing: [...missingShares(parts)], count: parts[0].share.count };
}

export interface CompleteOptions {
  /** The checkpoint's path. */
  readonly path: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: NormsProgress) => void;
}

/** Computes the missing shares on this machine and puts them beside the others. Rejects with a sentence for people. */
export async function completeShares(folder: string, options: CompleteOptions): Promise<void> {
  const parts = await readSharesIn(folder);
  for (const index of missingShares(parts)) {
    const part = await computeShare(options.path, { ...options, ...optionsOf(parts[0], index) });
    const reason = difference(parts[0].fingerprint, part.fingerprint);
    if (reason !== undefined) {
      throw new Error(t("Share {0} does not belong to the others: {1}. Run all tasks again.", index, reason));
    }
    await writeAtomically(join(folder, partName(part.share)), `${toJson(part)}\n`);
  }
}

/** What the other shares were computed with. */
function optionsOf({ fingerprint, share }: NormsPart, index: number): Omit<ShareOptions, "threads"> {
  const { engine, options } = fingerprint;
  if (options.only !== null) {
    throw new Error(t("The other shares were computed with --only. Submit the job again, or complete it by hand."));
  }
  return {
    share: { index, count: share.count },
    isFull: options.full,
    engine: engine.name === "onnxruntime" ? "onnxruntime" : "simd",
    device: DEVICES.find((device) => device === engine.device) ?? "cpu",
    ...(options.kind === null ? {} : { takenAs: options.kind }),
  };
}
