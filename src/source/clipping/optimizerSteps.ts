import type { SyntaxNode } from "@lezer/common";
import { clipSitesIn } from "./clipSites.ts";
import type { SourceDocument, TextRange } from "../document.ts";
import { isScalerStep } from "./lossScaling.ts";
import { argumentsOf, callNamed, calleeName, enclosing, rangeOf, textOf } from "../python/syntax.ts";
import { identifiersIn, wordsWith } from "../python/words.ts";
import { statementAround } from "../python/statements.ts";

/** A call that lets an optimizer change the weights. */
export interface StepSite extends TextRange {
  /** As written: `optimizer`, `self.optimizers[0]`. */
  readonly optimizer: string;
  /** The GradScaler that steps it, as written. */
  readonly scaler: string | undefined;
  /** Whether something that clips comes before it in its loop, or in its function when it is in none. */
  readonly isClipped: boolean;
  /** Where the statement begins that the step is in; undefined where no statement can be put before it. */
  readonly statement: number | undefined;
}

const OPTIMIZER =
  /(?:^|[._])(?:opt|optims?|optimi[sz]ers?)(?:\d+|[A-Z]|_\w+)?(?:\[.*\])?$|(?:_opt|_optim|[oO]ptimi[sz]er)(?:\[.*\])?$/;
const FUNCTIONS = ["FunctionDefinition", "LambdaExpression"];
const LOOPS = ["ForStatement", "WhileStatement"];

/** The optimizer steps of a Python source, in the order of the text. Those of schedulers, engines and games are none. */
export function stepSitesIn(document: SourceDocument): readonly StepSite[] {
  if (document.language !== "python") {
    return [];
  }
  const clipping = clippingCalls(document);
  return identifiersIn(document, /\bstep\b/g).flatMap((name) => {
    const call = callNamed(name);
    const owner = call?.firstChild?.firstChild;
    return call === undefined || !owner ? [] : siteFrom(document, call, { owner, clipping });
  });
}

interface StepParts {
  readonly owner: SyntaxNode;
  readonly clipping: readonly SyntaxNode[];
}

function siteFrom(document: SourceDocument, call: SyntaxNode, { owner, clipping }: StepParts): readonly StepSite[] {
  const [first] = argumentsOf(document, call);
  const isScaled = isScalerStep(document, call) && first !== undefined;
  const optimizer = textOf(document, isScaled ? first.value : owner);
  if (!OPTIMIZER.test(optimizer) || isInStep(document, call)) {
    return [];
  }
  const scope = scopeOf(call);
  const start = scope?.from ?? 0;
  const isClipped = clipping.some(
    (each) =>
      start <= each.from &&
      each.to <= call.from &&
      enclosing(each, FUNCTIONS)?.from === enclosing(call, FUNCTIONS)?.from,
  );
  const statement = statementAround(call)?.from;
  return [
    { ...rangeOf(call), optimizer, scaler: isScaled ? textOf(document, owner) : undefined, isClipped, statement },
  ];
}

/** An optimizer around others steps them in its own `step`; who calls that may clip before. */
function isInStep(document: SourceDocument, call: SyntaxNode): boolean {
  const name = enclosing(call, ["FunctionDefinition"])?.getChild("VariableName");
  return name !== null && name !== undefined && /^(?:optimizer_)?step$/.test(textOf(document, name));
}

/** The outermost loop of the function that a call is in, else the function. */
function scopeOf(call: SyntaxNode): SyntaxNode | undefined {
  const around = enclosing(call, FUNCTIONS);
  let loop: SyntaxNode | undefined;
  for (
    let next = enclosing(call, LOOPS);
    next !== undefined && next.from > (around?.from ?? -1);
    next = enclosing(next, LOOPS)
  ) {
    loop = next;
  }
  return loop ?? around;
}

/** What clips, or calls a function of the file that does, or is called so that it may. */
function clippingCalls(document: SourceDocument): readonly SyntaxNode[] {
  const sites = clipSitesIn(document).filter(({ form }) => form === "call");
  const helpers = sites.flatMap(({ start }) => {
    const node = document.tree?.resolveInner(start, 1);
    const name = node && enclosing(node, ["FunctionDefinition"])?.getChild("VariableName");
    return name ? [textOf(document, name)] : [];
  });
  const calls = [
    ...wordsWith(document, /[cC]lip/g, (word) => word !== "clip"),
    ...(helpers.length === 0 ? [] : identifiersIn(document, new RegExp(String.raw`\b(?:${helpers.join("|")})\b`, "g"))),
  ];
  return calls.flatMap((word) => {
    const call = callNamed(word) ?? methodCallOn(word);
    return call === undefined || /^(?:clip|clip_by_value)$/.test(calleeName(document, call) ?? "") ? [] : [call];
  });
}

/** `clipper.apply(…)` for its `clipper`. */
function methodCallOn(word: SyntaxNode): SyntaxNode | undefined {
  const member =
    word.parent?.name === "MemberExpression" && word.parent.firstChild?.from === word.from ? word.parent : undefined;
  return member?.parent?.name === "CallExpression" && member.parent.firstChild?.from === member.from
    ? member.parent
    : undefined;
}
