import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeEach } from "vitest";

const PICTURES = join(import.meta.dirname, "../../.workbench/screenshots");
const LOOK_LIMIT_MS = 10_000;

/** An open workbench, and what its server has said. */
export interface Watched {
  readonly page: Page;
  readonly log: () => string;
}

interface Sight {
  readonly words: string;
  readonly picture?: Buffer;
}

const open = new Set<Watched>();
let closed: Sight[] = [];
let hasBegun = false;

/**
 * From now on a test that fails tells what this workbench showed: in words, for those who see no more than the log of a run, and
 * as .workbench/screenshots/failed-….png.
 */
export function watchForFailures(watched: Watched): { readonly end: () => Promise<void> } {
  open.add(watched);
  return {
    async end() {
      closed.push(await look(watched)); // A test closes its own before it is known that it failed.
      open.delete(watched);
    },
  };
}

beforeEach(() => {
  hasBegun = true;
});

// Hooks that were registered first come last: those of the tests have closed what they close.
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") {
    await tell(task.name);
  }
  closed = [];
});

afterAll(async () => {
  if (!hasBegun) {
    await tell("what comes before the first test");
  }
});

async function tell(name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  const sights = [...(await Promise.all(Array.from(open, look))), ...closed];
  for (const [at, { words, picture }] of sights.entries()) {
    const path = join(PICTURES, `failed-${name.replaceAll(/\W+/g, "-").slice(0, 60)}-${at}.png`);
    if (picture !== undefined) {
      writeFileSync(path, picture);
    }
    process.stderr.write(`\nAs "${name}" failed\n${words}\npicture: ${path}\n`);
  }
}

async function look({ page, log }: Watched): Promise<Sight> {
  try {
    const picture = await page.screenshot({ timeout: LOOK_LIMIT_MS });
    const shown = await page.evaluate<string>(READ_WORKBENCH);
    return { words: `${shown}\nserver: ${timed(log())}`, picture };
  } catch (error) {
    return { words: `the workbench could not be looked at: ${String(error)}\nserver: ${timed(log())}` };
  }
}

/** The last lines of the server that have a time; it also lists every place where a native part of it is not. */
function timed(log: string): string {
  const lines = log.split("\n").filter((line) => /^\[\d+:/.test(line));
  return lines.slice(-12).join("\n");
}

/** Run in the page; these tests are compiled without the browser's types. */
const READ_WORKBENCH = `Object.entries({
  tabs: ".tab",
  "side bar": ".sidebar .monaco-list-row",
  list: ".quick-input-widget:not([style*='display: none']) .monaco-list-row",
  notifications: ".notification-list-item-message",
  dialog: ".monaco-dialog-box",
  "status bar": ".statusbar-item",
}).map(([part, selector]) => part + ": " + Array.from(document.querySelectorAll(selector), ({ innerText }) =>
  innerText.replaceAll("\\n", " ").slice(0, 120)).join(" | ")).join("\\n")`;
