import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tokens } from "marked";
import { expect, test } from "vitest";
import { OLDEST_NODE } from "#cli/nodeVersion.ts";
import { LOG_FORMATS_BY_PRECISION } from "#core/log.ts";
import { RULE_IDS } from "#core/rules.ts";
import { codeSpansOf, readPage, ROOT, tokensOf } from "./pages.ts";

const README = readPage("README.md");

test("the README counts the rules there are", () => {
  const counts = Array.from(README.matchAll(/(\d+) rules/g), ([, count]) => Number(count));
  expect(new Set(counts)).toEqual(new Set([RULE_IDS.length]));
});

test("the README names the oldest VS Code, and the oldest Node of the scripts and of the command line", () => {
  const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    readonly engines: Readonly<Record<"vscode" | "node", string>>;
  };
  expect(oldestNamed("VS Code")).toEqual(new Set([engines.vscode.replace(/^\^|\.0$/g, "")]));
  expect(oldestNamed("Node")).toEqual(new Set([engines.node.replace(">=", ""), String(OLDEST_NODE)]));
});

test("every kind of log has its row in the page on logs", () => {
  const named = new Set(codeSpansOf("docs/logs.md"));
  expect(LOG_FORMATS_BY_PRECISION.filter((format) => !named.has(format))).toEqual([]);
});

test.each([
  {
    file: "float32, 2 GiB",
    row: "a 2 GiB float32 checkpoint in the page cache, two threads",
    peer: "PyTorch, float64",
  },
  { file: "bfloat16, 1 GiB", row: "a 1 GiB bfloat16 checkpoint", peer: "PyTorch, float32" },
  { file: "float16, 1 GiB", row: "a 1 GiB float16 checkpoint, half of the values subnormal", peer: "PyTorch, float32" },
])(
  "the README's rate of $file is the measured one, and so is how many times that of its peer it is",
  ({ file, row, peer }) => {
    const rates = new Map(
      rowsOf("docs/benchmarks.md").map(([of = "", what = "", rate]) => [`${of}: ${what}`, Number(rate)]),
    );
    const own = rates.get(`${file}: Gradlens, auto, 2 threads`) ?? Number.NaN;
    const other = rates.get(`${file}: ${peer}`) ?? Number.NaN;
    const figure = rowsOf("README.md").find(([what]) => what === row)?.[1] ?? "";
    expect(figure).toContain(`${own.toFixed(1)} GB/s`);
    expect(figure).toContain(`${(own / other).toFixed(1)} × ${peer.replace(", ", " in ")}`);
  },
);

function oldestNamed(program: string): Set<string | undefined> {
  const versions = README.matchAll(new RegExp(`${program} ([\\d.]+) or\\s+newer`, "g"));
  return new Set(Array.from(versions, ([, version]) => version));
}

/** The cells of all tables of a page, as text. */
function rowsOf(page: string): string[][] {
  return tokensOf(page).flatMap((token) =>
    token.type === "table" ? (token as Tokens.Table).rows.map((row) => row.map(({ text }) => text)) : [],
  );
}
