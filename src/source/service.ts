import { checkSource } from "./clipChecks.ts";
import type { RunFacts, SourceFinding } from "./clipChecks.ts";
import { changeValue } from "./changeValue.ts";
import type { ClipSite } from "./clipSite.ts";
import { clipSitesIn } from "./clipSites.ts";
import { editDocument, parseDocument } from "./document.ts";
import type { SourceDocument, SourceLanguage, TextEdit } from "./document.ts";
import { ignoreComment } from "./ignoreComments.ts";
import { insertClip } from "./insertClip.ts";
import { insertUnscale } from "./insertUnscale.ts";
import { stepSitesIn } from "./optimizerSteps.ts";
import type { StepSite } from "./optimizerSteps.ts";
import type { TensorReference } from "./pattern.ts";
import { tensorAt } from "./tensorAt.ts";
import { createTensorIndex, matchTensors } from "./tensorIndex.ts";
import type { TensorIndex } from "./tensorIndex.ts";

/**
 * Everything that this room answers, as one value: the bundle that the extension loads with the first source that it is
 * asked about, so that starting it parses no grammar.
 */
export interface SourceService {
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
