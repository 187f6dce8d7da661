import { DEVICE_CHOICES, ENGINE_CHOICES } from "#core/device.ts";
import type { DeviceChoice, EngineChoice } from "#core/device.ts";
import { TENSOR_KINDS } from "#core/tensor.ts";
import type { TensorEntry, TensorKind } from "#core/tensor.ts";
import { messageOf } from "#core/messageOf.ts";
import { UsageError, oneOf, parseThreads } from "../usage.ts";

/** The options of `gradlens norms` that say what is computed and how. */
export const COMPUTE_OPTIONS = {
  full: { type: "boolean" },
  only: { type: "string" },
  kind: { type: "string" },
  engine: { type: "string" },
  device: { type: "string" },
  threads: { type: "string" },
} as const;

export interface ComputeValues {
  readonly full?: boolean;
  readonly only?: string;
  readonly kind?: string;
  readonly engine?: string;
  readonly device?: string;
  readonly threads?: string;
}

export interface ComputeRequest {
  readonly engine: EngineChoice;
  readonly device: DeviceChoice;
  readonly isFull: boolean;
  readonly threads: number;
  readonly isWanted: (tensor: TensorEntry) => boolean;
  readonly only?: string;
  readonly takenAs?: TensorKind;
}

export function parseComputeOptions(values: ComputeValues): ComputeRequest {
  const engine = oneOf("engine", values.engine, ENGINE_CHOICES) ?? "auto";
  const device = oneOf("device", values.device, DEVICE_CHOICES) ?? "auto";
  if (engine === "simd" && device !== "auto" && device !== "cpu") {
    throw new UsageError(`--device ${device}: the engine simd computes on the CPU; leave out --engine`);
  }
  const takenAs = oneOf("kind", values.kind, TENSOR_KINDS);
  return {
    engine,
    device,
    isFull: values.full === true,
    isWanted: filterOf(values.only),
    ...(values.only === undefined ? {} : { only: values.only }),
    ...(takenAs === undefined ? {} : { takenAs }),
    threads: parseThreads(values.threads),
  };
}

/** An optimizer's states are named by their place; people look for them by their parameter. */
function filterOf(pattern: string | undefined): (tensor: TensorEntry) => boolean {
  const only = parsePattern(pattern ?? "");
  return ({ name, parameter = name }) => only.test(name) || only.test(parameter);
}

function parsePattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch (error) {
    throw new UsageError(`--only ${pattern}: ${messageOf(error)}`);
  }
}
