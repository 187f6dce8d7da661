import type { Plugin } from "esbuild";

export const withoutEval: Plugin;
