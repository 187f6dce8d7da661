import type { WorkerRequest } from "#protocol/worker.ts";
import type { NormsProgress, WorkerAnswers } from "#protocol/workerAnswers.ts";
import { completeShares, findMissingShares } from "./completeShares.ts";
import { mergeSharesIn } from "./readShares.ts";

const KINDS = [
  "mergeShares",
  "findMissingShares",
  "completeShares",
] as const satisfies readonly WorkerRequest["kind"][];

/** Requests about what several machines compute together. */
export type SharesRequest = Extract<WorkerRequest, { kind: (typeof KINDS)[number] }>;

export function isAboutShares(request: WorkerRequest): request is SharesRequest {
  return KINDS.some((kind) => kind === request.kind);
}

interface Options {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: NormsProgress) => void;
}

export async function answerAboutShares(
  request: SharesRequest,
  options: Options,
): Promise<WorkerAnswers[SharesRequest["kind"]]> {
  switch (request.kind) {
    case "mergeShares": {
      const norms = await mergeSharesIn(request.folder);
      const { bytes, tensors } = norms;
      options.onProgress({ doneBytes: bytes, totalBytes: bytes, secondsLeft: 0, tensors });
      return { ...norms, tensors: [] };
    }
    case "findMissingShares":
      return findMissingShares(request.folder);
    case "completeShares":
      await completeShares(request.folder, { ...request, ...options });
      return null;
  }
}
