import process from "node:process";
import type { Disposable } from "#core/event.ts";
import { ALIVE_MS } from "#protocol/worker.ts";
import { createStandstillWatch } from "#worker/standstill.ts";
import type { Standstill } from "#worker/standstill.ts";
import { printable } from "./text/terminalText.ts";
import { parsePositive } from "./usage.ts";

/**
 * Ends the program with a sentence when the disk does not answer at all any more: a CI job would wait for as long as it may.
 * Without it a command would never end, for the system cannot call back a read.
 */
export function endOnStandstill(code: number): Disposable {
  const text = process.env[VARIABLE];
  const look = createStandstillWatch(1000 * (text === undefined ? USUAL_SECONDS : parsePositive(VARIABLE, text)));
  const timer = setInterval(() => {
    const found = look();
    if (found !== undefined) {
      clearInterval(timer);
      process.stderr.write(`${process.stderr.isTTY ? "\n" : ""}gradlens: ${describe(found)}\n`, () =>
        endNow(found, code),
      );
    }
  }, ALIVE_MS).unref();
  return { dispose: () => clearInterval(timer) };
}

const VARIABLE = "GRADLENS_DISK_SECONDS";
// A network file system tries for a minute or two.
const USUAL_SECONDS = 120;

function describe({ path, seconds }: Standstill): string {
  return path === null
    ? `a computation has not ended for ${seconds} s. Try again with --engine simd.`
    : `${printable(path)}: the disk has not answered for ${seconds} s. Try again when it does, or set ${VARIABLE} to wait longer.`;
}

/**
 * Ends this process although one of its threads waits in the system. An exit would wait for it too. Of the threads that Node keeps
 * for reads the system ends all when another program takes the process over; of reduction threads Node waits for the end before,
 * and on Windows and before Node 22.15 there is no such call: then a signal ends the process, and the code is the system's.
 */
function endNow({ isInThread }: Standstill, code: number): void {
  if (!isInThread) {
    process.execve?.(process.execPath, [process.execPath, "--eval", `process.exitCode = ${code}`], {});
  }
  process.kill(process.pid, "SIGTERM");
}
