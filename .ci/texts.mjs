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

/** The calls of `t`: the text, or undefined where the first argument is no literal, the line, and whether it is made on loading. */
export function textsIn({ text, program }) {
  const found = [];
  if (!text.includes('from "@vscode/l10n"')) {
    return found;
  }
  let depth = 0;
  const enter = () => (depth += 1);
  const leave = () => (depth -= 1);
  const visitor = new Visitor({
    FunctionDeclaration: enter,
    "FunctionDeclaration:exit": leave,
    FunctionExpression: enter,
    "FunctionExpression:exit": leave,
    ArrowFunctionExpression: enter,
    "ArrowFunctionExpression:exit": leave,
    CallExpression({ callee, arguments: [first], start }) {
      if (callee.type === "Identifier" && callee.name === "t") {
        const isText = first?.type === "Literal" && typeof first.value === "string";
        found.push({ text: isText ? first.value : undefined, line: lineOf(text, start), isEarly: depth === 0 });
      }
    },
  });
  visitor.visit(program);
  return found;
}

export function lineOf(text, offset) {
  return text.slice(0, offset).split("\n").length;
}
