import { unpacked } from "#core/packedChunks.ts";
import type { LogSource } from "#following/logSource.ts";
import { takeTurns } from "#core/takeTurns.ts";
import type { WorkerClient } from "./workerClient.ts";

// Each read keeps up to 8 MB of a log and what is in it in the memory of both processes, and one thread reads them all.
const MOST_READS = 3;

/** Logs as the worker reads them; linked ones too, unless `skipsLinks` says otherwise. */
export function logsOf({ request }: Pick<WorkerClient, "request">, skipsLinks = (): boolean => false): LogSource {
  const inTurn = takeTurns(MOST_READS);
  return {
    findRuns: async (folder, options) =>
      request<"discoverRuns">({ kind: "discoverRuns", folder, skipsLinks: skipsLinks(), ...options }),
    readLog: async (path, position, customPatterns, onBegin) =>
      inTurn(async () => {
        onBegin?.();
        return unpacked(await request<"readLog">({ kind: "readLog", path, position, customPatterns }));
      }),
    async readLogEnd(path, position, customPatterns) {
      const end = await request<"readLogEnd">({ kind: "readLogEnd", path, position, customPatterns });
      return end && unpacked(end);
    },
  };
}
