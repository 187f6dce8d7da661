import type { SyntaxNode } from "@lezer/common";
import type { SourceDocument } from "../document.ts";
import type { Member } from "./moduleMembers.ts";
import { argumentsOf, callNamed, dottedPath, enclosing, rangeOf, stringValue, textOf } from "../python/syntax.ts";
import { identifiersIn } from "../python/words.ts";

const CONSTRUCTORS = /\b[A-Z]\w*\b/g;
const REPEATED = ["ForStatement", "WhileStatement", "ArrayComprehensionExpression", "LambdaExpression"];

/**
 * The submodules and parameters of Flax's `@nn.compact` methods: named by `name=`, else by their class and how many of it
 * came before: `Dense_0`, `Dense_1`. From a class in a loop or after one in it, the number is not told.
 */
export function compactMembers(document: SourceDocument, node: SyntaxNode): readonly Member[] {
  const methods = node.getChild("Body")?.getChildren("DecoratedStatement") ?? [];
  return methods
    .filter((method) => isCompact(document, method))
    .flatMap((method) => [...submodulesOf(document, method), ...parametersOf(document, method)]);
}

function isCompact(document: SourceDocument, method: SyntaxNode): boolean {
  const decorators = method.getChildren("Decorator");
  return decorators.some((decorator) => /\bcompact\s*$/.test(textOf(document, decorator)));
}

function submodulesOf(document: SourceDocument, method: SyntaxNode): readonly Member[] {
  const counts = new Map<string, number>();
  return identifiersIn(document, CONSTRUCTORS, rangeOf(method)).flatMap((name) => {
    const call = callNamed(name);
    if (call === undefined || !isConstructor(document, call)) {
      return [];
    }
    const className = textOf(document, name);
    const given = argumentsOf(document, call).find((argument) => argument.name === "name")?.value;
    if (given !== undefined) {
      const text = stringValue(document, given) ?? null;
      return [{ path: [text], className, isEvidence: false, nameRange: rangeOf(given) }];
    }
    const isRepeated = enclosing(call, REPEATED) !== undefined;
    const count = isRepeated ? Number.NaN : (counts.get(className) ?? 0);
    counts.set(className, count + 1);
    const path = [Number.isNaN(count) ? null : `${className}_${count}`];
    return [{ path, className, isEvidence: false, nameRange: path[0] === null ? undefined : rangeOf(name) }];
  });
}

/** `nn.Dense(…)` and `Block(…)`; not `jnp.Array(…)`. */
function isConstructor(document: SourceDocument, call: SyntaxNode): boolean {
  const path = call.firstChild === null ? undefined : dottedPath(document, call.firstChild);
  return path !== undefined && (path.length === 1 || /^(?:nn|linen)$/.test(path.at(-2) ?? ""));
}

/** `self.param("scale", …)`. */
function parametersOf(document: SourceDocument, method: SyntaxNode): readonly Member[] {
  return identifiersIn(document, /\b(?:param|variable)\b/g, rangeOf(method)).flatMap((name) => {
    const call = callNamed(name);
    const given = call === undefined ? [] : argumentsOf(document, call);
    const first = given[textOf(document, name) === "param" ? 0 : 1]?.value;
    const text = first === undefined ? undefined : stringValue(document, first);
    return first === undefined || text === undefined
      ? []
      : [{ path: [text], className: undefined, isEvidence: true, nameRange: rangeOf(first) }];
  });
}
