/**
 * How long a line takes from its append to the log to the drawn chart, in the embedded workbench, with file events and
 * without: `npm run bench:live`. Both clocks are this machine's. The chart stamps the time at which it has drawn.
 */
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWorkbench } from "../test/browser/workbench.ts";

const HISTORY = 340;

await measure("with events", { useEvents: true, appends: 50 });
await measure("by polling every 2 s", { useEvents: false, appends: 20 });

interface Plan {
  readonly useEvents: boolean;
  readonly appends: number;
}

async function measure(how: string, { useEvents, appends }: Plan): Promise<void> {
  const folder = folderWith({ "gradlens.watch.useEvents": useEvents });
  const workbench = await openWorkbench({ folder });
  try {
    const log = join(workbench.folder, "metrics.jsonl");
    const lines = readFileSync(log, "utf8").trimEnd().split("\n");
    writeFileSync(log, `${lines.slice(0, HISTORY + 1).join("\n")}\n`);
    await workbench.runCommand("Gradlens: Open Dashboard");
    const root = workbench.webview().locator("#root");
    const drawn = async (step: number): Promise<number> => {
      await workbench.webview().locator(`#root[data-last-step='${step}']`).waitFor();
      return Number(await root.getAttribute("data-rendered-at"));
    };
    await drawn(HISTORY);

    const latencies: number[] = [];
    for (let step = HISTORY + 1; step <= HISTORY + appends; step += 1) {
      // Appends come at no fixed phase of anything that batches.
      await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 300));
      const appendedAt = Date.now();
      appendFileSync(log, `${lines[step]}\n`);
      latencies.push((await drawn(step)) - appendedAt);
    }
    latencies.sort((a, b) => a - b);
    const at = (share: number): number | undefined => latencies[Math.floor(share * (latencies.length - 1))];
    console.log(`append to pixel ${how}, ${appends} appends: median ${at(0.5)} ms, p90 ${at(0.9)} ms, max ${at(1)} ms`);
  } finally {
    await workbench.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The example run with settings of its own: a machine's settings are not taken from the browser. */
function folderWith(settings: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-live-"));
  cpSync(join(import.meta.dirname, "../examples/char-transformer"), folder, { recursive: true });
  mkdirSync(join(folder, ".vscode"));
  writeFileSync(join(folder, ".vscode/settings.json"), JSON.stringify(settings));
  return folder;
}
