import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const SHIMS = "@modelcontextprotocol/server/_shims";
const CONTENTS = `
  export { CfWorkerJsonSchemaValidator as DefaultJsonSchemaValidator } from "@modelcontextprotocol/server/validators/cf-worker";
  export { default as process } from "node:process";`;

/**
 * A plugin of esbuild: the library of `gradlens mcp` checks messages by walking their schemas, as it does where programs may
 * make no code from text, instead of compiling each into a function.
 */
export const withoutEval = {
  name: "without eval",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /_shims$/ }, ({ path }) => (path === SHIMS ? { path, namespace: "shims" } : undefined));
    onLoad({ filter: /./, namespace: "shims" }, () => ({
      contents: CONTENTS,
      resolveDir: dirname(dirname(fileURLToPath(import.meta.url))),
    }));
  },
};
