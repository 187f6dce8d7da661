import { execFile } from "node:child_process";
import process from "node:process";

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Gradlens = (...args: readonly string[]) => Promise<Result>;

/** Runs the built program in a folder. */
export async function runGradlens(script: string, cwd: string, args: readonly string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { cwd, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}
