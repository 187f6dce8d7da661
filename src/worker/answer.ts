import type { TensorKind } from "#core/tensor.ts";
import { locateInside } from "#files/locate.ts";
import type { NormsProgress, WorkerAnswers, WorkerRequest } from "#protocol/worker.ts";
import { checkPatterns } from "./checkPatterns.ts";
import { reportEngines } from "./chooseEngine.ts";
import { computeNorms, threadCount } from "./computeNorms.ts";
import { compareCheckpoints } from "./pairs/compareCheckpoints.ts";
import { findRuns } from "./findRuns.ts";
import { openCheckpoint } from "./openCheckpoint.ts";
import { findConfig } from "./readConfig.ts";
import { readLog } from "./readLog.ts";
import { mergeSharesIn } from "./shares/readShares.ts";
import { readLogEnd } from "./readLogEnd.ts";
import { withKinds } from "./takenAs.ts";

export interface AnswerOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: NormsProgress) => void;
}

/** Answers one request from the request alone: nothing is kept for the next. */
export async function answer(
  request: WorkerRequest,
  options: AnswerOptions,
): Promise<WorkerAnswers[keyof WorkerAnswers]> {
  switch (request.kind) {
    case "discoverRuns": {
      const { folder, maxEntries, customPatterns } = request;
      const { runs, truncated } = await findRuns(folder, { maxEntries, customPatterns, signal: options.signal });
      return { runs, truncated };
    }
    case "readLog":
      return readLog(request.path, request.position, request.customPatterns);
    case "readLogEnd":
      return readLogEnd(request.path, request.position, request.customPatterns);
    case "checkPatterns":
      return checkPatterns(request.customPatterns);
    case "findConfig":
      return findConfig(request.folder);
    case "indexCheckpoint":
      return indexCheckpoint(request.path, request.takenAs);
    case "reportEngines": {
      const { chosen, rates } = await reportEngines(threadCount(request.threads));
      return { chosen: { name: chosen.name, device: chosen.device }, rates }; // What creates an engine cannot be sent.
    }
    case "computeNorms":
      // The tensors went out as progress.
      return { ...(await computeNorms(request.path, { ...request, ...options })), tensors: [] };
    case "compareCheckpoints":
      return compareCheckpoints(request.before, request.after, { threads: request.threads, ...options });
    case "locate":
      return Promise.all(request.paths.map(async (path) => locateInside(path, request.roots)));
    case "mergeShares": {
      const norms = await mergeSharesIn(request.folder);
      const { bytes, tensors } = norms;
      options.onProgress({ doneBytes: bytes, totalBytes: bytes, secondsLeft: 0, tensors });
      return { ...norms, tensors: [] };
    }
  }
}

async function indexCheckpoint(path: string, takenAs?: TensorKind): Promise<WorkerAnswers["indexCheckpoint"]> {
  const { format, bytes, tensors, notes, close } = await openCheckpoint(path);
  await close();
  return { format, bytes, tensors: withKinds(tensors, takenAs), notes };
}
