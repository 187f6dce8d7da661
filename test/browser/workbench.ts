import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import { launchChromium } from "../../.ci/chromium.mjs";
import { startWorkbench, type Settings, type WorkbenchServer } from "../../.ci/workbench.mjs";

const ROOT = join(import.meta.dirname, "../..");
const SCREENSHOTS = join(ROOT, ".workbench/screenshots");
const OPEN_LIMIT_MS = 60_000;
const WAIT_LIMIT_MS = 20_000;
const HOVER_LIMIT_MS = 3_000; // VS Code waits 0.3 s, the providers answer in milliseconds.
const HOVER_TRIES = 5;
const ANSWER_LIMIT_MS = 3_000;
const ANSWER_TRIES = 5;

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
  /** Opens a file of the folder through Quick Open. */
  openFile(name: string): Promise<void>;
  /** Shows a line of the active editor and puts the cursor on it. */
  goToLine(line: number): Promise<void>;
  /** Runs a command by its title in the palette, category included: `Gradlens: Show Dashboard`. */
  runCommand(title: string): Promise<void>;
  /** Runs a command that asks by a list of its own, and leaves that open. */
  openList(title: string): Promise<void>;
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
    const server = await startServer(scratch, options);
    closers.push(() => server.stop());
    const browser = await launchChromium();
    closers.push(() => browser.close());
    const payload = options.vsix === undefined ? [["extensionDevelopmentPath", ROOT] as const] : [];
    const page = await openPage(browser, server.url(folder, payload), options);
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

async function openPage(browser: Browser, url: string, { size, scale, language }: WorkbenchOptions): Promise<Page> {
  const viewport = size ?? { width: 1440, height: 900 };
  const page = await browser.newPage({ viewport, deviceScaleFactor: scale ?? 1 });
  page.setDefaultTimeout(WAIT_LIMIT_MS);
  if (language !== undefined) {
    // What a language pack sets, before the texts it brings; texts that are missing stay English.
    await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)};`);
  }
  await page.goto(url);
  // The smoke test driver of VS Code; strings, because these tests are compiled without the browser's types.
  await page.waitForFunction("globalThis.driver !== undefined", undefined, { timeout: OPEN_LIMIT_MS });
  await page.evaluate("globalThis.driver.whenWorkbenchRestored()");
  await page.locator(".statusbar .remote-kind, .statusbar-item").first().waitFor();
  return page;
}

function actions(page: Page, server: WorkbenchServer): Omit<Workbench, "page" | "folder" | "close"> {
  return {
    openFile: async (name) => {
      await pick(page, { keys: "ControlOrMeta+P", text: name, label: name });
      await page.locator(".editor-group-container.active .tab.active").filter({ hasText: name }).waitFor();
      await page.locator(".editor-group-container.active .editor-container > *").first().waitFor();
    },
    goToLine: async (line) => {
      await pick(page, { keys: "Control+G", text: `:${line}`, label: new RegExp(`go to line ${line}\\b`) });
      await page.getByText(`Ln ${line}, Col 1`).waitFor();
    },
    runCommand: (title) => pick(page, { keys: "F1", text: `>${title}`, label: title }),
    openList: (title) => pick(page, { keys: "F1", text: `>${title}`, label: title, opens: true }),
    chooseInExplorer: async (name, entry) => {
      await pick(page, { keys: "F1", text: ">File: Focus on Files Explorer", label: "File: Focus on Files Explorer" });
      const row = page.locator(".explorer-folders-view .monaco-list-row");
      await row.filter({ has: page.getByText(name, { exact: true }) }).click({ button: "right" });
      await page.getByRole("menuitem", { name: entry, exact: true }).hover();
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
        await pick(page, { keys: "F1", text: `>${command}`, label: command, opens: true });
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

interface Choice {
  /** What is typed. */
  readonly text: string;
  /** The whole label of the entry, or a pattern in it. */
  readonly label: string | RegExp;
}

interface Pick extends Choice {
  /** What opens the list. */
  readonly keys: string;
  /** The entry opens another list. */
  readonly opens?: boolean;
}

/** Chooses one entry of the list that `keys` opens, once it stands in the list. */
async function pick(page: Page, { keys, opens = false, ...choice }: Pick): Promise<void> {
  await inFreshList(page, choice.label, async () => {
    await page.keyboard.press(keys);
    await choose(page, choice);
  });
  if (opens) {
    // Else what is typed next may still go into this list.
    const typed = JSON.stringify(choice.text);
    await page.waitForFunction(`document.querySelector(".quick-input-widget input.input").value !== ${typed}`);
  } else {
    await page.locator(".quick-input-widget:visible").waitFor({ state: "hidden" });
  }
}

/** A list is made when it opens: an entry of an extension that was still loading then only stands in the next one. */
async function inFreshList(page: Page, label: string | RegExp, attempt: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === ANSWER_TRIES) {
        throw new Error(`"${String(label)}" did not come into the list.`, { cause: error });
      }
      await page.keyboard.press("Escape");
      await page.locator(".quick-input-widget:visible").waitFor({ state: "hidden" });
    }
  }
}

async function choose(page: Page, { text, label }: Choice): Promise<void> {
  await page.locator(".quick-input-widget:visible input.input").fill(text, { timeout: ANSWER_LIMIT_MS });
  const entry = page
    .locator(".quick-input-list .monaco-list-row")
    .filter({ has: page.getByText(label, { exact: true }) });
  await entry.first().click({ timeout: ANSWER_LIMIT_MS });
}

async function notifications(page: Page): Promise<string[]> {
  await pick(page, {
    keys: "F1",
    text: ">Notifications: Show Notifications",
    label: "Notifications: Show Notifications",
  });
  await page.locator(".notifications-center.visible").waitFor();
  const items = await page.locator(".notifications-center .notification-list-item").all();
  const texts = await Promise.all(
    items.map(async (item) => {
      const icon = await item.locator(".notification-list-item-icon").getAttribute("class");
      const kind = /codicon-(error|warning|info)/.exec(icon ?? "")?.[1] ?? "unknown";
      return `${kind}: ${await item.locator(".notification-list-item-message").innerText()}`;
    }),
  );
  await page.keyboard.press("Escape");
  await page.locator(".notifications-center.visible").waitFor({ state: "hidden" });
  return texts;
}

async function hover(page: Page, word: string, expected: string | RegExp): Promise<Locator> {
  const shown = page.locator(".monaco-hover:not(.hidden)").filter({ hasText: expected }).first();
  for (let tries = 1; ; tries++) {
    const { x, y } = await placeOf(page, word);
    await page.mouse.move(x, y - 200);
    await page.mouse.move(x, y, { steps: 3 });
    try {
      await shown.waitFor({ timeout: HOVER_LIMIT_MS });
      return shown;
    } catch (error) {
      if (tries === HOVER_TRIES) {
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
