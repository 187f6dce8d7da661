import { TENSOR_KINDS } from "#core/tensor.ts";
import type { GlobalNorms, TensorKind } from "#core/tensor.ts";
import type { ToCheckpoint } from "#protocol/checkpoint.ts";
import type { CheckpointNorms, GlobalsByKind } from "#protocol/workerAnswers.ts";
import { describeEngine, describeRate } from "../report/engineText.ts";

/** The end of computing norms, for the page; the tensors went before. */
export function describeNorms(answer: CheckpointNorms): ToCheckpoint {
  const { globals: asWeights, alternatives, unmeasured, engine, readBytes, seconds, notes } = answer;
  const groupings = [{ takenAs: "weight" as const, globals: asWeights }, ...alternatives];
  return {
    kind: "finished",
    groupings: groupings.map(({ takenAs, globals }) => ({ takenAs, globals: listed(globals) })),
    unmeasured: [...unmeasured],
    engine: describeEngine(engine),
    rates: engine.rates.map(describeRate),
    readBytes,
    seconds,
    isCached: answer.isCached === true,
    notes: [...notes],
  };
}

/** In the order of the kinds. */
function listed(globals: GlobalsByKind): { kind: TensorKind; norms: GlobalNorms }[] {
  return TENSOR_KINDS.flatMap((kind) => {
    const norms = globals[kind];
    return norms === undefined ? [] : [{ kind, norms }];
  });
}
