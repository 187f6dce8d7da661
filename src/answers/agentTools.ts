import * as v from "valibot";
import { MOST_BYTES } from "./compose.ts";
import { quoteData } from "./dataText.ts";
import type { FileAccess } from "./fileAccess.ts";
import { findAnomalies } from "./findAnomalies.ts";
import { getNorms } from "./getNorms.ts";
import { inspectCheckpoint } from "./inspectCheckpoint.ts";
import { listRuns } from "./listRuns.ts";
import { recommendClipping } from "./recommendClipping.ts";
import { AnswerRefusal } from "./refusal.ts";
import {
  findAnomaliesInput,
  getNormsInput,
  inspectCheckpointInput,
  listRunsInput,
  recommendClippingInput,
} from "./toolInputs.ts";

/** A question that agents can ask. */
export interface AgentTool {
  readonly name: string;
  readonly title: string;
  /** For the model: what it gives, its limits, and when not to use it. */
  readonly description: string;
  readonly input: v.GenericSchema;
  /** At most `mostBytes` of text. Rejects with an `AnswerRefusal`, or with what reading rejects with. */
  readonly answer: (input: unknown, access: FileAccess, mostBytes?: number) => Promise<string>;
}

export const AGENT_TOOLS: readonly AgentTool[] = [
  {
    name: "gradlens_list_runs",
    title: "List Training Runs",
    description:
      "Lists the training runs in the folders that may be read: path, formats of the logs, checkpoints, when they last changed. Use it first, to get the path that the other gradlens tools take. It reads no norms.",
    input: listRunsInput,
    answer: answering(listRunsInput, listRuns),
  },
  {
    name: "gradlens_get_norms",
    title: "Get Gradient Norms",
    description:
      "Gives the gradient norms that a training run has logged: of the global norm and of each tensor the number of points, minimum, median, 95th percentile, maximum, last value, and counts of NaN, Inf and zero. Norms of checkpoint files are asked for with gradlens_inspect_checkpoint instead.",
    input: getNormsInput,
    answer: answering(getNormsInput, getNorms),
  },
  {
    name: "gradlens_find_anomalies",
    title: "Find Gradient Anomalies",
    description:
      "Judges a training run's logged gradient norms: NaN and Inf, spikes, rises, vanishing and dead tensors, clipping that never or always cuts, and reasons to doubt the logged number. Gives rule, severity, tensor, steps and log line of each. Not for questions about loss or accuracy.",
    input: findAnomaliesInput,
    answer: answering(findAnomaliesInput, findAnomalies),
  },
  {
    name: "gradlens_recommend_clipping",
    title: "Recommend Clipping Thresholds",
    description:
      "Suggests gradient clipping thresholds (max_norm) from a run's logged norms, with the share of steps that each would have clipped and a reason, or says why none can be told. Changes nothing. Needs about 50 logged norms after the warm-up.",
    input: recommendClippingInput,
    answer: answering(recommendClippingInput, recommendClipping),
  },
  {
    name: "gradlens_inspect_checkpoint",
    title: "Inspect Checkpoint",
    description:
      "Reads a checkpoint (safetensors, PyTorch, DCP, DeepSpeed, Orbax, Keras, ONNX, GGUF, NumPy and others) without running code from it: names, kinds, types and shapes of tensors and, with compute or where they are known already, their norms, counts of NaN and Inf and findings (broken tensors, gradients that are zero or change with depth, Adam's state). compute reads the whole file, which takes long for a large one.",
    input: inspectCheckpointInput,
    answer: answering(inspectCheckpointInput, inspectCheckpoint),
  },
];

function answering<T>(
  schema: v.GenericSchema<unknown, T>,
  answer: (input: T, access: FileAccess, mostBytes: number) => Promise<string>,
): AgentTool["answer"] {
  return async (input, access, mostBytes = MOST_BYTES) => {
    const parsed = v.safeParse(schema, input);
    if (!parsed.success) {
      const [issue] = parsed.issues;
      const where = v.getDotPath(issue) ?? "input";
      throw new AnswerRefusal(`Wrong input: ${quoteData(`${where}: ${issue.message}`, MESSAGE_CHARACTERS)}`);
    }
    return answer(parsed.output, access, mostBytes);
  };
}

const MESSAGE_CHARACTERS = 200;
