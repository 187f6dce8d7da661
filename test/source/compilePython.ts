import { spawnSync } from "node:child_process";

const SCRIPT = "import sys; compile(sys.stdin.buffer.read(), 'source.py', 'exec')";

/** What Python objects to in a source; nothing where it can compile it, and where the machine has no python3. */
export function compileErrors(source: string): string {
  const { error, stderr } = spawnSync("python3", ["-c", SCRIPT], { input: source, encoding: "utf8" });
  return error === undefined ? stderr : "";
}
