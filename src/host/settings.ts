import { isDeepStrictEqual } from "node:util";
import { DEVICE_CHOICES, ENGINE_CHOICES } from "#core/device.ts";
import type { ComputeOptions } from "#core/device.ts";
import type { AutoCheckpoints } from "./checkpoint/background.ts";
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
  readonly diagnostics: () => boolean;
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
  autoCheckpoints: () =>
    vscode.workspace.isTrusted ? oneOf(AUTO_CHECKPOINTS, read("compute.autoCheckpoints", "full")) : "never",
  maxAutoBytes: () => Math.max(0, read("compute.autoCheckpointsLimit", 4000)) * 1e6,
  hover: () => read("editor.hover", true),
  diagnostics: () => read("diagnostics.enabled", true),
  statusBar: () => read("statusBar.enabled", true),
};

/** Of settings given by their whole names, those that differ from their default. */
export function changedSettings(names: readonly string[]): { readonly name: string; readonly value: unknown }[] {
  const configuration = vscode.workspace.getConfiguration();
  return names
    .map((name) => ({ name, value: configuration.get<unknown>(name) }))
    .filter(({ name, value }) => !isDeepStrictEqual(value, configuration.inspect(name)?.defaultValue));
}

/** A word that is not known, as settings files can have, means the first: `auto`. */
function oneOf<T extends string>(words: readonly [T, ...T[]], word: string): T {
  return words.find((known) => known === word) ?? words[0];
}

function read<T>(name: string, fallback: T): T {
  return vscode.workspace.getConfiguration("gradlens").get<T>(name, fallback);
}
