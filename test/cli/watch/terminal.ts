import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import headless from "@xterm/headless";
import { vi } from "vitest";

/** A program in a terminal of its own: a real one of the system, and what a screen would show of it. */
export interface Terminal {
  /** The lines of the screen, without empty ones at its end. */
  readonly screen: () => readonly string[];
  /** Waits until a line of the screen matches. */
  readonly shows: (pattern: RegExp) => Promise<string>;
  readonly type: (text: string) => void;
  readonly resize: (columns: number, rows: number) => Promise<void>;
  /** Everything that was written so far. */
  readonly output: () => string;
  /** Waits for the end; the exit code. */
  readonly ended: () => Promise<number>;
  readonly dispose: () => void;
}

const LIMIT_MS = 50_000;

/** `script` of util-linux makes the terminal; the size is that of the first `stty`. */
export function openTerminal(
  command: readonly string[],
  size: { readonly columns: number; readonly rows: number },
): Terminal {
  const screen = new headless.Terminal({ cols: size.columns, rows: size.rows, allowProposedApi: true });
  const line = command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
  const shell = `stty cols ${size.columns} rows ${size.rows}; echo "tty:$(tty)"; exec ${line}`;
  const child = spawn("script", ["-qfec", shell, "/dev/null"], { env: { ...process.env, TERM: "xterm-256color" } });
  let output = "";
  child.stdout.on("data", (data: Buffer) => {
    output += data.toString();
    screen.write(data);
  });
  const exit = endOf(child);

  function lines(): string[] {
    const { active } = screen.buffer;
    const all = Array.from({ length: screen.rows }, (_, row) =>
      (active.getLine(active.viewportY + row)?.translateToString(true, 0, screen.cols) ?? "").trimEnd(),
    );
    return all.slice(0, all.findLastIndex((one) => one !== "") + 1);
  }

  return {
    screen: lines,
    shows: async (pattern) =>
      vi.waitFor(
        () => {
          const found = lines().find((one) => pattern.test(one));
          if (found === undefined) {
            throw new Error(`The screen does not show ${pattern}:\n${lines().join("\n")}`);
          }
          return found;
        },
        { timeout: LIMIT_MS, interval: 20 },
      ),
    type: (text) => child.stdin.write(text),
    async resize(columns, rows) {
      const [, path = ""] = /tty:(\S+)/.exec(output) ?? [];
      screen.resize(columns, rows);
      await once(spawn("stty", ["-F", path, "cols", String(columns), "rows", String(rows)]), "exit");
    },
    output: () => output,
    ended: async () => exit,
    dispose: () => child.kill(),
  };
}

async function endOf(child: ChildProcess): Promise<number> {
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? -1;
}
