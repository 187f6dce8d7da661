import process from "node:process";
import { computeNorms } from "#worker/norms/computeNorms.ts";
import { computeSpectrum } from "#worker/norms/computeSpectrum.ts";
import { runDistributed } from "./distributed.ts";
import { COMPUTE_OPTIONS, parseComputeOptions } from "./normsOptions.ts";
import { printNorms } from "./normsOutput.ts";
import type { SourceNorms } from "./normsOutput.ts";
import { createProgressLine } from "../text/progressLine.ts";
import { parseShare, runShare } from "./share.ts";
import { printable } from "../text/terminalText.ts";
import { UsageError, parseCommand } from "../usage.ts";

export const NORMS_OPTIONS = {
  ...COMPUTE_OPTIONS,
  json: { type: "boolean" },
  spectral: { type: "string" },
  output: { type: "string", short: "o" },
  shard: { type: "string" },
  distributed: { type: "boolean" },
  "share-folder": { type: "string" },
  job: { type: "string" },
  timeout: { type: "string" },
  "no-merge": { type: "boolean" },
} as const;

export async function runNorms(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, paths } = parseCommand(args, NORMS_OPTIONS);
  const { show: onProgress, erase } = createProgressLine(process.stderr, () => performance.now());
  const request = { ...parseComputeOptions(values), signal, onProgress };
  if (values.distributed === true) {
    return runDistributed(onlyPath(paths, "--distributed"), request, values).finally(erase);
  }
  const stray = (["share-folder", "job", "timeout", "no-merge"] as const).find((name) => values[name] !== undefined);
  if (stray !== undefined) {
    throw new UsageError(`--${stray} belongs to --distributed`);
  }
  if (values.shard !== undefined) {
    const share = parseShare(values.shard);
    return runShare(onlyPath(paths, "--shard"), { ...request, share }, values.output).finally(erase);
  }
  const all: SourceNorms[] = [];
  for (const path of paths) {
    const norms = await computeNorms(path, request).finally(erase);
    const spectral = values.spectral === undefined ? undefined : await computeSpectrum(path, values.spectral, signal);
    if (values.only !== undefined && norms.tensors.length === 0) {
      process.stderr.write(`${printable(`gradlens: ${path}: no tensor's name matches --only ${values.only}.`)}\n`);
    }
    all.push({ source: path, norms, spectral });
  }
  await printNorms(all, values);
  return 0;
}

function onlyPath([path = "", ...others]: readonly string[], option: string): string {
  if (others.length > 0) {
    throw new UsageError(`${option} takes one PATH, not ${others.length + 1}`);
  }
  return path;
}
