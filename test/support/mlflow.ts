import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export type Sample = readonly [timeMs: number, value: number, step: number];

/** As Python prints a float. */
function printed(value: number): string {
  return Number.isNaN(value) ? "nan" : String(value).replace("Infinity", "inf");
}

export function metricLines(samples: readonly Sample[]): string {
  return samples.map(([time, value, step]) => `${time} ${printed(value)} ${step}\n`).join("");
}

/** A run of MLflow's file store, as `mlflow.start_run` lays it out. */
export async function writeMlflowRun(folder: string, parameters: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const name of ["artifacts", "metrics", "params", "tags"]) {
    await mkdir(join(folder, name), { recursive: true });
  }
  await writeFile(join(folder, "meta.yaml"), "end_time: null\nlifecycle_stage: active\nstart_time: 1700000000000\n");
  for (const [key, value] of Object.entries(parameters)) {
    await writeFile(join(folder, "params", key), value);
  }
}

export async function logMetric(folder: string, key: string, samples: readonly Sample[]): Promise<void> {
  const path = join(folder, "metrics", key);
  await mkdir(dirname(path), { recursive: true });
  await appendFile(path, metricLines(samples));
}

/** The tables of MLflow's SQLAlchemy store that hold runs. */
const MLFLOW_TABLES = `
  CREATE TABLE experiments (experiment_id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(256) NOT NULL, lifecycle_stage VARCHAR(32));
  CREATE TABLE runs (run_uuid VARCHAR(32) NOT NULL, name VARCHAR(250), status VARCHAR(9), start_time BIGINT, end_time BIGINT,
    lifecycle_stage VARCHAR(20), experiment_id INTEGER, CONSTRAINT run_pk PRIMARY KEY (run_uuid));
  CREATE TABLE params (key VARCHAR(250) NOT NULL, value VARCHAR(8000) NOT NULL, run_uuid VARCHAR(32) NOT NULL,
    CONSTRAINT param_pk PRIMARY KEY (key, run_uuid));
  CREATE TABLE metrics (key VARCHAR(250) NOT NULL, value FLOAT NOT NULL, timestamp BIGINT NOT NULL, run_uuid VARCHAR(32) NOT NULL,
    step BIGINT DEFAULT '0' NOT NULL, is_nan BOOLEAN DEFAULT '0' NOT NULL,
    CONSTRAINT metric_pk PRIMARY KEY (key, timestamp, step, run_uuid, value, is_nan));
  CREATE INDEX index_metrics_run_uuid ON metrics (run_uuid);
  CREATE TABLE latest_metrics (key VARCHAR(250) NOT NULL, value FLOAT NOT NULL, timestamp BIGINT, step BIGINT NOT NULL,
    is_nan BOOLEAN NOT NULL, run_uuid VARCHAR(32) NOT NULL, CONSTRAINT latest_metric_pk PRIMARY KEY (key, run_uuid));
`;

/** Whoever opens it closes it. */
export function createMlflowDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(MLFLOW_TABLES);
  return database;
}

export interface StoredRun {
  readonly id: string;
  readonly name: string;
  readonly startTime: number;
  readonly stage?: string;
}

export function insertRun(database: DatabaseSync, { id, name, startTime, stage = "active" }: StoredRun): void {
  const sql = "INSERT INTO runs (run_uuid, name, status, start_time, lifecycle_stage) VALUES (?, ?, 'RUNNING', ?, ?)";
  database.prepare(sql).run(id, name, startTime, stage);
}

const LARGEST = 1.7976931348623157e308;

/** As MLflow stores them: NaN as 0 with a mark, infinities as the largest numbers. */
export function insertMetrics(database: DatabaseSync, run: string, key: string, samples: readonly Sample[]): void {
  const insert = database.prepare(
    "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)",
  );
  for (const [time, value, step] of samples) {
    const stored = Number.isNaN(value) ? 0 : Math.max(-LARGEST, Math.min(LARGEST, value));
    insert.run(key, stored, time, run, step, Number.isNaN(value) ? 1 : 0);
  }
}
