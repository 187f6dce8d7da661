import process from "node:process";
import { setLanguage } from "#l10n/language.ts";
import { describeMismatch, parseMessage } from "#protocol/parse.ts";
import { ALIVE_MS, toWorker, workerRequest } from "#protocol/worker.ts";
import type { FromWorker } from "#protocol/worker.ts";
import { t } from "@vscode/l10n";
import { answer } from "./answer.ts";
import { onDidBecomeBusy } from "./busy.ts";
import { describeError } from "./errors.ts";
import { createStuckWatch } from "./stuck.ts";

// The compute process: one answer, failure or `cancelled` for every request, whatever happens.

// Memory goes back to the training; the next request starts the process again. Tests give a shorter time.
const IDLE_MS = Number(process.argv[2] ?? 60_000);

// A network file system tries for a minute or two. Tests give a shorter time.
const lookForStuck = createStuckWatch(Number(process.argv[3] ?? 120_000));

const running = new Map<number, AbortController>();
let idle: NodeJS.Timeout | undefined;
let alive: NodeJS.Timeout | undefined;

process.on("message", hear);
send({ kind: "alive" });
onDidBecomeBusy((busyMs) => send({ kind: "alive", busyMs }));

// No orphan survives a crash of the extension host. An exit would wait for threads, which may be stuck in a read.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

function hear(message: unknown): void {
  const parsed = parseMessage(toWorker, message);
  if (parsed?.kind === "request") {
    void settle(parsed.id, parsed.request); // It never rejects.
  } else if (parsed?.kind === "cancel") {
    running.get(parsed.id)?.abort();
  } else if (parsed?.kind === "language") {
    setLanguage(parsed.texts, parsed.name);
  }
}

async function settle(id: number, message: unknown): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  clearTimeout(idle);
  alive ??= setInterval(sayAlive, ALIVE_MS);
  try {
    const request = parseMessage(workerRequest, message);
    if (request === undefined) {
      throw new Error(t("The request cannot be read: {0}", describeMismatch(workerRequest, message)));
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
    if (running.size === 0) {
      clearInterval(alive);
      alive = undefined;
      idle = setTimeout(leave, IDLE_MS);
    }
  }
}

function sayAlive(): void {
  const stuck = lookForStuck();
  send(stuck === undefined ? { kind: "alive" } : { kind: "stuck", ...stuck });
}

/** Ends the process once all that it has said is on its way. What it is asked from now on, the next one answers. */
function leave(): void {
  process.off("message", hear);
  send({ kind: "idle" }, () => process.exit(0));
}

function send(message: FromWorker, onSent: () => void = () => undefined): void {
  process.send?.(message, undefined, undefined, onSent);
}
