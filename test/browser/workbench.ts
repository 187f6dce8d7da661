import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import { launchChromium } from "../../.ci/chromium.mjs";
import { startWorkbench, type Settings, type WorkbenchServer } from "../../.ci/workbench.mjs";
import { choose, clickAtOnce, inFreshList, pick } from "./choices.ts";
import { watchForFailures } from "./failures.ts";

const ROOT = join(import.meta.dirname, "../..");
const SCREENSHOTS = join(ROOT, ".workbench/screenshots");
// A machine with other work to do is slow, not wrong: what comes is not waited for any longer by these.
const OPEN_LIMIT_MS = 120_000;
const WAIT_LIMIT_MS = 60_000;
const CENTER_LIMIT_MS = 10_000;
const HOVER_LIMIT_MS = 60_000;
const HOVER_AGAIN_MS = 5_000; // VS Code waits 0.3 s, the providers answer in milliseconds.

/** The colour themes of the four kinds, and the class that the workbench then wears. */
const THEMES = {
  light: { label: "Light Modern", className: "vs" },
  dark: { label: "Dark Modern", className: "vs-dark" },
  highContrastLight: { label: "Light High Contrast", className: "hc-light" },
  highContrastDark: { label: "Dark High Contrast", className: "hc-black" },
};

/** VS Code in a browser with Gradlens loaded from source, on a copy of the example run. Nothing here sleeps: it waits. */
export interface Workbench {
  readonly page: Page;
  /** The opened folder: a copy that a test may change. */
  readonly folder: string;
  /** Opens a file of the folder through Quick Open: by its name, or with the folder it is in where others have the name. */
  openFile(path: string): Promise<void>;
  /** Shows a line of the active editor and puts the cursor on it. */
  goToLine(line: number): Promise<void>;
  /** Runs a command by its title in the palette, category included: `Gradlens: Show Dashboard`. */
  runCommand(title: string): Promise<void>;
  /** Runs a command that asks by a list of its own, and leaves that open. */
  openList(title: string): Promise<void>;
  /** A row of a view of ours. */
  row(text: string | RegExp): Locator;
  /** Clicks a row of a view of ours. */
  chooseRow(text: string | RegExp): Promise<void>;
  /** Chooses from the menu of a file or folder in the Explorer, as a right click opens it. */
  chooseInExplorer(name: string, entry: string): Promise<void>;
  /** Waits until the text is visible somewhere in the workbench (not inside webviews). */
  waitForText(text: string | RegExp): Promise<void>;
  /** The document inside the visible webview: what media/ draws. */
  webview(): FrameLocator;
  /** Rests the mouse on a word of the active editor until a hover says `expected`; gives the hover. */
  hover(word: string, expected: string | RegExp): Promise<Locator>;
  /** What the notification centre holds, as `error: text`; an automated VS Code draws no toasts. */
  notifications(): Promise<string[]>;
  /** Chooses a theme from the list, as people do: a setting is not always looked at while the window still opens. */
  setTheme(kind: keyof typeof THEMES): Promise<void>;
  /** Adds to the settings; await what should follow from it. */
  setSettings(settings: Settings): void;
  /** Stores a picture as .workbench/screenshots/NAME.png and gives its path. */
  screenshot(name: string): Promise<string>;
  /** Closes the browser, ends the server, removes the copy. */
  close(): Promise<void>;
}

export interface WorkbenchOptions {
  readonly settings?: Settings;
  /** The folder that is copied and opened; the example run unless said otherwise. */
  readonly folder?: string;
  /** Changes the copy before it is opened. */
  readonly prepare?: (folder: string) => void;
  readonly size?: { readonly width: number; readonly height: number };
  /** The language extensions are asked to speak; VS Code itself has no other than English here. */
  readonly language?: string;
  /** A package that is installed from its file; Gradlens is loaded from the checkout unless said otherwise. */
  readonly vsix?: string;
  /** The folder of another extension, which is installed before the package. */
  readonly neighbour?: string;
  /** Settings that belong to a machine, such as what computes. */
  readonly machine?: Settings;
  /** Pixels of a picture for each of the page's; 1 unless said otherwise. */
  readonly scale?: number;
}

