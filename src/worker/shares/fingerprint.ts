import { createHash } from "node:crypto";
import type { TensorEntry } from "#core/tensor.ts";
import type { FileFingerprint, Fingerprint, PartOptions } from "#protocol/normsPart.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import manifest from "../../../package.json" with { type: "json" };
import type { OpenCheckpoint } from "../openCheckpoint.ts";

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
    return `Gradlens ${one.version} and ${other.version} wrote them`;
  }
  const option = OPTION_NAMES.find((name) => one.options[name] !== other.options[name]);
  if (option !== undefined) {
    return `they have different options: --${option} ${told(one.options[option])} and ${told(other.options[option])}`;
  }
  if (one.engine.name !== other.engine.name || one.engine.device !== other.engine.device) {
    return `${engineText(one)} and ${engineText(other)} computed them; give --engine and --device`;
  }
  const file = differentFile(one.files, other.files);
  if (file !== undefined) {
    return `they are of different checkpoints, or ${file} was written in between`;
  }
  return one.index === other.index ? undefined : "they are of different checkpoints";
}

const OPTION_NAMES = ["full", "only", "kind"] as const;

function told(value: PartOptions[keyof PartOptions]): string {
  return value === null || value === false ? "not given" : value === true ? "given" : value;
}

function engineText({ engine: { name, device } }: Fingerprint): string {
  return `${name} on ${device}`;
}

function differentFile(one: readonly FileFingerprint[], other: readonly FileFingerprint[]): string | undefined {
  const texts = new Set(other.map((file) => JSON.stringify(file)));
  const known = new Set(one.map((file) => JSON.stringify(file)));
  const changed =
    one.find((file) => !texts.has(JSON.stringify(file))) ?? other.find((file) => !known.has(JSON.stringify(file)));
  return changed?.name;
}
