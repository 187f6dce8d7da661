import type { WorkerClient } from "#client/workerClient.ts";
import { workerAnswers } from "#protocol/workerAnswers.ts";
import type { WorkerRequest } from "#protocol/worker.ts";
import type { WorkerAnswers } from "#protocol/workerAnswers.ts";
import { answer } from "#worker/answer.ts";
import { describeError } from "#worker/errors.ts";
import * as v from "valibot";

/** A worker without a process: it really reads, and its answers cross a border by structured clone. */
export function createReadingWorker(
  onRequest: (request: WorkerRequest) => Promise<void> = async () => undefined,
): WorkerClient {
  async function request<K extends keyof WorkerAnswers>(
    asked: Extract<WorkerRequest, { kind: K }>,
    options: Parameters<WorkerClient["request"]>[1] = {},
  ): Promise<WorkerAnswers[K]> {
    await onRequest(asked);
    const { signal = new AbortController().signal, onProgress = () => undefined } = options;
    const found = await answer(structuredClone(asked), { signal, onProgress }).catch((error: unknown) => {
      throw new Error(describeError(error), { cause: error });
    });
    const schema: v.GenericSchema<unknown, WorkerAnswers[K]> = workerAnswers[asked.kind];
    return v.parse(schema, structuredClone(found));
  }
  return {
    request,
    restart: nothing,
    dispose: nothing,
    processId: () => undefined,
    state: () => ({ isRunning: false, restarts: 0, lastCrash: null }),
    onDidStop: () => ({ dispose: nothing }),
  };
}

function nothing(): void {
  // There is no process.
}
