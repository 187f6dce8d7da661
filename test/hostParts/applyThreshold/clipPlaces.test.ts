import { expect, test } from "vitest";
import { applyEdits } from "#source/document.ts";
import { sourceService } from "#source/service.ts";
import { clipPlacesIn } from "#host/applyThreshold/clipPlaces.ts";
import type { SourceLanguage } from "#source/document.ts";

/** Each place with the text after its edits. */
function applied(language: SourceLanguage, text: string, threshold = 0.25): readonly string[] {
  return clipPlacesIn(sourceService, { language, text }, threshold).map(
    ({ kind, name, edits }) => `${kind} ${name}: ${applyEdits(text, edits)}`,
  );
}

test.each<[SourceLanguage, string, readonly string[]]>([
  ["python", "clip_grad_norm_(p, 1.0)", ["change clip_grad_norm_: clip_grad_norm_(p, 0.25)"]],
  ["json", '{"gradient_clipping": 1.0}', ['change gradient_clipping: {"gradient_clipping": 0.25}']],
  ["yaml", "max_grad_norm: 1.0", ["change max_grad_norm: max_grad_norm: 0.25"]],
  ["python", "clip_grad_value_(p, 1.0)", []],
  ["python", "clipnorm = 1.0", []],
  ["python", "clip_grad_norm_(p, limits[epoch])", []],
  ["python", "print('clip_grad_norm_(p, 1.0)')", []],
])("in %s, %s can become %j", (language, text, places) => {
  expect(applied(language, text)).toEqual(places);
});

test("a literal that two calls use is one place", () => {
  const text = "limit = 1.0\nclip_grad_norm_(a, limit)\nclip_grad_norm_(b, limit)\n";
  expect(applied("python", text)).toEqual([`change clip_grad_norm_: ${text.replace("1.0", "0.25")}`]);
});

test("where nothing clips, a call can go before the optimizer's step", () => {
  const text = "import torch\nopt = SGD(model.parameters())\nloss.backward()\nopt.step()\n";
  expect(applied("python", text)).toEqual([
    `insert opt.step(): ${text.replace("opt.step()", "torch.nn.utils.clip_grad_norm_(model.parameters(), 0.25)\nopt.step()")}`,
  ]);
});

test("a threshold that is there already needs no edit", () => {
  const [place] = clipPlacesIn(sourceService, { language: "python", text: "clip_grad_norm_(p, 0.25)" }, 0.25);
  expect(place).toMatchObject({ kind: "change", now: "0.25", edits: [] });
});
