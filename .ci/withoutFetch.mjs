import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const LIBRARY = createRequire(import.meta.url).resolve("@vscode/l10n/dist/browser.js");
const FETCHES = /async function readFileFromUri\(uri\) \{.*?\n\}/s;
const REFUSES = `async function readFileFromUri() {
  throw new Error("Texts are given, never fetched.");
}`;

/**
 * A plugin of esbuild: the library of translated texts can load them by address. Ours are given to it, and no bundle may have
 * anything of a network.
 */
export const withoutFetch = {
  name: "without fetch",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@vscode\/l10n$/ }, () => ({ path: LIBRARY }));
    onLoad({ filter: /l10n[\\/]dist[\\/]browser\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (!FETCHES.test(text)) {
        throw new Error("@vscode/l10n loads texts in another way now: look at .ci/withoutFetch.mjs.");
      }
      return { contents: text.replace(FETCHES, REFUSES) };
    });
  },
};
