import { readFileSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { expect, test } from "vitest";
import { CHECKPOINT_FAMILIES, SHARDED_ENDINGS } from "#core/checkpointEndings.ts";

interface Manifest {
  readonly contributes: {
    readonly customEditors: readonly { readonly selector: readonly { readonly filenamePattern: string }[] }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when: string }[]>>;
  };
}

const { contributes } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as Manifest;
const patterns = contributes.customEditors.flatMap(({ selector }) => selector.map((one) => one.filenamePattern));
const clauses = (contributes.menus["explorer/context"] ?? []).filter(({ command }) =>
  command.endsWith("inspectResource"),
);
const [, pattern = ""] = /=~ \/(.*)\/i$/.exec(clauses.map(({ when }) => when).join("\n")) ?? [];

function isOffered(name: string): readonly [editor: boolean, menu: boolean] {
  return [patterns.some((one) => matchesGlob(name, one)), new RegExp(pattern, "i").test(name)];
}

const endings = CHECKPOINT_FAMILIES.flatMap(({ endings: own, commonEndings = [] }) => [...own, ...commonEndings]);

test.each([
  ...endings.map((ending) => `model.${ending}`),
  ...SHARDED_ENDINGS.map((ending) => `model.${ending}.index.json`),
  "checkpoint_300",
])("%s is offered to the checkpoint editor and in the Explorer", (name) => {
  expect(isOffered(name)).toEqual([true, true]);
});

test.each(["package.json", "train.py", "checkpoint_utils.py", "metrics.jsonl", "modelpt", "index.html"])(
  "%s is offered neither to the checkpoint editor nor in the Explorer",
  (name) => {
    expect(isOffered(name)).toEqual([false, false]);
  },
);
