import type { NotRead, OptimizerDescription, OptimizerGroup } from "#core/checkpoint.ts";

import { itemsOf, textOf } from "../pickle/access.ts";
import type { PickleValue } from "../pickle/values.ts";
import { numbersIn } from "../torch/optimizerState.ts";
import { type DcpValue, notReadValue } from "./save.ts";

export interface DescribedValues {
  readonly metadata: Readonly<Record<string, string>>;
  readonly optimizer?: OptimizerDescription;
  readonly notRead: readonly NotRead[];
}

/** Numbers and texts as metadata, the numbers of an optimizer's groups as these, and all else as not read. */
export function describeValues(values: readonly DcpValue[]): DescribedValues {
  const settings = values.flatMap((entry) => settingOf(entry) ?? []);
  const others = values.filter(({ name, value }) => value !== null && !EXTRA_STATE.test(name) && !GROUP.test(name));
  const texts = others.flatMap(({ name, value }) => {
    const text = plainText(value);
    return text === undefined ? [] : [[name, text.slice(0, MAX_TEXT)] as const];
  });
  return {
    metadata: Object.fromEntries(texts),
    ...(settings.length === 0 ? {} : { optimizer: { groups: mergeGroups(draftGroups(settings)), steps: new Map() } }),
    notRead: others.filter(({ value }) => plainText(value) === undefined).map(notReadValue),
  };
}

const GROUP = /(?:^|\.)param_groups\./;
/** Modules of Transformer Engine have one each, which holds no weights. */
const EXTRA_STATE = /(?:^|\.)_extra_state(?:$|\/)/;
const MAX_TEXT = 1000;

function plainText(value: PickleValue): string | undefined {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : textOf(value);
}

interface Setting {
  /** Where the optimizer stands. */
  readonly path: string;
  /** The group's number, or the parameter that it was flattened to. */
  readonly key: string;
  readonly name: string;
  readonly value: PickleValue;
}

const NUMBERED = /^(?:(.+)\.)?param_groups\.(\d+)\.(.+)$/;
/** By a parameter's name instead of the group's number. */
const FLATTENED = /^(?:(.+)\.)?param_groups\.(.+)\.([^.]+)$/;

function settingOf({ name, value }: DcpValue): Setting | undefined {
  const [, path = "", key = "", own = ""] = NUMBERED.exec(name) ?? FLATTENED.exec(name) ?? [];
  return key === "" ? undefined : { path, key, name: own, value };
}

interface Draft {
  readonly path: string;
  readonly key: string;
  readonly numbers: readonly (readonly [string, number])[];
  readonly parameters: readonly string[] | undefined;
}

function draftGroups(settings: readonly Setting[]): Iterable<Draft> {
  const groups = new Map<string, Draft>();
  for (const { path, key, name, value } of settings) {
    const group = groups.get(`${path}\0${key}`) ?? { path, key, numbers: [], parameters: undefined };
    groups.set(`${path}\0${key}`, withSetting(group, name, value));
  }
  return groups.values();
}

function withSetting(group: Draft, setting: string, value: PickleValue): Draft {
  if (setting === "params" || setting === "param_names") {
    return { ...group, parameters: itemsOf(value)?.map((item) => plainText(item) ?? "") };
  }
  return { ...group, numbers: [...group.numbers, ...numbersIn(setting, value)] };
}

/** Flattened groups have one parameter each, and become one again where all their numbers are the same. */
function mergeGroups(drafts: Iterable<Draft>): readonly OptimizerGroup[] {
  const merged = new Map<string, OptimizerGroup & { readonly parameters: string[] }>();
  for (const { path, key, numbers, parameters } of drafts) {
    const isFlattened = !/^\d+$/.test(key);
    const same = isFlattened ? `${path} ${JSON.stringify(numbers)}` : `${path}\0${key}`;
    const group = merged.get(same) ?? {
      ...(path === "" ? {} : { path }),
      numbers: Object.fromEntries(numbers),
      parameters: [],
    };
    (isFlattened ? [key] : (parameters ?? [])).forEach((parameter) => group.parameters.push(parameter));
    merged.set(same, group);
  }
  return Array.from(merged.values());
}
