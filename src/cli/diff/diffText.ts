import type { ReviewedGradient } from "#analysis/checkpoints/review.ts";
import type { TensorUpdate } from "#analysis/checkpoints/updates.ts";
import type { TensorDescription } from "#core/tensor.ts";
import { formatNumber } from "#core/format.ts";
import { type Compared, globalChange } from "./diffDocument.ts";
import { formatTable } from "../text/table.ts";
import { printable } from "../text/terminalText.ts";

/** The comparison for people: what moved most first, then what did not, what is not in both, Adam's state, findings. */
export function toText(compared: Compared): string {
  const { review, comparison, paths } = compared;
  const unmoved = review.updates.filter(({ isUnmoved }) => isUnmoved);
  return [
    `${paths[0]} → ${paths[1]}${stepsText(compared)}\n`,
    ...KINDS.map((kind) => kindText(review.updates, kind)),
    listText(
      "unmoved, every element has its old value",
      unmoved.map(({ tensor }) => tensor.name),
    ),
    listText("added", comparison.added.map(nameAndShape)),
    listText("missing", comparison.missing.map(nameAndShape)),
    listText(
      "another shape",
      comparison.reshaped.map(
        ({ name, shapeBefore, shapeAfter }) => `${name} ${shapeBefore.join("×")} → ${shapeAfter.join("×")}`,
      ),
    ),
    listText(
      "not compared",
      comparison.unmeasured.map(({ name, why }) => `${name}: ${why}`),
    ),
    adamText(compared),
    ...review.findings.map(({ severity, rule, message }) => `${severity} ${rule}: ${message}\n`),
  ].join("");
}

function stepsText({ steps }: Compared): string {
  if (steps === null) {
    return " (how many steps lie between is not known; --steps N tells it)";
  }
  const source = { given: "as given", optimizer: "by the optimizer's state", names: "by the names" }[steps.from];
  return `, ${steps.count} steps ${source}`;
}

const KINDS = ["weight", "gradient"] as const;

function kindText(updates: readonly TensorUpdate[], kind: (typeof KINDS)[number]): string {
  const own = updates.filter(({ tensor }) => tensor.kind === kind);
  const moved = own.filter(({ isUnmoved }) => !isUnmoved);
  return `${moved.length === 0 ? "" : updatesTable(moved, kind)}${globalText(own, kind)}`;
}

function updatesTable(updates: readonly TensorUpdate[], kind: string): string {
  const rows = updates
    .toSorted((a, b) => rank(b) - rank(a))
    .map(({ tensor, relative, perStep, cosine }) => {
      const { name, dtype, dtypeBefore, elements, change } = tensor;
      return [
        name,
        dtype === dtypeBefore ? dtype : `${dtypeBefore} → ${dtype}`,
        formatNumber(change.before),
        formatNumber(change.delta),
        formatOr(relative),
        perStep === null ? "–" : `${formatNumber(perStep.low)} … ${formatNumber(perStep.high)}`,
        formatOr(cosine),
        `${formatNumber((100 * change.changed) / elements)} %`,
        `${change.nonFiniteBefore} → ${change.nonFiniteAfter}`,
      ];
    });
  const header = [kind, "dtype", "norm before", "‖Δ‖", "relative", "per step", "cosine", "changed", "NaN or Inf"];
  return formatTable(header, rows);
}

/** What has no relative change is broken or was zero: it comes first. */
function rank({ relative }: TensorUpdate): number {
  return relative ?? Infinity;
}

function formatOr(value: number | null): string {
  return value === null ? "–" : formatNumber(value);
}

function globalText(updates: readonly TensorUpdate[], kind: string): string {
  const own = updates.filter(({ tensor }) => !tensor.isTied);
  const { before, after, delta, relative } = globalChange(own);
  const norms = `${formatNumber(before)} → ${formatNumber(after)}, ‖Δ‖ ${formatNumber(delta)}, relative ${formatOr(relative)}`;
  return own.length === 0 ? "" : `global ${kind} norm ${norms} (${own.length} tensors)\n`;
}

/** A list is to be read, not scrolled; the JSON has them all. */
const MOST_LISTED = 20;

function listText(title: string, items: readonly string[]): string {
  const more = items.length > MOST_LISTED ? `  and ${items.length - MOST_LISTED} more\n` : "";
  const listed = items.slice(0, MOST_LISTED).map((item) => `  ${printable(item)}\n`);
  return items.length === 0 ? "" : `${title} (${items.length}):\n${listed.join("")}${more}`;
}

function nameAndShape({ name, shape }: TensorDescription): string {
  return `${name} ${shape.join("×")}`;
}

function adamText({ review }: Compared): string {
  const { before, after } = review.adam;
  if (after === null) {
    return "";
  }
  const earlier =
    before === null ? "" : ` (before: ${formatNumber(before.globalNorm)}, steps ${stepsOf(before.steps)})`;
  const title = `Adam's state: gradient norm ${formatNumber(after.globalNorm)} after clipping, steps ${stepsOf(after.steps)}${earlier}\n`;
  const rows = after.gradients.toSorted((a, b) => b.norm - a.norm).map(gradientRow);
  const header = ["parameter", "step", "gradient norm", "RMS", "noise scale, batches", "update/weight"];
  return `${title}${formatTable(header, rows)}${after.notes.map((note) => `${note}\n`).join("")}`;
}

function stepsOf(steps: readonly number[]): string {
  return steps.length === 0 ? "not known" : steps.join(", ");
}

function gradientRow({ parameter, norm, rms, noise, updateRatio }: ReviewedGradient): string[] {
  const { name, step } = parameter;
  const scale = noise !== null && noise.signal === null ? "below noise" : formatOr(noise?.noiseScale ?? null);
  return [name, formatOr(step), formatNumber(norm), formatNumber(rms), scale, formatOr(updateRatio)];
}
