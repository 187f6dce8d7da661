import type { ClipSite } from "#source/clipping/clipSite.ts";
import type { StepSite } from "#source/clipping/optimizerSteps.ts";
import type { SourceDocument, SourceLanguage, TextEdit } from "#source/document.ts";
import type { SourceService } from "#source/service.ts";

/** A place in a source where a threshold for the global norm is, or could be. */
export interface ClipPlace {
  /** `change` sets a literal that is there; `insert` adds a call before an optimizer step. */
  readonly kind: "change" | "insert";
  /** `max_grad_norm`; of an insertion what it comes before. */
  readonly name: string;
  /** The number as it is written now; empty of an insertion. */
  readonly now: string;
  /** What the cursor should stand on. */
  readonly offset: number;
  /** None when the literal says the threshold already. */
  readonly edits: readonly TextEdit[];
}

/** Literals that decide a threshold, each once; where there is none, the optimizer steps that nothing clips before. */
export function clipPlacesIn(
  source: SourceService,
  { language, text }: { readonly language: SourceLanguage; readonly text: string },
  threshold: number,
): readonly ClipPlace[] {
  const document = source.parseDocument(language, text);
  const literals = new Map<number, ClipPlace>();
  for (const site of source.clipSitesIn(document)) {
    const place = changeOf(source, site, threshold);
    if (place !== undefined && !literals.has(place.offset)) {
      literals.set(place.offset, place);
    }
  }
  const steps = literals.size > 0 ? [] : source.stepSitesIn(document);
  return [...literals.values(), ...steps.flatMap((step) => insertionOf({ source, document }, step, threshold))];
}

function changeOf(source: SourceService, site: ClipSite, threshold: number): ClipPlace | undefined {
  if (site.kind !== "globalNorm" || site.threshold === undefined) {
    return undefined;
  }
  const { start, text } = site.threshold;
  return { kind: "change", name: site.name, now: text, offset: start, edits: source.changeValue(site, threshold) };
}

function insertionOf(
  { source, document }: { readonly source: SourceService; readonly document: SourceDocument },
  step: StepSite,
  threshold: number,
): readonly ClipPlace[] {
  const edits = source.insertClip(document, step, threshold);
  const name = `${step.optimizer}.step()`;
  return edits.length === 0 ? [] : [{ kind: "insert", name, now: "", offset: step.start, edits }];
}
