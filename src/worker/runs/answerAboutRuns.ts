import { packed } from "#core/packedChunks.ts";
import { isGone } from "#files/gone.ts";
import { locateInside } from "#files/locate.ts";
import { stampOf } from "#files/stamp.ts";
import type { WorkerRequest } from "#protocol/worker.ts";
import type { WorkerAnswers } from "#protocol/workerAnswers.ts";
import { checkPatterns } from "./checkPatterns.ts";
import { findRuns } from "./findRuns.ts";
import { parseLines } from "./parseLines.ts";
import { findConfig } from "./readConfig.ts";
import { readLastLine, readLog } from "./readLog.ts";
import { readLogEnd } from "./readLogEnd.ts";

const KINDS = [
  "discoverRuns",
  "locate",
  "stamp",
  "findConfig",
  "checkPatterns",
  "readLog",
  "readLogEnd",
  "readLastLine",
  "parseLines",
] as const satisfies readonly WorkerRequest["kind"][];

/** Requests about runs, their logs and where they lie; no tensor is read for them. */
export type RunRequest = Extract<WorkerRequest, { kind: (typeof KINDS)[number] }>;

export function isAboutRuns(request: WorkerRequest): request is RunRequest {
  return KINDS.some((kind) => kind === request.kind);
}

export async function answerAboutRuns(
  request: RunRequest,
  signal: AbortSignal,
): Promise<WorkerAnswers[RunRequest["kind"]]> {
  switch (request.kind) {
    case "discoverRuns":
      return discoverRuns(request, signal);
    case "locate":
      return Promise.all(request.paths.map(async (path) => locateInside(path, request.roots)));
    case "stamp":
      return Promise.all(request.paths.map(stampOf));
    case "findConfig":
      return findConfig(request.folder, request.top);
    case "checkPatterns":
      return checkPatterns(request.customPatterns);
    case "readLog":
      return packed(await readLog(request.path, request.position, request.customPatterns));
    case "readLogEnd": {
      const end = await readLogEnd(request.path, request.position, request.customPatterns);
      return end && packed(end);
    }
    case "readLastLine":
      return packed(await readLastLine(request.path, request.position, request.customPatterns));
    case "parseLines": {
      const batch = parseLines(request);
      return batch && packed(batch);
    }
  }
}

type Discover = Extract<RunRequest, { kind: "discoverRuns" }>;

/** A folder that was deleted has no runs; one that cannot be read may have, so that fails. */
async function discoverRuns(request: Discover, signal: AbortSignal): Promise<WorkerAnswers["discoverRuns"]> {
  const { kind: _, folder, ...options } = request;
  return (await isGone(folder)) ? NOTHING_FOUND : findRuns(folder, { ...options, signal });
}

const NOTHING_FOUND: WorkerAnswers["discoverRuns"] = { runs: [], truncated: false, unreadable: [] };
