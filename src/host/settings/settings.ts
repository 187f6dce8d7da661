import { isDeepStrictEqual } from "node:util";
import { DEVICE_CHOICES, ENGINE_CHOICES } from "#core/device.ts";
import type { ComputeOptions } from "#core/device.ts";
import { isRuleId, RULE_IDS, RULES } from "#core/rules.ts";
import type { RuleId } from "#core/rules.ts";
import type { AutoCheckpoints } from "../checkpoint/background.ts";
import * as vscode from "vscode";

export type AutoFollow = "off" | "latest" | "all";

const AUTO_CHECKPOINTS = ["never", "header", "full"] as const;

export interface Settings {
  readonly autoFollow: () => AutoFollow;
  readonly pollingIntervalMs: () => number;
  readonly useEvents: () => boolean;
  /** Samples of one run that are kept one by one; of more the oldest are coarsened. */
  readonly maxSamples: () => number;
  readonly compute: () => ComputeOptions;
  /** What is read of new checkpoints unasked; nothing in Restricted Mode. */
  readonly autoCheckpoints: () => AutoCheckpoints;
  /** Of larger checkpoints only the header is read unasked. */
  readonly maxAutoBytes: () => number;
  readonly hover: () => boolean;
  readonly codeLens: () => boolean;
  readonly inlayHints: () => boolean;
  readonly decorations: () => boolean;
  readonly diagnostics: (resource?: vscode.Uri) => boolean;
  /** Whether a rule of runs or of sources is on; where settings say nothing, as the rule itself says. */
  readonly isRuleOn: (rule: string, resource?: vscode.Uri) => boolean;
  /** The rules that judge the run of a folder. */
  readonly rules: (resource: vscode.Uri) => ReadonlySet<RuleId>;
  /** Names of tensors without findings; `*` stands for any characters, `?` for one. */
  readonly ignoredTensors: (resource: vscode.Uri) => readonly string[];
  readonly statusBar: () => boolean;
  /** Whether agents outside of the editor's own are offered the server. */
  readonly mcpServer: () => boolean;
  /** What may be told without being asked: what breaks training, also warnings, or nothing. */
  readonly notifications: () => NotificationLevel;
  readonly terminalCapture: () => "off" | "matching";
  /** A regular expression: which commands of the terminal train. */
  readonly terminalCommandPattern: () => string;
}

const NOTIFICATION_LEVELS = ["critical", "off", "all"] as const;
export type NotificationLevel = (typeof NOTIFICATION_LEVELS)[number];

const DEFAULT_COMMANDS = String.raw`\b(python[\d.]*|torchrun|accelerate|deepspeed)\b`;

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
  autoCheckpoints: () =>
    vscode.workspace.isTrusted ? oneOf(AUTO_CHECKPOINTS, read("compute.autoCheckpoints", "full")) : "never",
  maxAutoBytes: () => Math.max(0, read("compute.autoCheckpointsLimit", 4000)) * 1e6,
  hover: () => read("editor.hover", true),
  codeLens: () => read("editor.codeLens", true),
  inlayHints: () => read("editor.inlayHints", false),
  decorations: () => read("editor.decorations", true),
  diagnostics: (resource) => read("diagnostics.enabled", true, resource),
  isRuleOn,
  rules: (resource) => new Set(RULE_IDS.filter((rule) => isRuleOn(rule, resource))),
  ignoredTensors: (resource) => stringsOf(read<unknown>("tensors.ignore", [], resource)),
  statusBar: () => read("statusBar.enabled", true),
  mcpServer: () => read("agents.mcpServer", false),
  notifications: () => oneOf(NOTIFICATION_LEVELS, read("notifications", "critical")),
  terminalCapture: () => oneOf(["off", "matching"], read("terminal.capture", "off")),
  terminalCommandPattern: () => read("terminal.commandPattern", DEFAULT_COMMANDS),
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

/** A word that is not known, as settings files can have, means the first. */
function oneOf<T extends string>(words: readonly [T, ...T[]], word: string): T {
  return words.find((known) => known === word) ?? words[0];
}

function read<T>(name: string, fallback: T, resource?: vscode.Uri): T {
  return vscode.workspace.getConfiguration("gradlens", resource).get<T>(name, fallback);
}
