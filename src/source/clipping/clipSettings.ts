import type { SyntaxNode } from "@lezer/common";
import { ALGORITHM_SETTING, CLIP_CALLS, algorithmKind, settingKind } from "./clipNames.ts";
import type { ClipKind } from "./clipNames.ts";
import type { ClipSite } from "./clipSite.ts";
import { thresholdOf } from "./constants.ts";
import { definedValue } from "../python/definitions.ts";
import type { SourceDocument } from "../document.ts";
import { argumentsOf, calleeName, identifiersIn, nodesAt, rangeOf, stringValue, textOf } from "../python/syntax.ts";

// Every word that may be a setting; `settingKind` decides.
const WORDS = /\b\w*(?:clip|grad)\w*\b/g;
const STRINGS = /(["'])(?:--?)?[\w-]*(?:clip|grad)[\w-]*\1/g;

/**
 * The thresholds that a file sets by name: keywords (`max_grad_norm=1.0`), variables, attributes and fields, defaults of
 * parameters and of command line options, keys of dicts.
 */
export function clipSettingsIn(document: SourceDocument): readonly ClipSite[] {
  const words = [
    ...identifiersIn(document, WORDS),
    ...nodesAt(document, STRINGS).filter(({ name }) => name === "String"),
  ];
  return words.flatMap((word) => {
    const name = stringValue(document, word) ?? textOf(document, word);
    const kind = settingKind(name);
    return kind === undefined
      ? []
      : (keywordSite(document, word, { name, kind }) ?? definitionSite(document, word, { name, kind }));
  });
}

interface Setting {
  readonly name: string;
  readonly kind: ClipKind;
}

/** `Trainer(gradient_clip_val=0.5)`. Undefined when the word is no keyword. */
function keywordSite(document: SourceDocument, word: SyntaxNode, setting: Setting): readonly ClipSite[] | undefined {
  const call = word.parent?.name === "ArgList" ? word.parent.parent : null;
  const given = call?.name === "CallExpression" ? argumentsOf(document, call) : [];
  const own = given.find(({ nameNode }) => nameNode?.from === word.from);
  if (call === null || own === undefined) {
    return undefined;
  }
  const algorithm = given.find(({ name }) => name !== undefined && ALGORITHM_SETTING.test(name));
  const kind = algorithmKind(algorithm && stringValue(document, algorithm.value)) ?? setting.kind;
  const isInClipCall = (calleeName(document, call) ?? "") in CLIP_CALLS; // Found as a call already.
  return isInClipCall ? [] : [siteFrom(document, { ...setting, kind }, { from: word, value: own.value })];
}

/** A definition with a literal; what passes a value on is none. */
function definitionSite(document: SourceDocument, word: SyntaxNode, setting: Setting): readonly ClipSite[] {
  const value = definedValue(document, word);
  return value === undefined || thresholdOf(document, value)?.start !== value.from
    ? []
    : [siteFrom(document, setting, { from: word, value })];
}

function siteFrom(
  document: SourceDocument,
  { name, kind }: Setting,
  { from, value }: { from: SyntaxNode; value: SyntaxNode },
): ClipSite {
  return {
    kind,
    form: "setting",
    name,
    threshold: thresholdOf(document, value),
    given: rangeOf(value),
    target: undefined,
    unscaled: "notNeeded",
    start: from.from,
    end: value.to,
  };
}
