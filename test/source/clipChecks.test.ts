import { describe, expect, test } from "vitest";
import { checkSource } from "#source/clipping/clipChecks.ts";
import type { RunFacts } from "#source/clipping/clipChecks.ts";
import { parseDocument } from "#source/document.ts";
import type { SourceLanguage } from "#source/document.ts";
import { readFixture } from "./positions.ts";

const CALM: RunFacts = {
  name: "run-3",
  threshold: undefined,
  steps: 500,
  clippedShare: () => undefined,
  explodedAt: undefined,
};
const CALL = "for x in d:\n    clip_grad_norm_(p, 1.0)\n    optimizer.step()\n";
const BARE = "for x in d:\n    optimizer.step()\n";

function findingsIn(text: string, run: Partial<RunFacts>, language: SourceLanguage = "python"): readonly string[] {
  return checkSource(parseDocument(language, text), { ...CALM, ...run }).map(
    ({ rule, severity, message, start, end }) => `${rule} ${severity} at ${text.slice(start, end)}: ${message}`,
  );
}

describe("against a run", () => {
  test.each<[string, string, Partial<RunFacts>, readonly string[]]>([
    [
      "a threshold that never clips",
      CALL,
      { clippedShare: () => 0 },
      [
        "GN411 info at clip_grad_norm_(p, 1.0): clip_grad_norm_ 1 clips 0 % of the 500 logged steps of run-3, so it acts as no limit. A lower threshold would cut its spikes.",
      ],
    ],
    [
      "a threshold that always clips",
      CALL,
      { clippedShare: () => 0.97 },
      [
        "GN412 info at clip_grad_norm_(p, 1.0): clip_grad_norm_ 1 clips 97 % of the 500 logged steps of run-3, so it acts as gradient normalisation. A higher threshold would cut spikes only.",
      ],
    ],
    ["a threshold that clips now and then", CALL, { clippedShare: () => 0.07 }, []],
    ["a threshold of which the run tells nothing", CALL, {}, []],
    [
      "another threshold than the run's",
      CALL,
      { threshold: 0.5 },
      ["GN413 info at clip_grad_norm_(p, 1.0): clip_grad_norm_ is 1 here; run-3 was trained with 0.5."],
    ],
    ["the run's threshold in float32", CALL.replace("1.0", "0.1"), { threshold: Math.fround(0.1) }, []],
    [
      "an exploding run that nothing clips",
      BARE,
      { explodedAt: "step 4021" },
      [
        "GN414 info at optimizer.step(): run-3 exploded at step 4021, and nothing clips gradients before this step. Insert clip_grad_norm_ before it.",
      ],
    ],
    [
      "an exploding run whose clipping is off",
      "args = TrainingArguments(max_grad_norm=0.0)\n",
      { explodedAt: "step 7" },
      ["GN414 info at max_grad_norm=0.0: run-3 exploded at step 7, and max_grad_norm 0.0 switches clipping off."],
    ],
    ["an exploding run that clips", CALL, { explodedAt: "step 4021" }, []],
    ["an exploding run with a threshold from elsewhere", BARE, { explodedAt: "step 4021", threshold: 1 }, []],
    ["a calm run that nothing clips", BARE, {}, []],
    ["clipping by value", "clip_grad_value_(p, 1.0)\n", { clippedShare: () => 0, threshold: 2 }, []],
    ["clipping that is off", "clip_grad_norm_(p, None)\n", { clippedShare: () => 0, threshold: 2 }, []],
  ])("%s", (_, source, run, findings) => {
    expect(findingsIn(source, run)).toEqual(findings);
  });

  test("a constant and the calls that use it are told once, at the call", () => {
    const source = "grad_clip = 1.0\nclip_grad_norm_(p, grad_clip)\nclip_grad_norm_(q, grad_clip)\n";
    expect(findingsIn(source, { threshold: 2 })).toEqual([
      "GN413 info at clip_grad_norm_(p, grad_clip): clip_grad_norm_ is 1 here; run-3 was trained with 2.",
    ]);
  });

  test("the share is asked for the source's own threshold", () => {
    const asked: number[] = [];
    const clippedShare = (threshold: number): undefined => void asked.push(threshold);
    findingsIn("clip_grad_norm_(p, 0.25)\nclip_grad_norm_(q, 4.0)\n", { clippedShare });
    expect(asked).toEqual([0.25, 4]);
  });

  test.each<[SourceLanguage, string]>([
    ["yaml", "max_grad_norm: 1.0\n"],
    ["json", '{"max_grad_norm": 1.0}'],
    ["toml", "max_grad_norm = 1.0\n"],
    ["shell", "train.py --max_grad_norm 1.0\n"],
  ])("settings in %s are checked too", (language, source) => {
    expect(findingsIn(source, { threshold: 2 }, language)).toHaveLength(1);
  });
});

describe("without a run", () => {
  test("clipping before unscale_ is told", () => {
    const source =
      "for x in d:\n    scaler.scale(loss).backward()\n    clip_grad_norm_(p, 1.0)\n    scaler.step(opt)\n";
    const findings = checkSource(parseDocument("python", source), undefined);
    expect(findings.map(({ rule, severity, message }) => `${rule} ${severity}: ${message}`)).toEqual([
      "GN415 warning: clip_grad_norm_ gets gradients that are still multiplied by the loss scale. Call scaler.unscale_(optimizer) before it.",
    ]);
  });

  test.each(["characterModel", "fineTuning", "segmenter", "parallelTrainer", "imageClassifier", "wineQuality"])(
    "%s has nothing to tell",
    (name) => {
      expect(checkSource(readFixture(name), undefined)).toEqual([]);
    },
  );
});

test("a rule that a comment ignores is not told, others are", () => {
  const source = "clip_grad_norm_(p, 1.0)  # gradlens: ignore GN411\n";
  const rules = checkSource(parseDocument("python", source), { ...CALM, threshold: 2, clippedShare: () => 0 });
  expect(rules.map(({ rule }) => rule)).toEqual(["GN413"]);
});

test.each(["lookAlikeTraining", "lookAlikeShop"])("%s has nothing to tell, whatever the run did", (name) => {
  const run = { ...CALM, threshold: 2, clippedShare: () => 0, explodedAt: "step 5" };
  expect(checkSource(readFixture(name), run)).toEqual([]);
});
