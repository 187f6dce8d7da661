import { parse } from "acorn";
import type { AnyNode, Node } from "acorn";

export interface Instrumented {
  readonly code: string;
  /** The number after the last counter it uses. */
  readonly end: number;
  /** What the code compares with: inputs that have it in them get further. */
  readonly literals: readonly (string | number)[];
}

/** A module that counts in `$count` how often each of its blocks, branches and right-hand sides of && and || was entered. */
export function instrument(code: string, first: number): Instrumented {
  const insertions: Insertion[] = [];
  const literals: (string | number)[] = [];
  let next = first;
  const at = (place: number, text: string): void => void insertions.push({ place, text });
  const count = (): string => `$count[${next++}]++`;
  const enter = (block: Node, otherwise = ""): void => {
    at(block.start, `{${count()};`);
    at(block.end, `}${otherwise}`);
  };
  const value = (expression: Node): void => {
    at(expression.start, `(${count()},`);
    at(expression.end, ")");
  };
  forEachNode(parse(code, { ecmaVersion: "latest", sourceType: "module" }), (node) => {
    switch (node.type) {
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        if (node.body.type === "BlockStatement") {
          at(node.body.start + 1, `${count()};`);
        } else {
          value(node.body);
        }
        return;
      case "IfStatement":
        if (node.alternate) {
          enter(node.consequent);
          enter(node.alternate);
        } else {
          enter(node.consequent, ` else {${count()}}`);
        }
        return;
      case "ForStatement":
      case "ForOfStatement":
      case "ForInStatement":
      case "WhileStatement":
      case "DoWhileStatement":
        enter(node.body);
        return;
      case "CatchClause":
        at(node.body.start + 1, `${count()};`);
        return;
      case "SwitchCase":
        at(node.consequent[0]?.start ?? node.end, ` ${count()};`);
        return;
      case "ConditionalExpression":
        value(node.consequent);
        value(node.alternate);
        return;
      case "LogicalExpression":
        value(node.right);
        return;
      case "Literal":
        if (typeof node.value === "string" || typeof node.value === "number") {
          literals.push(node.value);
        }
        return;
      default:
    }
  });
  return { code: inserted(code, insertions), end: next, literals };
}

interface Insertion {
  readonly place: number;
  readonly text: string;
}

/** An outer node before what is in it. */
function forEachNode(node: AnyNode, visit: (node: AnyNode) => void): void {
  visit(node);
  for (const child of Object.values(node).flat()) {
    if (typeof child === "object" && child !== null && "type" in child) {
      forEachNode(child as AnyNode, visit);
    }
  }
}

/**
 * At one place that is an end for some nodes and a start for others, ends come first, and of these the inner ones. Texts
 * that open are given from outside in, so their order stays.
 */
function inserted(code: string, insertions: readonly Insertion[]): string {
  const closing = insertions.filter(({ text }) => isClosing(text)).toReversed();
  const opening = insertions.filter(({ text }) => !isClosing(text));
  const pieces: string[] = [];
  let from = 0;
  for (const { place, text } of [...closing, ...opening].toSorted((a, b) => a.place - b.place)) {
    pieces.push(code.slice(from, place), text);
    from = place;
  }
  return [...pieces, code.slice(from)].join("");
}

function isClosing(text: string): boolean {
  return text.startsWith("}") || text === ")";
}
