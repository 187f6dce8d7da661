import { afterEach, expect, test, vi } from "vitest";
import { createKnownLines } from "#readers/logs/shared/knownLines.ts";
import { LIKENESS } from "#readers/logs/shared/layout.ts";
import type { Likeness, LineLayout } from "#readers/logs/shared/layout.ts";
import { powersOfFive } from "#readers/logs/shared/powersOfFive.ts";
import { textBlock } from "#readers/logs/shared/textBlocks.ts";
import { createRandom } from "../../../support/random.ts";

/** A line and where its numbers stand, which are marked: `loss <1.5> norm <2>`. */
function layoutOf(marked: string): LineLayout {
  const line = marked.replaceAll(/[<>]/g, "");
  const tokens = Array.from(marked.matchAll(/<([^>]*)>/g), ({ 0: token, index }, before) => {
    const start = index - 2 * before;
    return { start, end: start + token.length - 2 };
  });
  return { line, tokens, recordAt: 0, fixed: null };
}

/** The numbers of each line of a text up to the first that is not like the known one, and what is left of the text. */
function read(known: LineLayout, text: string, likeness: Likeness = LIKENESS.asInJson): [number[][], rest: string] {
  const rows: number[][] = [];
  const { learn, pass } = createKnownLines<null>(likeness, (_, { values, width, count }) => {
    const numbers = known.tokens.length;
    rows.push(...Array.from({ length: count }, (__, row) => [...values.subarray(row * width, row * width + numbers)]));
    return count;
  });
  learn(known, null);
  const { next, lines } = pass(textBlock(text), 0, 0);
  expect(lines).toBe(rows.length);
  return [rows, text.slice(next)];
}

const ONE_NUMBER = layoutOf("<1>,");

/** Numbers that are read otherwise than `Number` reads them, to the bit; and those that are not read, of which all `may` be. */
function faultsIn(printed: readonly string[], may: (text: string) => boolean = () => false): string[] {
  return printed.filter((text) => {
    const [[row], rest] = read(ONE_NUMBER, `${text},`);
    return row === undefined ? !may(text) : rest !== "" || row.length !== 1 || !Object.is(row[0], Number(text));
  });
}

/** More digits than an integer of 64 bits holds, or powers of ten that no log has: such a line is parsed. */
function isUnusual(text: string): boolean {
  const [digits = "", power = "0"] = text.replace("-", "").split(/e/i);
  const size = Math.abs(Number(text));
  const isOutside = (size < 1e-60 && /[1-9]/.test(digits)) || size > 1e40;
  return /^0\d/.test(digits) || digits.replace(".", "").replace(/^0+/, "").length > 19 || isOutside || power.length > 5;
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
  expect(faultsIn(numbers, isUnusual)).toEqual([]);
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
  expect(faultsIn(numbers, isUnusual)).toEqual([]);
});

test("numbers halfway between two float64, and right beside, are what Number reads", () => {
  const numbers = Array.from({ length: 20_000 }, () => {
    const power = random.below(6);
    const half = (BigInt(random.below(2 ** 26) + 2 ** 26) * 2n ** 26n + BigInt(random.below(2 ** 26))) * 2n + 1n;
    const scaled = String(half * 2n ** BigInt(random.below(4)) * 10n ** BigInt(power) + BigInt(random.below(3) - 1));
    const cut = scaled.length - power;
    return `${scaled.slice(0, cut)}.${scaled.slice(cut)}0`;
  });
  expect(faultsIn(numbers, isUnusual)).toEqual([]);
});

test("the ends of the range are what Number reads, or are not read", () => {
  const ends = ["0", "-0", "-0.0", "0e400", "1e400", "-1e400", "1e-400", "5e-324", "1.7976931348623157e308"];
  const integers = ["9007199254740991", "9007199254740992", "9007199254740993", "9007199254740993.5", "1e23", "8.5e22"];
  const largest = [
    "9999999999999999999",
    "18446744073709551615",
    "99999999999999999999",
    "1e40",
    "1e41",
    "1e-80",
    "1e-81",
  ];
  const long = ["9".repeat(400), `0.${"0".repeat(400)}1`, "1e0000000000000000005", `0.${"0".repeat(30)}`];
  expect(faultsIn([...ends, ...integers, ...largest, ...long], isUnusual)).toEqual([]);
});

test.each([
  ["nothing", ""],
  ["a sign", "-"],
  ["a point and digits", ".5"],
  ["a word", "nan"],
  ["a point without digits", "5."],
  ["a power without digits", "5e+"],
  ["two points", "5.25.3"],
  ["a number and a unit", "12ms"],
  ["a needless zero, in JSON", "007"],
])("a line with %s in a number's place is not read", (_, text) => {
  expect(read(ONE_NUMBER, `${text},\n`)).toEqual([[], `${text},\n`]);
});

test("powers of five are those of Lemire's table", () => {
  const [first = 0n, second = 0n, ...others] = powersOfFive(-1, 1);
  expect([first, second]).toEqual([0xcccccccccccccccdn - 1n, 0xcccccccccccccccdn]);
  expect(others).toEqual([0x8000000000000000n, 0n, 0xa000000000000000n, 0n]);
});

