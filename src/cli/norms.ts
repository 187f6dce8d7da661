import process from "node:process";
import { formatNorm } from "#core/format.ts";
import { toJson } from "#core/json.ts";
import { TENSOR_KINDS } from "#core/tensor.ts";
import type { TensorEntry } from "#core/tensor.ts";
import type { CheckpointNorms } from "#protocol/worker.ts";
import { DEVICE_CHOICES, ENGINE_CHOICES } from "#core/device.ts";
import { computeNorms } from "#worker/computeNorms.ts";
import type { NormsOptions } from "#worker/computeNorms.ts";
import { openCheckpoint } from "#worker/openCheckpoint.ts";
import { createProgressLine } from "./progressLine.ts";
import { formatTable } from "./table.ts";
import { UsageError, oneOf, parseCommand } from "./usage.ts";

const OPTIONS = {
  json: { type: "boolean" },
  full: { type: "boolean" },
  only: { type: "string" },
  kind: { type: "string" },
  engine: { type: "string" },
  device: { type: "string" },
  threads: { type: "string" },
} as const;

/** One element of what `gradlens norms --json` prints. */
interface NormsDocument extends CheckpointNorms {
  readonly schema: "gradlens/norms@1";
  readonly source: string;
  readonly format: string;
  /** The files the tensors were read from, relative to the source's folder. */
  readonly files: readonly string[];
  readonly bytes: number;
}

export async function runNorms(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, paths } = parseCommand(args, OPTIONS);
  const engine = oneOf("engine", values.engine, ENGINE_CHOICES) ?? "auto";
  const device = oneOf("device", values.device, DEVICE_CHOICES) ?? "auto";
  if (engine === "simd" && device !== "auto" && device !== "cpu") {
    throw new UsageError(`--device ${device}: the engine simd computes on the CPU; leave out --engine`);
  }
  const line = createProgressLine(process.stderr, () => performance.now());
  const options = {
    engine,
    device,
    isFull: values.full === true,
    isWanted: filterOf(values),
    threads: parseThreads(values.threads),
    signal,
    onProgress: line.show,
  };
  const documents: NormsDocument[] = [];
  for (const path of paths) {
    const document = await describe(path, options).finally(line.erase);
    document.notes.forEach((note) => process.stderr.write(`${path}: ${note}\n`));
    documents.push(document);
  }
  process.stdout.write(values.json === true ? `${toJson(documents, 2)}\n` : documents.map(toText).join("\n"));
  return 0;
}

async function describe(path: string, options: NormsOptions): Promise<NormsDocument> {
  const { format, bytes, tensors, close } = await openCheckpoint(path);
  await close();
  const files = [...new Set(tensors.map(({ file }) => file))];
  return { schema: "gradlens/norms@1", source: path, format, files, bytes, ...(await computeNorms(path, options)) };
}

function filterOf(values: { readonly only?: string; readonly kind?: string }): (tensor: TensorEntry) => boolean {
  const kind = oneOf("kind", values.kind, TENSOR_KINDS);
  const only = values.only === undefined ? undefined : parsePattern(values.only);
  return (tensor) => (kind === undefined || tensor.kind === kind) && (only === undefined || only.test(tensor.name));
}

function parsePattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch (error) {
    throw new UsageError(`--only ${pattern}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseThreads(threads: string | undefined): number {
  const count = Number(threads ?? 0);
  if (!Number.isInteger(count) || count < 0 || count > 64) {
    throw new UsageError(`--threads ${threads}: must be a whole number from 0 to 64`);
  }
  return count;
}

function toText({ source, tensors, globals }: NormsDocument): string {
  const rows = tensors.map((tensor) => [
    tensor.name,
    tensor.kind,
    tensor.dtype,
    tensor.shape.join("×"),
    formatNorm(tensor.l2),
    formatNorm(tensor.linf),
    String(tensor.nan + tensor.posInf + tensor.negInf),
  ]);
  const header = ["tensor", "kind", "dtype", "shape", "L2 norm", "max |x|", "NaN or Inf"];
  const totals = Object.entries(globals).map(
    ([kind, norms]) => `global ${kind} norm  ${formatNorm(norms.l2)}  (${norms.tensors} tensors)\n`,
  );
  return `${source}\n${formatTable(header, rows)}${totals.join("")}`;
}
