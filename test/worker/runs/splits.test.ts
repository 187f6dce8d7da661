import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LOG_FORMATS_BY_PRECISION } from "#core/log.ts";
import type { LogFormat, LogPosition } from "#core/log.ts";
import { identifyLog } from "#readers/logs/readers.ts";
import { createRun } from "#store/run.ts";
import type { Run } from "#store/run.ts";
import { readLog } from "#worker/runs/readLog.ts";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";
import { FILES, NORMS, PATTERNS, STEPS } from "../../support/growingLogs.ts";
import { createMlflowDatabase, insertMetrics, insertRun, metricLines, writeMlflowRun } from "../../support/mlflow.ts";
import { createRandom } from "../../support/random.ts";
import type { Random } from "../../support/random.ts";
import { createTrackioDatabase, logRow } from "../../support/trackio.ts";

let folder: TestFolder;
beforeAll(async () => {
  folder = await createTestFolder();
});
afterAll(async () => folder.dispose());

/** All that is known of a log, as plain values. */
function known(run: Run): unknown {
  return {
    series: run
      .series()
      .map((one) => [
        one.key,
        [...one.steps()],
        [...one.values()],
        [...one.lines()],
        [...(one.wallTimes() ?? [])],
        one.resolution(),
        one.segments(),
      ]),
    clipThreshold: run.clipThreshold(),
    problems: run.logs().flatMap(({ problems }) => problems),
  };
}

/** Reads a log on, as the extension's host does. */
function createReading(path: string, format: LogFormat): { readonly run: Run; readonly readOn: () => Promise<void> } {
  const run = createRun(folder.path);
  let position: LogPosition | null = null;
  return {
    run,
    async readOn() {
      for (let more = true; more;) {
        const batch = await readLog(path, position, PATTERNS);
        ({ position, more } = batch);
        expect(position.format).toBe(format);
        run.append({ path, format }, batch);
      }
    },
  };
}

/** Ascending places to stop at, the last one at the end. */
function randomCuts(random: Random, length: number): number[] {
  const cuts = Array.from({ length: 1 + random.below(12) }, () => random.below(length));
  return [...cuts.toSorted((a, b) => a - b), length];
}

const GROWING = Object.entries(FILES).flatMap(([format, [name, contents]]) =>
  contents.map((bytes, index) => ({ format: format as LogFormat, name, bytes, index })),
);
const SEEDS = [1, 2, 3, 4];

test.each(GROWING)("any split of $format ($index) into appends gives what reading it whole gives", async (log) => {
  const { format, name, bytes, index } = log;
  const isComplete = format === "trainerState" || format === "settingsFile"; // They are written as a whole.
  const path = join(folder.path, `${format}-${index}-${name}`);
  await writeFile(path, bytes);
  const whole = createReading(path, format);
  await whole.readOn();
  expect(whole.run.series().length > 0 || whole.run.clipThreshold() !== null).toBe(true);
  for (const seed of SEEDS) {
    const { run, readOn } = createReading(path, format);
    await writeFile(path, "");
    let written = 0;
    for (const cut of randomCuts(createRandom(seed), bytes.length)) {
      await appendFile(path, bytes.subarray(written, cut));
      written = cut;
      const isKnown = identifyLog(path, bytes.subarray(0, cut), PATTERNS) === format;
      if (isKnown && (!isComplete || cut === bytes.length)) {
        await readOn();
      }
    }
    expect([seed, known(run)]).toEqual([seed, known(whole.run)]);
  }
});

test("every format that is a file is among them", () => {
  const others = ["mlflow", "mlflowDatabase", "trackio"];
  expect([...new Set(GROWING.map(({ format }) => format)), ...others].toSorted()).toEqual(
    [...LOG_FORMATS_BY_PRECISION].toSorted(),
  );
});

test.each(SEEDS)(
  "any split of an MLflow run's files into appends gives what reading it whole gives, seed %i",
  async (seed) => {
    const path = join(folder.path, `mlflow-${seed}`);
    await writeMlflowRun(path, { max_grad_norm: "0.5" });
    const file = join(path, "metrics/grad_norm");
    const bytes = Buffer.from(metricLines(STEPS.map((step, at) => [1_700_000_000_000 + at, NORMS[at] ?? 0, step])));
    const { run, readOn } = createReading(path, "mlflow");
    let written = 0;
    for (const cut of randomCuts(createRandom(seed), bytes.length)) {
      await appendFile(file, bytes.subarray(written, cut));
      written = cut;
      await readOn();
    }
    const whole = createReading(path, "mlflow");
    await whole.readOn();
    expect(known(run)).toEqual(known(whole.run));
    expect(run.first("globalNorm")?.length()).toBe(STEPS.length);
  },
);

test.each(SEEDS)("any split of a database's rows gives what reading them at once gives, seed %i", async (seed) => {
  const mlflow = createMlflowDatabase(join(folder.path, `mlflow-${seed}.db`));
  const trackio = createTrackioDatabase(join(folder.path, `trackio-${seed}.db`));
  insertRun(mlflow, { id: "a1", name: "first", startTime: 1 });
  const readings = [
    createReading(join(folder.path, `mlflow-${seed}.db`), "mlflowDatabase"),
    createReading(join(folder.path, `trackio-${seed}.db`), "trackio"),
  ];
  let written = 0;
  for (const cut of randomCuts(createRandom(seed), STEPS.length)) {
    for (; written < cut; written += 1) {
      const [step = 0, norm = 0] = [STEPS[written], NORMS[written]];
      insertMetrics(mlflow, "a1", "grad_norm", [[1000 + written, norm, step]]);
      logRow(trackio, "run", step, { grad_norm: Number.isNaN(norm) ? "NaN" : norm });
    }
    for (const { readOn } of written > 0 ? readings : []) {
      await readOn();
    }
  }
  const paths = readings.map(({ run }) => run.logs()[0] ?? { path: "", format: "trackio" as const });
  const whole = paths.map(({ path, format }) => createReading(path, format));
  for (const { readOn } of whole) {
    await readOn();
  }
  mlflow.close();
  trackio.close();
  expect(readings.map(({ run }) => known(run))).toEqual(whole.map(({ run }) => known(run)));
  expect(readings.map(({ run }) => run.first("globalNorm")?.length())).toEqual([STEPS.length, STEPS.length]);
});
