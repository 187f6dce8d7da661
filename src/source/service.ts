import { setLanguage } from "#l10n/language.ts";
import type { Bundle } from "#l10n/language.ts";
import { checkSource } from "./clipping/clipChecks.ts";
import type { RunFacts, SourceFinding } from "./clipping/clipChecks.ts";
import { changeValue } from "./clipping/changeValue.ts";
import type { ClipSite } from "./clipping/clipSite.ts";
import { clipSitesIn } from "./clipping/clipSites.ts";
import { editDocument, parseDocument } from "./document.ts";
import type { SourceDocument, SourceLanguage, TextEdit } from "./document.ts";
import { ignoreComment } from "./clipping/ignoreComments.ts";
import { insertClip } from "./clipping/insertClip.ts";
import { insertUnscale } from "./clipping/insertUnscale.ts";
import { stepSitesIn } from "./clipping/optimizerSteps.ts";
import type { StepSite } from "./clipping/optimizerSteps.ts";
import type { TensorReference } from "./tensors/pattern.ts";
import { tensorAt } from "./tensors/tensorAt.ts";
import { createTensorIndex, matchTensors } from "./tensors/tensorIndex.ts";
import type { TensorIndex } from "./tensors/tensorIndex.ts";

/**
 * Everything that this room answers, as one value: the bundle that the extension loads with the first source that it is
 * asked about, so that starting it parses no grammar.
 */
export interface SourceService {
  /** Its own copy of the texts: a bundle loaded beside another shares nothing with it. */
  readonly setLanguage: (bundle: Bundle) => void;
  readonly parseDocument: (language: SourceLanguage, text: string) => SourceDocument;
  readonly editDocument: (document: SourceDocument, edits: readonly TextEdit[]) => SourceDocument;
  readonly tensorAt: (document: SourceDocument, offset: number) => TensorReference | undefined;
  readonly createTensorIndex: (names: Iterable<string>) => TensorIndex;
  readonly matchTensors: (index: TensorIndex, choices: TensorReference["choices"]) => readonly string[];
  readonly clipSitesIn: (document: SourceDocument) => readonly ClipSite[];
  readonly stepSitesIn: (document: SourceDocument) => readonly StepSite[];
  readonly checkSource: (document: SourceDocument, run: RunFacts | undefined) => readonly SourceFinding[];
  readonly changeValue: (site: ClipSite, value: number) => readonly TextEdit[];
  readonly insertClip: (document: SourceDocument, step: StepSite, value: number) => readonly TextEdit[];
  readonly insertUnscale: (document: SourceDocument, site: ClipSite) => readonly TextEdit[];
  readonly ignoreComment: (document: SourceDocument, line: number, rule: string) => readonly TextEdit[];
}

export const sourceService: SourceService = {
  setLanguage,
  parseDocument,
  editDocument,
  tensorAt,
  createTensorIndex,
  matchTensors,
  clipSitesIn,
  stepSitesIn,
  checkSource,
  changeValue,
  insertClip,
  insertUnscale,
  ignoreComment,
};
