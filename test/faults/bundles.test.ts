import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";

// What is shipped, as it is shipped: no code is made from text, and no module of a network is at hand.

const ROOT = join(import.meta.dirname, "../..");
const DIST = join(ROOT, "dist");

const bundles = new Map<string, string>();
beforeAll(() => {
  const built = spawnSync(process.execPath, ["esbuild.config.mjs"], { cwd: ROOT, encoding: "utf8" });
  expect(built.stderr).toBe("");
  for (const folder of [DIST, join(DIST, "media")]) {
    for (const name of readdirSync(folder).filter((each) => /\.c?js$/.test(each))) {
      bundles.set(name, readFileSync(join(folder, name), "utf8"));
    }
  }
});

/** Each bundle with what a pattern finds in it; bundles in which it finds nothing are left out. */
function find(pattern: RegExp): Record<string, string[]> {
  const found = Array.from(
    bundles,
    ([name, text]) => [name, Array.from(text.matchAll(pattern), ([match]) => match)] as const,
  );
  return Object.fromEntries(
    found
      .filter(([, matches]) => matches.length > 0)
      .map(([name, matches]) => [name, [...new Set(matches)].toSorted()]),
  );
}

test("there are the bundles that are shipped", () => {
  expect([...bundles.keys()].toSorted()).toEqual([
    "answers.cjs",
    "checkpoint.js",
    "cli.cjs",
    "cluster.cjs",
    "dashboard.js",
    "extension.cjs",
    "language.cjs",
    "logging.cjs",
    "mcp.cjs",
    "panels.cjs",
    "source.cjs",
    "thread.cjs",
    "worker.cjs",
  ]);
});

/** A variable, a table or list that can grow, a class that `instanceof` could be asked about. */
const REMEMBERED =
  /^(?:export )?(?:let\b|class\b|const \w+(?:: [^=]+)? = (?:new (?:Weak)?(?:Map|Set)(?:<.*>)?\(\)|\[\]|\{\}|create\w+\())/m;

test("what the extension loads later has no second copy of what it remembers, but of what is set or asked in each", () => {
  const loaded = ["answers", "cluster", "extension", "language", "logging", "panels", "source"];
  const sources = loaded.flatMap((name) => sourcesOf(name).map((path) => ({ name, path })));
  const shared = Array.from(Map.groupBy(sources, ({ path }) => path)).filter(([, each]) => each.length > 1);
  const remembering = shared.filter(([path]) => REMEMBERED.test(readFileSync(join(DIST, path), "utf8")));
  const found = remembering.map(([path, each]) => [
    path.replace("../src/", ""),
    each.map(({ name }) => name).join(" "),
  ]);
  expect(Object.fromEntries(found)).toEqual({
    "client/cancelled.ts": "extension panels", // Asked by what the error says of itself, not by its class.
    "l10n/language.ts": loaded.join(" "), // Each is given the language.
    // Runs that nobody follows are read into a store of the agents' own.
    "analysis/normJudges.ts": "answers extension",
    "store/columns/layout.ts": "answers extension",
    "store/columns/logSeries.ts": "answers extension",
    "store/columns/samples.ts": "answers extension",
  });
});

/** The project's own sources in a bundle, as paths from dist. */
function sourcesOf(name: string): readonly string[] {
  const { sources } = JSON.parse(readFileSync(join(DIST, `${name}.cjs.map`), "utf8")) as { sources: string[] };
  return sources.filter((path) => path.startsWith("../src/"));
}

test("no bundle makes code from text", () => {
  expect(
    find(
      /\beval\s*\(|\bnew Function\b|(?<![\w.$])Function\s*\(|\bset(?:Timeout|Interval)\(\s*["'`]|document\.write|insertAdjacentHTML|\.(?:inner|outer)HTML\s*=/g,
    ),
  ).toEqual({});
});

/** A context of its own gives the user's regular expressions a time limit; the script in it is a constant. */
test("the module that runs scripts is at hand where patterns of the user are tried, and nowhere else", () => {
  expect(find(/require\("(?:node:)?vm"\)/g)).toEqual({
    "cli.cjs": ['require("node:vm")'],
    "worker.cjs": ['require("node:vm")'],
  });
});

test("no bundle has a module of a network", () => {
  expect(
    find(/require\("(?:node:)?(?:net|tls|http|https|http2|dgram|dns|dns\/promises|inspector|cluster|wasi)"\)/g),
  ).toEqual({});
  expect(
    find(/(?<![\w.$])fetch\s*\(|\bnew (?:WebSocket|EventSource|RTCPeerConnection)\b|sendBeacon|importScripts/g),
  ).toEqual({});
});

/** Papaparse can load a page by itself; Node has nothing of that name, and it is never asked to. */
test("a request of a browser stands in the library for CSV alone, where there is no browser", () => {
  expect(find(/\bXMLHttpRequest\b/g)).toEqual({ "cli.cjs": ["XMLHttpRequest"], "worker.cjs": ["XMLHttpRequest"] });
});

test("onnxruntime is loaded by programs of their own alone", () => {
  const loading = ['import("onnxruntime-node")'];
  expect(find(/\b(?:require|import)\("onnxruntime-node"\)/g)).toEqual({
    "cli.cjs": loading,
    "thread.cjs": loading,
    "worker.cjs": loading,
  });
});

test("only the extension, the commands and what submits cluster jobs start processes, only the worker and the commands start threads", () => {
  expect(find(/require\("(?:node:)?(?:child_process|worker_threads)"\)/g)).toEqual({
    "cli.cjs": ['require("node:child_process")', 'require("node:worker_threads")'],
    "cluster.cjs": ['require("node:child_process")'],
    "extension.cjs": ['require("node:child_process")'],
    "thread.cjs": ['require("node:worker_threads")'],
    "worker.cjs": ['require("node:worker_threads")'],
  });
});

test("every page of a webview comes from the one function that gives it its policy", () => {
  const sources = readdirSync(join(ROOT, "src/host"), { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".ts"),
  );
  const setters = sources.flatMap((path) => {
    const text = readFileSync(join(ROOT, "src/host", path), "utf8");
    return Array.from(text.matchAll(/\.html = (\w+)/g), ([, by]) => `${path.replaceAll("\\", "/")}: ${by}`);
  });
  expect(setters.toSorted()).toEqual([
    "checkpoint/checkpointEditor.ts: webviewHtml",
    "dashboard/dashboardPanel.ts: webviewHtml",
  ]);
});
