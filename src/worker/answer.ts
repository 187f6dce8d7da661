import type { TensorKind } from "#core/tensor.ts";
import type { NormsProgress, WorkerAnswers, WorkerRequest } from "#protocol/worker.ts";
import { answerAboutRuns, isAboutRuns } from "./answerAboutRuns.ts";
import { reportEngines } from "./chooseEngine.ts";
import { computeNorms, threadCount } from "./computeNorms.ts";
import { compareCheckpoints } from "./pairs/compareCheckpoints.ts";
import { openCheckpoint } from "./openCheckpoint.ts";
import { mergeSharesIn } from "./shares/readShares.ts";
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
  if (isAboutRuns(request)) {
    return answerAboutRuns(request, options.signal);
  }
  switch (request.kind) {
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
