import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, expect, test } from "vitest";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { readLog } from "#worker/runs/readLog.ts";
import { runPython } from "../support/python.ts";

/** What the gradients were at a step, as the framework itself says; before clipping. NaN is spelled. */
interface Truth {
  readonly step: number;
  readonly norms: Readonly<Record<string, number | "NaN">>;
  readonly total: number | "NaN";
  readonly loss?: number | "NaN";
  readonly lr?: number;
}

/** Debian has PyTorch alone. Where GRADLENS_PYTHON has more, this names them: `GRADLENS_FRAMEWORKS="huggingFace lightning"`. */
const FRAMEWORKS = (process.env["GRADLENS_FRAMEWORKS"] ?? "pytorch").split(" ");
// Sums in float64 agree to the last bits; JAX and Keras sum in float32, and Keras' truth is a difference of weights.
const TOLERANCES: Readonly<Record<string, number>> = { jax: 1e-6, keras: 1e-4 };

const folder = mkdtempSync(join(tmpdir(), "gradlens-snippets-"));
afterAll(() => rmSync(folder, { recursive: true }));

const truths = runPython("trainLogged.py", folder, FRAMEWORKS) as Readonly<Record<string, readonly Truth[]>>;

async function runOf(framework: string): Promise<Run> {
  const path = join(folder, `${framework}.jsonl`);
  const batch = await readLog(path, null);
  expect([batch.problems, batch.position.format]).toEqual([[], "jsonl"]);
  const run = createRun(folder);
  run.append({ path, format: "jsonl" }, batch);
  return run;
}

test.each(FRAMEWORKS)(
  "what the logging of %s writes are the norms of all gradients before clipping",
  async (framework) => {
    const run = await runOf(framework);
    const truth = truths[framework] ?? [];
    const tolerance = TOLERANCES[framework] ?? 1e-14;
    expect(truth.length).toBe(6);
    for (const { step, norms, total } of truth) {
      const logged = run.tensorNormsAt(step);
      expect([...logged.keys()].toSorted()).toEqual(Object.keys(norms).toSorted());
      for (const [tensor, norm] of Object.entries(norms)) {
        expectNear(logged.get(tensor), Number(norm), tolerance);
      }
      expectNear(run.first("globalNorm")?.valueAt(step), Number(total), Math.max(tolerance, 1e-6));
    }
  },
);

test.each(FRAMEWORKS)("loss and learning rate of %s stand at the steps they belong to", async (framework) => {
  const run = await runOf(framework);
  for (const { step, loss, lr } of truths[framework] ?? []) {
    const logged = { loss: run.first("loss")?.valueAt(step), lr: run.first("learningRate")?.valueAt(step) };
    expect(lr === undefined || logged.lr === lr).toBe(true);
    if (loss !== undefined) {
      expectNear(logged.loss, Number(loss), 1e-6);
    }
  }
  expect(run.first("loss")?.length()).toBeGreaterThan(1);
  expect(run.first("learningRate")?.length()).toBe(6);
});

function expectNear(value: number | undefined, exact: number, tolerance: number): void {
  if (Number.isNaN(exact)) {
    expect(value).toBeNaN();
  } else {
    expect(Math.abs((value ?? Number.NaN) - exact)).toBeLessThanOrEqual(tolerance * Math.abs(exact));
  }
}
