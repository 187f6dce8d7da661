import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { FileAccess, RunChoices } from "#answers/fileAccess.ts";
import { ignores, rulesOf } from "#core/config.ts";
import type { ConfigFile } from "#core/config.ts";
import { locateInside } from "#files/locate.ts";
import { computeNorms } from "#worker/computeNorms.ts";
import { findRuns } from "#worker/findRuns.ts";
import { openCheckpoint } from "#worker/openCheckpoint.ts";
import { measureAdamOf } from "#worker/pairs/measureAdamOf.ts";
import { findConfig } from "#worker/readConfig.ts";
import { readLastLine, readLog } from "#worker/readLog.ts";
import { withKinds } from "#worker/takenAs.ts";
import { UsageError, parseCommand } from "../usage.ts";
import type { Question } from "./serve.ts";

/** Serves the answers to agents over stdio, until the client closes its end. */
export async function runMcp(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { paths } = parseCommand(args, {});
  const roots = paths.map((path) => resolve(path));
  for (const root of roots) {
    if ((await locateInside(root, [root])) === null) {
      throw new UsageError(`${root}: no such file or folder`);
    }
  }
  // The protocol's library is larger than all the rest of the program, so the build makes a file of its own of it.
  const { serve } = await import("./serve.ts");
  await serve({ accessFor: (question) => accessTo(roots, question), signal });
  return 0;
}

// Enough for any project; a data set with a million files must not hold up an answer.
const MAX_ENTRIES = 20_000;
const MAX_SAMPLES = 20_000_000;

/** Reads in this process what lies in the roots, until the question is cancelled. */
function accessTo(roots: readonly string[], { signal, onProgress }: Question): FileAccess {
  return {
    roots,
    nowMs: Date.now(),
    maxSamples: MAX_SAMPLES,
    locate: async (paths) => Promise.all(paths.map(async (path) => locateInside(path, roots))),
    choicesFor: async (path) => choicesIn(await findConfig(path)),
    discoverRuns: async (folder, customPatterns) =>
      findRuns(folder, { maxEntries: MAX_ENTRIES, customPatterns, signal }),
    async readLog(path, position, logPatterns) {
      signal.throwIfAborted();
      return readLog(path, position, logPatterns);
    },
    readLastLine,
    async indexCheckpoint(path, takenAs) {
      const { close, tensors, ...index } = await openCheckpoint(path);
      await close();
      return { ...index, tensors: withKinds(tensors, takenAs) };
    },
    computeNorms: async (path, takenAs) =>
      computeNorms(path, { threads: 0, signal, onProgress, ...(takenAs === undefined ? {} : { takenAs }) }),
    measureAdam: async (path) => measureAdamOf(path, { threads: 0, signal, onProgress }),
    async pause() {
      await setImmediate();
      signal.throwIfAborted();
    },
  };
}

/** As `gradlens check` reads it. */
function choicesIn(config: ConfigFile | null): RunChoices {
  return {
    rules: rulesOf(config),
    isIgnored: (finding) => ignores(config, finding),
    logPatterns: config?.config.logPatterns ?? [],
  };
}
