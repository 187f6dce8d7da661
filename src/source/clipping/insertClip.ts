import type { SyntaxNode } from "@lezer/common";
import { floatLiteral } from "./changeValue.ts";
import type { SourceDocument, TextEdit } from "../document.ts";
import type { StepSite } from "./optimizerSteps.ts";
import { callAround, callNamed, enclosing, textOf } from "../python/syntax.ts";
import { identifiersIn } from "../python/words.ts";
import { isFirstOnLine, linesBefore, newlineOf } from "../python/statements.ts";

/** A statement that clips, as lines, and the import that it needs. */
interface ClipStatement {
  readonly lines: readonly string[];
  readonly imported: string | undefined;
}

// How a file may reach torch's function: an import at its top, and what to call then.
const WAYS: readonly (readonly [RegExp, string])[] = [
  [/^from\s+torch\.nn\.utils\s+import\b[^;]*\bclip_grad_norm_\b(?! as)/, "clip_grad_norm_"],
  [/^import\s+torch(?:\.nn)?(?:$|\s*,)/, "torch.nn.utils.clip_grad_norm_"],
  [/^(?:from\s+torch\s+import\b[^;]*\bnn\b(?! as)|import\s+torch\.nn\s+as\s+nn\b)/, "nn.utils.clip_grad_norm_"],
];

/**
 * The edits that clip the global norm right before an optimizer step, after `unscale_` where a GradScaler steps it. None
 * when something clips there already, or where no statement can stand.
 */
export function insertClip(document: SourceDocument, step: StepSite, value: number): readonly TextEdit[] {
  const { statement, scaler } = step;
  const clip = clipStatement(document, step, value);
  const canStand = statement !== undefined && (clip.lines.length === 1 || isFirstOnLine(document, statement));
  if (!canStand || step.isClipped) {
    return [];
  }
  const unscale = scaler === undefined || isUnscaled(document, step) ? [] : [`${scaler}.unscale_(${step.optimizer})`];
  return [
    ...(clip.imported === undefined ? [] : [importEdit(document, clip.imported)]),
    linesBefore(document, statement, [...unscale, ...clip.lines]),
  ];
}

/** In the way that the file already reaches torch's function; through accelerate where that runs the backward pass. */
function clipStatement(document: SourceDocument, step: StepSite, value: number): ClipStatement {
  const given = `(${parametersOf(document, step)}, ${floatLiteral(value)})`;
  const accelerator = acceleratorOf(document);
  if (accelerator !== undefined) {
    const lines = [`if ${accelerator}.sync_gradients:`, `    ${accelerator}.clip_grad_norm_${given}`];
    return { lines, imported: undefined };
  }
  const imports = (document.tree?.topNode.getChildren("ImportStatement") ?? []).map((node) => textOf(document, node));
  const way = WAYS.find(([pattern]) => imports.some((line) => pattern.test(line)))?.[1];
  return {
    lines: [`${way ?? "torch.nn.utils.clip_grad_norm_"}${given}`],
    imported: way === undefined ? "import torch" : undefined,
  };
}

function acceleratorOf(document: SourceDocument): string | undefined {
  const owners = identifiersIn(document, /\bbackward\b/g).flatMap(({ parent }) =>
    parent?.firstChild ? [textOf(document, parent.firstChild)] : [],
  );
  return owners.find((owner) => owner.endsWith("accelerator"));
}

/** What the optimizer was made with, when that is a model's `parameters()`; else what the optimizer itself holds. */
function parametersOf(document: SourceDocument, { optimizer, start }: StepSite): string {
  const given = identifiersIn(document, /\bparameters\b/g).flatMap((name) => callNamed(name) ?? []);
  const whole = given.find((call) => {
    const target = targetOf(call);
    return target !== undefined && isVisible(target, start) && textOf(document, target) === optimizer;
  });
  return whole === undefined
    ? `[p for group in ${optimizer}.param_groups for p in group["params"]]`
    : textOf(document, whole);
}

/** The variable for what is made with this as its first argument: `optimizer` of `optimizer = Adam(model.parameters())`. */
function targetOf(given: SyntaxNode): SyntaxNode | undefined {
  const maker = given.prevSibling?.name === "(" ? callAround(given) : undefined;
  const operator = maker?.prevSibling;
  return (operator?.name === "AssignOp" ? operator.prevSibling : null) ?? undefined;
}

/** Whether what is in scope at a node is so at an offset: in the same function, or at the top of the file. */
function isVisible(node: SyntaxNode, offset: number): boolean {
  const scope = enclosing(node, ["FunctionDefinition"]);
  return scope === undefined || (scope.from <= offset && offset < scope.to);
}

/** Whether `unscale_` is the last word before the step, of it and the backward pass. */
function isUnscaled(document: SourceDocument, { start }: StepSite): boolean {
  const last = identifiersIn(document, /\b(?:backward|unscale_)\b/g, { start: 0, end: start }).at(-1);
  return last !== undefined && textOf(document, last) === "unscale_";
}

/** Above the first import that is none of `__future__`, so that a docstring and comments at the top stay there. */
function importEdit(document: SourceDocument, statement: string): TextEdit {
  const imports = document.tree?.topNode.getChildren("ImportStatement") ?? [];
  const isFuture = (node: SyntaxNode): boolean => textOf(document, node).startsWith("from __future__");
  const first = imports.find((node) => !isFuture(node));
  const lastFuture = imports.findLast(isFuture);
  const after = lastFuture === undefined ? 0 : document.text.indexOf("\n", lastFuture.to) + 1;
  const at = first?.from ?? after;
  return { start: at, end: at, text: `${statement}${newlineOf(document)}` };
}
