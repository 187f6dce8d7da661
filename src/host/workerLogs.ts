import type { LogSource } from "#following/logSource.ts";
import type { WorkerClient } from "./workerClient.ts";

/** Logs as the worker reads them; linked ones too, unless `skipsLinks` says otherwise. */
export function logsOf({ request }: Pick<WorkerClient, "request">, skipsLinks = (): boolean => false): LogSource {
  return {
    findRuns: async (folder, options) =>
      request<"discoverRuns">({ kind: "discoverRuns", folder, skipsLinks: skipsLinks(), ...options }),
    readLog: async (path, position, customPatterns) =>
      request<"readLog">({ kind: "readLog", path, position, customPatterns }),
    readLogEnd: async (path, position, customPatterns) =>
      request<"readLogEnd">({ kind: "readLogEnd", path, position, customPatterns }),
  };
}
