import process from "node:process";
import { toJson } from "#core/json.ts";
import { TENSOR_KINDS } from "#core/tensor.ts";
import type { TensorEntry } from "#core/tensor.ts";
import type { CheckpointNorms } from "#protocol/worker.ts";
import { DEVICE_CHOICES, ENGINE_CHOICES } from "#core/device.ts";
import { computeNorms } from "#worker/computeNorms.ts";
import { computeSpectrum } from "#worker/computeSpectrum.ts";
import type { NamedSpectrum } from "#worker/computeSpectrum.ts";
import { createProgressLine } from "./progressLine.ts";
import { spectrumText, toText } from "./normsText.ts";
import { UsageError, oneOf, parseCommand, parseThreads } from "./usage.ts";

const OPTIONS = {
  json: { type: "boolean" },
  full: { type: "boolean" },
  only: { type: "string" },
  kind: { type: "string" },
  spectral: { type: "string" },
  engine: { type: "string" },
  device: { type: "string" },
  threads: { type: "string" },
} as const;

/** One element of what `gradlens norms --json` prints. */
interface NormsDocument extends Omit<CheckpointNorms, "unmeasured" | "alternatives"> {
  readonly schema: "gradlens/norms@1";
  readonly source: string;
  /** Of the tensor that `--spectral` names. */
  readonly spectral?: NamedSpectrum;
}

export async function runNorms(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, paths } = parseCommand(args, OPTIONS);
  const engine = oneOf("engine", values.engine, ENGINE_CHOICES) ?? "auto";
  const device = oneOf("device", values.device, DEVICE_CHOICES) ?? "auto";
  if (engine === "simd" && device !== "auto" && device !== "cpu") {
    throw new UsageError(`--device ${device}: the engine simd computes on the CPU; leave out --engine`);
  }
  const takenAs = oneOf("kind", values.kind, TENSOR_KINDS);
  const line = createProgressLine(process.stderr, () => performance.now());
  const options = {
    engine,
    device,
    isFull: values.full === true,
    isWanted: filterOf(values.only),
    ...(takenAs === undefined ? {} : { takenAs }),
    threads: parseThreads(values.threads),
    signal,
    onProgress: line.show,
  };
  const documents: NormsDocument[] = [];
  const texts: string[] = [];
  for (const path of paths) {
    const { unmeasured, alternatives: _, ...norms } = await computeNorms(path, options).finally(line.erase);
    norms.notes.forEach((note) => process.stderr.write(`${path}: ${note}\n`));
    const spectral = values.spectral === undefined ? undefined : await computeSpectrum(path, values.spectral, signal);
    const document = { schema: "gradlens/norms@1", source: path, ...norms } as const;
    documents.push(spectral === undefined ? document : { ...document, spectral });
    texts.push(toText(path, { ...norms, unmeasured }) + spectrumText(spectral));
  }
  process.stdout.write(values.json === true ? `${toJson(documents, 2)}\n` : texts.join("\n"));
  return 0;
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
    throw new UsageError(`--only ${pattern}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
