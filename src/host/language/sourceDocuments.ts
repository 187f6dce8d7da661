import type { SourceDocument, TextEdit } from "#source/document.ts";
import * as vscode from "vscode";
import type { LazySource } from "./lazySource.ts";
import { sourceLanguageOf } from "./sourceLanguage.ts";

// A longer file is data: nobody writes that much by hand.
const MAX_CHARACTERS = 1_000_000;

/** The open sources as their grammars see them. */
export interface SourceDocuments extends vscode.Disposable {
  /** This version of a document; undefined while grammars load, of logs and tables, and of files that are too long. */
  readonly of: (document: vscode.TextDocument) => SourceDocument | undefined;
  /** Whether somebody asked for it before. */
  readonly isKnown: (document: vscode.TextDocument) => boolean;
}

interface Known {
  readonly version: number;
  readonly source: SourceDocument;
}

/** A document is kept from the first question about it until it closes: then edits parse only what they touch. */
export function createSourceDocuments(lazy: LazySource): SourceDocuments {
  const known = new Map<string, Known>();

  function read(document: vscode.TextDocument): SourceDocument | undefined {
    const language = sourceLanguageOf(document);
    if (language === undefined || language === "text") {
      return undefined;
    }
    const service = lazy.ifLoaded();
    const end = document.lineAt(document.lineCount - 1).range.end;
    if (service === undefined || document.offsetAt(end) > MAX_CHARACTERS) {
      return undefined;
    }
    const source = service.parseDocument(language, document.getText());
    known.set(document.uri.toString(), { version: document.version, source });
    return source;
  }

  function follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const key = document.uri.toString();
    const before = known.get(key);
    const service = lazy.ifLoaded();
    if (before === undefined || service === undefined || before.version === document.version) {
      return;
    }
    if (contentChanges.length === 0) {
      known.delete(key); // Other line endings: every offset moved.
      return;
    }
    const source = service.editDocument(before.source, contentChanges.map(editFrom));
    known.set(key, { version: document.version, source });
  }

  const subscriptions = [
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (known.size > 0) {
        follow(event);
      }
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => known.delete(uri.toString())),
  ];
  return {
    of(document) {
      const found = known.get(document.uri.toString());
      return found?.version === document.version ? found.source : read(document);
    },
    isKnown: ({ uri }) => known.has(uri.toString()),
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}

function editFrom({ rangeOffset, rangeLength, text }: vscode.TextDocumentContentChangeEvent): TextEdit {
  return { start: rangeOffset, end: rangeOffset + rangeLength, text };
}
