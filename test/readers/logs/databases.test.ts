import type { DatabaseSync } from "node:sqlite";
import { afterEach, expect, test } from "vitest";
import type { Database } from "#core/database.ts";
import { mlflowDatabase } from "#readers/logs/mlflow/database.ts";
import type { DatabaseReader, ReadRows } from "#readers/logs/reader.ts";
import { identifyDatabase } from "#readers/logs/readers.ts";
import { trackio } from "#readers/logs/trackio.ts";
import { createMlflowDatabase, insertMetrics, insertRun } from "../../support/mlflow.ts";
import {
  createLaterTrackioDatabase,
  createTrackioDatabase,
  logConfig,
  logLaterConfig,
  logLaterRow,
  logRow,
} from "../../support/trackio.ts";
import { samplesOf } from "./parsed.ts";

const opened: DatabaseSync[] = [];
afterEach(() => {
  for (const database of opened.splice(0)) {
    database.close();
  }
});

function keep(database: DatabaseSync): DatabaseSync {
  opened.push(database);
  return database;
}

function asked(database: DatabaseSync): Database {
  return { all: (sql, ...parameters) => database.prepare(sql).all(...parameters) };
}

function readWith(reader: DatabaseReader, database: DatabaseSync, carry = "", run: string | null = null): ReadRows {
  return reader.read(asked(database), { run, carry });
}

function mlflowWithRun(): DatabaseSync {
  const database = keep(createMlflowDatabase(":memory:"));
  insertRun(database, { id: "a1", name: "first", startTime: 1000 });
  return database;
}

test.each([
  {
    tables: { metrics: ["key", "value", "timestamp", "run_uuid", "step", "is_nan"], runs: ["run_uuid"] },
    format: "mlflowDatabase",
  },
  { tables: { metrics: ["id", "timestamp", "project_name", "run_name", "step", "metrics"] }, format: "trackio" },
  { tables: { metrics: ["name", "value"] }, format: undefined },
  { tables: {}, format: undefined },
])("tables $tables are $format", ({ tables, format }) => {
  expect(identifyDatabase(tables)).toBe(format);
});

test("MLflow's marks for NaN and infinities are undone", () => {
  const database = mlflowWithRun();
  insertMetrics(database, "a1", "grad_norm", [
    [1, 2.5, 1],
    [2, Number.NaN, 2],
    [3, Infinity, 3],
    [4, -Infinity, 4],
    [5, 0, 5],
  ]);
  const { chunks, rows, restarted } = readWith(mlflowDatabase, database);
  expect([samplesOf({ chunks }), rows, restarted]).toEqual([
    {
      grad_norm: [
        [1, 2.5, 0],
        [2, Number.NaN, 1],
        [3, Infinity, 2],
        [4, -Infinity, 3],
        [5, 0, 4],
      ],
    },
    5,
    false,
  ]);
});

test("of several runs the one that began last is read, and people are told how to name another", () => {
  const database = mlflowWithRun();
  insertRun(database, { id: "b2", name: "second", startTime: 2000 });
  insertRun(database, { id: "c3", name: "empty", startTime: 3000 });
  insertRun(database, { id: "d4", name: "deleted", startTime: 4000, stage: "deleted" });
  for (const [id, value] of [
    ["a1", 1],
    ["b2", 2],
    ["d4", 4],
  ] as const) {
    insertMetrics(database, id, "loss", [[1, value, 1]]);
  }
  const latest = readWith(mlflowDatabase, database);
  const named = ["a1", "first", "b2"].map((run) => readWith(mlflowDatabase, database, "", run));
  expect([latest, ...named].map(({ chunks }) => chunks[0]?.values[0])).toEqual([2, 1, 1, 2]);
  expect([latest, ...named].flatMap(({ problems }) => problems)).toEqual([
    {
      line: 0,
      reason: "The database holds 2 runs. This is the latest, second (b2); add #<name or id> to the path for another.",
    },
  ]);
});

test("a run that is not there is a problem", () => {
  expect(readWith(mlflowDatabase, mlflowWithRun(), "", "nobody").problems).toEqual([
    { line: 0, reason: "The database has no run nobody with samples." },
  ]);
});

