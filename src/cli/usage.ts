import { parseArgs } from "node:util";
import type { ParseArgsConfig } from "node:util";

export const USAGE = `gradlens: gradient norms of training runs and checkpoints

  gradlens norms PATH… [options]   norms of every tensor of a checkpoint, and of each kind together
      PATH is a file of any format, a checkpoint folder, or a sharded index (*.index.json).
      --json             one JSON document per PATH, as an array
      --full             with L1 norm, mean, zeros and a histogram of magnitudes of every tensor
      --only REGEX       only tensors whose name matches, or the name of their parameter
      --kind KIND        what the tensors are that no name tells: gradient, weight, moment1, moment2, momentum or other
      --engine ENGINE    auto, simd or onnxruntime (default auto)
      --device DEVICE    auto, cpu, webgpu, cuda, dml or coreml (default auto); what is missing falls back to the CPU
      --threads N        threads for computing (default: half of the cores, four at most)
      gradlens norms checkpoint-300/grads.safetensors --json
      gradlens norms dump.pt --kind gradient

  gradlens log PATH… [options]     gradient norms found in training logs
      PATH is a log file or a run folder.
      --json             as one JSON document
      --values           with all steps and values
      --pattern REGEX    how lines of an own kind look, with groups (?<step>…) and (?<value>…); may be given again
      gradlens log runs/my-run --json
      gradlens log train.txt --pattern 'it=(?<step>\\d+) g=(?<value>\\S+)'

JSON goes to stdout, progress and notes to stderr.
Exit codes: 0 fine, 1 findings, 2 bad usage or unreadable input, 130 interrupted.
`;

/** A mistake on the command line; its message completes "gradlens: ". */
export class UsageError extends Error {}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** The options and the paths of a command; at least one path. */
export function parseCommand<T extends Options>(
  args: readonly string[],
  options: T,
): { readonly values: ReturnType<typeof parseOptions<T>>["values"]; readonly paths: readonly string[] } {
  const { values, positionals } = parseOptions(args, options);
  if (positionals.length === 0) {
    throw new UsageError("no PATH is given");
  }
  return { values, paths: positionals };
}

function parseOptions<T extends Options>(
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** One of the words an option takes. */
export function oneOf<T extends string>(
  option: string,
  value: string | undefined,
  allowed: readonly T[],
): T | undefined {
  const found = allowed.find((one) => one === value);
  if (value !== undefined && found === undefined) {
    throw new UsageError(`--${option} ${value}: must be one of ${allowed.join(", ")}`);
  }
  return found;
}
