import { normsByName } from "#analysis/normNames.ts";
import { formatCount } from "#core/format.ts";
import { unitOf } from "#core/series.ts";
import type { Run } from "#store/run.ts";
import type { SourcedSeries } from "#store/series.ts";
import { composeAnswer } from "./compose.ts";
import { quoteData } from "./dataText.ts";
import { summariseNorms } from "./describeNorms.ts";
import type { NormSummary, StepRange } from "./describeNorms.ts";
import type { FileAccess } from "./fileAccess.ts";
import { nameFilter } from "./nameFilter.ts";
import { readRun } from "./readRun.ts";
import { clipLine, runLine } from "./runHead.ts";
import type { GetNormsInput } from "./toolInputs.ts";

interface TensorRow extends NormSummary {
  readonly name: string;
}

/** How large the gradients of a run are: the global norm, and tensor by tensor. */
export async function getNorms(input: GetNormsInput, access: FileAccess, mostBytes: number): Promise<string> {
  const found = await readRun(input.run, access);
  const { run } = found;
  const range: StepRange = { from: input.from_step ?? -Infinity, until: input.to_step ?? Infinity };
  const rows = tensorRows(run.tensors(), nameFilter(input.tensor), range);
  const norms = run.first("globalNorm");
  return composeAnswer(
    {
      head: [
        runLine(found, access.nowMs),
        `L2 norms of gradients, in the units of the log${describeRange(range, unitOf(norms?.key.axis))}. ${clipLine(run)}`,
        ...globalNormLines(run, range),
        tensorLine(rows, input.tensor, run.tensors().size),
      ],
      items: rows,
      rowOf: ({ name, text }) => `- ${quoteData(name)}: ${text}`,
      what: "tensors",
      page: input,
      tail: found
        .notes()
        .slice(0, MOST_NOTES)
        .map((note) => `Note: ${quoteData(note, NOTE_CHARACTERS)}`),
    },
    mostBytes,
  );
}

/** A run of many processes has a norm of each; the main one comes first. */
const MOST_GLOBAL_NORMS = 5;

function globalNormLines(run: Run, range: StepRange): string[] {
  const norms = Array.from(normsByName(run));
  const more = norms.length - MOST_GLOBAL_NORMS;
  return [
    ...norms
      .slice(0, MOST_GLOBAL_NORMS)
      .map(([name, series]) => `- global norm ${quoteData(name)}: ${summariseNorms(series, range).text}`),
    ...(more > 0 ? [`- and ${formatCount(more, "further global norm")}`] : []),
  ];
}

const MOST_NOTES = 2;
const NOTE_CHARACTERS = 160;

function describeRange({ from, until }: StepRange, unit: string): string {
  const since = from === -Infinity ? "" : ` from ${unit} ${from}`;
  return `${since}${until === Infinity ? "" : ` up to ${unit} ${until}`}`;
}

function tensorLine(rows: readonly TensorRow[], pattern: string | undefined, logged: number): string {
  if (logged === 0) {
    return "The log has no norms of single tensors; those of a checkpoint are asked for with gradlens_inspect_checkpoint.";
  }
  if (rows.length === 0) {
    return `None of the ${logged} logged tensors has such a name and such steps: ${quoteData(pattern ?? "*")}.`;
  }
  return `Norms of ${rows.length} of ${logged} logged tensors; those with NaN or Inf first, then by median:`;
}

function tensorRows(
  tensors: ReadonlyMap<string, SourcedSeries>,
  isWanted: (name: string) => boolean,
  range: StepRange,
): TensorRow[] {
  return Array.from(tensors)
    .filter(([name]) => isWanted(name))
    .map(([name, series]) => ({ name, ...summariseNorms(series, range) }))
    .filter(({ points }) => points > 0)
    .toSorted((a, b) => (b.median ?? 0) - (a.median ?? 0))
    .toSorted((a, b) => b.nonFinite - a.nonFinite);
}
