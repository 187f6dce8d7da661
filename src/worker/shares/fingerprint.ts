import { createHash } from "node:crypto";
import type { TensorEntry } from "#core/tensor.ts";
import type { FileFingerprint, Fingerprint, PartOptions } from "#protocol/normsPart.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { t } from "@vscode/l10n";
import manifest from "../../../package.json" with { type: "json" };
import type { OpenCheckpoint } from "../checkpoints/openCheckpoint.ts";

export interface Fingerprinted {
  readonly checkpoint: OpenCheckpoint;
  /** What is computed, with its kinds. */
  readonly wanted: readonly TensorEntry[];
  readonly engine: ReductionEngine;
  readonly options: PartOptions;
}

/** What two shares must have the same of, to belong together. */
export function fingerprintOf({ checkpoint, wanted, engine, options }: Fingerprinted): Fingerprint {
  const hash = createHash("sha256");
  wanted.forEach((entry) => hash.update(JSON.stringify(entry)));
  return {
    version: manifest.version,
    files: filesOf(checkpoint),
    index: hash.digest("hex"),
    engine: { name: engine.name, device: engine.device },
    options,
  };
}

function filesOf({ sources }: OpenCheckpoint): readonly FileFingerprint[] {
  return sources
    .map(([name, { size, modifiedMs }]) => ({ name, bytes: size, modifiedMs }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** How two fingerprints differ, as a clause for people; undefined when they are the same. */
export function difference(one: Fingerprint, other: Fingerprint): string | undefined {
  if (one.version !== other.version) {
    return t("Gradlens {0} and {1} wrote them", one.version, other.version);
  }
  const option = OPTION_NAMES.find((name) => one.options[name] !== other.options[name]);
  if (option !== undefined) {
    return t(
      "they have different options: --{0} {1} and {2}",
      option,
      told(one.options[option]),
      told(other.options[option]),
    );
  }
  if (one.engine.name !== other.engine.name || one.engine.device !== other.engine.device) {
    return t("{0} and {1} computed them; give --engine and --device", engineText(one), engineText(other));
  }
  const file = differentFile(one.files, other.files);
  if (file !== undefined) {
    return t("they are of different checkpoints, or {0} was written in between", file);
  }
  return one.index === other.index ? undefined : t("they are of different checkpoints");
}

const OPTION_NAMES = ["full", "only", "kind"] as const;

function told(value: PartOptions[keyof PartOptions]): string {
  return value === null || value === false ? t("not given") : value === true ? t("given") : value;
}

function engineText({ engine: { name, device } }: Fingerprint): string {
  return t("{0} on {1}", name, device);
}

function differentFile(one: readonly FileFingerprint[], other: readonly FileFingerprint[]): string | undefined {
  const texts = new Set(other.map((file) => JSON.stringify(file)));
  const known = new Set(one.map((file) => JSON.stringify(file)));
  const changed =
    one.find((file) => !texts.has(JSON.stringify(file))) ?? other.find((file) => !known.has(JSON.stringify(file)));
  return changed?.name;
}
