import { replayNote } from "#analysis/clipping/advice.ts";
import type { ClipAdvice } from "#analysis/clipping/advice.ts";
import type { ClipCandidate } from "#analysis/clipping/candidate.ts";
import { describeLeftOut } from "#analysis/clipping/refusal.ts";
import type { TensorAdvice } from "#analysis/clipping/tensorAdvice.ts";
import { formatNumber, percent } from "#core/format.ts";
import type { ClipContext } from "./clipDocument.ts";
import { listOf } from "../text/listOf.ts";
import { formatTable } from "../text/table.ts";

/** Advice for people: the candidates with their reasons, and below them what to keep in mind. */
export function clipTextOf(advice: ClipAdvice, { source, norm, threshold, isPerTensor }: ClipContext): string {
  const { refused, steps, history, verdict, candidates, tensors, cautions } = advice;
  const limit = threshold === null ? "" : `clip threshold ${threshold.value} (${threshold.source})\n`;
  const head = `${source}\n${normLine(norm)}${limit}`;
  if (refused !== undefined) {
    const hint =
      refused.kind === "tooFew" && history.warmUp > 0 ? " With --warm-up those of the warm-up count too." : "";
    return `${head}No advice: ${refused.message}${hint}\n`;
  }
  return [
    head,
    `${steps} norms count${describeLeftOut(history)}.${verdict.state === "pre" ? ` ${verdict.message}` : ""}\n\n`,
    formatTable(HEADER, candidates.map(rowOf)),
    isPerTensor ? `\n${tensorText(tensors)}` : "",
    "\n",
    ...cautions.map(({ message }) => `${message}\n`),
    `${replayNote()}\n`,
  ].join("");
}

/** Which of several norms it is; one alone needs no word. */
function normLine({ name, others }: ClipContext["norm"]): string {
  return others.length === 0 ? "" : `of the norm ${name}; --norm chooses another: ${listOf(others)}\n`;
}

const HEADER = ["method", "max norm", "clipped", "mean coefficient", "length kept", "reason"];

function rowOf({
  method,
  maxNorm,
  clippedShare,
  meanCoefficient,
  retainedLength,
  reason,
  range,
}: ClipCandidate): string[] {
  const spread = range?.maxNorm.map(formatNumber).join("–");
  return [
    method,
    `${maxNorm === null ? "adaptive" : formatNumber(maxNorm)}${spread === undefined || isOne(range?.maxNorm) ? "" : ` (${spread})`}`,
    clippedShare === null ? UNKNOWN : percent(clippedShare),
    meanCoefficient === null ? UNKNOWN : formatNumber(Number(meanCoefficient.toPrecision(3))),
    retainedLength === null ? UNKNOWN : percent(retainedLength),
    reason,
  ];
}

const UNKNOWN = "unknown";

function isOne(interval: readonly [number, number] | undefined): boolean {
  return interval !== undefined && interval[0] === interval[1];
}

function tensorText(tensors: TensorAdvice | undefined): string {
  if (tensors === undefined) {
    return "No limits per tensor: the log has no norms of tensors at the steps that count, or is from after clipping.\n";
  }
  const [first] = tensors.plans;
  const rows = tensors.names.map((name, index) => [
    name,
    ...tensors.plans.map(({ limits }) => formatNumber(limits[index] ?? Infinity)),
    percent(first.effect.clippedShares[index] ?? 0),
  ]);
  const header = ["tensor", ...tensors.plans.map(({ method }) => method), `clipped by ${first.method}`];
  const effects = tensors.plans.map(({ method, effect, reason }) => [
    method,
    effect.cosine.toFixed(4),
    effect.lowestCosine.toFixed(4),
    percent(effect.retainedLength),
    reason,
  ]);
  const effectHeader = ["limits", "cosine", "lowest cosine", "length kept", "reason"];
  return `${formatTable(header, rows)}\n${formatTable(effectHeader, effects)}`;
}
