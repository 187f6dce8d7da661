import { formatNorm, formatNumber } from "#core/format.ts";
import type { TensorDescription, TensorNorms } from "#core/tensor.ts";
import type { CheckpointNorms } from "#protocol/workerAnswers.ts";
import type { NamedSpectrum } from "#worker/norms/computeSpectrum.ts";
import { formatTable } from "../text/table.ts";

/** Norms for people: a table of the tensors, and below it the global norm of each kind. */
export function toText(
  source: string,
  { tensors, unmeasured, globals }: Pick<CheckpointNorms, "tensors" | "unmeasured" | "globals">,
): string {
  const rows = [
    ...tensors.map((tensor) => [...describe(tensor), ...measured(tensor)]),
    ...unmeasured.map((tensor) => [...describe(tensor), ...UNMEASURED]),
  ];
  const hasParameters = [...tensors, ...unmeasured].some(({ parameter }) => parameter !== undefined);
  const header = ["tensor", "parameter", "kind", "dtype", "shape", "L2 norm", "max |x|", "NaN or Inf"];
  const shown = [header, ...rows].map((row) => (hasParameters ? row : row.toSpliced(1, 1)));
  const totals = Object.entries(globals).map(
    ([kind, norms]) => `global ${kind} norm  ${formatNorm(norms.l2)}  (${norms.tensors} tensors)\n`,
  );
  return `${source}\n${formatTable(shown[0] ?? [], shown.slice(1))}${totals.join("")}`;
}

function describe({ name, parameter = "", kind, dtype, shape }: TensorDescription): string[] {
  return [name, parameter, kind, dtype, shape.join("×")];
}

function measured({ kind, l2, linf, nan, posInf, negInf }: TensorNorms): string[] {
  return [kind === "gradient" ? formatNorm(l2) : formatNumber(l2), formatNumber(linf), String(nan + posInf + negInf)];
}

/** A dash, not a gap: the tensor is there and has no norm. The notes say why. */
const UNMEASURED: readonly string[] = ["–", "–", "–"];

/** One line on the largest singular value; empty where nobody asked for it. */
export function spectrumText(spectrum: NamedSpectrum | undefined): string {
  if (spectrum === undefined) {
    return "";
  }
  const { name, norm, stableRank, scaled, iterations, isConverged } = spectrum;
  const rank = stableRank === null ? "" : `, stable rank ${formatNumber(stableRank)}`;
  const doubt = isConverged ? "" : ", which may be too small: it did not settle";
  return `${name}: spectral norm ${formatNumber(norm)}${rank}, ${formatNumber(scaled)} × sqrt(rows/columns) (${iterations} iterations${doubt})\n`;
}
