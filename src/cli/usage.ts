import { messageOf } from "#core/messageOf.ts";
import { parseArgs } from "node:util";
import type { ParseArgsConfig } from "node:util";

/** A mistake on the command line; its message completes "gradlens: ". */
export class UsageError extends Error {}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** The options and the paths of a command; at least one path. */
export function parseCommand<T extends Options>(
  args: readonly string[],
  options: T,
  what = "PATH",
): { readonly values: ReturnType<typeof parseOptions<T>>["values"]; readonly paths: readonly string[] } {
  const { values, positionals } = parseOptions(args, options);
  if (positionals.length === 0) {
    throw new UsageError(`no ${what} is given`);
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
    throw new UsageError(messageOf(error));
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

/** A finite number above 0; `name` as people write it. */
export function parsePositive(name: string, text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new UsageError(`${name} ${text}: must be a number above 0`);
  }
  return value;
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
