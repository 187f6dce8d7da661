import { DatabaseSync } from "node:sqlite";

/** The tables of a Trackio project. Whoever opens it closes it. */
export function createTrackioDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL, run_name TEXT NOT NULL,
      step INTEGER NOT NULL, metrics TEXT NOT NULL);
    CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_name TEXT NOT NULL, config TEXT NOT NULL,
      created_at TEXT NOT NULL, UNIQUE(run_name));
    CREATE INDEX idx_metrics_run_step ON metrics(run_name, step);
  `);
  return database;
}

export function logRow(database: DatabaseSync, run: string, step: number, metrics: unknown): void {
  const text = typeof metrics === "string" ? metrics : JSON.stringify(metrics);
  database
    .prepare("INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?)")
    .run("2025-10-11T18:11:22.000001", run, step, text);
}

export function logConfig(database: DatabaseSync, run: string, config: unknown): void {
  database
    .prepare("INSERT INTO configs (run_name, config, created_at) VALUES (?, ?, ?)")
    .run(run, JSON.stringify(config), "2025-10-11T18:11:22.000001");
}

/** The tables as later versions make them, which tell runs by an id of their own and write JSON as bytes. */
export function createLaterTrackioDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL,
      run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL);
    CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, run_name TEXT NOT NULL,
      config TEXT NOT NULL, created_at TEXT NOT NULL, UNIQUE(run_id));
  `);
  return database;
}

export interface LaterRow {
  readonly id: string;
  readonly run: string;
  readonly step: number;
  readonly metrics: unknown;
}

export function logLaterRow(database: DatabaseSync, { id, run, step, metrics }: LaterRow): void {
  database
    .prepare("INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)")
    .run(id, "2026-08-21T09:12:24.000001+00:00", run, step, Buffer.from(JSON.stringify(metrics)));
}

export function logLaterConfig(database: DatabaseSync, id: string, config: unknown): void {
  database
    .prepare("INSERT INTO configs (run_id, run_name, config, created_at) VALUES (?, ?, ?, ?)")
    .run(id, id, Buffer.from(JSON.stringify(config)), "2026-08-21T09:12:24.000001+00:00");
}
