import type { SyntaxNode } from "@lezer/common";
import type { SourceDocument } from "../document.ts";
import { argumentsOf, callAround, calleeName, splitAtCommas, valueAssignedTo } from "./syntax.ts";

const OPTION_CALLS = /^(?:add_argument|option|Option|DEFINE_float|add_option)$/;
const FIELD_CALLS = /^(?:field|Field|HfArg|Option|Argument)$/;

/** The value that a name or key is given where it stands; undefined where it is only used. */
export function definedValue(document: SourceDocument, word: SyntaxNode): SyntaxNode | undefined {
  const parent = word.parent;
  switch (parent?.name ?? "") {
    case "AssignStatement":
      return assigned(document, word);
    case "MemberExpression":
      return parent !== null && parent.firstChild?.from !== word.from ? assigned(document, parent) : undefined;
    case "ParamList":
      return defaultOf(word);
    case "ArgList":
      return optionDefault(document, word) ?? fieldValue(document, word);
    case "DictionaryExpression":
      return entryValue(word);
    default:
      return undefined;
  }
}

/** The right side for the first target of an assignment; the default where that is a dataclass's `field`. */
function assigned(document: SourceDocument, target: SyntaxNode): SyntaxNode | undefined {
  const value = valueAssignedTo(target);
  if (value === undefined) {
    return undefined;
  }
  const isField = value.name === "CallExpression" && FIELD_CALLS.test(calleeName(document, value) ?? "");
  return isField ? argumentsOf(document, value).find(({ name }) => name === "default")?.value : value;
}

function defaultOf(parameter: SyntaxNode): SyntaxNode | undefined {
  const next = parameter.nextSibling?.name === "TypeDef" ? parameter.nextSibling.nextSibling : parameter.nextSibling;
  return next?.name === "AssignOp" ? (next.nextSibling ?? undefined) : undefined;
}

/** `parser.add_argument("--max_grad_norm", default=1.0)`, `flags.DEFINE_float("grad_clip", 1.0, …)`. */
function optionDefault(document: SourceDocument, word: SyntaxNode): SyntaxNode | undefined {
  const call = callAround(word);
  const name = call === undefined || word.name !== "String" ? "" : (calleeName(document, call) ?? "");
  if (call === undefined || !OPTION_CALLS.test(name)) {
    return undefined;
  }
  const given = argumentsOf(document, call);
  const second = name === "DEFINE_float" ? given[1] : undefined;
  return (given.find((argument) => argument.name === "default") ?? second)?.value;
}

/** `dict(max_grad_norm=1.0)`, `Config(max_grad_norm=1.0)`. */
function fieldValue(document: SourceDocument, word: SyntaxNode): SyntaxNode | undefined {
  const call = callAround(word);
  const makesFields = call !== undefined && /^(?:[A-Z]|dict$)/.test(calleeName(document, call) ?? "");
  const given = makesFields ? argumentsOf(document, call) : [];
  return given.find(({ nameNode }) => nameNode?.from === word.from)?.value;
}

function entryValue(key: SyntaxNode): SyntaxNode | undefined {
  const pairs = key.parent === null ? [] : splitAtCommas(key.parent);
  const pair = pairs.find(([first]) => first?.from === key.from);
  return pair?.[1]?.name === ":" ? pair[2] : undefined;
}
