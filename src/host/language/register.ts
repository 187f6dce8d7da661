import type { Disposable } from "#core/event.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { createDecorations } from "./decorations.ts";
import { registerHover } from "./hover.ts";
import { createLazySource } from "./lazySource.ts";
import { registerInlayHints, registerLenses } from "./lenses.ts";
import { createLogDiagnostics } from "./logDiagnostics.ts";
import { registerQuickFixes } from "./quickFixes.ts";
import { createRulePages } from "./rulePages.ts";
import type { ClippingBook } from "./runClipping.ts";
import { createRunTensors } from "./runTensors.ts";
import { createSourceDiagnostics } from "./sourceDiagnostics.ts";
import { createSourceDocuments } from "./sourceDocuments.ts";
import { sourceLanguageOf } from "./sourceLanguage.ts";
import { createSourceReader } from "./sourceReader.ts";
import type { SourceReaderParts } from "./sourceReader.ts";
import type { SuspicionsBook } from "./suspicionsBook.ts";
import type { UpdatesBook } from "./updatesBook.ts";
import { createThrottle } from "../throttle.ts";

export interface LanguageParts {
  readonly extensionUri: vscode.Uri;
  readonly store: RunStore;
  readonly findings: FindingsBook;
  readonly clipping: ClippingBook;
  readonly suspicions: SuspicionsBook;
  readonly updates: UpdatesBook;
  readonly wantsOfSource: SourceReaderParts["wants"];
  readonly onError: (error: unknown) => void;
}

/** Everything that shows a run's norms where people read and write: in sources, settings and logs. */
export function registerLanguageFeatures(parts: LanguageParts): vscode.Disposable {
  const { store, findings, clipping, suspicions, updates } = parts;
  const lazy = createLazySource(parts.onError);
  const readPages = createRulePages(parts.extensionUri);
  const documents = createSourceDocuments(lazy);
  const tensors = createRunTensors(store, lazy);
  const reader = createSourceReader({ store, findings, clipping, documents, lazy, wants: parts.wantsOfSource });
  const changes = createChanges({ findings, onDidLoad: lazy.onDidLoad });
  return vscode.Disposable.from(
    documents,
    tensors,
    changes,
    registerHover({ store, lazy, documents, findings, tensors, updates, clipping, suspicions }),
    registerLenses(reader, changes.event),
    registerInlayHints(reader, changes.event),
    registerQuickFixes({ reader, findings, store }),
    createLogDiagnostics(findings, store.runs, readPages),
    createSourceDiagnostics({ reader, findings, store, lazy, readPages }),
    createDecorations(store, findings),
    // The first run that grows while a source is shown: what is asked next should not have to wait.
    store.onDidChange(({ what }) => {
      if (what === "samples" && vscode.window.visibleTextEditors.some(({ document }) => isAnySource(document))) {
        lazy.ifLoaded();
      }
    }),
  );
}

function isAnySource(document: vscode.TextDocument): boolean {
  return sourceLanguageOf(document) !== undefined;
}

// A run that trains has a new finding every few seconds at most; lenses that move more often disturb.
const REFRESH_MS = 1000;

interface ChangeSources {
  readonly findings: FindingsBook;
  readonly onDidLoad: (listener: () => void) => { readonly dispose: () => void };
}

/** Says when what lenses and hints show may be out of date. */
function createChanges({ findings, onDidLoad }: ChangeSources): Disposable & { readonly event: vscode.Event<void> } {
  const emitter = new vscode.EventEmitter<void>();
  const throttle = createThrottle(() => emitter.fire(), REFRESH_MS);
  const subscriptions: readonly Disposable[] = [
    emitter,
    findings.onDidChange(throttle.soon),
    onDidLoad(() => emitter.fire()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("gradlens")) {
        emitter.fire();
      }
    }),
    throttle,
  ];
  return { event: emitter.event, dispose: () => subscriptions.forEach((one) => one.dispose()) };
}
