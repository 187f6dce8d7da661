import type { SyntaxNode } from "@lezer/common";
import { ALGORITHM_SETTING, CLIP_CALLS, algorithmKind, settingKind } from "./clipNames.ts";
import type { ClipKind } from "./clipNames.ts";
import type { ClipSite } from "./clipSite.ts";
import { thresholdOf } from "./constants.ts";
import { definedValue } from "../python/definitions.ts";
import type { SourceDocument } from "../document.ts";
import { argumentsOf, callAround, calleeName, enclosing, rangeOf, stringValue, textOf } from "../python/syntax.ts";
import { wordsWith } from "../python/words.ts";

const PART = /clip|grad|max_norm/g; // Of every setting's name.
// `max_norm` alone may bound the rows of an embedding.
const OWNERS_OF_SHORT = /clip|grad|train|optim/i;

/**
 * The thresholds that a file sets by name: keywords (`max_grad_norm=1.0`), variables, attributes and fields, defaults of
 * parameters and of command line options, keys of dicts.
 */
export function clipSettingsIn(document: SourceDocument): readonly ClipSite[] {
  const words = wordsWith(document, PART, (word) => word === "max_norm" || settingKind(word) !== undefined);
  return words.flatMap((word) => {
    const name = stringValue(document, word) ?? textOf(document, word);
    const kind = name === "max_norm" ? shortKind(document, word) : settingKind(name);
    return kind === undefined
      ? []
      : (keywordSite(document, word, { name, kind }) ?? definitionSite(document, word, { name, kind }));
  });
}

interface Setting {
  readonly name: string;
  readonly kind: ClipKind;
}

/** `clip_grad=dict(max_norm=35)`, `"grad_clip": {"max_norm": 35}`, and a field of a class TrainingConfig. */
function shortKind(document: SourceDocument, word: SyntaxNode): ClipKind | undefined {
  const owner = fieldOwner(word) ?? tableAround(document, word)?.prevSibling?.prevSibling;
  return owner && OWNERS_OF_SHORT.test(textOf(document, owner)) ? "globalNorm" : undefined;
}

function fieldOwner(word: SyntaxNode): SyntaxNode | undefined {
  const owner = enclosing(word, ["ClassDefinition", "FunctionDefinition"]);
  const isField = word.parent?.name === "AssignStatement" && owner?.name === "ClassDefinition";
  return (isField ? owner.getChild("VariableName") : null) ?? undefined;
}

/** The dict that a key or keyword stands in. */
function tableAround(document: SourceDocument, word: SyntaxNode): SyntaxNode | undefined {
  const call = callAround(word);
  if (call !== undefined) {
    return calleeName(document, call) === "dict" ? call : undefined;
  }
  return word.parent?.name === "DictionaryExpression" ? word.parent : undefined;
}

/** `Trainer(gradient_clip_val=0.5)`. Undefined when the word is no keyword. */
function keywordSite(document: SourceDocument, word: SyntaxNode, setting: Setting): readonly ClipSite[] | undefined {
  const call = callAround(word);
  const given = call === undefined ? [] : argumentsOf(document, call);
  const own = given.find(({ nameNode }) => nameNode?.from === word.from);
  if (call === undefined || own === undefined) {
    return undefined;
  }
  const algorithm = given.find(({ name }) => name !== undefined && ALGORITHM_SETTING.test(name));
  const kind = algorithmKind(algorithm && stringValue(document, algorithm.value)) ?? setting.kind;
  const isInClipCall = CLIP_CALLS.has(calleeName(document, call) ?? ""); // Found as a call already.
  const isTable = own.value.name === "DictionaryExpression" || calleeName(document, own.value) === "dict";
  return isInClipCall || isTable ? [] : [siteFrom(document, { ...setting, kind }, { from: word, value: own.value })];
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
