import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../.ci/chromium.mjs";
import { forWebview } from "../../src/protocol/webviewWire.ts";

const MEDIA = join(import.meta.dirname, "../../dist/media");
const ORIGIN = "http://gradlens.test";
/** A machine with other work to do is slow, not wrong. */
const WAIT_LIMIT_MS = 60_000;

export type ThemeKind = "dark" | "light" | "highContrastDark" | "highContrastLight";
export const THEME_KINDS: readonly ThemeKind[] = ["dark", "light", "highContrastDark", "highContrastLight"];

/** One of our pages alone in Chromium, with what VS Code gives a page: its policy, its theme, its wire. Run the build before. */
export interface WebviewPage {
  readonly page: Page;
  /** Sends a message as the host would. */
  readonly send: (message: unknown) => Promise<void>;
  /** Puts a message into the page's `window.staged`, to be delivered by a measurement inside the page. */
  readonly stage: (message: unknown) => Promise<void>;
  /** What the page has posted so far. */
  readonly posted: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly setTheme: (kind: ThemeKind) => Promise<void>;
  /** What the page stored last with `setState`. */
  readonly stored: () => Promise<unknown>;
  readonly close: () => Promise<void>;
}

export interface WebviewOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: ThemeKind;
  /** What `getState` gives the page. */
  readonly state?: unknown;
  readonly browser?: Browser;
  /** Texts of another language, by their English. */
  readonly bundle?: Readonly<Record<string, string>>;
  /** Text in a font that is the same on every machine. */
  readonly hasTestFont?: boolean;
}

export async function openWebviewPage(
  name: "dashboard" | "checkpoint",
  options: WebviewOptions = {},
): Promise<WebviewPage> {
  const browser = options.browser ?? (await launchChromium());
  const size = { width: options.width ?? 1280, height: options.height ?? 900 };
  const page = await browser.newPage({ viewport: size });
  page.setDefaultTimeout(WAIT_LIMIT_MS);
  await page.route(`${ORIGIN}/**`, (route) => {
    const file = new URL(route.request().url()).pathname.slice(1);
    return file === ""
      ? route.fulfill({ contentType: "text/html", body: html(name, options) })
      : route.fulfill(TEST_FONT[file] ?? { path: join(MEDIA, file) });
  });
  await page.addInitScript(wireScript(options.state));
  await page.goto(`${ORIGIN}/`);
  const setTheme = (kind: ThemeKind): Promise<void> => page.evaluate(themeScript(kind));
  await setTheme(options.theme ?? "dark");
  if (options.hasTestFont === true) {
    await page.evaluate(`Promise.all([400, 600].map((weight) => document.fonts.load(weight + " 12px Test")))`);
  }
  return {
    page,
    send: (message) => page.evaluate(`window.receive(${quoted(message)})`),
    stage: (message) => page.evaluate(`window.stage(${quoted(message)})`),
    posted: () => page.evaluate("window.posted"),
    setTheme,
    stored: () => page.evaluate("window.stored"),
    close: () => (options.browser === undefined ? browser.close() : page.close()),
  };
}

const FONTS = join(import.meta.dirname, "../../node_modules/dejavu-fonts-ttf/ttf");
const TEST_FONT: Readonly<Record<string, { path: string } | { contentType: string; body: string }>> = {
  "regular.ttf": { path: join(FONTS, "DejaVuSansCondensed.ttf") },
  "bold.ttf": { path: join(FONTS, "DejaVuSansCondensed-Bold.ttf") },
  "font.css": {
    contentType: "text/css",
    body: `@font-face { font-family: Test; font-weight: 400; src: url(/regular.ttf) }
      @font-face { font-family: Test; font-weight: 600 700; src: url(/bold.ttf) }
      :root { --vscode-font-family: Test !important; --vscode-font-size: 12px !important;
        --vscode-editor-font-family: Test !important }`,
  },
};

