import type { TensorEntry, TensorKind } from "#core/tensor.ts";
import { createStorageNumbers } from "#core/ties.ts";
import type { Tie } from "#core/ties.ts";
import type { WorkerRequest } from "#protocol/worker.ts";
import type { CheckpointListing, CheckpointNorms, NormsProgress, WorkerAnswers } from "#protocol/workerAnswers.ts";
import { answerAboutRuns, isAboutRuns } from "./runs/answerAboutRuns.ts";
import { cachedNorms, knownNorms } from "./norms/cachedNorms.ts";
import { reportEngines } from "./norms/chooseEngine.ts";
import { computeNorms, threadCount } from "./norms/computeNorms.ts";
import { computeSpectrum } from "./norms/computeSpectrum.ts";
import { compareCheckpoints } from "./pairs/compareCheckpoints.ts";
import { measureAdamOf } from "./pairs/measureAdamOf.ts";
import { openCheckpoint } from "./checkpoints/openCheckpoint.ts";
import { answerAboutShares, isAboutShares } from "./shares/answerAboutShares.ts";
import { withKinds } from "./checkpoints/takenAs.ts";

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
  if (isAboutShares(request)) {
    return answerAboutShares(request, options);
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
      return { ...(await normsFor(request, options)), tensors: [] };
    case "knownNorms": {
      const norms = await knownNorms(request.path, { ...request, onProgress: options.onProgress });
      return norms && { ...norms, tensors: [] };
    }
    case "computeSpectrum":
      return computeSpectrum(request.path, request.name, options.signal);
    case "measureAdam":
      return measureAdamOf(request.path, { threads: request.threads, ...options });
    case "compareCheckpoints":
      return compareCheckpoints(request.before, request.after, { threads: request.threads, ...options });
  }
}

type NormsRequest = Extract<WorkerRequest, { kind: "computeNorms" }>;

/** Only norms of all tensors, with every kind they may be of, serve any later request. */
async function normsFor(
  { path, cache, only, ...request }: NormsRequest,
  options: AnswerOptions,
): Promise<CheckpointNorms> {
  if (cache !== undefined && only === undefined && request.takenAs === undefined && request.isFull !== true) {
    return cachedNorms(path, { ...request, ...options, cache });
  }
  const isWanted = (tensor: TensorEntry): boolean => only === undefined || tensor.name === only;
  return computeNorms(path, { ...request, ...options, isWanted });
}

async function indexCheckpoint(path: string, takenAs?: TensorKind): Promise<CheckpointListing> {
  const { format, bytes, tensors, sources, notes, close } = await openCheckpoint(path);
  await close();
  const files = sources.map(([, source]) => source.path);
  return { format, bytes, tensors: withKinds(tensors, takenAs), ties: tiesOf(tensors), files, notes };
}

function tiesOf(tensors: readonly TensorEntry[]): Tie[] {
  const numberOf = createStorageNumbers();
  return tensors.flatMap((tensor, at): Tie[] => {
    const first = numberOf(tensor);
    return first < at && tensor.elements > 0 ? [[at, first]] : [];
  });
}