test("a database of MLflow is read on wherever the last read stopped", () => {
  const samples = Array.from({ length: 12 }, (_, at) => [at, at / 7, at] as const);
  const all = mlflowWithRun();
  insertMetrics(all, "a1", "grad_norm", samples);
  const expected = samplesOf(readWith(mlflowDatabase, all))["grad_norm"];
  for (let cut = 0; cut <= samples.length; cut += 1) {
    const database = mlflowWithRun();
    insertMetrics(database, "a1", "grad_norm", samples.slice(0, cut));
    const first = readWith(mlflowDatabase, database);
    insertMetrics(database, "a1", "grad_norm", samples.slice(cut));
    const second = readWith(mlflowDatabase, database, first.carry);
    const both = [first, second].flatMap((read) => samplesOf(read)["grad_norm"] ?? []);
    expect([cut, both, second.restarted]).toEqual([cut, expected, false]);
  }
});

test("nothing new is no news, the threshold included", () => {
  const database = mlflowWithRun();
  database.exec("INSERT INTO params VALUES ('max_grad_norm', '0.5', 'a1')");
  insertMetrics(database, "a1", "loss", [[1, 1, 1]]);
  const first = readWith(mlflowDatabase, database);
  const second = readWith(mlflowDatabase, database, first.carry);
  expect([first.clipThreshold, second.chunks, second.clipThreshold, second.problems]).toEqual([
    { value: 0.5, source: "max_grad_norm (parameter)" },
    [],
    null,
    [],
  ]);
});

test("a newer run takes the place of the one that was followed", () => {
  const database = mlflowWithRun();
  insertMetrics(database, "a1", "loss", [[1, 1, 1]]);
  const first = readWith(mlflowDatabase, database);
  insertRun(database, { id: "b2", name: "second", startTime: 2000 });
  const waiting = readWith(mlflowDatabase, database, first.carry);
  insertMetrics(database, "b2", "loss", [[5, 9, 1]]);
  const second = readWith(mlflowDatabase, database, waiting.carry);
  expect([waiting.restarted, second.restarted, samplesOf(second)]).toEqual([false, true, { loss: [[1, 9, 0]] }]);
});

test("rows that took the places of deleted ones are read from the start", () => {
  const database = mlflowWithRun();
  insertMetrics(database, "a1", "loss", [
    [1, 1, 1],
    [2, 2, 2],
  ]);
  const first = readWith(mlflowDatabase, database);
  database.exec("DELETE FROM metrics");
  const gone = readWith(mlflowDatabase, database, first.carry);
  insertMetrics(database, "a1", "loss", [
    [7, 1, 1],
    [8, 2, 2],
    [9, 3, 3],
  ]);
  const second = readWith(mlflowDatabase, database, first.carry);
  expect([gone.restarted, second.restarted, second.chunks[0]?.wallTimes]).toEqual([
    true,
    true,
    Float64Array.of(0.007, 0.008, 0.009),
  ]);
});

test("a sample that was written late makes the run be read in order from its start", () => {
  const database = mlflowWithRun();
  insertMetrics(database, "a1", "loss", [
    [1, 1, 1],
    [3, 3, 3],
  ]);
  const first = readWith(mlflowDatabase, database);
  insertMetrics(database, "a1", "loss", [
    [2, 2, 2],
    [4, 4, 4],
  ]);
  const second = readWith(mlflowDatabase, database, first.carry);
  const third = readWith(mlflowDatabase, database, second.carry);
  expect([second.restarted, samplesOf(second)["loss"]?.map(([step]) => step), third.restarted, third.chunks]).toEqual([
    true,
    [1, 2, 3, 4],
    false,
    [],
  ]);
});

test("times and steps beyond the integers of JavaScript are read", () => {
  const database = mlflowWithRun();
  database.exec("INSERT INTO metrics VALUES ('loss', 1.0, 9223372036854775807, 'a1', 9007199254740993, 0)");
  expect(readWith(mlflowDatabase, database).chunks[0]?.steps).toEqual(Float64Array.of(2 ** 53));
});

