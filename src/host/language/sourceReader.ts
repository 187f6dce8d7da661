import type { Finding } from "#core/finding.ts";
import type { RuleId } from "#core/rules.ts";
import type { SourceRuleId } from "#core/sourceRules.ts";
import { stepName } from "#l10n/stepName.ts";
import type { RunFacts, SourceFinding } from "#source/clipping/clipChecks.ts";
import type { SourceDocument } from "#source/document.ts";
import type { SourceService } from "#source/service.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import type { TextDocument, Uri } from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { runName } from "../runs/runNames.ts";
import type { LazySource } from "./lazySource.ts";
import { runsNear } from "./nearRuns.ts";
import type { ClippingBook, RunClipping } from "./runClipping.ts";
import type { SourceDocuments } from "./sourceDocuments.ts";
import { sourceLanguageOf } from "./sourceLanguage.ts";

export interface SourceReaderParts {
  readonly store: RunStore;
  readonly findings: FindingsBook;
  readonly clipping: ClippingBook;
  readonly documents: SourceDocuments;
  readonly lazy: LazySource;
  /** Whether people want to hear what a rule says of a source beside a run. */
  readonly wants: (run: Run, rule: SourceRuleId, source: Uri) => boolean;
}

/** A source beside the followed run that it belongs to. */
export interface ReadSource {
  readonly service: SourceService;
  readonly source: SourceDocument;
  readonly run: Run;
  readonly clipping: RunClipping | undefined;
  /** Where its gradients exploded. */
  readonly explosion: Finding | undefined;
  /** Of rules that are on. */
  readonly findings: readonly SourceFinding[];
}

/** Undefined for what belongs to no followed run, or cannot clip, and while grammars load. */
export interface SourceReader {
  readonly read: (document: TextDocument) => ReadSource | undefined;
}

// Without one of these words no source clips or steps: most files are never parsed.
const MAY_CLIP = /clip|grad|max_norm|\.step\b/i;

export function createSourceReader(parts: SourceReaderParts): SourceReader {
  const { store, findings, clipping, documents, lazy, wants } = parts;
  const checks = createChecks();
  return {
    read(document) {
      const language = sourceLanguageOf(document);
      const [run] = language === undefined || language === "text" ? [] : runsNear(store.runs(), document.uri);
      if (run === undefined || !(documents.isKnown(document) || MAY_CLIP.test(document.getText()))) {
        return undefined;
      }
      const service = lazy.ifLoaded();
      const source = documents.of(document);
      if (service === undefined || source === undefined) {
        return undefined;
      }
      const measured = clipping.of(run);
      const explosion = findings.of(run).find(isExplosion);
      const found = checks.of(source, { service, run, clipping: measured, explosion });
      const wanted = found.filter(({ rule }) => wants(run, rule, document.uri));
      return { service, source, run, clipping: measured, explosion, findings: wanted };
    },
  };
}

interface Checked {
  readonly service: SourceService;
  readonly run: Run;
  readonly clipping: RunClipping | undefined;
  readonly explosion: Finding | undefined;
}

/** After a key several surfaces ask at once: the same source beside the same run is checked once. */
function createChecks(): { readonly of: (source: SourceDocument, by: Checked) => readonly SourceFinding[] } {
  const known = new WeakMap<SourceDocument, Checked & { readonly found: readonly SourceFinding[] }>();
  return {
    of(source, by) {
      const last = known.get(source);
      if (last?.run === by.run && last.clipping === by.clipping && last.explosion?.start === by.explosion?.start) {
        return last.found;
      }
      const found = by.service.checkSource(source, factsOf(by));
      known.set(source, { ...by, found });
      return found;
    },
  };
}

function factsOf({ run, clipping, explosion }: Checked): RunFacts {
  return {
    name: nameOf(run, clipping),
    threshold: run.clipThreshold()?.value,
    steps: clipping?.advice.steps ?? 0,
    clippedShare: (threshold) => clipping?.clippedShare(threshold),
    explodedAt: explosion && stepName(explosion.start, explosion.axis),
  };
}

/** With the norm that is spoken of, where the run has several: each may be clipped at another place. */
function nameOf({ id }: Run, clipping: RunClipping | undefined): string {
  const norm = clipping?.norm ?? null;
  return norm === null ? runName(id) : `${runName(id)} (${norm})`;
}

const EXPLOSIONS: ReadonlySet<RuleId> = new Set(["GN101", "GN201", "GN203"]);

/** A single spike is none, and neither is a step that loss scaling skipped. */
function isExplosion({ rule, severity, tensor }: Finding): boolean {
  return tensor === null && severity === "error" && EXPLOSIONS.has(rule);
}
