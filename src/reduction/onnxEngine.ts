import type * as onnxruntime from "onnxruntime-node";

import type { Device } from "#core/device.ts";
import { ok, type Outcome, unsupported } from "#core/outcome.ts";
import { messageOf } from "#core/messageOf.ts";
import { t } from "@vscode/l10n";

import { describeDeviceFailure } from "./devices.ts";
import type { Chunk, ReducibleDType, ReductionEngine } from "./engine.ts";
import { loadOnnxRuntime } from "./loadOnnxRuntime.ts";
import { buildModel, type GraphInput } from "./onnxGraph.ts";
import { combineRows, ROW_ELEMENTS } from "./rows.ts";
import { loadSimdReducer } from "./simdEngine.ts";
import { type ChunkLimits, createStaging } from "./staging.ts";
import { mergeStatistics, startingAt, type Statistics } from "./statistics.ts";
import { createWidening, type Widen, type Widening } from "./widening.ts";

export interface OnnxOptions {
  readonly threads: number;
  readonly device?: Device;
}

/** Sums of squares by onnxruntime. Loads it on the first call; a device or binding that is not there is a sentence. */
export async function createOnnxEngine({ threads, device = "cpu" }: OnnxOptions): Promise<Outcome<ReductionEngine>> {
  try {
    const runtime = await loadOnnxRuntime();
    const limits = device === "cpu" ? CPU_LIMITS : GPU_LIMITS;
    const widening = await createWidening(limits);
    const reduceExactly = await loadSimdReducer(widening.memory);
    const routes = await createRoutes(runtime, { threads, device, widening });
    return ok({
      name: "onnxruntime",
      device,
      threads,
      staging: createStaging(limits, widening.memory),
      reduce: async (chunk) => {
        const { dtype, bytes } = chunk;
        const route = routes[dtype];
        const wholeRows = route === undefined ? 0 : bytes.length - (bytes.length % (ROW_ELEMENTS * route.elementBytes));
        if (route === undefined || wholeRows < route.elementBytes * MIN_GRAPH_ELEMENTS) {
          return reduceExactly(chunk);
        }
        const head = await reduceInGraph({ dtype, bytes: bytes.subarray(0, wholeRows) }, route);
        if (head === undefined) {
          return reduceExactly(chunk);
        }
        const tail = reduceExactly({ dtype, bytes: bytes.subarray(wholeRows) });
        return mergeStatistics(head, startingAt(wholeRows / route.elementBytes, tail));
      },
      dispose: async () => {
        await Promise.all(Array.from(new Set(Object.values(routes).map(({ session }) => session)), release));
      },
    });
  } catch (error) {
    if (device !== "cpu") {
      return unsupported(describeDeviceFailure(device, error));
    }
    const [reason = ""] = messageOf(error).split("\n", 1);
    return unsupported(
      t("onnxruntime does not run on this machine ({0} {1}): {2}", process.platform, process.arch, reason),
    );
  }
}

/** The squares of half a million float32 stay in the cache, which doubles the speed of onnxruntime. */
const CPU_LIMITS: ChunkLimits = { bytes: 2 * 1024 * 1024, elements: 512 * 1024 };
/** A transfer to a GPU has a fixed price, and its caches are its own. */
const GPU_LIMITS: ChunkLimits = { bytes: 32 * 1024 * 1024, elements: 8 * 1024 * 1024 };

/** Below this a call into onnxruntime gains nothing over a loop in float64: both took 31 µs for 32,768 bfloat16. */
const MIN_GRAPH_ELEMENTS = 32_768;

type Runtime = typeof onnxruntime;

/** How chunks of one element type get into a graph. */
interface Route {
  readonly session: onnxruntime.InferenceSession;
  readonly elementBytes: number;
  /** `[rows, 512]` over whole rows of the chunk; nothing when script must look at it. */
  readonly input: (rows: Uint8Array) => onnxruntime.Tensor | undefined;
}

type Routes = Readonly<Partial<Record<ReducibleDType, Route>>>;

interface RouteOptions extends Required<OnnxOptions> {
  readonly widening: Widening;
}

/** On the CPU half types are widened before the graph, whose Cast is slow; a GPU is sent as few bytes as can be. */
async function createRoutes({ InferenceSession, Tensor }: Runtime, options: RouteOptions): Promise<Routes> {
  const { threads, device, widening } = options;
  const createSession = async (input: GraphInput): Promise<onnxruntime.InferenceSession> =>
    InferenceSession.create(buildModel(input), {
      executionProviders: [device],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
      // Threads that spin while the file is read would take cores from the training beside us.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
    });
  const session = await createSession("float32");
  const asFloat32 = ({ buffer, byteOffset, length }: Uint8Array): onnxruntime.Tensor =>
    new Tensor("float32", new Float32Array(buffer, byteOffset, length / 4), shapeOf(length / 4));
  const widened = (widen: Widen): Route => ({
    session,
    elementBytes: 2,
    input: (rows) => {
      const wide = widen(rows);
      return wide === undefined ? undefined : asFloat32(wide);
    },
  });
  return {
    F32: { session, elementBytes: 4, input: asFloat32 },
    F16: widened(widening.float16),
    BF16:
      device === "cpu"
        ? widened(widening.bfloat16)
        : {
            session: await createSession("bfloat16"),
            elementBytes: 2,
            // The binding refuses bfloat16 tensors; the graph reads the same bits as integers.
            input: ({ buffer, byteOffset, length }) =>
              new Tensor("uint16", new Uint16Array(buffer, byteOffset, length / 2), shapeOf(length / 2)),
          },
  };
}

function shapeOf(elements: number): [number, number] {
  return [elements / ROW_ELEMENTS, ROW_ELEMENTS];
}

async function release(session: onnxruntime.InferenceSession): Promise<void> {
  await session.release();
}

/** Nothing when float32 cannot be trusted with it: extreme sizes, NaN, ±Inf, and zeros, which may be squares that underflowed. */
async function reduceInGraph({ bytes }: Chunk, { session, input }: Route): Promise<Statistics | undefined> {
  const x = input(bytes);
  if (x === undefined) {
    return undefined;
  }
  const { squareSums, squareMaxima } = await session.run({ x });
  return combineRows(float32Data(squareSums), float32Data(squareMaxima));
}

function float32Data(tensor: onnxruntime.Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) {
    return tensor.data;
  }
  throw new Error(t("onnxruntime returned no float32 rows."));
}
