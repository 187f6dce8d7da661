/** What is imported when it is needed, and the bundle that has it, beside the importing one. */
const BUNDLES = {
  "#source/service.ts": "./source.cjs", // Grammars, for the first source that the editor is asked about.
  "#answers/service.ts": "./answers.cjs", // For the first question of an agent in the editor.
  "./languageService.ts": "./language.cjs", // For the first run that is followed: what text editors show of it.
  "./panels.ts": "./panels.cjs", // For the first dashboard, checkpoint or report that is opened.
  "./cluster/service.ts": "./cluster.cjs", // For the first job that somebody submits.
  "./logging/service.ts": "./logging.cjs", // For the first logging that somebody inserts.
  "./serve.ts": "./mcp.cjs", // The protocol's library, for `gradlens mcp` alone.
};

/** A plugin of esbuild: such a dynamic import loads another bundle instead of growing this one. */
export const lazyBundles = {
  name: "lazy bundles",
  setup({ onResolve }) {
    onResolve({ filter: /\.ts$/ }, ({ kind, path }) =>
      kind === "dynamic-import" && Object.hasOwn(BUNDLES, path) ? { path: BUNDLES[path], external: true } : undefined,
    );
  },
};
