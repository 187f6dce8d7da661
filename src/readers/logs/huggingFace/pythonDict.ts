import type { Fields } from "../shared/fields.ts";
import { parseNumber } from "../shared/numbers.ts";

/** Source of a pattern for a dict without nested ones, as Python prints it. */
export const PYTHON_DICT = String.raw`\{['"][^{}\r\n]*\}`;

const STRING = String.raw`'([^'\\]*(?:\\.[^'\\]*)*)'|"([^"\\]*(?:\\.[^"\\]*)*)"`;
const BARE = String.raw`((?:[^,{}()[\]]|\([^()]*\)|\[[^[\]]*\])+)`;
const KEY_AND_VALUE = new RegExp(String.raw`(?:'([^'\\]+)'|"([^"\\]+)"): *(?:${STRING}|${BARE})`, "g");

/** The dict's numbers, whether quoted (as Hugging Face 5 does) or not. Other values are left out. */
export function parsePythonDict(printed: string): Readonly<Record<string, number>> {
  const numbers: [string, number][] = [];
  for (const [, single, double, ...values] of printed.matchAll(KEY_AND_VALUE)) {
    const number = parseNumber(values.find((value) => value !== undefined) ?? "");
    if (number !== undefined) {
      numbers.push([single ?? double ?? "", number]);
    }
  }
  return Object.fromEntries<number>(numbers);
}

/** Evaluation's keys all begin with `eval_`, beside the epoch. */
export function isTrainingRow(fields: Fields): boolean {
  return Object.keys(fields).some((key) => key !== "epoch" && !key.startsWith("eval_"));
}
