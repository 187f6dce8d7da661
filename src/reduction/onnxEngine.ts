import type * as onnxruntime from "onnxruntime-node";

import type { Device } from "#core/device.ts";
import { ok, type Outcome, unsupported } from "#core/outcome.ts";

import { describeDeviceFailure } from "./devices.ts";
import type { Chunk, ReductionEngine } from "./engine.ts";
import { reduceInScript } from "./kernels.ts";
import { buildModel, type GraphInput } from "./onnxGraph.ts";
import { combineRows, ROW_ELEMENTS } from "./rows.ts";
import { createStaging } from "./staging.ts";
import { mergeStatistics, startingAt, type Statistics } from "./statistics.ts";

export interface OnnxOptions {
  readonly threads: number;
  readonly device?: Device;
}

/** Sums of squares by onnxruntime. Loads it on the first call; a device or binding that is not there is a sentence. */
export async function createOnnxEngine({ threads, device = "cpu" }: OnnxOptions): Promise<Outcome<ReductionEngine>> {
  try {
    const runtime = await import("onnxruntime-node");
    const graphs = {
      F32: await createGraph(runtime, "float32", { threads, device }),
      BF16: await createGraph(runtime, "bfloat16", { threads, device }),
    };
    return ok({
      name: "onnxruntime",
      device,
      threads,
      staging: createStaging(),
      reduce: async (chunk) => {
        const graph = chunk.dtype === "F32" || chunk.dtype === "BF16" ? graphs[chunk.dtype] : undefined;
        return graph === undefined || elementsOf(chunk, graph) < MIN_GRAPH_ELEMENTS
          ? reduceInScript(chunk)
          : reduceInGraph(chunk, graph);
      },
      dispose: async () => {
        await Promise.all([graphs.F32.session.release(), graphs.BF16.session.release()]);
      },
    });
  } catch (error) {
    if (device !== "cpu") {
      return unsupported(describeDeviceFailure(device, error));
    }
    const reason = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    return unsupported(`onnxruntime does not run on this machine (${process.platform} ${process.arch}): ${reason}`);
  }
}

/** Below this a call into onnxruntime gains nothing over the float64 loop: both took 31 µs for 32,768 bfloat16. */
const MIN_GRAPH_ELEMENTS = 32_768;

type Runtime = typeof onnxruntime;

interface Graph {
  readonly session: onnxruntime.InferenceSession;
  readonly elementBytes: number;
  /** `[rows, 512]` over the bytes, without a copy. */
  readonly wrap: (bytes: Uint8Array, rows: number) => onnxruntime.Tensor;
}

async function createGraph(
  runtime: Runtime,
  input: GraphInput,
  { threads, device }: Required<OnnxOptions>,
): Promise<Graph> {
  const session = await runtime.InferenceSession.create(buildModel(input), {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    // Threads that spin while the file is read would take cores from the training beside us.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
  return { session, ...inputs(runtime)[input] };
}

function inputs({ Tensor }: Runtime): Readonly<Record<GraphInput, Omit<Graph, "session">>> {
  return {
    float32: {
      elementBytes: 4,
      wrap: ({ buffer, byteOffset, length }, rows) =>
        new Tensor("float32", new Float32Array(buffer, byteOffset, length / 4), [rows, ROW_ELEMENTS]),
    },
    // The binding refuses bfloat16 tensors; the graph reads the same bits as integers.
    bfloat16: {
      elementBytes: 2,
      wrap: ({ buffer, byteOffset, length }, rows) =>
        new Tensor("uint16", new Uint16Array(buffer, byteOffset, length / 2), [rows, ROW_ELEMENTS]),
    },
  };
}

function elementsOf({ bytes }: Chunk, { elementBytes }: Graph): number {
  return bytes.length / elementBytes;
}

async function reduceInGraph({ dtype, bytes }: Chunk, { session, elementBytes, wrap }: Graph): Promise<Statistics> {
  const rowBytes = ROW_ELEMENTS * elementBytes;
  const rows = Math.floor(bytes.length / rowBytes);
  const whole = bytes.subarray(0, rows * rowBytes);
  const { squareSums, squareMaxima } = await session.run({ x: wrap(whole, rows) });
  const head = combineRows(float32Data(squareSums), float32Data(squareMaxima), (row) =>
    reduceInScript({ dtype, bytes: bytes.subarray(row * rowBytes, (row + 1) * rowBytes) }),
  );
  const tail = reduceInScript({ dtype, bytes: bytes.subarray(rows * rowBytes) });
  return mergeStatistics(head, startingAt(rows * ROW_ELEMENTS, tail));
}

function float32Data(tensor: onnxruntime.Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) {
    return tensor.data;
  }
  throw new Error("onnxruntime returned no float32 rows.");
}
