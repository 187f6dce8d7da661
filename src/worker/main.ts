import process from "node:process";
import { describeMismatch, parseMessage } from "#protocol/parse.ts";
import { toWorker, workerRequest } from "#protocol/worker.ts";
import type { FromWorker } from "#protocol/worker.ts";
import { answer } from "./answer.ts";
import { describeError } from "./errors.ts";

// The compute process: one answer, failure or `cancelled` for every request, whatever happens.

const running = new Map<number, AbortController>();

process.on("message", (message) => {
  const parsed = parseMessage(toWorker, message);
  if (parsed?.kind === "request") {
    void settle(parsed.id, parsed.request); // It never rejects.
  } else if (parsed?.kind === "cancel") {
    running.get(parsed.id)?.abort();
  }
});

// No orphan survives a crash of the extension host.
process.on("disconnect", () => process.exit(0));

async function settle(id: number, message: unknown): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const request = parseMessage(workerRequest, message);
    if (request === undefined) {
      throw new Error(`The request cannot be read: ${describeMismatch(workerRequest, message)}`);
    }
    const { signal } = controller;
    const found = await answer(request, { signal, onProgress: (progress) => send({ kind: "progress", id, progress }) });
    send({ kind: "answer", id, answer: found });
  } catch (error) {
    send(
      controller.signal.aborted ? { kind: "cancelled", id } : { kind: "failure", id, message: describeError(error) },
    );
  } finally {
    running.delete(id);
  }
}

function send(message: FromWorker): void {
  process.send?.(message);
}
