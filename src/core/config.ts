import { matchesGlob } from "./glob.ts";
import { namesTensor } from "./names/namePattern.ts";
import { DEFAULT_RULES, RULE_IDS } from "./rules.ts";
import type { RuleId, Severity } from "./rules.ts";
import type { SourceRuleId } from "./sourceRules.ts";

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

/** A rule of runs and checkpoints, or of sources. */
export type AnyRuleId = RuleId | SourceRuleId;

export type RuleSwitches = Readonly<Partial<Record<AnyRuleId, boolean>>>;

/** Findings that nobody wants to hear of: those that all that is said here holds for. */
export interface Ignored {
  readonly rule?: AnyRuleId;
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

/** The rules of runs that are on: what the file says of a rule holds, and else what was on before. */
export function rulesOf(file: ConfigFile | null, before: ReadonlySet<RuleId> = DEFAULT_RULES): ReadonlySet<RuleId> {
  return new Set(RULE_IDS.filter((rule) => file?.config.rules?.[rule] ?? before.has(rule)));
}

/** What has to be known of a finding to tell whether it is ignored. */
export interface IgnorableFinding {
  readonly rule: AnyRuleId;
  readonly tensor: string | null;
  readonly source: { readonly path: string };
}

/** Whether the configuration, if there is one, ignores a finding. */
export function ignores(file: ConfigFile | null, { rule, tensor, source }: IgnorableFinding): boolean {
  const path = file === null ? undefined : pathBelow(file.path, source.path);
  return (file?.config.ignore ?? []).some(
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
