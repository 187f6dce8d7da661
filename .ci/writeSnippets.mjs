/** Writes snippets/python.json, which VS Code offers in Python files, from the sources beside it. `--check` only compares. */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { format } from "oxfmt";
import { LOGGING_SNIPPETS } from "../src/host/logging/snippets.ts";

const FOLDER = new URL("../snippets/", import.meta.url);
const OUTPUT = new URL("python.json", FOLDER);
const { printWidth } = JSON.parse(readFileSync(new URL("../.oxfmtrc.json", import.meta.url), "utf8"));

const snippets = LOGGING_SNIPPETS.map(({ file, title, detail, prefix }) => {
  const text = readFileSync(new URL(file, FOLDER), "utf8").trimEnd();
  // In a body $ and \ begin something; } ends it.
  const body = text.replaceAll(/[\\$}]/g, String.raw`\$&`).split("\n");
  return [`Gradient logging: ${title}`, { prefix, body, description: `${detail}. Writes metrics.jsonl for Gradlens.` }];
});
const { code } = await format("python.json", JSON.stringify(Object.fromEntries(snippets)), { printWidth });

if (!process.argv.includes("--check")) {
  writeFileSync(OUTPUT, code);
} else if (readFileSync(OUTPUT, "utf8") !== code) {
  console.error("snippets/python.json is not what the snippets beside it say: run `npm run generate`.");
  process.exitCode = 1;
}
