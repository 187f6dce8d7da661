import { expect, test } from "vitest";

import { classNameOf, entriesOf, isObject, itemsOf, valueAt } from "#readers/checkpoints/pickle/access.ts";
import { readPickle } from "#readers/checkpoints/pickle/readPickle.ts";

import { built, call, float, latin1, list, name, pickle, persistent, type Pickled } from "../../../support/pickle.ts";
import { concat, sourceOf } from "../../../support/safetensors.ts";
import { u32, u64 } from "../../../support/zip.ts";

async function read(bytes: Uint8Array | string): ReturnType<typeof readPickle> {
  return readPickle(sourceOf(typeof bytes === "string" ? latin1(bytes) : bytes));
}

async function valueOf(bytes: Uint8Array | string): Promise<unknown> {
  const outcome = await read(bytes);
  return outcome.kind === "ok" ? outcome.value.value : outcome;
}

test.each([
  { written: "I7\n.", value: 7 },
  { written: "I01\n.", value: true },
  { written: "I00\n.", value: false },
  { written: "L-12L\n.", value: -12 },
  { written: "L123456789012345678901L\n.", value: 123_456_789_012_345_678_901n },
  { written: "J\xfe\xff\xff\xff.", value: -2 },
  { written: "K\xff.", value: 255 },
  { written: "M\x00\x01.", value: 256 },
  { written: "\x8a\x00.", value: 0 },
  { written: "\x8a\x01\xff.", value: -1 },
  { written: "\x8a\x07\x00\x00\x00\x00\x00\x00\x80.", value: -(2n ** 55n) },
  { written: "\x8b\x01\x00\x00\x00\x05.", value: 5 },
  { written: "F2.5e1\n.", value: 25 },
  { written: "Fnan\n.", value: Number.NaN },
  { written: "F-inf\n.", value: -Infinity },
  { written: "G\x3f\xf8\x00\x00\x00\x00\x00\x00.", value: 1.5 },
  { written: "S'a\\n\\x41\\101\\''\n.", value: "a\nAA'" },
  { written: 'S"it\'s"\n.', value: "it's" },
  { written: "Va\\u00e9\n.", value: "aé" },
  { written: "U\x02ab.", value: "ab" },
  { written: "T\x02\x00\x00\x00ab.", value: "ab" },
  { written: "X\x02\x00\x00\x00\xc3\xa9.", value: "é" },
  { written: "\x80\x04\x95\x04\x00\x00\x00\x00\x00\x00\x00\x8c\x01a\x94.", value: "a" },
  { written: "\x8d\x01\x00\x00\x00\x00\x00\x00\x00a.", value: "a" },
  { written: "N.", value: null },
  { written: "\x88.", value: true },
  { written: "\x89.", value: false },
  { written: ").", value: { kind: "tuple", items: [] } },
  { written: "K\x01K\x02\x86.", value: { kind: "tuple", items: [1, 2] } },
  { written: "(K\x01K\x02K\x03t.", value: { kind: "tuple", items: [1, 2, 3] } },
  { written: "](K\x01K\x02e.", value: { kind: "list", items: [1, 2] } },
  { written: "(K\x01lK\x02a.", value: { kind: "list", items: [1, 2] } },
  { written: "\x8f(K\x01\x90.", value: { kind: "set", items: [1] } },
  { written: "(K\x01\x91.", value: { kind: "set", items: [1] } },
  { written: "(K\x01K\x02d.", value: { kind: "dict", keys: [1], values: [2] } },
  { written: "}K\x01K\x02s.", value: { kind: "dict", keys: [1], values: [2] } },
  { written: "K\x01p0\n0g0\n.", value: 1 },
  { written: "K\x01q\x050K\x02h\x050.", value: 2 },
  { written: "K\x01r\x01\x00\x00\x000j\x01\x00\x00\x00.", value: 1 },
  { written: "K\x01\x94K\x02200h\x00.", value: 1 },
  { written: "(K\x01K\x021K\x03.", value: 3 },
  { written: "((0K\x03t.", value: { kind: "tuple", items: [3] } },
  { written: "cos\nsystem\n.", value: { kind: "global", name: "os.system" } },
  { written: "\x8c\x02os\x8c\x06system\x93.", value: { kind: "global", name: "os.system" } },
  { written: "P7\n.", value: { kind: "persistent", id: "7" } },
  { written: "K\x07Q.", value: { kind: "persistent", id: 7 } },
])("$written is read as protocol 0 to 5 say", async ({ written, value }) => {
  expect(await valueOf(written)).toEqual(value);
});

const SYSTEM = { kind: "global", name: "posix.system" };
const ARGUMENTS = { kind: "tuple", items: ["ls"] };

