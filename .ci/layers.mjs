/** The house: which room may import which. Checked by the linter; drawn in docs/architecture.md. */
export const mayImport = {
  core: [],
  l10n: ["core"],
  files: ["core"],
  readers: ["core"],
  codings: ["core"],
  reduction: ["core"],
  store: ["core"],
  source: ["core", "l10n"],
  analysis: ["core", "l10n"],
  protocol: ["core"],
  following: ["core", "store", "analysis"],
  answers: ["core", "l10n", "store", "analysis"],
  worker: ["core", "protocol", "files", "readers", "codings", "reduction"],
  host: ["core", "l10n", "protocol", "store", "source", "analysis", "following", "answers"],
  cli: ["core", "protocol", "files", "store", "analysis", "following", "answers", "worker"],
  media: ["core", "l10n", "protocol"],
};

/** Packages with owners: closed to every room that is not named here. */
export const ownedBy = {
  "^vscode$": ["host"],
  "^@vscode/l10n$": ["l10n", "analysis", "source", "host", "media"],
  "^onnxruntime-node$": ["reduction"],
  "^uplot($|/)": ["media"],
  "^(@lezer/\\w+|toml-eslint-parser)$": ["source"],
  "^(papaparse|yauzl|pbf)$": ["readers"],
  "^jsonc-parser$": ["readers", "source"],
  "^valibot$": ["protocol", "answers"],
  "^(@modelcontextprotocol/\\w+|@valibot/to-json-schema)($|/)": ["cli"],
  "^node:fs($|/)": ["files"],
  "^node:sqlite$": ["files"],
  "^node:(child_process|worker_threads)$": ["host", "worker"],
  "^node:(path|url|util|process|zlib|os|crypto|events)$": [
    "following",
    "files",
    "readers",
    "codings",
    "worker",
    "host",
    "cli",
  ],
};
