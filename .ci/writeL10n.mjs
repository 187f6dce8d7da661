/** Writes l10n/bundle.l10n.json: every text that people see outside of package.json. `--check` only compares. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { format } from "oxfmt";
import { RULES } from "../src/core/rules.ts";
import { SOURCE_RULE_NAMES } from "../src/core/sourceRules.ts";
import { readSources, ROOT, textsIn } from "./texts.mjs";

// Where names that core has as data are looked up; everywhere else a text stands in the call itself.
const LOOKS_UP = "src/l10n/names.ts";
const OUTPUT = join(ROOT, "l10n/bundle.l10n.json");
const { printWidth } = JSON.parse(readFileSync(join(ROOT, ".oxfmtrc.json"), "utf8"));

const names = [...Object.values(RULES).map(({ name }) => name), ...Object.values(SOURCE_RULE_NAMES)];
const texts = [...names, ...readSources().flatMap(textsOf)];
const bundle = Object.fromEntries(
  Array.from(new Set(texts))
    .toSorted((one, other) => (one < other ? -1 : 1))
    .map((text) => [text, text]),
);
const { code } = await format("bundle.l10n.json", JSON.stringify(bundle), { printWidth });
if (process.argv.includes("--check")) {
  if (readFileSync(OUTPUT, "utf8") !== code) {
    console.error("l10n/bundle.l10n.json is stale: run `npm run generate`.");
    process.exit(1);
  }
} else {
  writeFileSync(OUTPUT, code);
}

function textsOf(source) {
  return textsIn(source).flatMap(({ text, line }) => {
    if (text === undefined && source.path !== LOOKS_UP) {
      throw new Error(`${source.path}:${line}: t() needs its text in the call, so that it can be translated.`);
    }
    return text ?? [];
  });
}
