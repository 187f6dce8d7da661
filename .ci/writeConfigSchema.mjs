/** Writes docs/gradlens.config.schema.json from what the program accepts. `--check` only compares. */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { toJsonSchema } from "@valibot/to-json-schema";
import { format } from "oxfmt";
import { gradlensConfig } from "../src/protocol/config.ts";

const OUTPUT = new URL("../docs/gradlens.config.schema.json", import.meta.url);
const { printWidth } = JSON.parse(readFileSync(new URL("../.oxfmtrc.json", import.meta.url), "utf8"));

// What no schema can say, such as that an entry must ignore something, the program says.
const schema = toJsonSchema(gradlensConfig, { errorMode: "ignore" });
const { code } = await format("gradlens.config.schema.json", JSON.stringify(schema), { printWidth });
if (process.argv.includes("--check")) {
  if (readFileSync(OUTPUT, "utf8") !== code) {
    console.error("docs/gradlens.config.schema.json is stale: run `npm run generate`.");
    process.exit(1);
  }
} else {
  writeFileSync(OUTPUT, code);
}
