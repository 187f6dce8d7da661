/** The house: which room may import which. Checked by the linter; drawn in docs/architecture.md. */
export const mayImport = {
  core: [],
  files: ["core"],
  readers: ["core"],
  codings: ["core"],
  reduction: ["core"],
  store: ["core"],
  source: ["core"],
  analysis: ["core"],
  protocol: ["core"],
  worker: ["core", "protocol", "files", "readers", "codings", "reduction"],
  host: ["core", "protocol", "store", "source", "analysis"],
  cli: ["core", "protocol", "files", "store", "analysis", "worker"],
  media: ["core", "protocol"],
};

/** Packages with owners: closed to every room that is not named here. */
export const ownedBy = {
  "^vscode$": ["host"],
  "^onnxruntime-node$": ["reduction"],
  "^uplot($|/)": ["media"],
  "^(@lezer/\\w+|toml-eslint-parser)$": ["source"],
  "^(papaparse|yauzl|pbf)$": ["readers"],
  "^jsonc-parser$": ["readers", "source"],
  "^valibot$": ["protocol"],
  "^node:fs($|/)": ["files"],
  "^node:sqlite$": ["files"],
  "^node:(child_process|worker_threads)$": ["host", "worker"],
  "^node:(path|url|util|process|zlib|os|crypto|events)$": ["files", "readers", "codings", "worker", "host", "cli"],
};
