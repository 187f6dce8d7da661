import type { SyntaxNode } from "@lezer/common";
import type { SourceDocument, TextRange } from "../document.ts";

const found = new WeakMap<SourceDocument, Map<string, readonly SyntaxNode[]>>();

/**
 * The places in a range where a pattern matches a whole word of code; never in strings or comments. The pattern is
 * global and matches single identifiers; the tree is asked only where it does, which is much cheaper than a walk.
 */
export function identifiersIn(document: SourceDocument, pattern: RegExp, range?: TextRange): readonly SyntaxNode[] {
  return nodesAt(document, pattern, range).filter(({ name }) => name === "VariableName" || name === "PropertyName");
}

/** The nodes that a global pattern's matches cover exactly. What is asked of a whole document is kept for its version. */
export function nodesAt(document: SourceDocument, pattern: RegExp, range?: TextRange): readonly SyntaxNode[] {
  if (range !== undefined) {
    return findNodes(document, pattern, range);
  }
  const known = found.get(document) ?? new Map<string, readonly SyntaxNode[]>();
  found.set(document, known);
  const nodes = known.get(pattern.source) ?? findNodes(document, pattern, { start: 0, end: document.text.length });
  known.set(pattern.source, nodes);
  return nodes;
}

function findNodes({ text, tree }: SourceDocument, pattern: RegExp, { start, end }: TextRange): readonly SyntaxNode[] {
  return Array.from(text.slice(start, end).matchAll(pattern)).flatMap((match) => {
    const from = start + match.index;
    const node = tree?.resolveInner(from, 1);
    return node !== undefined && node.from === from && node.to === from + match[0].length ? [node] : [];
  });
}

/**
 * The identifiers, and the strings that are one word, which contain a match and whose text is accepted. Faster than a
 * pattern for whole words where its part is rare, and the tree is asked only for accepted ones.
 */
export function wordsWith(
  document: SourceDocument,
  part: RegExp,
  accepts: (word: string) => boolean,
): readonly SyntaxNode[] {
  const nodes = new Map<number, SyntaxNode>();
  for (const match of document.text.matchAll(part)) {
    const isAccepted = [/[\w-]/, /\w/].some((character) => accepts(wordAround(document.text, match.index, character)));
    const node = isAccepted ? document.tree?.resolveInner(match.index, 1) : undefined;
    if (node !== undefined && /^(?:VariableName|PropertyName|String)$/.test(node.name)) {
      nodes.set(node.from, node);
    }
  }
  return Array.from(nodes.values());
}

function wordAround(text: string, offset: number, character: RegExp): string {
  let [start, end] = [offset, offset];
  while (start > 0 && character.test(text.charAt(start - 1))) {
    start -= 1;
  }
  while (end < text.length && character.test(text.charAt(end))) {
    end += 1;
  }
  return text.slice(start, end);
}
