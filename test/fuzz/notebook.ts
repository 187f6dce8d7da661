import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "./explore.ts";

/** What explorations leave for the next: inputs worth changing further, findings, and how many executions there were. */
export interface Notebook {
  readonly corpus: (target: string) => readonly Uint8Array[];
  readonly keep: (target: string, input: Uint8Array) => void;
  readonly note: (target: string, finding: Finding) => void;
  /** Executions of all times, these included. */
  readonly count: (target: string, executions: number) => number;
}

export function openNotebook(folder: string, { isFresh }: { readonly isFresh: boolean }): Notebook {
  if (isFresh) {
    rmSync(folder, { recursive: true, force: true });
  }
  const countsPath = join(folder, "executions.json");
  const write = (kind: string, target: string, input: Uint8Array): string => {
    const place = join(folder, kind, target);
    mkdirSync(place, { recursive: true });
    const path = join(place, createHash("sha256").update(input).digest("hex").slice(0, 16));
    writeFileSync(path, input);
    return path;
  };
  return {
    corpus(target) {
      const place = join(folder, "corpus", target);
      return existsSync(place) ? readdirSync(place).map((name) => readFileSync(join(place, name))) : [];
    },
    keep: (target, input) => void write("corpus", target, input),
    note(target, { promise, what, input }) {
      const path = write("found", target, input);
      writeFileSync(`${path}.txt`, `${promise}: ${what}\n`);
      console.log(`${target}: ${promise}: ${what}\n  ${path} (${input.length} bytes)`);
    },
    count(target, executions) {
      const counts = existsSync(countsPath)
        ? (JSON.parse(readFileSync(countsPath, "utf8")) as Record<string, number>)
        : {};
      const all = (counts[target] ?? 0) + executions;
      mkdirSync(folder, { recursive: true });
      writeFileSync(countsPath, JSON.stringify({ ...counts, [target]: all }, null, 2));
      return all;
    },
  };
}
