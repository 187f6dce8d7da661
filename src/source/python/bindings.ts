import type { SyntaxNode } from "@lezer/common";
import { chainOf } from "./chain.ts";
import type { SourceDocument } from "../document.ts";
import type { Binding } from "./binding.ts";
import { iteratedBy } from "./iteration.ts";
import { calleeName, childrenOf, enclosing, rangeOf, splitAtCommas, textOf } from "./syntax.ts";
import { identifiersIn } from "./words.ts";

const COMPREHENSIONS = [
  "ArrayComprehensionExpression",
  "ComprehensionExpression",
  "DictionaryComprehensionExpression",
  "SetComprehensionExpression",
  "ArgList", // A generator without parentheses of its own.
];
const UNKNOWN: Binding = { kind: "unknown" };

/** The last binding of a variable before its use, in its comprehension, its function or the file; undefined when there is none. */
export function bindingOf(document: SourceDocument, use: SyntaxNode): Binding | undefined {
  const sameName = new RegExp(`\\b${textOf(document, use)}\\b`, "g");
  for (let scope = enclosing(use, COMPREHENSIONS); scope !== undefined; scope = enclosing(scope, COMPREHENSIONS)) {
    const found = firstBinding(document, identifiersIn(document, sameName, rangeOf(scope)));
    if (found !== undefined) {
      return found;
    }
  }
  const inside = enclosing(use, ["FunctionDefinition", "LambdaExpression"]);
  for (const scope of inside === undefined ? [undefined] : [inside, undefined]) {
    const range = { start: scope?.from ?? 0, end: use.from };
    const before = identifiersIn(document, sameName, range).filter((node) => isIn(scope, node));
    const found = firstBinding(document, before.toReversed());
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** Whether a node belongs to this function and to none inside it; the file's own level is no function. */
function isIn(scope: SyntaxNode | undefined, node: SyntaxNode): boolean {
  return enclosing(node, ["FunctionDefinition", "LambdaExpression"])?.from === scope?.from;
}

function firstBinding(document: SourceDocument, nodes: readonly SyntaxNode[]): Binding | undefined {
  for (const node of nodes) {
    const binding = node.name === "VariableName" ? bindingAt(document, node) : undefined;
    if (binding !== undefined) {
      return binding;
    }
  }
  return undefined;
}

type BindingReader = (document: SourceDocument, statement: SyntaxNode, target: SyntaxNode) => Binding | undefined;

/** What binds names, by the type of the node around them. */
const BINDINGS: Readonly<Record<string, BindingReader>> = {
  AssignStatement: assigned,
  NamedExpression: named,
  ForStatement: iteratedBy,
  ...Object.fromEntries(COMPREHENSIONS.map((type) => [type, iteratedBy])),
  ParamList: (document, _, target) => parameter(document, target),
  ImportStatement: () => ({ kind: "import" }),
  WithStatement: (_, __, target) => (target.prevSibling?.name === "as" ? UNKNOWN : undefined),
};

/** What a name is bound to where it stands; undefined where it is only used. */
function bindingAt(document: SourceDocument, target: SyntaxNode): Binding | undefined {
  const statement = target.parent?.name === "TupleExpression" ? target.parent.parent : target.parent;
  return statement === null ? undefined : BINDINGS[statement.name]?.(document, statement, target);
}

function named(document: SourceDocument, expression: SyntaxNode, target: SyntaxNode): Binding | undefined {
  const { firstChild, lastChild } = expression;
  return firstChild?.from === target.from && lastChild !== null ? valueOf(document, lastChild) : undefined;
}

function parameter(document: SourceDocument, target: SyntaxNode): Binding | undefined {
  if (target.prevSibling?.name === "AssignOp") {
    return undefined; // A default value.
  }
  const type = target.nextSibling?.name === "TypeDef" ? target.nextSibling.lastChild : null;
  return type?.name === "VariableName" ? { kind: "instance", className: textOf(document, type) } : UNKNOWN;
}

function assigned(document: SourceDocument, statement: SyntaxNode, target: SyntaxNode): Binding | undefined {
  const nodes = childrenOf(statement);
  const firstOperator = nodes.findIndex(({ name }) => name === "AssignOp");
  const lastOperator = nodes.findLastIndex(({ name }) => name === "AssignOp");
  if (firstOperator < 0 || target.from > (nodes[lastOperator]?.from ?? 0)) {
    return undefined;
  }
  const values = nodes.slice(lastOperator + 1).filter(({ name }) => name !== ",");
  const targets = nodes.slice(0, firstOperator).filter(({ name }) => name !== "," && name !== "TypeDef");
  const given =
    targets.length > 1 && values.length === 1 && values[0]?.name === "TupleExpression"
      ? splitAtCommas(values[0]).map(([value]) => value)
      : values;
  const value =
    given.length === targets.length ? given[targets.findIndex(({ from }) => from === target.from)] : undefined;
  return value === undefined ? UNKNOWN : valueOf(document, value);
}

function valueOf(document: SourceDocument, value: SyntaxNode): Binding {
  const chain = chainOf(document, value);
  if (chain !== undefined) {
    return { kind: "chain", chains: [chain], isItem: false };
  }
  const className = value.name === "CallExpression" ? calleeName(document, value) : undefined;
  return className !== undefined && /^[A-Z]/.test(className) ? { kind: "instance", className } : UNKNOWN;
}