test.each([
  { way: "REDUCE", written: "cposix\nsystem\n(U\x02lstR.", made: {} },
  { way: "INST", written: "(U\x02lsiposix\nsystem\n.", made: {} },
  { way: "OBJ", written: "(cposix\nsystem\nU\x02lso.", made: {} },
  { way: "NEWOBJ", written: "cposix\nsystem\nU\x02ls\x85\x81.", made: {} },
  {
    way: "NEWOBJ_EX",
    written: "cposix\nsystem\nU\x02ls\x85}\x92.",
    made: { keywords: { kind: "dict", keys: [], values: [] } },
  },
  { way: "STACK_GLOBAL", written: "\x8c\x05posix\x8c\x06system\x93U\x02ls\x85R.", made: {} },
  { way: "BUILD", written: "cposix\nsystem\nU\x02ls\x85RK\x01b.", made: { state: 1 } },
])("a call by $way is a record that calls nothing", async ({ written, made }) => {
  expect(await valueOf(written)).toEqual({ kind: "object", callable: SYSTEM, args: ARGUMENTS, ...made });
});

test("an OrderedDict, a dict and a dict of Python 2 look the same", async () => {
  const ordered = call(name("collections", "OrderedDict"), []);
  const set = concat([pickle(ordered).slice(0, -1), latin1("(U\x01aK\x01u.")]);
  const given = pickle(call(name("collections", "OrderedDict"), [list([list(["a", 1])])]));
  for (const bytes of [set, given, pickle({ a: 1 })]) {
    const outcome = await read(bytes);
    expect(outcome.kind === "ok" && entriesOf(outcome.value.value)).toEqual([["a", 1]]);
  }
});

test("a key may be __proto__, a tuple or a number, and of one that comes twice the later value counts", async () => {
  const keys: Pickled = new Map<Pickled, Pickled>([
    ["__proto__", 1],
    [[1, 2], 2],
    [7, 3],
  ]);
  const outcome = await read(concat([pickle(keys).slice(0, -1), latin1("U\x09__proto__K\x04s.")]));
  const value = outcome.kind === "ok" ? outcome.value.value : null;
  expect(entriesOf(value)?.map(([key]) => key)).toEqual([
    "__proto__",
    { kind: "tuple", items: [1, 2] },
    7,
    "__proto__",
  ]);
  expect(valueAt(value, "__proto__")).toBe(4);
});

test("a list may contain itself", async () => {
  const outcome = await read("]q\x00h\x00a.");
  const value = outcome.kind === "ok" ? outcome.value.value : null;
  expect(itemsOf(value)?.[0]).toBe(value);
});

test("long bytes and texts stay in the file, and where they lie is told", async () => {
  const long = new Uint8Array(1_000_000).fill(65);
  const bytes = pickle([long, "after", new TextDecoder().decode(long), Uint8Array.of(1, 2)]);
  const source = sourceOf(bytes);
  let most = 0;
  const watched = async (offset: number, length: number): Promise<Uint8Array> => {
    most = Math.max(most, length);
    return source.read(offset, length);
  };
  const outcome = await readPickle({ ...source, read: watched });
  const items = outcome.kind === "ok" ? itemsOf(outcome.value.value) : [];
  expect(items).toEqual([
    { kind: "bytes", offset: 8, byteLength: 1_000_000, bytes: undefined },
    "after",
    { kind: "text", offset: 1_000_023, byteLength: 1_000_000, text: undefined },
    { kind: "bytes", offset: 2_000_028, byteLength: 2, bytes: Uint8Array.of(1, 2) },
  ]);
  expect(most).toBeLessThan(300_000);
});

test("text that NumPy's bytes are to be made of keeps its place", async () => {
  const bytes = pickle(call(name("_codecs", "encode"), ["\u00fféa", "latin1"]));
  const outcome = await read(bytes);
  const value = outcome.kind === "ok" ? outcome.value.value : null;
  expect(isObject(value) && itemsOf(value.args)).toEqual([
    { kind: "text", offset: 24, byteLength: 5, text: "\u00fféa" },
    "latin1",
  ]);
});

test("an object that a class's own maker makes has that class's name", async () => {
  const made = call(name("copyreg", "_reconstructor"), [name("torch.nn", "Linear"), name("builtins", "object"), null]);
  const outcome = await read(pickle(built(made, { a: persistent("x") })));
  expect(outcome.kind === "ok" && isObject(outcome.value.value) && classNameOf(outcome.value.value)).toBe(
    "torch.nn.Linear",
  );
});

function remembered(text: string, index: number): Uint8Array {
  return concat([latin1("X"), u32(text.length), latin1(`${text}r`), u32(index)]);
}

