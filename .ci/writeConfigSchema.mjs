/** Writes docs/gradlens.config.schema.json from what the program accepts. `--check` only compares. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { gradlensConfig } from "../src/protocol/config.ts";
import { writeGenerated } from "./writeGenerated.mjs";

// What no schema can say, such as that an entry must ignore something, the program says.
const schema = toJsonSchema(gradlensConfig, { errorMode: "ignore" });
await writeGenerated("docs/gradlens.config.schema.json", JSON.stringify(schema));
