import { createRequire } from "node:module";
import { join } from "node:path";
import type { serve } from "./serve.ts";

/** The protocol's library is larger than all the rest of the program, so it is a file of its own beside it. */
export function loadServer(): typeof serve {
  const require = createRequire(__filename);
  const loaded = require(join(__dirname, "mcp.cjs")) as { readonly serve: typeof serve };
  return loaded.serve;
}
