import { describeMismatch, parseMessage } from "#protocol/parse.ts";
import { normsProgress, workerAnswers } from "#protocol/workerAnswers.ts";
import type { Reply, WorkerRequest } from "#protocol/worker.ts";
import type { NormsProgress, WorkerAnswers } from "#protocol/workerAnswers.ts";
import { t } from "@vscode/l10n";
import { Cancelled } from "./cancelled.ts";

export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: NormsProgress) => void;
}

/** A request that the worker has not answered yet. */
export interface PendingRequest extends RequestOptions {
  readonly request: WorkerRequest;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Requests by the id they were sent with. */
export type PendingRequests = Map<number, PendingRequest>;

/** Hands a message of the worker to the request it belongs to; drops what belongs to none. */
export function settle(pending: PendingRequests, reply: Reply): void {
  const waiting = pending.get(reply.id);
  if (waiting === undefined) {
    return;
  }
  if (reply.kind === "progress") {
    const progress = parseMessage(normsProgress, reply.progress);
    if (progress !== undefined) {
      waiting.onProgress?.(progress);
    }
    return;
  }
  pending.delete(reply.id);
  switch (reply.kind) {
    case "answer":
      return waiting.resolve(reply.answer);
    case "failure":
      return waiting.reject(new Error(reply.message));
    case "cancelled":
      return waiting.reject(new Cancelled(t("Cancelled.")));
  }
}

export function failAll(pending: PendingRequests, error: Error): void {
  for (const { reject } of pending.values()) {
    reject(error);
  }
  pending.clear();
}

export function parseAnswer<K extends keyof WorkerAnswers>(kind: K, answer: unknown): WorkerAnswers[K] {
  const schema = workerAnswers[kind];
  const parsed = parseMessage(schema, answer);
  if (parsed === undefined) {
    throw new Error(
      t("The compute worker sent an answer to {0} that cannot be read: {1}", kind, describeMismatch(schema, answer)),
    );
  }
  return parsed;
}
