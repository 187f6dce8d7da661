import { execFile } from "node:child_process";

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

// A launcher that waits for a task that never comes must not hold up the tests.
const LIMIT_MS = 180_000;

/** Runs a program to its end; a signal counts as code 255. Rejects when it cannot be started. */
export async function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<Result> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { ...options, timeout: LIMIT_MS, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error?.code === "ENOENT") {
        reject(error);
        return;
      }
      resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : 255, stdout, stderr });
    });
  });
}