/** As `webviewHtml` of the host, with a nonce that is known. */
function html(name: string, { bundle = {}, hasTestFont = false }: WebviewOptions): string {
  const policy =
    "default-src 'none'; img-src 'self' data:; style-src 'self'; font-src 'self'; script-src 'nonce-known'";
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Gradlens</title>
<meta http-equiv="Content-Security-Policy" content="${policy}"><link rel="stylesheet" href="/${name}.css">${hasTestFont ? '<link rel="stylesheet" href="/font.css">' : ""}</head>
<body class="vscode-dark"><div id="root"></div><script type="application/json" id="l10n">${JSON.stringify(bundle).replaceAll("<", "\\u003c")}</script>
<script nonce="known" src="/${name}.js"></script></body></html>`;
}

/** The wire, and numbers as bytes: JSON of a million of them would take seconds. */
function wireScript(state: unknown): string {
  return `
    window.posted = [];
    window.stored = ${JSON.stringify(state ?? null)} ?? undefined;
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => void window.posted.push(message),
      getState: () => window.stored,
      setState: (state) => void (window.stored = state),
    });
    const revive = (_, value) => typeof value?.column === "string"
      ? new globalThis[value.column](Uint8Array.from(atob(value.bytes), (letter) => letter.charCodeAt(0)).buffer)
      : value;
    const decode = (text) => JSON.parse(text, revive);
    window.staged = [];
    window.stage = (text) => void window.staged.push(decode(text));
    window.receive = (text) => window.dispatchEvent(new MessageEvent("message", { data: decode(text) }));`;
}

/** A message as JSON in quotation marks: as a literal of a script it would take thirty times as long to parse. */
function quoted(message: unknown): string {
  return JSON.stringify(JSON.stringify(forWebview(message), columnsAsBytes));
}

function columnsAsBytes(_: string, value: unknown): unknown {
  return ArrayBuffer.isView(value)
    ? {
        column: value.constructor.name,
        bytes: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64"),
      }
    : value;
}

/** Colours of the default themes, of the variables that our pages read. */
const THEMES: Readonly<
  Record<ThemeKind, { readonly classes: string; readonly variables: Readonly<Record<string, string>> }>
> = {
  dark: {
    classes: "vscode-dark",
    variables: {
      "editor-background": "#1f1f1f",
      foreground: "#cccccc",
      descriptionForeground: "#9d9d9d",
      focusBorder: "#0078d4",
      "widget-border": "#313131",
      "dropdown-background": "#313131",
      "dropdown-foreground": "#cccccc",
      "menu-background": "#1f1f1f",
      "textPreformat-background": "#3c3c3c",
      "textPreformat-foreground": "#d0d0d0",
    },
  },
  light: {
    classes: "vscode-light",
    variables: {
      "editor-background": "#ffffff",
      foreground: "#3b3b3b",
      descriptionForeground: "#3b3b3b",
      focusBorder: "#005fb8",
      "widget-border": "#e5e5e5",
      "dropdown-background": "#ffffff",
      "dropdown-foreground": "#3b3b3b",
      "menu-background": "#ffffff",
      "button-background": "#005fb8",
      "textPreformat-background": "#0000001f",
      "textPreformat-foreground": "#3b3b3b",
    },
  },
  highContrastDark: {
    classes: "vscode-high-contrast",
    variables: {
      "editor-background": "#000000",
      foreground: "#ffffff",
      focusBorder: "#f38518",
      contrastBorder: "#6fc3df",
      contrastActiveBorder: "#f38518",
      "dropdown-background": "#000000",
      "dropdown-foreground": "#ffffff",
      "menu-background": "#000000",
      "button-background": "#000000",
      "textPreformat-background": "#ffffff",
      "textPreformat-foreground": "#000000",
      "button-border": "#6fc3df",
      "button-foreground": "#ffffff",
    },
  },
  highContrastLight: {
    classes: "vscode-high-contrast-light vscode-high-contrast",
    variables: {
      "editor-background": "#ffffff",
      foreground: "#292929",
      focusBorder: "#006bbd",
      contrastBorder: "#0f4a85",
      contrastActiveBorder: "#006bbd",
      "dropdown-background": "#ffffff",
      "dropdown-foreground": "#292929",
      "menu-background": "#ffffff",
      "button-background": "#0f4a85",
      "textPreformat-background": "#09345f",
      "textPreformat-foreground": "#ffffff",
      "button-border": "#0f4a85",
      "button-foreground": "#ffffff",
    },
  },
};

function themeScript(kind: ThemeKind): string {
  const { classes, variables } = THEMES[kind];
  return `{
    const { style } = document.documentElement;
    Array.from(style).forEach((name) => style.removeProperty(name));
    Object.entries(${JSON.stringify(variables)}).forEach(([name, value]) => style.setProperty("--vscode-" + name, value));
    document.body.className = ${JSON.stringify(classes)};
  }`;
}