test("a row of Trackio is JSON with metrics; its step is the one the trainer logged, else Trackio's", () => {
  const database = keep(createTrackioDatabase(":memory:"));
  logRow(database, "run", 0, { "train/grad_norm": 2.5, "train/loss": "NaN", "train/global_step": 10 });
  logRow(database, "run", 1, '{"train/grad_norm": NaN, "train/global_step": 20}');
  logRow(database, "run", 2, {
    "train/grad_norm": "Infinity",
    "train/global_step": 30,
    table: { _type: "trackio.table", width: 3 },
  });
  const { chunks } = readWith(trackio, database);
  expect(samplesOf({ chunks })).toEqual({
    "train/grad_norm": [
      [10, 2.5, 0],
      [20, Number.NaN, 1],
      [30, Infinity, 2],
    ],
    "train/loss": [[10, Number.NaN, 0]],
  });
});

test("a row of Trackio that is no JSON is a problem", () => {
  const database = keep(createTrackioDatabase(":memory:"));
  logRow(database, "run", 0, { loss: 1 });
  logRow(database, "run", 1, "{");
  const { chunks, problems } = readWith(trackio, database);
  expect([samplesOf({ chunks }), problems]).toEqual([
    { loss: [[0, 1, 0]] },
    [{ line: 1, reason: "The row's metrics are no JSON object." }],
  ]);
});

test("Trackio's configuration tells the clip threshold", () => {
  const database = keep(createTrackioDatabase(":memory:"));
  logConfig(database, "run", { lr: 1, max_grad_norm: 0.7 });
  logRow(database, "run", 0, { loss: 1 });
  expect(readWith(trackio, database).clipThreshold).toEqual({
    value: 0.7,
    source: "max_grad_norm (the run's configuration)",
  });
});

test("a project of Trackio is read on wherever the last read stopped, and from the start when a run is new", () => {
  const database = keep(createTrackioDatabase(":memory:"));
  logRow(database, "one", 0, { loss: 1 });
  const first = readWith(trackio, database);
  logRow(database, "one", 1, { loss: 2 });
  const second = readWith(trackio, database, first.carry);
  logRow(database, "two", 0, { loss: 7 });
  logRow(database, "one", 2, { loss: 3 });
  const third = readWith(trackio, database, second.carry);
  logRow(database, "one", 3, { loss: 4 });
  const fourth = readWith(trackio, database, third.carry);
  const named = readWith(trackio, database, "", "one");
  expect([first, second, third, fourth, named].map((read) => [samplesOf(read)["loss"] ?? [], read.restarted])).toEqual([
    [[[0, 1, 0]], false],
    [[[1, 2, 1]], false],
    [[[0, 7, 0]], true],
    [[], false],
    [
      [
        [0, 1, 0],
        [1, 2, 1],
        [2, 3, 2],
        [3, 4, 3],
      ],
      false,
    ],
  ]);
});

test("later Trackio writes JSON as bytes, NaN as text, and tells runs of one name by their ids", () => {
  const database = keep(createLaterTrackioDatabase(":memory:"));
  logLaterRow(database, { id: "a1", run: "one", step: 0, metrics: { grad_norm: "NaN", loss: 1 } });
  logLaterRow(database, { id: "a1", run: "one", step: 1, metrics: { grad_norm: "Infinity", loss: 2 } });
  logLaterRow(database, { id: "b2", run: "one", step: 0, metrics: { grad_norm: 3 } });
  logLaterConfig(database, "a1", { max_grad_norm: 0.9 });
  const [latest, byName, byId] = [null, "one", "a1"].map((run) => readWith(trackio, database, "", run));
  logLaterRow(database, { id: "a1", run: "one", step: 2, metrics: { grad_norm: 4 } });
  const later = readWith(trackio, database, byId?.carry, "a1");
  expect([latest, byName, byId, later].map((read) => samplesOf(read ?? { chunks: [] }))).toEqual([
    { grad_norm: [[0, 3, 0]] },
    { grad_norm: [[0, 3, 0]] },
    {
      grad_norm: [
        [0, Number.NaN, 0],
        [1, Infinity, 1],
      ],
      loss: [
        [0, 1, 0],
        [1, 2, 1],
      ],
    },
    { grad_norm: [[2, 4, 2]] },
  ]);
  expect([latest?.problems.length, byId?.problems, byId?.clipThreshold?.value, later.restarted]).toEqual([
    1,
    [],
    0.9,
    false,
  ]);
});
