/** The one way a page or file is written from others: formatted, and with `--check` only compared. */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { format } from "oxfmt";

const ROOT = new URL("../", import.meta.url);
const { printWidth } = JSON.parse(readFileSync(new URL(".oxfmtrc.json", ROOT), "utf8"));

/** `path` is that in the project, such as `docs/rules.md`. */
export async function writeGenerated(path, text) {
  const { code } = await format(path, text, { printWidth });
  const output = new URL(path, ROOT);
  if (!process.argv.includes("--check")) {
    writeFileSync(output, code);
  } else if (readFileSync(output, "utf8") !== code) {
    console.error(`${path} is stale: run \`npm run generate\`.`);
    process.exitCode = 1;
  }
}

/** A table of Markdown; what stands in cells may have bars. */
export function markdownTable(header, rows) {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll("|", String.raw`\|`)));
  return [header, header.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
