import type { SourceService } from "#source/service.ts";
import type { TensorReference } from "#source/tensors/pattern.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import { settings } from "../settings/settings.ts";
import type { LazySource } from "./lazySource.ts";
import { runsNear } from "./nearRuns.ts";
import { normHover } from "./normHover.ts";
import type { NormHoverSources } from "./normHover.ts";
import type { SourceDocuments } from "./sourceDocuments.ts";
import { HOVER_SELECTOR, sourceLanguageOf } from "./sourceLanguage.ts";
import { tensorHover } from "./tensorHover.ts";
import type { TensorHoverSources } from "./tensorHover.ts";

export interface HoverSources extends TensorHoverSources, NormHoverSources {
  readonly store: RunStore;
  readonly lazy: LazySource;
  readonly documents: SourceDocuments;
}

// Texts of more runs would hide one another.
const MAX_RUNS = 3;

/** Shows norms over a tensor's name in sources, logs and settings, and over a logged norm; from memory, or not at all. */
export function registerHover(sources: HoverSources): vscode.Disposable {
  return vscode.languages.registerHoverProvider(HOVER_SELECTOR, {
    provideHover(document, position) {
      const runs = settings.hover() ? sources.store.runs() : [];
      if (runs.length === 0) {
        return undefined;
      }
      return normHover(document, position, runs, sources) ?? overTensor(document, position, sources);
    },
  });
}

function overTensor(
  document: vscode.TextDocument,
  position: vscode.Position,
  sources: HoverSources,
): vscode.Hover | undefined {
  const runs = runsNear(sources.store.runs(), document.uri).slice(0, MAX_RUNS);
  const service = runs.length === 0 ? undefined : sources.lazy.ifLoaded();
  const found = service === undefined ? undefined : referenceAt(document, position, { service, sources });
  if (service === undefined || found === undefined) {
    return undefined;
  }
  const texts = runs.flatMap(
    (run) => tensorHover(run, meant(run, found.reference, { service, sources }), sources) ?? [],
  );
  return texts.length === 0 ? undefined : new vscode.Hover(texts, found.range);
}

interface Reading {
  readonly service: SourceService;
  readonly sources: HoverSources;
}

function meant(run: Run, { choices }: TensorReference, { service, sources }: Reading): readonly string[] {
  const prepared = sources.tensors.of(run);
  return prepared === undefined ? [] : service.matchTensors(prepared.index, choices);
}

interface ReferenceAt {
  readonly reference: TensorReference;
  readonly range: vscode.Range;
}

/** Python is asked by its grammar; elsewhere a line tells all, and a log may be long. */
function referenceAt(
  document: vscode.TextDocument,
  position: vscode.Position,
  { service, sources }: Reading,
): ReferenceAt | undefined {
  const language = sourceLanguageOf(document);
  if (language === "python") {
    const source = sources.documents.of(document);
    const reference = source && service.tensorAt(source, document.offsetAt(position));
    return reference && { reference, range: rangeIn(document, reference) };
  }
  const line = document.lineAt(position.line);
  const source = language === undefined ? undefined : service.parseDocument(language, line.text);
  const reference = source && service.tensorAt(source, position.character);
  return (
    reference && { reference, range: new vscode.Range(position.line, reference.start, position.line, reference.end) }
  );
}

function rangeIn(document: vscode.TextDocument, { start, end }: TensorReference): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
