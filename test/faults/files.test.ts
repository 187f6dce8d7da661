import { readFile, rm, utimes, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { PackedBatch } from "#core/packedChunks.ts";
import type { Fault } from "./plan.ts";
import { ask, positionOf } from "./requests.ts";
import type { Asked } from "./requests.ts";
import { atEachCall, createTally, IS_LONG, settled } from "./rounds.ts";
import { useSceneWorker } from "./sceneWorker.ts";
import type { Settled } from "./rounds.ts";

// The file that a request is about changes in one of its calls: each call in turn. What comes then is what the file was, what
// it has become, or a sentence; nothing of both, and nothing that stays in a cache.

const own = useSceneWorker("file");

/** Requests of a short run: of each way to read one. */
const SHORT = ["a log", "a log that is rewritten", "norms", "norms with a cache"];

const CHANGES = [
  { fault: "deleted", how: "is deleted" },
  { fault: "truncated", how: "loses its end" },
  { fault: "emptied", how: "is emptied" },
  { fault: "replaced", how: "is replaced by another" },
  { fault: "rewritten", how: "is written anew in its place" },
] as const satisfies readonly { fault: Fault; how: string }[];

test.for(CHANGES)(
  "a file that $how in any call of a request gives what it was, what it is, or a sentence",
  async ({ fault }, context) => {
    const { time } = createTally(context);
    const wrong: unknown[] = [];
    for (const asked of own.scene.asked.filter(
      ({ what, mayMiss }) => mayMiss === undefined && (IS_LONG || SHORT.includes(what)),
    )) {
      const kept = await readFile(asked.path);
      const other = otherOf(asked, kept);
      const truths = [await ask(own.worker.client, asked.request)];
      for (const isInThread of [false, true]) {
        await atEachCall(async (atCall) => {
          await writeFile(`${asked.path}.other`, other);
          await utimes(`${asked.path}.other`, 1_600_000_000, 1_600_000_000);
          own.worker.plan({ fault, atCall, isInThread, path: asked.path });
          const outcome = await time(async () => settled(ask(own.worker.client, asked.request)));
          const hasFired = own.worker.takeFired();
          const after = await settled(ask(own.worker.client, asked.request));
          if (!isRight(outcome, asked, [...truths, after]) && !(await isReadAnew(outcome, asked))) {
            wrong.push({ what: asked.what, atCall, isInThread, outcome: JSON.stringify(outcome).slice(0, 400) });
          }
          await restore(asked.path, kept);
          expect(await ask(own.worker.client, asked.request)).toEqual(truths[0]);
          return hasFired;
        });
      }
    }
    expect(wrong).toEqual([]);
  },
);

function isRight(outcome: Settled, { path, request }: Asked, truths: readonly unknown[]): boolean {
  if (outcome.kind === "answer") {
    return (
      isEmptyBatch(outcome.answer) ||
      truths.some((truth) => isDeepStrictEqual(truth, outcome.answer) || isDeepStrictEqual(truth, outcome))
    );
  }
  const about = "path" in request ? request.path : path;
  return (
    !outcome.message.includes("\n") && (outcome.message.includes(basename(path)) || outcome.message.includes(about))
  );
}

/** A log may be read in the middle of being written: the next read then takes back what this one gave. */
async function isReadAnew(outcome: Settled, { request }: Asked): Promise<boolean> {
  const position = outcome.kind === "answer" ? positionOf(outcome.answer) : undefined;
  if (request.kind !== "readLog" || position === undefined) {
    return false;
  }
  return (await own.worker.client.request<"readLog">({ ...request, position })).restarted;
}

/** Of a log whose format was told before it lost its lines: nothing is told, and the next read begins at the start. */
function isEmptyBatch(answer: unknown): boolean {
  const { chunks, position } = (answer ?? {}) as Partial<PackedBatch>;
  return chunks?.names.length === 0 && position?.offset === 0;
}

async function restore(path: string, content: Uint8Array): Promise<void> {
  await rm(path, { force: true });
  await writeFile(path, content);
  await utimes(path, 1_700_000_000, 1_700_000_000);
}

/** As valid and as long, with other numbers. */
function otherOf({ path }: Asked, content: Buffer): Uint8Array {
  if (path.endsWith(".gz")) {
    return gzipSync(otherText(gunzipSync(content).toString("latin1")), { level: 1 });
  }
  if (!path.endsWith(".safetensors")) {
    return Buffer.from(otherText(content.toString("latin1")), "latin1");
  }
  const start = 8 + Number(content.readBigUInt64LE(0));
  return content.map((byte, at) => (at >= start && (at - start) % 4 === 1 ? byte ^ 0x55 : byte));
}

function otherText(text: string): string {
  return text.replaceAll(/\.[0-8]/g, (digits) => `.${Number(digits.slice(1)) + 1}`);
}
