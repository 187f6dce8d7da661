export type ThemeKind = "light" | "dark" | "highContrast" | "highContrastLight";

/** What canvases draw with. Text and lines follow the user's theme; data colours are Okabe–Ito per kind of theme. */
export interface Theme {
  readonly kind: ThemeKind;
  readonly font: string;
  readonly foreground: string;
  readonly muted: string;
  readonly background: string;
  readonly grid: string;
  readonly data: DataColours;
  /** Lines of several runs; they differ by dash as well. */
  readonly runs: readonly string[];
  /** CSS pixels of a data line. */
  readonly lineWidth: number;
  /** In high contrast an area has an edge, since its fill is too faint to be seen. */
  readonly hasOutlines: boolean;
}

export interface DataColours {
  readonly globalNorm: string;
  readonly loss: string;
  readonly learningRate: string;
  readonly lossScale: string;
  readonly skippedSteps: string;
  readonly spike: string;
  readonly nonFinite: string;
  readonly zero: string;
}

const BLUE = "#0072B2";
const SKY = "#56B4E9";
const GREEN = "#009E73";
const ORANGE = "#E69F00";
const YELLOW = "#F0E442";
const VERMILLION = "#D55E00";
const PURPLE = "#CC79A7";

/** Every colour has a contrast of at least 3 to the editor's background (WCAG graphics). */
const ON_LIGHT: DataColours = {
  globalNorm: BLUE,
  loss: GREEN,
  learningRate: PURPLE,
  lossScale: VERMILLION,
  skippedSteps: VERMILLION,
  spike: VERMILLION,
  nonFinite: VERMILLION,
  zero: BLUE,
};

const ON_DARK: DataColours = {
  globalNorm: SKY,
  loss: GREEN,
  learningRate: PURPLE,
  lossScale: ORANGE,
  skippedSteps: ORANGE,
  spike: ORANGE,
  nonFinite: VERMILLION,
  zero: YELLOW,
};

const RUNS_ON_LIGHT = [BLUE, VERMILLION, GREEN, PURPLE, BLUE, VERMILLION];
const RUNS_ON_DARK = [SKY, ORANGE, GREEN, YELLOW, PURPLE, VERMILLION];

export function readTheme(): Theme {
  const variables = getComputedStyle(document.documentElement);
  return themeOf(themeKind(document.body.classList), (name) => variables.getPropertyValue(name).trim());
}

/** For files that are read and printed elsewhere. */
export function paperTheme(): Theme {
  return themeOf("light", () => "");
}

function themeOf(kind: ThemeKind, variable: (name: string) => string): Theme {
  const isLight = kind === "light" || kind === "highContrastLight";
  const isHighContrast = kind === "highContrast" || kind === "highContrastLight";
  const read = (name: string, fallback: string): string => {
    const value = variable(name);
    return value === "" ? fallback : value;
  };
  const foreground = read("--vscode-foreground", isLight ? "#3b3b3b" : "#cccccc");
  return {
    kind,
    font: `11px ${read("--vscode-font-family", "system-ui, sans-serif")}`,
    foreground,
    muted: isHighContrast ? foreground : read("--vscode-descriptionForeground", foreground),
    background: read("--vscode-editor-background", isLight ? "#ffffff" : "#1f1f1f"),
    grid: gridColour(kind),
    data: isLight ? ON_LIGHT : ON_DARK,
    runs: isLight ? RUNS_ON_LIGHT : RUNS_ON_DARK,
    lineWidth: isHighContrast ? 2 : 1.25,
    hasOutlines: isHighContrast,
  };
}

/** Calls back when the user picks another theme: VS Code then changes classes and variables without a reload. */
export function onDidChangeTheme(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-kind"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
}

function themeKind(classes: DOMTokenList): ThemeKind {
  if (classes.contains("vscode-high-contrast-light")) {
    return "highContrastLight";
  }
  if (classes.contains("vscode-high-contrast")) {
    return "highContrast";
  }
  return classes.contains("vscode-light") ? "light" : "dark";
}

function gridColour(kind: ThemeKind): string {
  const colours: Readonly<Record<ThemeKind, string>> = {
    light: "rgba(0,0,0,0.10)",
    dark: "rgba(255,255,255,0.09)",
    highContrast: "rgba(255,255,255,0.32)",
    highContrastLight: "rgba(0,0,0,0.32)",
  };
  return colours[kind];
}
