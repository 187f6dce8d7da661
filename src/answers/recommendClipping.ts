import { replayNote } from "#analysis/clipping/advice.ts";
import type { ClipAdvice } from "#analysis/clipping/advice.ts";
import { percent, formatNumber } from "#core/format.ts";
import type { ClipCandidate } from "#analysis/clipping/candidate.ts";
import { describeLeftOut } from "#analysis/clipping/refusal.ts";
import { inEnglish } from "#l10n/language.ts";
import { adviseRun } from "./adviseRun.ts";
import { composeAnswer } from "./compose.ts";
import { quoteData } from "./dataText.ts";
import type { FileAccess } from "./fileAccess.ts";
import { readRun } from "./readRun.ts";
import { clipLine, runLine } from "./runHead.ts";
import type { RecommendClippingInput } from "./toolInputs.ts";

/** Which clip thresholds a run suggests, and what each would have done; or why none can be told. */
export async function recommendClipping(
  input: RecommendClippingInput,
  access: FileAccess,
  mostBytes: number,
): Promise<string> {
  const found = await readRun(input.run, access);
  const advice = await adviseRun(found.run, { given: input.max_norm ?? [], pause: access.pause });
  const head = [runLine(found, access.nowMs), clipLine(found.run)];
  const tail = [
    ...advice.cautions.slice(0, MOST_CAUTIONS).map(({ message }) => quoteData(message, 200)),
    inEnglish(replayNote),
  ];
  if (advice.refused !== undefined) {
    const refusal = `No advice: ${quoteData(advice.refused.message, 300)}`;
    return composeAnswer(
      { head: [...head, refusal], items: [], rowOf: String, what: "thresholds", page: {} },
      mostBytes,
    );
  }
  if (input.per_tensor === true) {
    return perTensor(advice, { head, tail, page: input }, mostBytes);
  }
  return composeAnswer(
    {
      head: [...head, `${advice.steps} norms count${inEnglish(() => describeLeftOut(advice.history))}. Candidates:`],
      items: advice.candidates,
      rowOf: candidateRow,
      what: "candidates",
      page: input,
      tail: [...tail, HOW_TO_SET],
    },
    mostBytes,
  );
}

const MOST_CAUTIONS = 2;
const HOW_TO_SET =
  "In PyTorch: torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=X); in Hugging Face: max_grad_norm=X.";

function candidateRow(candidate: ClipCandidate): string {
  const { method, maxNorm, clippedShare, meanCoefficient, retainedLength, reason, range } = candidate;
  const spread = range === undefined ? "" : ` (90 % range ${range.maxNorm.map(formatNumber).join(" to ")})`;
  const effects = [
    ...(clippedShare === null ? [] : [`clips ${percent(clippedShare)} of the steps`]),
    ...(meanCoefficient === null ? [] : [`mean coefficient ${formatNumber(Number(meanCoefficient.toPrecision(3)))}`]),
    ...(retainedLength === null ? [] : [`keeps ${percent(retainedLength)} of the length`]),
  ];
  const limit = maxNorm === null ? "adaptive" : `max_norm ${formatNumber(maxNorm)}${spread}`;
  return `- ${method}: ${[limit, ...effects].join(", ")}. ${quoteData(reason, 160)}`;
}

interface Surroundings {
  readonly head: readonly string[];
  readonly tail: readonly string[];
  readonly page: RecommendClippingInput;
}

function perTensor({ tensors }: ClipAdvice, { head, tail, page }: Surroundings, mostBytes: number): string {
  if (tensors === undefined) {
    const none =
      "No limits per tensor: the log has no norms of tensors at the steps that count, or is from after clipping.";
    return composeAnswer(
      { head: [...head, none], items: [], rowOf: String, what: "tensors", page: {}, tail },
      mostBytes,
    );
  }
  const [{ method, limits, effect, reason }] = tensors.plans;
  const together = `together they keep ${percent(effect.retainedLength)} of the length, cosine to the whole gradient ${effect.cosine.toFixed(4)}`;
  return composeAnswer(
    {
      head: [
        ...head,
        `Limits per tensor by ${method}, over ${tensors.steps} steps; ${together}. ${quoteData(reason, 160)}`,
      ],
      items: tensors.names.map((name, index) => ({ name, index })),
      rowOf: ({ name, index }) =>
        `- ${quoteData(name)}: ${formatNumber(limits[index] ?? Infinity)}, clips ${percent(effect.clippedShares[index] ?? 0)}`,
      what: "tensors",
      page,
      tail,
    },
    mostBytes,
  );
}
