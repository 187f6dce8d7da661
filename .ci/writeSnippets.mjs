/** Writes snippets/python.json, which VS Code offers in Python files, from the sources beside it. `--check` only compares. */
import { readFileSync } from "node:fs";
import { LOGGING_SNIPPETS } from "../src/host/logging/snippets.ts";
import { writeGenerated } from "./writeGenerated.mjs";

const FOLDER = new URL("../snippets/", import.meta.url);

const snippets = LOGGING_SNIPPETS.map(({ file, title, detail, prefix }) => {
  const text = readFileSync(new URL(file, FOLDER), "utf8").trimEnd();
  // In a body $ and \ begin something; } ends it.
  const body = text.replaceAll(/[\\$}]/g, String.raw`\$&`).split("\n");
  return [`Gradient logging: ${title}`, { prefix, body, description: `${detail}. Writes metrics.jsonl for Gradlens.` }];
});
await writeGenerated("snippets/python.json", JSON.stringify(Object.fromEntries(snippets)));
