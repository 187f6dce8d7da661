import { parsePythonSettings } from "./pythonSettings.ts";
import type { ParsedLog, ParseStart, TextReader } from "../reader.ts";
import { parseJsonSettings } from "./jsonSettings.ts";
import { thresholdFrom, thresholdKeyOf } from "./thresholds.ts";
import { parseYamlSettings } from "./yamlSettings.ts";
import { parseNumber } from "../shared/numbers.ts";
import type { ClipThreshold } from "#core/log.ts";
import type { Setting } from "./setting.ts";

/** Settings beside a run's logs: hparams.yaml, ds_config.json, config.py. They tell the clip threshold and nothing else. */
export const settingsFile: TextReader = {
  format: "settingsFile",
  growth: "byReplacement",
  recognises: ({ name, text }) => /\.(?:ya?ml|json|py)$/i.test(name) && thresholdIn(text, name) !== null,
  parse,
};

function parse(text: string, { name }: ParseStart): ParsedLog {
  return { chunks: [], carry: "", clipThreshold: thresholdIn(text, name), problems: [] };
}

/** Lightning can clip values, which bounds no norm. */
const CLIPS_VALUES = /\bgradient_clip_algorithm["']?\s{0,4}[:=]\s{0,4}["']?value\b/;

/** The first threshold of the file: of several models the first one. */
function thresholdIn(text: string, name: string | undefined): ClipThreshold | null {
  const settings = CLIPS_VALUES.test(text) ? [] : settingsIn(text);
  for (const setting of settings) {
    const key = setting.path.join(".");
    const threshold = isThreshold(setting.path)
      ? thresholdFrom(parseNumber(setting.value), { name: key, line: setting.line })
      : null;
    if (threshold !== null) {
      return { ...threshold, source: name === undefined ? threshold.source : `${threshold.source} of ${name}` };
    }
  }
  return null;
}

// Spaces before it are those of its own line: a file of empty lines would be looked through anew from each of them.
const ASSIGNS = /^[ \t]{0,200}\w{1,64}[ \t]{0,4}=/m;

function settingsIn(text: string): Iterable<Setting> {
  if (text.trimStart().startsWith("{")) {
    return parseJsonSettings(text);
  }
  return ASSIGNS.test(text) ? parsePythonSettings(text) : parseYamlSettings(text);
}

/** `max_norm` alone may bound the rows of an embedding. */
function isThreshold(path: readonly string[]): boolean {
  const [key, parent] = [path.at(-1) ?? "", path.at(-2) ?? ""];
  return thresholdKeyOf(key) !== "never" && (key !== "max_norm" || /clip|grad/i.test(parent));
}
