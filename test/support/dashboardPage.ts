import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../.ci/chromium.mjs";
import { answerTensors } from "#host/dashboard/tensors.ts";
import type { TabContext } from "#host/dashboard/tabContext.ts";
import { describeRun } from "#host/dashboard/dashboardModel.ts";
import { createFindingsBook } from "#following/findingsBook.ts";
import { fromDashboard } from "#protocol/dashboard.ts";
import type { FromDashboard, ToDashboard } from "#protocol/dashboard.ts";
import type { ToTensors } from "#protocol/dashboard/tensors.ts";
import { parseMessage } from "#protocol/parse.ts";
import { forWebview } from "#protocol/webviewWire.ts";
import type { Run } from "#store/run.ts";
import { createRunStore } from "#store/runStore.ts";
import { PAGE_THEMES } from "./pageThemes.ts";
import type { PageTheme } from "./pageThemes.ts";

const ROOT = join(import.meta.dirname, "../..");
const SCREENSHOTS = join(ROOT, ".workbench/screenshots");
const ADDRESS = "http://dashboard.invalid/";

/** The dashboard's page without VS Code, on a run in memory; what the host answers is answered by the host's own code. */
export interface DashboardPage {
  readonly page: Page;
  /** What the page said, oldest first. */
  readonly said: readonly FromDashboard[];
  /** What the page threw; none, when all is well. */
  readonly errors: readonly string[];
  /** What the editor says without being asked. */
  readonly tell: (message: ToDashboard) => Promise<void>;
  readonly setTheme: (theme: PageTheme) => Promise<void>;
  readonly screenshot: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface DashboardPageOptions {
  readonly width?: number;
  /** Whether the run is judged before it is shown; it is, unless said otherwise. */
  readonly isJudged?: boolean;
  /** Further switches of Chromium, as for measuring. */
  readonly switches?: string[];
}

export async function openDashboardPage(
  fill: (store: ReturnType<typeof createRunStore>) => Run,
  { width = 1100, isJudged = true, switches = [] }: DashboardPageOptions = {},
): Promise<DashboardPage> {
  const browser = await launchChromium(switches);
  const page = await browser.newPage({ viewport: { width, height: 1500 } });
  page.setDefaultTimeout(60_000);
  const said: FromDashboard[] = [];
  const store = createRunStore();
  const findings = createFindingsBook(isJudged ? store : createRunStore());
  const run = fill(store);
  const context = { run, store, findings };
  const post = async (message: ToDashboard): Promise<void> => {
    await page.evaluate(deliver, forWebview(message));
  };
  await page.exposeFunction("toHost", async (sent: unknown) => {
    const message = parseMessage(fromDashboard, sent);
    if (message !== undefined) {
      said.push(message);
      await Promise.all(answers(message, context).map(post));
    }
  });
  const errors: string[] = [];
  page.on("pageerror", ({ message }) => errors.push(message));
  await serve(page);
  await page.goto(ADDRESS, { timeout: 120_000 }); // A large run is told in one piece, by this same process.
  return {
    page,
    said,
    errors,
    tell: post,
    setTheme: (theme) => setTheme(page, theme),
    screenshot: (name) => screenshot(page, name),
    close: () => close(browser, findings),
  };
}

async function close(browser: Browser, findings: { dispose: () => void }): Promise<void> {
  findings.dispose();
  await browser.close();
}

type Context = Omit<TabContext<ToDashboard>, "post">;

const NAMES = { ofRun: () => "run", ofFile: () => "metrics.jsonl" };

function answers(message: FromDashboard, { run, store, findings }: Context): readonly ToDashboard[] {
  if (message.kind === "ready") {
    const described = describeRun(run, NAMES, findings.of(run));
    return [{ kind: "replace", sequence: 1, runs: [{ id: run.id, name: "run" }], run: described }];
  }
  if (message.kind === "tensors") {
    const given: ToDashboard[] = [];
    const post = (answer: ToTensors): void => void given.push({ kind: "tensors", answer });
    answerTensors(message.request, { run, store, findings, post });
    return given;
  }
  return [];
}

/** Runs in the page; these tests are compiled without the browser's types. */
function deliver(message: unknown): void {
  const page = globalThis as unknown as { postMessage: (message: unknown, origin: string) => void };
  page.postMessage(message, "*");
}

async function serve(page: Page): Promise<void> {
  const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:";
  const html = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Dashboard</title>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="/dashboard.css"></head><body><div id="root"></div>
<script src="/vscode.js"></script><script src="/dashboard.js"></script></body></html>`;
  const bridge = `let state; globalThis.acquireVsCodeApi = () => ({ postMessage: (message) => void toHost(message), getState: () => state, setState: (next) => { state = next; } });`;
  await page.route(`${ADDRESS}**`, (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === "/") {
      return route.fulfill({ contentType: "text/html", body: html });
    }
    if (path === "/vscode.js") {
      return route.fulfill({ contentType: "text/javascript", body: bridge });
    }
    const isStyle = path.endsWith(".css");
    const body = readFileSync(join(ROOT, "dist/media", path));
    return route.fulfill({ contentType: isStyle ? "text/css" : "text/javascript", body });
  });
}

async function setTheme(page: Page, theme: PageTheme): Promise<void> {
  const { classes, colours } = PAGE_THEMES[theme];
  await page.evaluate(
    `(() => { document.body.className = ${JSON.stringify(classes)};
      for (const [name, colour] of Object.entries(${JSON.stringify(colours)})) document.documentElement.style.setProperty("--vscode-" + name, colour); })()`,
  );
}

async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}
