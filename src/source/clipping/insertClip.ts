import type { SyntaxNode } from "@lezer/common";
import { floatLiteral } from "./changeValue.ts";
import type { SourceDocument, TextEdit } from "../document.ts";
import type { StepSite } from "./optimizerSteps.ts";
import { callNamed, identifiersIn, textOf } from "../python/syntax.ts";
import { linesBefore } from "../python/statements.ts";

/**
 * The edits that clip the global norm right before an optimizer step, after `unscale_` where a GradScaler steps it. None
 * when something clips there already, or where no statement can stand.
 */
export function insertClip(document: SourceDocument, step: StepSite, value: number): readonly TextEdit[] {
  const { statement } = step;
  if (statement === undefined || step.isClipped) {
    return [];
  }
  const clip = clipCall(document, step, value);
  const unscale =
    step.scaler === undefined || isUnscaled(document, step) ? [] : [`${step.scaler}.unscale_(${step.optimizer})`];
  const newline = document.text.includes("\r\n") ? "\r\n" : "\n";
  return [
    ...clip.imports.map((line) => importEdit(document, `${line}${newline}`)),
    linesBefore(document, statement, [...unscale, clip.call]),
  ];
}

/** In the way that the file already reaches torch's function; through accelerate where that runs the backward pass. */
function clipCall(
  document: SourceDocument,
  step: StepSite,
  value: number,
): { readonly call: string; readonly imports: readonly string[] } {
  const limit = `${parametersOf(document, step)}, ${floatLiteral(value)}`;
  const accelerator = acceleratorOf(document);
  if (accelerator !== undefined) {
    return { call: `${accelerator}.clip_grad_norm_(${limit})`, imports: [] };
  }
  const ways: readonly (readonly [RegExp, string])[] = [
    [/^from torch\.nn\.utils import .*\bclip_grad_norm_\b(?! as)/m, "clip_grad_norm_"],
    [/^import torch\s*(?:$|,|#)/m, "torch.nn.utils.clip_grad_norm_"],
    [/^(?:from torch import .*\bnn\b(?! as)|import torch\.nn as nn\b)/m, "nn.utils.clip_grad_norm_"],
  ];
  const way = ways.find(([pattern]) => pattern.test(document.text))?.[1];
  return {
    call: `${way ?? "torch.nn.utils.clip_grad_norm_"}(${limit})`,
    imports: way === undefined ? ["import torch"] : [],
  };
}

function acceleratorOf(document: SourceDocument): string | undefined {
  for (const name of identifiersIn(document, /\bbackward\b/g)) {
    const owner = name.parent?.firstChild;
    if (owner && textOf(document, owner).endsWith("accelerator")) {
      return textOf(document, owner);
    }
  }
  return undefined;
}

/** What the optimizer was made with, when that is a model's `parameters()`; else what the optimizer itself holds. */
function parametersOf(document: SourceDocument, { optimizer }: StepSite): string {
  const made = identifiersIn(document, /\bparameters\b/g).flatMap((name) => {
    const given = callNamed(name);
    const maker = given?.parent?.name === "ArgList" ? given.parent.parent : null;
    const operator = maker?.prevSibling;
    const target = operator?.name === "AssignOp" ? operator.prevSibling : null;
    const isFirst = given !== undefined && given.prevSibling?.name === "(";
    return target && isFirst && textOf(document, target) === optimizer ? [textOf(document, given)] : [];
  });
  return made[0] ?? `[p for group in ${optimizer}.param_groups for p in group["params"]]`;
}

/** Whether `unscale_` is the last word before the step, of it and the backward pass. */
function isUnscaled(document: SourceDocument, { start }: StepSite): boolean {
  const last = identifiersIn(document, /\b(?:backward|unscale_)\b/g, { start: 0, end: start }).at(-1);
  return last !== undefined && textOf(document, last) === "unscale_";
}

/** Above the first import that is none of `__future__`, so that a docstring and comments at the top stay there. */
function importEdit(document: SourceDocument, line: string): TextEdit {
  const imports = document.tree?.topNode.getChildren("ImportStatement") ?? [];
  const isFuture = (node: SyntaxNode): boolean => textOf(document, node).startsWith("from __future__");
  const first = imports.find((node) => !isFuture(node));
  const lastFuture = imports.findLast(isFuture);
  const after = lastFuture === undefined ? 0 : document.text.indexOf("\n", lastFuture.to) + 1;
  const at = first?.from ?? after;
  return { start: at, end: at, text: line };
}
