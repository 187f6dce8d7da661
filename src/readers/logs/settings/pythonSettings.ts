import type { Setting } from "./setting.ts";

const NUMBER = String.raw`[-+\d.eE]{1,40}`;
/** `clip_grad=dict(max_norm=35, norm_type=2)`, `max_grad_norm = 1.0`; every repetition is bounded. */
const ASSIGNMENT = new RegExp(
  String.raw`\b(\w{1,64})\s{0,4}=\s{0,4}(?:dict\(([^()]{0,500})\)|(${NUMBER})(?![\w.]))`,
  "g",
);
const ARGUMENT = new RegExp(String.raw`\b(\w{1,64})\s{0,4}=\s{0,4}(${NUMBER})`, "g");

/** Numbers that a Python file assigns, as mmcv and mmengine write their configuration. It is not executed. */
export function* parsePythonSettings(text: string): Generator<Setting> {
  const code = text.replaceAll(/#.*/g, (comment) => " ".repeat(comment.length));
  let line = 0;
  let from = 0;
  for (const { 1: name = "", 2: inside, 3: number, index } of code.matchAll(ASSIGNMENT)) {
    line += code.slice(from, index).split("\n").length - 1;
    from = index;
    if (number !== undefined) {
      yield { path: [name], value: number, line };
    }
    for (const [, argument = "", value = ""] of inside?.matchAll(ARGUMENT) ?? []) {
      yield { path: [name, argument], value, line };
    }
  }
}
