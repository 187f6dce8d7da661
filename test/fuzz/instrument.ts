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
  let end = first;
  forEachNode(parse(code, { ecmaVersion: "latest", sourceType: "module" }), (node) => {
    if (node.type === "Literal" && (typeof node.value === "string" || typeof node.value === "number")) {
      literals.push(node.value);
    }
    for (const { place, kind } of countedIn(node)) {
      insertions.push(...KINDS[kind](place, `$count[${end}]++`));
      end += 1;
    }
  });
  return { code: inserted(code, insertions), end, literals };
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

interface Counted {
  readonly place: Pick<Node, "start" | "end">;
  readonly kind: keyof typeof KINDS;
}

interface Insertion {
  readonly at: number;
  readonly text: string;
  /** It ends what another one begins. */
  readonly isClosing?: true;
}

type Count = (place: Pick<Node, "start" | "end">, count: string) => readonly Insertion[];

const KINDS = {
  body: ({ start }, count) => [{ at: start + 1, text: `${count};` }],
  statement: ({ start, end }, count) => [
    { at: start, text: `{${count};` },
    { at: end, text: "}", isClosing: true },
  ],
  missingElse: ({ end }, count) => [{ at: end, text: ` else {${count}}`, isClosing: true }],
  value: ({ start, end }, count) => [
    { at: start, text: `(${count},` },
    { at: end, text: ")", isClosing: true },
  ],
  case: ({ start }, count) => [{ at: start, text: ` ${count};` }],
} as const satisfies Record<string, Count>;

/** What of a node is counted. Of two that end at one place the later one ends first. */
function countedIn(node: AnyNode): readonly Counted[] {
  const counted = COUNTED[node.type] as ((node: AnyNode) => readonly Counted[]) | undefined;
  return counted?.(node) ?? [];
}

type CountedOf = {
  readonly [Type in AnyNode["type"]]?: (node: Extract<AnyNode, { type: Type }>) => readonly Counted[];
};

const COUNTED: CountedOf = {
  FunctionDeclaration: functionBody,
  FunctionExpression: functionBody,
  ArrowFunctionExpression: functionBody,
  IfStatement: (node) =>
    node.alternate
      ? [node.consequent, node.alternate].map((place) => ({ place, kind: "statement" }))
      : [
          { place: node, kind: "missingElse" },
          { place: node.consequent, kind: "statement" },
        ],
  ConditionalExpression: ({ consequent, alternate }) =>
    [consequent, alternate].map((place) => ({ place, kind: "value" })),
  LogicalExpression: ({ right }) => [{ place: right, kind: "value" }],
  SwitchCase({ consequent, end }) {
    const start = consequent[0]?.start ?? end;
    return [{ place: { start, end: start }, kind: "case" }];
  },
  ForStatement: loopBody,
  ForOfStatement: loopBody,
  ForInStatement: loopBody,
  WhileStatement: loopBody,
  DoWhileStatement: loopBody,
  CatchClause: ({ body }) => [{ place: body, kind: "body" }],
};

function functionBody({ body }: { readonly body: AnyNode }): readonly Counted[] {
  return [{ place: body, kind: body.type === "BlockStatement" ? "body" : "value" }];
}

function loopBody({ body }: { readonly body: AnyNode }): readonly Counted[] {
  return [{ place: body, kind: "statement" }];
}

/** At one place ends come before starts, and of ends the inner ones first; starts stay from outside in. */
function inserted(code: string, insertions: readonly Insertion[]): string {
  const closing = insertions.filter(({ isClosing }) => isClosing).toReversed();
  const opening = insertions.filter(({ isClosing }) => isClosing !== true);
  const pieces: string[] = [];
  let from = 0;
  for (const { at, text } of [...closing, ...opening].toSorted((a, b) => a.at - b.at)) {
    pieces.push(code.slice(from, at), text);
    from = at;
  }
  return [...pieces, code.slice(from)].join("");
}
