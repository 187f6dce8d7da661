import { matchesGlob } from "./glob.ts";
import { namesTensor } from "./names/namePattern.ts";
import type { RuleId, Severity } from "./rules.ts";

/** Its name, in the folder of a run or any folder above it. */
export const CONFIG_NAME = "gradlens.config.json";

/** What a project says of its runs, to the command line and the editor alike. What is missing is left to others. */
export interface GradlensConfig {
  /** Rules that are switched on or off. */
  readonly rules?: RuleSwitches;
  readonly ignore?: readonly Ignored[];
  /** Regular expressions for lines of logs of an own kind. */
  readonly logPatterns?: readonly string[];
  readonly check?: CheckLimits;
}

export type RuleSwitches = Readonly<Partial<Record<RuleId, boolean>>>;

/** Findings that nobody wants to hear of: those that all that is said here holds for. */
export interface Ignored {
  readonly rule?: RuleId;
  /** A pattern for names of tensors. */
  readonly tensor?: string;
  /** A glob for paths below the folder of the file. */
  readonly path?: string;
  readonly reason?: string;
}

/** What `gradlens check` holds a run against, beside the rules. */
export interface CheckLimits {
  readonly failOn?: Severity;
  readonly maxNorm?: number;
  readonly maxNan?: number;
}

/** A configuration with the path it was read from. */
export interface ConfigFile {
  readonly path: string;
  readonly config: GradlensConfig;
}

/** The rules that are on: what the first of several switches says of a rule holds, and else what was on before. */
export function switchRules(
  before: ReadonlySet<RuleId>,
  all: readonly RuleId[],
  ...switches: readonly (RuleSwitches | undefined)[]
): ReadonlySet<RuleId> {
  const isOn = (rule: RuleId): boolean =>
    switches.map((one) => one?.[rule]).find((on) => on !== undefined) ?? before.has(rule);
  return new Set(all.filter(isOn));
}

interface IgnorableFinding {
  readonly rule: RuleId;
  readonly tensor: string | null;
  readonly source: { readonly path: string };
}

/** Whether the configuration ignores a finding. */
export function ignores({ path: file, config }: ConfigFile, { rule, tensor, source }: IgnorableFinding): boolean {
  const path = pathBelow(file, source.path);
  return (config.ignore ?? []).some(
    (one) =>
      (one.rule === undefined || one.rule === rule) &&
      (one.tensor === undefined || (tensor !== null && namesTensor(one.tensor, tensor))) &&
      (one.path === undefined || (path !== undefined && matchesGlob(path, one.path))),
  );
}

/** With `/`, whatever the system; undefined for what is not below the folder of the file. */
function pathBelow(file: string, path: string): string | undefined {
  const plain = path.replaceAll("\\", "/");
  const folder = file.replaceAll("\\", "/").replace(/[^/]*$/, "");
  return plain.startsWith(folder) ? plain.slice(folder.length) : undefined;
}
