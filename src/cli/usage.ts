import { parseArgs } from "node:util";
import type { ParseArgsConfig } from "node:util";

export const USAGE = `gradlens: gradient norms of training runs and checkpoints

  gradlens norms PATH… [options]   norms of every tensor of a checkpoint, and of each kind together
      PATH is a file of any format, a checkpoint folder, or a sharded index (*.index.json).
      --json             one JSON document per PATH, as an array
      --full             with L1 norm, mean, zeros and a histogram of magnitudes of every tensor
      --only REGEX       only tensors whose name matches, or the name of their parameter
      --kind KIND        what the tensors are that no name tells: gradient, weight, moment1, moment2, momentum or other
      --spectral NAME    also the spectral norm and the stable rank of the tensor of this name
      --engine ENGINE    auto, simd or onnxruntime (default auto)
      --device DEVICE    auto, cpu, webgpu, cuda, dml or coreml (default auto); what is missing falls back to the CPU
      --threads N        threads for computing (default: half of the cores, four at most)
      gradlens norms checkpoint-300/grads.safetensors --json
      -o FILE            writes the result to a file, not to stdout
      --shard i/n        only the i-th of n shares of the work, into -o FILE, for gradlens merge
      --distributed      this is one of several tasks of srun, mpirun or torchrun; the first one merges. Needs -o or
                         --share-folder on a file system that all tasks see
      --share-folder DIR where the tasks put their shares (default: FILE.shares beside -o FILE)
      --job NAME         the name of the run, when the launcher tells none, or to complete an earlier one
      --timeout SECONDS  how long the first task waits for the others (default 1800)
      --no-merge         the tasks only write their shares, and none waits: gradlens merge puts them together later
      gradlens norms dump.pt --kind gradient
      srun -n 8 gradlens norms checkpoint-300 --distributed --json -o norms.json

  gradlens merge PART… [options]   the shares of --shard put together: what one run gives, to the bit
      --json             as gradlens norms --json
      -o FILE            writes the result to a file, not to stdout
      gradlens merge share-*.json --json

  gradlens log PATH… [options]     gradient norms found in training logs
      PATH is a log file or a run folder.
      --json             as one JSON document
      --values           with all steps and values
      gradlens log runs/my-run --json

  gradlens clip PATH [options]     which clip threshold the recorded norms suggest, and why
      PATH is a log file or a run folder.
      --max-norm X       also measure this threshold; may be given several times
      --per-tensor       with a limit for every tensor, where the log has their norms
      --last N           only the last N norms count (default 2000)
      --warm-up          the norms of the warm-up count too
      --json             as one JSON document
      gradlens clip runs/my-run --max-norm 0.5 --max-norm 2

  gradlens diff A B [options]      what changed from one checkpoint to a later one, tensor by tensor
      A and B are what norms takes as PATH. With an optimizer's state also what Adam's moments tell of the gradients.
      --json             as one JSON document
      --steps K          optimizer steps from A to B (default: by the optimizer's state, or by the names)
      --fail-on S        exit with 1 for findings of severity S and above: info, warning or error
      --threads N        as above
      gradlens diff checkpoint-200 checkpoint-400

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

/** A whole number in its limits. */
export function parseWhole(
  option: string,
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < least || value > most) {
    throw new UsageError(`--${option} ${text}: must be a whole number from ${least} to ${most}`);
  }
  return value;
}

/** Of `--threads`; 0 for as many as this machine is good for. */
export function parseThreads(threads: string | undefined): number {
  return parseWhole("threads", threads ?? "0", { least: 0, most: 64 });
}
