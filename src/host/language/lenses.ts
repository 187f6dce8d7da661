import * as vscode from "vscode";
import { settings } from "../settings/settings.ts";
import { describeClip, describeLimits, describeShare, describeUnclipped } from "./clipText.ts";
import type { ReadSource, SourceReader } from "./sourceReader.ts";
import { CLIP_SELECTOR } from "./sourceLanguage.ts";

/** Shows what a run's norms say, above the places that clip and above optimizer steps that nothing clips before. */
export function registerLenses(reader: SourceReader, onDidChange: vscode.Event<void>): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(CLIP_SELECTOR, {
    onDidChangeCodeLenses: onDidChange,
    provideCodeLenses(document) {
      const read = settings.codeLens() ? reader.read(document) : undefined;
      return read === undefined ? [] : linesOf(read).map(({ at, title }) => lens(document.positionAt(at), title, read));
    },
  });
}

/** Shows behind each threshold how many steps it clips. */
export function registerInlayHints(reader: SourceReader, onDidChange: vscode.Event<void>): vscode.Disposable {
  return vscode.languages.registerInlayHintsProvider(CLIP_SELECTOR, {
    onDidChangeInlayHints: onDidChange,
    provideInlayHints(document, range) {
      const read = settings.inlayHints() ? reader.read(document) : undefined;
      return read === undefined ? [] : hintsOf(document, read).filter(({ position }) => range.contains(position));
    },
  });
}

interface LensLine {
  readonly at: number;
  readonly title: string;
}

/** One on each line, of several calls the first. */
function linesOf({ service, source, clipping }: ReadSource): readonly LensLine[] {
  if (clipping === undefined) {
    return [];
  }
  const clips = service.clipSitesIn(source).map((site) => ({ at: site.start, title: describeClip(site, clipping) }));
  const steps = service
    .stepSitesIn(source)
    .filter(({ isClipped }) => !isClipped)
    .map(({ start }) => ({ at: start, title: describeUnclipped(clipping) }));
  return [...clips, ...steps].flatMap(({ at, title }) => (title === undefined ? [] : [{ at, title }]));
}

function lens(position: vscode.Position, title: string, { run, clipping }: ReadSource): vscode.CodeLens {
  const range = new vscode.Range(position, position);
  const tooltip = clipping === undefined ? "" : describeLimits(clipping);
  return new vscode.CodeLens(range, { title, tooltip, command: "gradlens.openDashboard", arguments: [run.id] });
}

function hintsOf(
  document: vscode.TextDocument,
  { service, source, clipping }: ReadSource,
): readonly vscode.InlayHint[] {
  if (clipping === undefined) {
    return [];
  }
  const byPlace = new Map<number, vscode.InlayHint>(); // One literal may be the threshold of several calls.
  for (const site of service.clipSitesIn(source)) {
    const label = describeShare(site, clipping);
    if (site.threshold !== undefined && label !== undefined) {
      const hint = new vscode.InlayHint(document.positionAt(site.threshold.end), label);
      hint.paddingLeft = true;
      hint.tooltip = describeLimits(clipping);
      byPlace.set(site.threshold.end, hint);
    }
  }
  return [...byPlace.values()];
}
