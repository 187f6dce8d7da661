import { expect, test } from "vitest";
import type { Chunk, ReductionEngine } from "#reduction/engine.ts";
import { withFallback } from "#reduction/fallbackEngine.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";
import type { Statistics } from "#reduction/statistics.ts";
import { gradientLike } from "../reduction/engines.ts";
import { bytesOf } from "../support/safetensors.ts";
import { createTally } from "./rounds.ts";

const CHUNKS = 12;

/** As a GPU that answers `good` chunks and is lost with the next: what it was given comes back as an error. */
function lostAfter(good: number, real: ReductionEngine): ReductionEngine {
  let asked = 0;
  return {
    ...real,
    device: "webgpu",
    async reduce(chunk) {
      asked += 1;
      if (asked > good) {
        throw new Error("The device is lost.");
      }
      return real.reduce(chunk);
    },
  };
}

function chunks(): Chunk[] {
  return Array.from({ length: CHUNKS }, (_, at) => ({
    dtype: "F32",
    bytes: bytesOf(gradientLike(1000 + at).map((value) => value * (at + 1))),
  }));
}

test("a device that is lost with any chunk is told once, and every chunk has the sums of the CPU", async (context) => {
  const { time } = createTally(context);
  const script = createScriptEngine();
  const truth = await Promise.all(chunks().map(async (chunk) => script.reduce(chunk)));
  for (let good = 0; good <= CHUNKS; good += 1) {
    const told: unknown[] = [];
    const engine = withFallback(lostAfter(good, script), script, (error) => told.push(error));
    const found: Statistics[] = [];
    await time(async () => {
      for (const chunk of chunks()) {
        found.push(await engine.reduce(chunk));
      }
    });
    expect([found, told.length, engine.device]).toEqual([
      truth,
      good < CHUNKS ? 1 : 0,
      good < CHUNKS ? "cpu" : "webgpu",
    ]);
  }
});

test("a device that is lost while several chunks are on their way is told once, and loses none", async (context) => {
  const { time } = createTally(context);
  const script = createScriptEngine();
  const told: unknown[] = [];
  const engine = withFallback(lostAfter(3, script), script, (error) => told.push(error));
  const found = await time(async () => Promise.all(chunks().map(async (chunk) => engine.reduce(chunk))));
  const truth = await Promise.all(chunks().map(async (chunk) => script.reduce(chunk)));
  expect([found, told.length]).toEqual([truth, 1]);
});
