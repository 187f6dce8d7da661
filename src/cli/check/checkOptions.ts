import { ignores, rulesOf } from "#core/config.ts";
import type { ConfigFile, Ignored } from "#core/config.ts";
import { SEVERITIES, isRuleId } from "#core/rules.ts";
import type { RuleId, Severity } from "#core/rules.ts";
import { UsageError, oneOf, parseCommand, parseThreads } from "../usage.ts";
import type { CheckFinding } from "./checkFinding.ts";

export const CHECK_OPTIONS = {
  format: { type: "string" },
  "fail-on": { type: "string" },
  "max-norm": { type: "string" },
  "max-nan": { type: "string" },
  rule: { type: "string", multiple: true },
  ignore: { type: "string", multiple: true },
  checkpoints: { type: "string" },
  config: { type: "string" },
  threads: { type: "string" },
} as const;

const FORMATS = ["text", "json", "sarif"] as const;
const CHECKPOINT_CHOICES = ["latest", "all", "none"] as const;

/** What the command line asks for, before any configuration is read. */
export interface CheckRequest {
  readonly paths: readonly string[];
  readonly format: (typeof FORMATS)[number];
  /** Which checkpoints of a run folder are read, beside those that are named themselves. */
  readonly checkpoints: (typeof CHECKPOINT_CHOICES)[number];
  readonly configPath: string | undefined;
  readonly threads: number;
  readonly failOn: Severity | undefined;
  readonly maxNorm: number | undefined;
  readonly maxNan: number | undefined;
  readonly rules: readonly RuleId[];
  readonly ignore: readonly Ignored[];
}

/** By what one PATH is judged. */
export interface Yardstick {
  readonly enabled: ReadonlySet<RuleId>;
  readonly isIgnored: (finding: CheckFinding) => boolean;
  readonly failOn: Severity;
  readonly maxNorm: number | undefined;
  readonly maxNan: number | undefined;
  readonly logPatterns: readonly string[];
}

export function parseCheck(args: readonly string[]): CheckRequest {
  const { values, paths } = parseCommand(args, CHECK_OPTIONS);
  return {
    paths,
    format: oneOf("format", values.format, FORMATS) ?? "text",
    checkpoints: oneOf("checkpoints", values.checkpoints, CHECKPOINT_CHOICES) ?? "latest",
    configPath: values.config,
    threads: parseThreads(values.threads),
    failOn: oneOf("fail-on", values["fail-on"], SEVERITIES),
    maxNorm: parseLimit("max-norm", values["max-norm"], (value) => value > 0 && value < Infinity),
    maxNan: parseLimit("max-nan", values["max-nan"], (value) => Number.isSafeInteger(value) && value >= 0),
    rules: (values.rule ?? []).flatMap(splitList).map((text) => parseRule("rule", text)),
    ignore: (values.ignore ?? []).flatMap(splitList).map(parseIgnored),
  };
}

/** What the command line says goes before the configuration, and that before what is usual. What they ignore adds up. */
export function yardstickOf(request: CheckRequest, file: ConfigFile | null): Yardstick {
  const { rules, ignore } = request;
  const config = file?.config ?? {};
  const given: ConfigFile = { path: "", config: { ignore } };
  return {
    enabled: rules.length > 0 ? new Set(rules) : rulesOf(file),
    isIgnored: (finding) => ignores(given, finding) || ignores(file, finding),
    failOn: request.failOn ?? config.check?.failOn ?? "error",
    maxNorm: request.maxNorm ?? config.check?.maxNorm,
    maxNan: request.maxNan ?? config.check?.maxNan,
    logPatterns: config.logPatterns ?? [],
  };
}

function splitList(text: string): string[] {
  return text.split(",");
}

function parseRule(option: string, text: string): RuleId {
  const rule = text.trim().toUpperCase();
  if (!isRuleId(rule)) {
    throw new UsageError(`--${option} ${text}: there is no such rule; docs/rules.md lists them, such as GN201`);
  }
  return rule;
}

/** `GN301:*.bias` is the rule for these tensors alone. */
function parseIgnored(text: string): Ignored {
  const [rule = "", ...rest] = text.split(":");
  const tensor = rest.join(":");
  return { rule: parseRule("ignore", rule), ...(tensor === "" ? {} : { tensor }) };
}

function parseLimit(option: string, text: string | undefined, isRight: (value: number) => boolean): number | undefined {
  const value = text?.trim() === "" ? Number.NaN : Number(text);
  if (text !== undefined && !isRight(value)) {
    const what = option === "max-nan" ? "a whole number from 0 on" : "a number above 0";
    throw new UsageError(`--${option} ${text}: must be ${what}`);
  }
  return text === undefined ? undefined : value;
}
