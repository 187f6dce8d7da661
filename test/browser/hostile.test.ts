import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ELSEWHERE, HOSTILE_FILES, writeHostileFolder } from "../support/hostileFolder.ts";
import { processesBelow } from "../support/processes.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

// A folder whose every file attacks: opened in the real workbench, trusted, with all checkpoints read in the background.

let workbench: Workbench;
const scratch = mkdtempSync(join(tmpdir(), "gradlens-hostile-"));
const canary = join(scratch, "it-was-run");
const dialogs: string[] = [];
const requests: string[] = [];

beforeAll(async () => {
  const folder = join(scratch, "run");
  writeHostileFolder(folder, { canary, outside: join(scratch, "outside") });
  workbench = await openWorkbench({
    folder,
    settings: { "gradlens.compute.autoCheckpoints": "full", "gradlens.runs.autoFollow": "all" },
  });
  await workbench.runCommand("Gradlens: Open Dashboard"); // With it the menus are there.
  await workbench.webview().locator("#root").waitFor();
  workbench.page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  workbench.page.on("request", (request) => requests.push(request.url()));
});
afterAll(async () => {
  await workbench?.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** These tests are compiled without the browser's types. */
interface Anchor {
  readonly getAttribute: (name: string) => string | null;
}

/** What hostile names would have to become; the editor's own script is in every page. */
const MARKUP =
  "img, iframe, a[href^='command:'], script:not([nonce]):not(#_vscodeApiScript):not([type='application/json'])";

/** Every file of the opened folder, with its size and time. */
function contents(): string[] {
  return readdirSync(workbench.folder, { recursive: true, encoding: "utf8" })
    .map(
      (name) =>
        `${name} ${statSync(join(workbench.folder, name)).size} ${statSync(join(workbench.folder, name)).mtimeMs}`,
    )
    .toSorted();
}

/** Programs below this process, but for the browser's own. */
function programs(): string[] {
  const commands = processesBelow(process.pid).map(({ command }) => command);
  return commands.filter((command) => !/chrom/i.test(command) && !command.includes("dist/worker.cjs"));
}

/** What the editor of a checkpoint shows in the end: its table, or why there is none. */
async function inspect(name: string): Promise<string> {
  await workbench.runCommand("View: Close All Editors"); // No page but the new one is there to be read.
  await workbench.page.locator(".tab").first().waitFor({ state: "hidden" });
  await workbench.chooseInExplorer(name, "Gradlens: Inspect Checkpoint");
  await workbench.page.locator(".tab.active").filter({ hasText: name }).waitFor();
  const page = workbench.webview();
  await page.locator("#root[data-finished], button:text-is('Retry')").first().waitFor();
  return page.locator("#root").innerText();
}

test("attacks are shown as text or as a sentence, and nothing else comes of them", async () => {
  const before = contents();
  const programsBefore = programs();
  const shown = {
    names: await inspect(HOSTILE_FILES.names),
    markup: await workbench.webview().locator(MARKUP).count(),
    headerBomb: await inspect(HOSTILE_FILES.headerBomb),
    zipBomb: await inspect(HOSTILE_FILES.zipBomb),
    pickle: await inspect(HOSTILE_FILES.pickle),
    built: await inspect(HOSTILE_FILES.built),
    index: await inspect(HOSTILE_FILES.index),
  };
  expect(shown).toMatchObject({
    names: expect.stringContaining("<script>window") as string, // The tree cuts names at dots.
    markup: 0,
    headerBomb: expect.stringMatching(/✕ .*bomb\.safetensors: /) as string,
    zipBomb: expect.stringMatching(/✕ .*bomb\.npz: /) as string,
    pickle: expect.stringMatching(/✕ .*builtins\.open.*not made/) as string,
    built: expect.stringMatching(/✕ .*not made/) as string,
    index: expect.stringMatching(/✕ .*(?:link out of|not inside) the checkpoint's folder/) as string,
  });
  await workbench.screenshot("hostile-checkpoint");
  await nothingHappened(before, programsBefore);
});

test("a log of hostile names and lines is followed, judged and hovered as text", async () => {
  const before = contents();
  const programsBefore = programs();
  await workbench.openFile("metrics.jsonl");
  await workbench.goToLine(31);
  const hover = await workbench.hover("NaN", /NaN/);
  const links = await hover
    .locator("a")
    .evaluateAll((anchors) => anchors.map((anchor) => (anchor as unknown as Anchor).getAttribute("data-href") ?? ""));
  expect(links.filter((link) => link !== "" && !link.startsWith("command:gradlens."))).toEqual([]);
  await workbench.runCommand("Gradlens: Open Dashboard");
  await workbench.webview().locator("#root > *").first().waitFor();
  expect(await workbench.webview().locator(MARKUP).count()).toBe(0);
  await workbench.screenshot("hostile-log");
  await nothingHappened(before, programsBefore);
});

/** No dialog, no request to elsewhere, no file, no process, no code in a page. */
async function nothingHappened(before: readonly string[], programsBefore: readonly string[]): Promise<void> {
  // What VS Code starts for a moment, to search or to ask git, ends by itself.
  await expect.poll(() => programs().filter((command) => !programsBefore.includes(command))).toEqual([]);
  const ran = await workbench.webview().locator("body").evaluate("globalThis.wasRun");
  expect({
    dialogs,
    elsewhere: requests.filter((url) => url.includes(ELSEWHERE)),
    canary: existsSync(canary),
    contents: contents(),
    ran,
    terminals: await workbench.page.locator(".terminal-wrapper").count(),
  }).toEqual({
    dialogs: [],
    elsewhere: [],
    canary: false,
    contents: before,
    ran: undefined,
    terminals: 0,
  });
}