test("lines are read up to the first that has another text, number or end", () => {
  const known = layoutOf("loss: <1.50> | norm: <2>");
  const like = "loss: 0.25 | norm: 3\nloss: -1e-3 | norm: 12345\r\n";
  const values = [
    [0.25, 3],
    [-0.001, 12_345],
  ];
  const others = [
    "loss: 1 | norm:  2",
    "Loss: 1 | norm: 2",
    "loss: 1 | norm: 2 ",
    "loss: 1 | norm: x",
    "",
    "\r\r",
    "loss: 1 | norm: 2\rx",
  ];
  expect(others.map((other) => read(known, `${like}${other}\n${like}`))).toEqual(
    others.map((other) => [values, `${other}\n${like}`]),
  );
});

test("a last line counts without its newline, and nothing behind the text does", () => {
  const known = layoutOf("norm <1> of all tensors");
  expect(read(known, `${"norm 1 of all tensors\n".repeat(3)}norm 2 of all tensors`)).toEqual([
    [[1], [1], [1], [2]],
    "",
  ]);
  // What the longer text left behind would go on like this.
  expect(read(known, "norm 3 of all tens")).toEqual([[], "norm 3 of all tens"]);
});

test("numbers that were padded may be longer or shorter, with a space before them at least", () => {
  const known = layoutOf("step    <10>/100");
  const rest = "step100000/100\n";
  expect(read(known, `step     9/100\nstep 10000/100\n${rest}`)).toEqual([[[9], [10_000]], rest]);
});

test("numbers with as many decimals count where that tells their resolution", () => {
  const known = layoutOf("<0.125> <7>");
  expect(read(known, "5.000 8\n5.00 8\n", LIKENESS.withAsManyDecimals)).toEqual([[[5, 8]], "5.00 8\n"]);
  expect(read(known, "5.000 8\n5e-3 8\n", LIKENESS.withAsManyDecimals)).toEqual([[[5, 8]], "5e-3 8\n"]);
});

test("a zero that was printed with decimals, and a step with some, are not like others", () => {
  const known = layoutOf("<0.125> <7>");
  expect(read(known, "5.1 8\n0.00 8\n", LIKENESS.asFinely)).toEqual([[[5.1, 8]], "0.00 8\n"]);
  expect(read(known, "5.1 8\n5.1 8.5\n", LIKENESS.asFinely)).toEqual([[[5.1, 8]], "5.1 8.5\n"]);
});

test("before the record any digit may stand for another, but not in the rank's place", () => {
  const layout = { ...layoutOf("[rank1] 12:30 step <5>"), recordAt: 14, fixed: { start: 5, end: 6 } };
  expect(read(layout, "[rank1] 23:59 step 6\n[rank2] 23:59 step 6\n")).toEqual([[[6]], "[rank2] 23:59 step 6\n"]);
});

test("lines of several layouts are read in turns, of the four that were learned last", () => {
  const taken: string[] = [];
  const { learn, pass } = createKnownLines<string>(LIKENESS.asInJson, (known, { values, firstLine, count, textOf }) => {
    taken.push(`${firstLine}: ${known}${values[0]} ${JSON.stringify(textOf(count - 1))}`);
    return count;
  });
  for (const name of ["a", "b", "c", "d", "e"]) {
    learn(layoutOf(`${name}<1>`), name);
  }
  const text = "b5\nc6\ne7\ne8\na9\n";
  expect(pass(textBlock(text), 0, 100)).toEqual({ lines: 4, next: text.indexOf("a9") });
  expect(taken).toEqual(['100: b5 "b5\\n"', '101: c6 "c6\\n"', '102: e7 "e8\\n"']);
});

test("lines that are not taken are left, and those after them", () => {
  const { learn, pass } = createKnownLines<null>(LIKENESS.asInJson, (_, { count }) => Math.min(count, 2));
  learn(layoutOf("<1>"), null);
  expect(pass(textBlock("1\n2\n3\n4\n"), 0, 0)).toEqual({ lines: 2, next: 4 });
});

test("a layout longer than the kernel's memory, or whose numbers are not plain, is not learned", () => {
  const long = layoutOf(`${"x".repeat(20_000)}<1>`);
  expect(read(long, `${long.line}\n`)).toEqual([[], `${long.line}\n`]);
  for (const marked of ["x", "<nan>", "<12,345>", "<1>2", "<1>.5", "<1>e5"]) {
    const layout = layoutOf(marked);
    expect(read(layout, `${layout.line}\n`)).toEqual([[], `${layout.line}\n`]);
  }
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test("where there is no WebAssembly each line is left to be parsed", async () => {
  vi.stubGlobal("WebAssembly", undefined);
  vi.resetModules();
  const module = await import("#readers/logs/shared/knownLines.ts");
  const { learn, pass } = module.createKnownLines<null>(LIKENESS.asInJson, (_, { count }) => count);
  learn(ONE_NUMBER, null);
  expect(pass(textBlock("1,\n2,\n"), 0, 0)).toEqual({ lines: 0, next: 0 });
});