test("a long pickle keeps what it asks for again, by every opcode that asks, and nothing it does not", async () => {
  const texts = Array.from({ length: 30_000 }, (_, index) => `text ${index}`);
  const asks = [latin1("h\x05"), latin1("j"), u32(29_999), latin1("g70\n")];
  const written = concat([latin1("]("), ...texts.map(remembered), ...asks, latin1("e.")]);
  const outcome = await read(written);
  const items = outcome.kind === "ok" ? itemsOf(outcome.value.value) : [];
  expect(written.length).toBeGreaterThan(400_000);
  expect(items).toEqual([...texts, "text 5", "text 29999", "text 70"]);
  const never = concat([latin1("]("), ...texts.map(remembered), latin1("j"), u32(30_000), latin1("e.")]);
  expect(await read(never)).toMatchObject({
    kind: "malformed",
    what: expect.stringMatching(/remembered value 30000/) as string,
  });
});

test("pickles that follow each other are read one after another", async () => {
  const bytes = concat([pickle("first"), pickle(float(2.5))]);
  const first = await read(bytes);
  const second = await readPickle(sourceOf(bytes), first.kind === "ok" ? first.value.end : 0);
  expect(second).toEqual({ kind: "ok", value: { value: 2.5, end: bytes.length, persistent: [] } });
});

test.each([
  { attack: "takes from an empty stack", written: "R." },
  { attack: "takes below a mark", written: "K\x01(0a." },
  { attack: "looks for a mark", written: "K\x01t." },
  { attack: "ends with nothing on its stack", written: "." },
  { attack: "gets what it never put", written: "h\x07." },
  { attack: "gets a skipped place of its memo", written: "K\x01q\x05h\x02." },
  { attack: "puts far into its memo", written: "K\x01r\xff\xff\xff\x7f." },
  { attack: "puts by a negative number", written: "K\x01p-1\n." },
  { attack: "has a whole number of two gigabytes", written: "\x8b\xff\xff\xff\x7f." },
  { attack: "has a whole number of negative length", written: "\x8b\xff\xff\xff\xff." },
  { attack: "has a line that is no number", written: "Ione\n." },
  { attack: "has a string without quotes", written: "Sabc\n." },
  { attack: "names a class by numbers", written: "K\x01K\x02\x93." },
  { attack: "names a class by what it remembers nothing of", written: "h\x00h\x01\x93." },
  { attack: "appends to a number", written: "K\x01K\x02a." },
  { attack: "sets items of a list", written: "]K\x01K\x02s." },
  { attack: "has a key without a value", written: "}(K\x01u." },
  { attack: "makes an object of nothing", written: "(o." },
  { attack: "has an opcode that is none", written: "\xff." },
])("a pickle that $attack is malformed", async ({ written }) => {
  expect(await valueOf(written)).toEqual({
    kind: "malformed",
    offset: expect.any(Number) as number,
    what: expect.any(String) as string,
  });
});

test.each([
  { attack: "a class by a number of its own", written: "\x82\x01." },
  { attack: "data beside it", written: "\x97." },
  { attack: "protocol 6", written: "\x80\x06N." },
])("a pickle that needs $attack is not supported", async ({ written }) => {
  expect(await valueOf(written)).toEqual({ kind: "unsupported", what: expect.any(String) as string });
});

test.each([
  { what: "text", head: concat([latin1("X"), u32(2 ** 31 - 1)]) },
  { what: "bytes", head: concat([latin1("B"), u32(2 ** 31)]) },
  { what: "bytes of protocol 4", head: concat([latin1("\x8e"), u64(2 ** 50)]) },
])("$what longer than the file is incomplete, and nothing is allocated for it", async ({ head }) => {
  expect((await read(head)).kind).toBe("incomplete");
});

test("a pickle cut anywhere is incomplete", async () => {
  const whole = pickle({
    a: [1, "two", call(name("m", "f"), [list([true, null])])],
    b: Uint8Array.of(1),
    c: persistent([1]),
  });
  const kinds = await Promise.all(Array.from(whole.keys(), async (end) => (await read(whole.subarray(0, end))).kind));
  expect(new Set(kinds)).toEqual(new Set(["incomplete"]));
});

test("a pickle that doubles its value a thousand times is read once", async () => {
  const outcome = await read(`)${"2\x86".repeat(1000)}.`);
  expect(outcome.kind).toBe("ok");
});

test("a pickle whose values take more memory than is allowed is refused", async () => {
  const outcome = await readPickle(sourceOf(new Uint8Array(11_000).fill(0x5d)), 0, { mostMemory: 1_000_000 });
  expect(outcome.kind === "malformed" && outcome.what).toContain("larger than any checkpoint's");
});

test("a number of a megabyte that is none is judged at once", async () => {
  const outcome = await read(`F${"1".repeat(1_000_000)}!\n.`);
  expect(outcome.kind).toBe("malformed");
});
