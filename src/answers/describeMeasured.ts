import type { CheckpointFinding } from "#core/checkpointFinding.ts";
import { formatCount, formatNumber } from "#core/format.ts";
import type { Place } from "#core/place.ts";
import { RULES, SEVERITIES } from "#core/rules.ts";
import { TENSOR_KINDS } from "#core/tensor.ts";
import type { GlobalNorms, TensorKind, TensorNorms } from "#core/tensor.ts";
import { composeAnswer } from "./compose.ts";
import { quoteData } from "./dataText.ts";
import { describeNotes, describeTensor, headLine } from "./describeCheckpoint.ts";
import type { FileAccess, MeasuredCheckpoint } from "./fileAccess.ts";
import { judgeCheckpoint } from "./judgeCheckpoint.ts";
import { nameFilter } from "./nameFilter.ts";
import type { InspectCheckpointInput } from "./toolInputs.ts";

export interface MeasuredAnswer {
  readonly place: Place;
  readonly norms: MeasuredCheckpoint;
  readonly input: InspectCheckpointInput;
  readonly access: FileAccess;
}

/** A checkpoint whose norms are known: the norm of each kind, what is odd, and the tensors. */
export async function describeMeasured(asked: MeasuredAnswer, mostBytes: number): Promise<string> {
  const { place, norms, input, access } = asked;
  const isWanted = nameFilter(input.tensor);
  return composeAnswer(
    {
      head: [
        headLine(place, norms, access.nowMs),
        ...(input.compute === true ? [] : [norms.globals.moment2 === undefined ? KNOWN : `${KNOWN} ${ADAM}`]),
        ...TENSOR_KINDS.flatMap((kind) => globalLine(kind, norms.globals[kind])),
        ...findingLines(await findingsOn(asked)),
        "L2 norms in the units of the stored values; NaN and Inf first, then the largest root mean square:",
      ],
      items: worstFirst(norms.tensors.filter(({ name }) => isWanted(name))),
      rowOf: (tensor) => `${describeTensor(tensor)}: ${describeNorms(tensor)}`,
      what: "tensors",
      page: input,
      tail: describeNotes(norms.notes),
    },
    mostBytes,
  );
}

const KNOWN = "Its norms were computed before, and the files have not changed since.";
const ADAM = "Ask with compute to have Adam's state judged too.";

/** Adam's state is read only where computing was asked for. */
async function findingsOn({ place, norms, input, access }: MeasuredAnswer): Promise<readonly CheckpointFinding[]> {
  const { path } = place;
  const { rules, isIgnored } = await access.choicesFor(path);
  const measureAdam = async (): ReturnType<FileAccess["measureAdam"]> => access.measureAdam(path);
  const findings = await judgeCheckpoint(norms, { rules, ...(input.compute === true ? { measureAdam } : {}) });
  return findings
    .filter(({ rule, tensor }) => !isIgnored({ rule, tensor, source: { path } }))
    .toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
}

const MOST_FINDINGS = 3;
const MESSAGE_CHARACTERS = 200;

function findingLines(findings: readonly CheckpointFinding[]): string[] {
  const more = findings.length - MOST_FINDINGS;
  return [
    findings.length === 0
      ? "No findings by the rules that are on."
      : `${formatCount(findings.length, "finding")}, the worst first:`,
    ...findings
      .slice(0, MOST_FINDINGS)
      .map(
        ({ severity, rule, message }) =>
          `- ${severity} ${rule} ${RULES[rule].name}: ${quoteData(message, MESSAGE_CHARACTERS)}`,
      ),
    ...(more > 0 ? [`- and ${formatCount(more, "more finding")}; gradlens check lists them all.`] : []),
  ];
}

function globalLine(kind: TensorKind, norms: GlobalNorms | undefined): string[] {
  if (norms === undefined) {
    return [];
  }
  const { l2, linf, tensors, nan, posInf, negInf } = norms;
  const broken = `${nan} NaN, ${posInf + negInf} Inf`;
  return [
    `All ${formatCount(tensors, `${kind} tensor`)}: norm ${formatNumber(l2)}, largest |x| ${formatNumber(linf)}, ${broken}.`,
  ];
}

function describeNorms({ l2, rms, linf, nan, posInf, negInf }: TensorNorms): string {
  const broken = nan + posInf + negInf === 0 ? "" : `, ${nan} NaN, ${posInf} Inf, ${negInf} -Inf`;
  return `norm ${formatNumber(l2)}, rms ${formatNumber(rms)}, largest |x| ${formatNumber(linf)}${broken}`;
}

function worstFirst(tensors: readonly TensorNorms[]): TensorNorms[] {
  return tensors.toSorted((a, b) => size(b) - size(a)).toSorted((a, b) => nonFinite(b) - nonFinite(a));
}

/** The rms of a tensor with NaN is none, and it stands above the others already. */
function size({ rms }: TensorNorms): number {
  return Number.isFinite(rms) ? rms : 0;
}

function nonFinite({ nan, posInf, negInf }: TensorNorms): number {
  return nan + posInf + negInf;
}
