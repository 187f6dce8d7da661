import { expect, test } from "vitest";
import { codedText } from "#readers/logs/shared/codedText.ts";
import { createNumberScanner } from "#readers/logs/shared/numberScanner.ts";
import { createRandom } from "../../../support/random.ts";

const scanner = createNumberScanner();

/** What is wrong with how a number is read; empty when it is what `Number` reads, to the bit. */
function faultsIn(printed: readonly string[]): string[] {
  return printed.filter((text) => {
    const isRead = scanner.scan(codedText(`${text},`), 0);
    return !isRead || scanner.number.end !== text.length || !Object.is(scanner.number.value, Number(text));
  });
}

const random = createRandom(1);
const digits = (length: number): string => Array.from({ length }, () => String(random.below(10))).join("");

test("random numbers of any length, place of the point and power of ten are what Number reads", () => {
  const numbers = Array.from({ length: 50_000 }, () => {
    const sign = random.pick(["", "-"]);
    const fraction = random.pick(["", `.${"0".repeat(random.below(12))}${digits(1 + random.below(24))}`]);
    const power = random.pick([
      "",
      "",
      `e${random.pick(["", "+", "-"])}${random.below(340)}`,
      `E-0${random.below(10)}`,
    ]);
    return `${sign}${digits(1 + random.below(22))}${fraction}${power}`;
  });
  expect(faultsIn(numbers)).toEqual([]);
});

test("float64 numbers as JavaScript and Python print them are what Number reads", () => {
  const bits = new DataView(new ArrayBuffer(8));
  const numbers = Array.from({ length: 50_000 }, () => {
    const uniform = (random.below(2 ** 26) * 2 ** 27 + random.below(2 ** 27)) / 2 ** 53;
    bits.setUint32(0, random.below(2 ** 32));
    bits.setUint32(4, random.below(2 ** 32));
    const any = bits.getFloat64(0);
    const value = random.pick([uniform, uniform * 10 ** (random.below(40) - 20), Number.isFinite(any) ? any : 1]);
    return random.pick([String(value), value.toExponential(), uniform.toFixed(random.below(20))]);
  });
  expect(faultsIn(numbers)).toEqual([]);
});

test("numbers halfway between two float64, and right beside, are what Number reads", () => {
  const numbers = Array.from({ length: 20_000 }, () => {
    const power = random.below(6);
    const half = (BigInt(random.below(2 ** 26) + 2 ** 26) * 2n ** 26n + BigInt(random.below(2 ** 26))) * 2n + 1n;
    const scaled = String(half * 2n ** BigInt(random.below(4)) * 10n ** BigInt(power) + BigInt(random.below(3) - 1));
    const cut = scaled.length - power;
    return `${scaled.slice(0, cut)}.${scaled.slice(cut)}0`;
  });
  expect(faultsIn(numbers)).toEqual([]);
});

test("the ends of the range are what Number reads", () => {
  const ends = ["0", "-0", "-0.0", "0e400", "1e400", "-1e400", "1e-400", "5e-324", "1.7976931348623157e308"];
  const integers = ["9007199254740991", "9007199254740992", "9007199254740993", "9007199254740993.5", "1e23", "8.5e22"];
  const long = ["9".repeat(400), `0.${"0".repeat(400)}1`, "1e0000000000000000005", "000000000000000000000001"];
  expect(faultsIn([...ends, ...integers, ...long])).toEqual([]);
});

test.each([
  ["nothing", ""],
  ["a sign", "-"],
  ["a point and digits", ".5"],
  ["a word", "nan"],
])("%s is no number", (_, text) => {
  expect(scanner.scan(codedText(text), 0)).toBe(false);
});

test("a number ends before what cannot be part of it", () => {
  const ends = ["5.", "5.x", "5e", "5e+", "5-3", "5.25.3", "1_000", "12ms"].map((text) => {
    scanner.scan(codedText(text), 0);
    return [text, scanner.number.end];
  });
  expect(Object.fromEntries(ends)).toEqual({
    "5.": 1,
    "5.x": 1,
    "5e": 1,
    "5e+": 1,
    "5-3": 1,
    "5.25.3": 4,
    "1_000": 1,
    "12ms": 2,
  });
});
