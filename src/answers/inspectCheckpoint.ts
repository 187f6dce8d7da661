import type { Place } from "#core/place.ts";
import { TENSOR_KINDS } from "#core/tensor.ts";
import type { TensorDescription } from "#core/tensor.ts";
import { composeAnswer } from "./compose.ts";
import type { FileAccess } from "./fileAccess.ts";
import { describeMeasured } from "./describeMeasured.ts";
import { describeNotes, describeTensor, headLine } from "./describeCheckpoint.ts";
import { nameFilter } from "./nameFilter.ts";
import { placeOf } from "./readRun.ts";
import type { InspectCheckpointInput } from "./toolInputs.ts";

/** What a checkpoint holds and, where it is asked for or known already, how large its tensors are and what is odd about it. */
export async function inspectCheckpoint(
  input: InspectCheckpointInput,
  access: FileAccess,
  mostBytes: number,
): Promise<string> {
  const place = await placeOf(input.path, access);
  const { path } = place;
  const norms =
    input.compute === true
      ? await access.computeNorms(path, input.kind)
      : ((await access.knownNorms?.(path, input.kind)) ?? null);
  return norms === null
    ? list(place, input, access, mostBytes)
    : describeMeasured({ place, norms, input, access }, mostBytes);
}

async function list(
  place: Place,
  input: InspectCheckpointInput,
  access: FileAccess,
  mostBytes: number,
): Promise<string> {
  const { format, bytes, tensors, notes } = await access.indexCheckpoint(place.path, input.kind);
  const isWanted = nameFilter(input.tensor);
  return composeAnswer(
    {
      head: [
        headLine(place, { format, bytes, tensors }, access.nowMs),
        `${kindCounts(tensors)}. Element types: ${[...new Set(tensors.map(({ dtype }) => dtype))].join(", ")}.`,
        "Only the header was read; ask with compute for norms, NaN and Inf. The largest first:",
      ],
      items: tensors.filter(({ name }) => isWanted(name)).toSorted((a, b) => b.elements - a.elements),
      rowOf: describeTensor,
      what: "tensors",
      page: input,
      tail: describeNotes(notes),
    },
    mostBytes,
  );
}

function kindCounts(tensors: readonly TensorDescription[]): string {
  const counts = TENSOR_KINDS.map((kind) => [tensors.filter((one) => one.kind === kind), kind] as const);
  return counts
    .filter(([some]) => some.length > 0)
    .map(
      ([some, kind]) =>
        `${kind}: ${some.length} with ${some.reduce((sum, { elements }) => sum + elements, 0)} elements`,
    )
    .join("; ");
}
