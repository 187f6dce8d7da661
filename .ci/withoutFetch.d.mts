import type { Plugin } from "esbuild";

export const withoutFetch: Plugin;
