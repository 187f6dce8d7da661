import type { SourceLanguage } from "#source/document.ts";
import type { DocumentFilter, TextDocument } from "vscode";

const BY_LANGUAGE_ID: ReadonlyMap<string, SourceLanguage> = new Map(
  Object.entries<SourceLanguage>({
    python: "python",
    json: "json",
    jsonc: "json",
    yaml: "yaml",
    toml: "toml",
    shellscript: "shell",
    jsonl: "text",
    log: "text",
    csv: "text",
    tsv: "text",
    plaintext: "text",
  }),
);

/** VS Code itself knows no language for some of these. */
const BY_ENDING: ReadonlyMap<string, SourceLanguage> = new Map(
  Object.entries<SourceLanguage>({
    toml: "toml",
    jsonl: "text",
    ndjson: "text",
    log: "text",
    csv: "text",
    tsv: "text",
  }),
);

// A log's own panel in the editor, a commit message, a diff's left side: none of them is a file of a training.
const SCHEMES = ["file", "untitled", "vscode-notebook-cell"];

/** What can name a tensor. */
export const HOVER_SELECTOR: readonly DocumentFilter[] = selectorOf([...BY_LANGUAGE_ID.keys()], [...BY_ENDING.keys()]);

/** What can hold a clip threshold. */
export const CLIP_SELECTOR: readonly DocumentFilter[] = selectorOf(
  ["python", "json", "jsonc", "yaml", "toml", "shellscript"],
  ["toml"],
);

/** How a document is read; undefined for what is no source, settings file, log or table. */
export function sourceLanguageOf({
  languageId,
  uri,
}: Pick<TextDocument, "languageId" | "uri">): SourceLanguage | undefined {
  if (!SCHEMES.includes(uri.scheme)) {
    return undefined;
  }
  const ending = /\.(\w+)$/.exec(uri.path)?.[1]?.toLowerCase() ?? "";
  return BY_ENDING.get(ending) ?? BY_LANGUAGE_ID.get(languageId);
}

function selectorOf(languages: readonly string[], endings: readonly string[]): readonly DocumentFilter[] {
  return SCHEMES.flatMap((scheme) => [
    ...languages.map((language) => ({ language, scheme })),
    { scheme, pattern: `**/*.{${endings.join(",")},_}` },
  ]);
}
