import { isDeepStrictEqual } from "node:util";
import { DEVICE_CHOICES, ENGINE_CHOICES } from "#core/device.ts";
import type { ComputeOptions } from "#core/device.ts";
import { isRuleId, RULE_IDS, RULES } from "#core/rules.ts";
import type { RuleId } from "#core/rules.ts";
import * as vscode from "vscode";

export type AutoFollow = "off" | "latest" | "all";

export interface Settings {
  readonly autoFollow: () => AutoFollow;
  readonly pollingIntervalMs: () => number;
  readonly useEvents: () => boolean;
  /** Samples of one run that are kept one by one; of more the oldest are coarsened. */
  readonly maxSamples: () => number;
  readonly compute: () => ComputeOptions;
  /** Whether norms of new checkpoints are computed unasked; never in Restricted Mode. */
  readonly autoCheckpoints: () => boolean;
  readonly hover: () => boolean;
  readonly codeLens: () => boolean;
  readonly inlayHints: () => boolean;
  readonly decorations: () => boolean;
  readonly diagnostics: (resource?: vscode.Uri) => boolean;
  /** Whether a rule of runs or of sources is on; where settings say nothing, as the rule itself says. */
  readonly isRuleOn: (rule: string, resource?: vscode.Uri) => boolean;
  /** The rules that judge the run of a folder. */
  readonly rules: (resource: vscode.Uri) => ReadonlySet<RuleId>;
  /** Names of tensors without findings; `*` stands for any characters. */
  readonly ignoredTensors: (resource: vscode.Uri) => readonly string[];
  readonly statusBar: () => boolean;
}

// With fewer the rules would not see enough of the past.
const LEAST_SAMPLES = 100_000;

/** Settings as they are now. Reading them anew each time is what makes a change work without a reload. */
export const settings: Settings = {
  autoFollow: () => read<AutoFollow>("runs.autoFollow", "latest"),
  pollingIntervalMs: () => Math.max(0.2, read("watch.pollingInterval", 2)) * 1000,
  useEvents: () => read("watch.useEvents", true),
  maxSamples: () => Math.max(LEAST_SAMPLES, read("runs.maxSamples", 20_000_000)),
  compute: () => ({
    threads: read("compute.threads", 0),
    engine: oneOf(ENGINE_CHOICES, read("compute.engine", "auto")),
    device: oneOf(DEVICE_CHOICES, read("compute.device", "auto")),
  }),
  autoCheckpoints: () => read("compute.autoCheckpoints", "full") === "full" && vscode.workspace.isTrusted,
  hover: () => read("editor.hover", true),
  codeLens: () => read("editor.codeLens", true),
  inlayHints: () => read("editor.inlayHints", false),
  decorations: () => read("editor.decorations", true),
  diagnostics: (resource) => read("diagnostics.enabled", true, resource),
  isRuleOn,
  rules: (resource) => new Set(RULE_IDS.filter((rule) => isRuleOn(rule, resource))),
  ignoredTensors: (resource) => stringsOf(read<unknown>("tensors.ignore", [], resource)),
  statusBar: () => read("statusBar.enabled", true),
};

/** Of settings given by their whole names, those that differ from their default. */
export function changedSettings(names: readonly string[]): { readonly name: string; readonly value: unknown }[] {
  const configuration = vscode.workspace.getConfiguration();
  return names
    .map((name) => ({ name, value: configuration.get<unknown>(name) }))
    .filter(({ name, value }) => !isDeepStrictEqual(value, configuration.inspect(name)?.defaultValue));
}

function isRuleOn(rule: string, resource?: vscode.Uri): boolean {
  const said = new Map<string, unknown>(Object.entries(read<object>("rules.enabled", {}, resource))).get(rule);
  return typeof said === "boolean" ? said : !isRuleId(rule) || RULES[rule].isOnByDefault;
}

/** Settings files can hold anything. */
function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** A word that is not known, as settings files can have, means the first: `auto`. */
function oneOf<T extends string>(words: readonly [T, ...T[]], word: string): T {
  return words.find((known) => known === word) ?? words[0];
}

function read<T>(name: string, fallback: T, resource?: vscode.Uri): T {
  return vscode.workspace.getConfiguration("gradlens", resource).get<T>(name, fallback);
}
