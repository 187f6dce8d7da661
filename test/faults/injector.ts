/**
 * Loaded before the worker's program, in its process and its threads: makes one of the next calls to the file system go
 * wrong, or the process end in it. A file beside this program tells that it came.
 */
import { execFileSync } from "node:child_process";
import fs, { existsSync, openSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import files from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";
import { FAULTS, FIRED, isFaultPlan, PLANNED } from "./plan.ts";
import type { Fault, FaultPlan } from "./plan.ts";

const TARGET = join(__dirname, "target");
const LEFT = 0;
const FAULT = 1;
const SIDE = 2;
const LASTS = 3;
const NOBODY = 2;
const { load, store, sub } = Atomics; // They are patched below.

/** Calls left until the fault, the fault and who it is for; shared by all threads of the process. */
const state = sharedState();
const openForItself = files.open;

patch(files, ["open", "stat", "readdir", "realpath", "readFile", "writeFile", "mkdir", "rename", "rm", "utimes"]);
patchSync(fs, ["openSync", "fstatSync", "readSync"]);
if (!isMainThread) {
  patchAtomics();
}
void patchHandles();

if (isMainThread) {
  const planned = join(__dirname, PLANNED);
  const plan: unknown = existsSync(planned) ? JSON.parse(readFileSync(planned, "utf8")) : undefined;
  if (isFaultPlan(plan)) {
    arm(plan);
  }
  process.on("message", (message: unknown) => {
    if (isFaultPlan(message)) {
      arm(message);
    }
  });
}

function sharedState(): Int32Array {
  const known = getEnvironmentData("faults");
  if (known instanceof Int32Array) {
    return known;
  }
  const made = new Int32Array(new SharedArrayBuffer(16));
  made[SIDE] = NOBODY;
  setEnvironmentData("faults", made);
  return made;
}

function arm({ fault, atCall, isInThread, path, isLasting }: FaultPlan): void {
  writeFileSync(TARGET, path);
  store(state, LEFT, atCall);
  store(state, FAULT, FAULTS.indexOf(fault));
  store(state, LASTS, isLasting === true ? 1 : 0);
  store(state, SIDE, isInThread ? 1 : 0);
}

function patch(module: object, names: readonly string[]): void {
  const functions = module as Record<string, (...args: unknown[]) => Promise<unknown>>;
  for (const name of names) {
    const original = functions[name];
    if (original !== undefined) {
      functions[name] = async function (this: unknown, ...args) {
        const waiting = meet(name, args);
        if (waiting !== undefined) {
          await waiting;
        }
        return original.apply(this, args);
      };
    }
  }
}

function patchSync(module: object, names: readonly string[]): void {
  const functions = module as Record<string, (...args: unknown[]) => unknown>;
  for (const name of names) {
    const original = functions[name];
    if (original !== undefined) {
      functions[name] = (...args) => {
        void meet(name, args);
        return original(...args);
      };
    }
  }
}

/** Of the array by which a thread shows what it does (`worker/threads/pulse.ts`); the state of a task is longer. */
const PULSE_FIELDS = 3;

/** A thread computes between two of its calls to the file system, and marks in the state of its task what it has done. */
function patchAtomics(): void {
  const original = Atomics.store.bind(Atomics) as (array: Int32Array, index: number, value: number) => number;
  const endsProcess = ["hang", "SIGKILL", "SIGSEGV", "SIGABRT"];
  Object.assign(Atomics, {
    store(array: Int32Array, index: number, value: number) {
      if (array.length > PULSE_FIELDS && endsProcess.includes(FAULTS[load(state, FAULT)] ?? "")) {
        void meet("store", []);
      }
      return original(array, index, value);
    },
  });
}

async function patchHandles(): Promise<void> {
  const handle = await openForItself(__filename, "r");
  patch(Object.getPrototypeOf(handle) as object, ["read", "stat", "writeFile", "sync"]);
  await handle.close();
}

/** Throws, ends the process or changes the target when this is the call that was chosen. */
function meet(name: string, args: readonly unknown[]): void | Promise<unknown> {
  const path = typeof args[0] === "string" ? args[0] : undefined;
  if (load(state, SIDE) !== (isMainThread ? 0 : 1) || !isChosen({ name, path })) {
    return undefined;
  }
  writeFileSync(join(__dirname, FIRED), name);
  const fault = FAULTS[load(state, FAULT)];
  // Threads that are kept hear nothing that is said later, so the target stands in a file.
  return fault === undefined ? undefined : HAPPENINGS[fault](readFileSync(TARGET, "utf8"), { name, path });
}

function isChosen({ name, path }: Call): boolean {
  if (load(state, LASTS) === 1) {
    return ["open", "openSync", "readFile"].includes(name) && path === readFileSync(TARGET, "utf8");
  }
  const isNow = sub(state, LEFT, 1) === 0;
  if (isNow) {
    store(state, SIDE, NOBODY);
  }
  return isNow;
}

interface Call {
  readonly name: string;
  readonly path: string | undefined;
}

/** What each fault does; `target` is the file that the plan is about. */
const HAPPENINGS: Readonly<Record<Fault, (target: string, call: Call) => void | Promise<unknown>>> = {
  EIO: failWith("EIO"),
  ESTALE: failWith("ESTALE"),
  EACCES: failWith("EACCES"),
  EMFILE: failWith("EMFILE"),
  ENOSPC: failWith("ENOSPC"),
  SIGKILL: endBy("SIGKILL"),
  SIGSEGV: endBy("SIGSEGV"),
  SIGABRT: endBy("SIGABRT"),
  SIGSTOP: endBy("SIGSTOP"),
  "out of memory": fillHeap,
  exit: () => process.exit(3),
  hang() {
    for (;;) {
      // Nothing is answered any more.
    }
  },
  "no answer": async () => new Promise(() => undefined),
  "a stuck thread": waitInSystem,
  deleted: (target) => rmSync(target),
  truncated: (target) => truncateSync(target, 100),
  replaced: (target) => renameSync(`${target}.other`, target),
  rewritten: (target) => writeFileSync(target, readFileSync(`${target}.other`)),
  emptied: (target) => writeFileSync(target, ""),
};

/** As Node fails: reading an open file names no path. */
function failWith(code: string): (target: string, call: Call) => never {
  return (_, { name, path }) => {
    const place = path === undefined ? {} : { path };
    throw Object.assign(new Error(`${code}: injected, ${name}`), { code, syscall: name, ...place });
  };
}

/** A thread waits in the system for a writer who never comes: one of the pool's, or the reduction thread that calls. */
function waitInSystem(): void | Promise<unknown> {
  const pipe = join(__dirname, `pipe-${process.pid}`);
  if (!existsSync(pipe)) {
    execFileSync("mkfifo", [pipe]);
  }
  return isMainThread ? openForItself(pipe, "r") : void openSync(pipe, "r");
}

function endBy(signal: NodeJS.Signals): () => void {
  return () => process.kill(process.pid, signal);
}

function fillHeap(): never {
  for (const kept: unknown[] = []; ;) {
    kept.push(Array.from({ length: 100_000 }, (_, at) => ({ at })));
  }
}
