import type { AdamParameter, AdamState, MomentSettings } from "#core/comparison.ts";
import { momentScales, toMoments } from "#reduction/pairs/moments.ts";
import { checkReducible } from "#reduction/reduce.ts";
import { t } from "@vscode/l10n";
import type { OpenCheckpoint } from "../checkpoints/openCheckpoint.ts";
import { momentPairsIn } from "./adamStates.ts";
import type { MomentPair } from "./adamStates.ts";
import type { TensorPair } from "./pairPlan.ts";
import { createScalarReader } from "./readScalar.ts";
import { sumPairs } from "./sumPairs.ts";

export interface MeasureOptions {
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  readonly onAdvance: (bytes: number) => void;
}

/** What Adam's moments tell of every parameter of a checkpoint; null where there are none. */
export async function measureAdam(checkpoint: OpenCheckpoint, options: MeasureOptions): Promise<AdamState | null> {
  const states = await readSettings(checkpoint);
  if (states.length === 0) {
    return null;
  }
  const pairs = states.map((state) => toPair(state)).filter((pair) => pair !== undefined);
  const { fileOf } = checkpoint;
  const notes = new Set(states.flatMap(assumptionsOf));
  const parameters: AdamParameter[] = [];
  await sumPairs(pairs, {
    ...options,
    measure: "moments",
    fileOf: [fileOf, fileOf],
    onSums({ state }, sums) {
      if (typeof sums === "string") {
        notes.add(`${state.mean.name}: ${sums}`);
      } else {
        parameters.push(describe(state, toMoments(sums, momentSettings(state))));
      }
    },
  });
  return { parameters, notes: [...notes] };
}

interface AdamSettings extends MomentPair {
  readonly stepTaken: number | null;
  readonly storedValue: number | null;
}

async function readSettings(checkpoint: OpenCheckpoint): Promise<readonly AdamSettings[]> {
  const readScalar = createScalarReader(checkpoint);
  const states: AdamSettings[] = [];
  for (const state of momentPairsIn(checkpoint)) {
    const { step, storedNorm } = state;
    const stepTaken = typeof step === "number" ? step : step === undefined ? null : await readScalar(step);
    const storedValue = storedNorm === undefined ? null : await readScalar(storedNorm);
    states.push({ ...state, stepTaken, storedValue });
  }
  return states;
}

/** torch's defaults, and those of most others. */
const DEFAULTS = { "betas.0": 0.9, "betas.1": 0.999, eps: 1e-8 } as const;

function settingOf({ settings }: MomentPair, name: keyof typeof DEFAULTS): number {
  return settings[name] ?? DEFAULTS[name];
}

/** Without a step, or before the first, nothing is corrected. */
function momentSettings(state: AdamSettings): MomentSettings {
  const { stepTaken } = state;
  return {
    step: stepTaken === null || stepTaken === 0 ? Infinity : stepTaken,
    beta1: settingOf(state, "betas.0"),
    beta2: settingOf(state, "betas.1"),
    epsilon: settingOf(state, "eps"),
  };
}

function assumptionsOf({ stepTaken, settings }: AdamSettings): string[] {
  const assumed = Object.entries(DEFAULTS).filter(([name]) => settings[name] === undefined);
  const values = assumed.map(([name, value]) => `${name} ${value}`).join(", ");
  return [
    ...(assumed.length === 0 ? [] : [t("The checkpoint does not tell all of Adam's settings; assumed: {0}.", values)]),
    ...(stepTaken === null
      ? [t("The checkpoint does not tell Adam's steps; its moments are taken for long past their start.")]
      : []),
  ];
}

function toPair(state: AdamSettings): (TensorPair & { readonly state: AdamSettings }) | undefined {
  const [mean, square] = [checkReducible(state.mean), checkReducible(state.square)];
  return mean.kind === "ok" && square.kind === "ok"
    ? { state, entries: [mean.value.entry, square.value.entry], scales: momentScales(momentSettings(state)) }
    : undefined;
}

function describe(state: AdamSettings, sums: AdamParameter["sums"]): AdamParameter {
  const { beta1, beta2, epsilon } = momentSettings(state);
  return {
    name: state.parameter,
    elements: state.mean.elements,
    step: state.stepTaken,
    beta1,
    beta2,
    epsilon,
    learningRate: state.settings["lr"] ?? null,
    weightDecay: state.settings["weight_decay"] ?? null,
    sums,
    storedNorm: state.storedValue,
  };
}
