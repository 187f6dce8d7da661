import { afterEach, expect, test } from "vitest";
import type { Axis } from "#core/series.ts";
import { setLanguage } from "#l10n/language.ts";
import { axisTitle, stepName, stepRange, stepTitle, stepsFromTo } from "#l10n/stepName.ts";
import { readJson } from "../support/manifest.ts";

afterEach(() => setLanguage({}));

const CHINESE = readJson("l10n/bundle.l10n.zh-cn.json") as Readonly<Record<string, string>>;

function said(axis: Axis | undefined): readonly string[] {
  return [
    stepName(0.57, axis),
    stepTitle(0.57, axis),
    stepRange(1, 2.5, axis),
    stepsFromTo(1, 2.5, axis),
    axisTitle(axis),
  ];
}

test.each([
  {
    axis: undefined,
    english: ["step 0.57", "Step 0.57", "steps 1–2.5", "steps 1 to 2.5", "Step"],
    chinese: ["第 0.57 步", "第 0.57 步", "第 1–2.5 步", "第 1 至 2.5 步", "步"],
  },
  {
    axis: "epochs",
    english: ["epoch 0.57", "Epoch 0.57", "epochs 1–2.5", "epochs 1 to 2.5", "Epoch"],
    chinese: ["第 0.57 轮", "第 0.57 轮", "第 1–2.5 轮", "第 1 至 2.5 轮", "轮"],
  },
  {
    axis: "samples",
    english: ["sample 0.57", "Sample 0.57", "samples 1–2.5", "samples 1 to 2.5", "Sample"],
    chinese: ["第 0.57 个样本", "第 0.57 个样本", "第 1–2.5 个样本", "第 1 至 2.5 个样本", "样本"],
  },
  {
    axis: "tokens",
    english: ["token 0.57", "Token 0.57", "tokens 1–2.5", "tokens 1 to 2.5", "Token"],
    chinese: ["第 0.57 个 token", "第 0.57 个 token", "第 1–2.5 个 token", "第 1 至 2.5 个 token", "token"],
  },
] as const)("a place on an axis of $axis has its name in each language", ({ axis, english, chinese }) => {
  const inEnglish = said(axis);
  setLanguage(CHINESE, "zh-cn");
  expect([inEnglish, said(axis)]).toEqual([english, chinese]);
});
