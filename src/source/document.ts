import { TreeFragment } from "@lezer/common";
import type { ChangedRange, Parser, Tree } from "@lezer/common";
import { parser as pythonParser } from "@lezer/python";
import { parser as yamlParser } from "@lezer/yaml";

/** `text` is what has lines and no grammar: logs, CSV, JSON Lines. */
export type SourceLanguage = "python" | "json" | "yaml" | "toml" | "shell" | "text";

/** Half open, in UTF-16 units, as strings and editors count. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export interface TextEdit extends TextRange {
  readonly text: string;
}

/** One version of a source file. Never changed: an edit gives a new one, which shares the parts of the tree that stayed. */
export interface SourceDocument {
  readonly language: SourceLanguage;
  readonly text: string;
  /** Null where none is kept. Parsed when first asked for. What cannot be parsed is an error node; the rest is there. */
  readonly tree: Tree | null;
  /** What of earlier trees an edit left as it was. */
  readonly reusable: readonly TreeFragment[];
}

const PARSERS: Readonly<Record<SourceLanguage, Parser | null>> = {
  python: pythonParser,
  yaml: yamlParser,
  json: null, // Settings are short, and these two parsers keep no tree for edits: they run when asked.
  toml: null,
  shell: null,
  text: null,
};

export function parseDocument(language: SourceLanguage, text: string): SourceDocument {
  return documentOf(language, text, []);
}

/** The document after edits of one moment, which all count in the text before; only what they touch is parsed again. */
export function editDocument(document: SourceDocument, edits: readonly TextEdit[]): SourceDocument {
  const ordered = edits.toSorted((a, b) => a.start - b.start);
  const reusable = TreeFragment.applyChanges(document.reusable, changedRanges(ordered));
  return documentOf(document.language, applyEdits(document.text, ordered), reusable);
}

/** Typing asks for no tree: keys that come faster than questions are parsed together. */
function documentOf(language: SourceLanguage, text: string, left: readonly TreeFragment[]): SourceDocument {
  const parser = PARSERS[language];
  let tree: Tree | undefined;
  return {
    language,
    text,
    get tree() {
      tree ??= parser?.parse(text, left);
      return tree ?? null;
    },
    get reusable() {
      return tree === undefined ? left : TreeFragment.addTree(tree);
    },
  };
}

/** Text after edits that do not overlap and all count in the text before. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const pieces: string[] = [];
  let from = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    pieces.push(text.slice(from, edit.start), edit.text);
    from = edit.end;
  }
  return [...pieces, text.slice(from)].join("");
}

function changedRanges(ordered: readonly TextEdit[]): readonly ChangedRange[] {
  let shift = 0;
  return ordered.map(({ start, end, text }) => {
    const fromB = start + shift;
    shift += text.length - (end - start);
    return { fromA: start, toA: end, fromB, toB: fromB + text.length };
  });
}