export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const scratch = mkdtempSync(join(tmpdir(), "gradlens-browser-"));
  const folder = join(scratch, "char-transformer");
  cpSync(options.folder ?? join(ROOT, "examples/char-transformer"), folder, { recursive: true });
  options.prepare?.(folder);
  const closers = [async () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) {
      await closer();
    }
  };
  try {
    const starting = startServer(scratch, options);
    const launching = launchChromium();
    closers.push(
      async () =>
        starting.then(
          async (server) => server.stop(),
          () => undefined,
        ),
      async () =>
        launching.then(
          async (browser) => browser.close(),
          () => undefined,
        ),
    );
    const [server, browser] = await Promise.all([starting, launching]);
    const payload = options.vsix === undefined ? [["extensionDevelopmentPath", ROOT] as const] : [];
    const page = await newPage(browser, options);
    const { end } = watchForFailures({ page, log: server.log });
    closers.push(end);
    await openWindow(page, server.url(folder, payload));
    return { ...actions(page, server), page, folder, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What is installed keeps its own record of this machine's engines: another package has others. */
async function startServer(scratch: string, options: WorkbenchOptions): Promise<WorkbenchServer> {
  const { settings = {}, machine = {}, vsix, neighbour } = options;
  const common = { dataDir: join(scratch, "data"), settings, machine };
  if (neighbour !== undefined) {
    cpSync(neighbour, join(common.dataDir, "extensions", basename(neighbour)), { recursive: true });
  }
  return vsix === undefined
    ? startWorkbench(common)
    : startWorkbench({ ...common, vsix, env: { XDG_CACHE_HOME: join(scratch, "cache") } });
}

async function newPage(browser: Browser, { size, scale, language }: WorkbenchOptions): Promise<Page> {
  const viewport = size ?? { width: 1440, height: 900 };
  const page = await browser.newPage({ viewport, deviceScaleFactor: scale ?? 1 });
  page.setDefaultTimeout(WAIT_LIMIT_MS);
  page.setDefaultNavigationTimeout(OPEN_LIMIT_MS);
  if (language !== undefined) {
    // What a language pack sets, before the texts it brings; texts that are missing stay English.
    await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)};`);
  }
  return page;
}

async function openWindow(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await whenOpen(page);
}

/** Settles when the window is open and knows of our commands and menus, also after a reload. */
export async function whenOpen(page: Page): Promise<void> {
  // The smoke test driver of VS Code; strings, because these tests are compiled without the browser's types.
  await page.waitForFunction("globalThis.driver !== undefined", undefined, { timeout: OPEN_LIMIT_MS });
  await page.evaluate("globalThis.driver.whenWorkbenchRestored()");
  const ours = page.locator(".activitybar .action-item", { has: page.getByLabel(/^Gradlens/) });
  await ours.waitFor({ timeout: OPEN_LIMIT_MS });
}

function actions(page: Page, server: WorkbenchServer): Omit<Workbench, "page" | "folder" | "close"> {
  return {
    openFile: async (path) => {
      const [name, folder] = [basename(path), dirname(path)];
      const beside = folder === "." ? {} : { beside: folder };
      await pick(page, { text: path, label: name, ...beside });
      await page.locator(".editor-group-container.active .tab.active").filter({ hasText: name }).waitFor();
      await page.locator(".editor-group-container.active .editor-container > *").first().waitFor();
    },
    goToLine: async (line) => {
      await pick(page, { text: `:${line}`, label: new RegExp(`go to line ${line}\\b`) });
      await page.getByText(`Ln ${line}, Col 1`).waitFor();
    },
    runCommand: (title) => pick(page, { text: `>${title}`, label: title }),
    openList: (title) => pick(page, { text: `>${title}`, label: title, opens: true }),
    row: (text) => row(page, text),
    chooseRow: (text) => clickAtOnce(row(page, text)),
    chooseInExplorer: async (name, entry) => {
      await pick(page, { text: ">File: Focus on Files Explorer", label: "File: Focus on Files Explorer" });
      const rows = page.locator(".explorer-folders-view .monaco-list-row");
      await rows.filter({ has: page.getByText(name, { exact: true }) }).click({ button: "right" });
      const item = page.getByRole("menuitem", { name: entry, exact: true });
      await item.hover();
      await page.locator(".action-item.focused").filter({ has: item }).waitFor();
      await page.keyboard.press("Enter"); // A click in the first tenth of a second is not taken.
      await page.getByRole("menu").waitFor({ state: "hidden" });
    },
    waitForText: (text) => page.getByText(text).and(page.locator(":not(.monaco-aria-container *)")).first().waitFor(),
    webview: () => page.frameLocator("iframe.webview.ready:visible").frameLocator("iframe#active-frame"),
    hover: (word, expected) => hover(page, word, expected),
    notifications: () => notifications(page),
    setTheme: async (kind) => {
      const { label, className } = THEMES[kind];
      const command = "Preferences: Color Theme";
      await inFreshList(page, label, async () => {
        await pick(page, { text: `>${command}`, label: command, opens: true });
        await choose(page, { text: label, label });
      });
      await page.locator(`.monaco-workbench.${className}`).waitFor();
    },
    setSettings: (settings) => server.writeSettings(settings),
    screenshot: async (name) => {
      mkdirSync(SCREENSHOTS, { recursive: true });
      const path = join(SCREENSHOTS, `${name}.png`);
      await page.evaluate("Promise.allSettled(document.getAnimations().map((animation) => animation.finished))");
      await page.screenshot({ path });
      return path;
    },
  };
}

function row(page: Page, text: string | RegExp): Locator {
  return page.locator(".pane-body .monaco-list-row", { hasText: text }).first();
}

async function notifications(page: Page): Promise<string[]> {
  const label = "Notifications: Show Notifications";
  const shown = page.locator(".notifications-center.visible");
  await inFreshList(page, label, async () => {
    await pick(page, { text: `>${label}`, label });
    await shown.waitFor({ timeout: CENTER_LIMIT_MS }); // It closes by itself when the last notification goes meanwhile.
  });
  const items = await page.locator(".notifications-center .notification-list-item").all();
  const texts = await Promise.all(
    items.map(async (item) => {
      const icon = await item.locator(".notification-list-item-icon").getAttribute("class");
      const kind = /codicon-(error|warning|info)/.exec(icon ?? "")?.[1] ?? "unknown";
      return `${kind}: ${await item.locator(".notification-list-item-message").innerText()}`;
    }),
  );
  await page.keyboard.press("Escape");
  await shown.waitFor({ state: "hidden" });
  return texts;
}

async function hover(page: Page, word: string, expected: string | RegExp): Promise<Locator> {
  const shown = page.locator(".monaco-hover:not(.hidden)").filter({ hasText: expected }).first();
  for (const endMs = performance.now() + HOVER_LIMIT_MS; ;) {
    const { x, y } = await placeOf(page, word);
    await page.mouse.move(x, y - 200);
    await page.mouse.move(x, y, { steps: 3 });
    try {
      await shown.waitFor({ timeout: HOVER_AGAIN_MS });
      return shown;
    } catch (error) {
      if (performance.now() > endMs) {
        throw new Error(`No hover on "${word}" said ${String(expected)}.`, { cause: error });
      }
    }
  }
}

/** The middle of the first visible occurrence of a word, which may be a part of a coloured token. */
async function placeOf(page: Page, word: string): Promise<{ x: number; y: number }> {
  const find = `(() => {
    for (const line of document.querySelectorAll(".editor-group-container.active .view-line")) {
      const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const start = texts.currentNode.data.indexOf(${JSON.stringify(word)});
        if (start < 0) { continue; }
        const range = document.createRange();
        range.setStart(texts.currentNode, start);
        range.setEnd(texts.currentNode, start + ${word.length});
        const box = range.getBoundingClientRect();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      }
    }
  })()`;
  const place = await page.waitForFunction(find);
  return (await place.jsonValue()) as { x: number; y: number };
}
