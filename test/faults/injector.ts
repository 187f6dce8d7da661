/**
 * Loaded before the worker's program, in its process and its threads: makes one of the next calls to the file system go
 * wrong, or the process end in it. A file beside this program tells that it came.
 */
import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import fs from "node:fs";
import files from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";
import { FAULTS, FIRED, isFaultPlan } from "./plan.ts";
import type { Fault, FaultPlan } from "./plan.ts";

const TARGET = join(__dirname, "target");
const LEFT = 0;
const FAULT = 1;
const SIDE = 2;
const NOBODY = 2;

/** Calls left until the fault, the fault and who it is for; shared by all threads of the process. */
const state = sharedState();
const openForItself = files.open;

patch(files, ["open", "stat", "readdir", "realpath", "readFile", "writeFile", "mkdir", "rename", "rm", "utimes"]);
patchSync(fs, ["openSync", "fstatSync", "readSync"]);
void patchHandles();

if (isMainThread) {
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
  const made = new Int32Array(new SharedArrayBuffer(12));
  made[SIDE] = NOBODY;
  setEnvironmentData("faults", made);
  return made;
}

function arm({ fault, atCall, isInThread, path }: FaultPlan): void {
  writeFileSync(TARGET, path);
  Atomics.store(state, LEFT, atCall);
  Atomics.store(state, FAULT, FAULTS.indexOf(fault));
  Atomics.store(state, SIDE, isInThread ? 1 : 0);
}

function patch(module: object, names: readonly string[]): void {
  const functions = module as Record<string, (...args: unknown[]) => Promise<unknown>>;
  for (const name of names) {
    const original = functions[name];
    if (original !== undefined) {
      functions[name] = async function (this: unknown, ...args) {
        meet(name, args);
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
        meet(name, args);
        return original(...args);
      };
    }
  }
}

async function patchHandles(): Promise<void> {
  const handle = await openForItself(__filename, "r");
  patch(Object.getPrototypeOf(handle) as object, ["read", "stat", "writeFile", "sync"]);
  await handle.close();
}

/** Throws, ends the process or changes the target when this is the call that was chosen. */
function meet(name: string, args: readonly unknown[]): void {
  if (Atomics.load(state, SIDE) !== (isMainThread ? 0 : 1) || Atomics.sub(state, LEFT, 1) !== 0) {
    return;
  }
  Atomics.store(state, SIDE, NOBODY);
  writeFileSync(join(__dirname, FIRED), name);
  const fault = FAULTS[Atomics.load(state, FAULT)];
  const path = typeof args[0] === "string" ? args[0] : undefined;
  if (fault !== undefined) {
    happen(fault, { name, path });
  }
}

interface Call {
  readonly name: string;
  readonly path: string | undefined;
}

function happen(fault: Fault, { name, path }: Call): void {
  const target = readFileSync(TARGET, "utf8"); // Threads that are kept hear nothing that is said later.
  switch (fault) {
    case "EIO":
    case "ESTALE":
    case "EACCES":
    case "EMFILE":
    case "ENOSPC": {
      const place = path === undefined ? "" : ` '${path}'`;
      throw Object.assign(new Error(`${fault}: injected, ${name}${place}`), {
        code: fault,
        syscall: name,
        ...(path === undefined ? {} : { path }),
      });
    }
    case "SIGKILL":
    case "SIGSEGV":
    case "SIGABRT":
    case "SIGSTOP":
      process.kill(process.pid, fault);
      return;
    case "out of memory":
      return fillHeap();
    case "exit":
      process.exit(3);
    case "hang":
      for (;;) {
        // Nothing is answered any more.
      }
    case "deleted":
      return rmSync(target);
    case "truncated":
      return truncateSync(target, 100);
    case "replaced":
      return renameSync(`${target}.other`, target);
    case "rewritten":
      return writeFileSync(target, readFileSync(`${target}.other`));
    case "emptied":
      return writeFileSync(target, "");
  }
}

function fillHeap(): never {
  for (const kept: unknown[] = []; ;) {
    kept.push(Array.from({ length: 100_000 }, (_, at) => ({ at })));
  }
}
