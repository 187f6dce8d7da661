/** What sources say to people: the texts in calls of `t` from @vscode/l10n. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync, Visitor } from "oxc-parser";

export const ROOT = join(import.meta.dirname, "..");

/** Every source that may say something, as `{ path, text, program }`. */
export function readSources() {
  return globSync(["src/**/*.ts", "media/**/*.ts"], { cwd: ROOT })
    .toSorted()
    .map((path) => {
      const text = readFileSync(join(ROOT, path), "utf8");
      return { path, text, program: parseSync(path, text).program };
    });
}

/** The calls of `t`: the text, or undefined where the first argument is no literal, and the line. */
export function textsIn({ text, program }) {
  const found = [];
  if (!text.includes('from "@vscode/l10n"')) {
    return found;
  }
  const visitor = new Visitor({
    CallExpression({ callee, arguments: [first], start }) {
      if (callee.type === "Identifier" && callee.name === "t") {
        const isText = first?.type === "Literal" && typeof first.value === "string";
        found.push({ text: isText ? first.value : undefined, line: lineOf(text, start) });
      }
    },
  });
  visitor.visit(program);
  return found;
}

export function lineOf(text, offset) {
  return text.slice(0, offset).split("\n").length;
}
