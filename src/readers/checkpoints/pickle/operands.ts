import { t } from "@vscode/l10n";
import { decodeEscapes, decodeQuoted } from "./escapes.ts";
import { bytesAhead, type PickleInput, positionOf } from "./input.ts";
import type { PickleValue } from "./values.ts";

/** What follows an opcode, as a value; of two lines the dotted name. */
export type Operand = PickleValue | undefined;

/** So many bytes of the opcode must be in the window before it can be read. */
export interface NeedMore {
  readonly need: number;
}

/** The operand is not what the opcode wants. */
export interface BadOperand {
  readonly bad: string;
}

/** Reads the operand after the opcode at `input.at`, and on success moves behind it. */
export type OperandReader = (input: PickleInput) => { readonly operand: Operand } | NeedMore | BadOperand;

export const NO_OPERAND: OperandReader = (input) => {
  input.at += 1;
  return NONE;
};

const NONE = { operand: undefined };

export const UINT8 = fixed(1, (view, at) => view.getUint8(at));
export const UINT16 = fixed(2, (view, at) => view.getUint16(at, true));
export const UINT32 = fixed(4, (view, at) => view.getUint32(at, true));
export const INT32 = fixed(4, (view, at) => view.getInt32(at, true));
export const UINT64 = fixed(8, readUint64);
export const FLOAT64 = fixed(8, (view, at) => view.getFloat64(at, false));

function fixed(width: number, read: (view: DataView, at: number) => number): OperandReader {
  return (input) => {
    if (bytesAhead(input) < 1 + width) {
      return { need: 1 + width };
    }
    const operand = read(input.view, input.at + 1);
    input.at += 1 + width;
    return { operand };
  };
}

/** Too large ones are not exact, and larger than every file. */
function readUint64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
}

/** A whole number in two's complement after its length. */
export const LONG1 = long(1);
export const LONG4 = long(4);

function long(lengthBytes: 1 | 4): OperandReader {
  return (input) => {
    const head = 1 + lengthBytes;
    if (bytesAhead(input) < head) {
      return { need: head };
    }
    const { view, at } = input;
    const length = lengthBytes === 1 ? view.getUint8(at + 1) : view.getInt32(at + 1, true);
    if (length < 0 || length > MAX_LONG_BYTES) {
      return { bad: t("a whole number of {0} bytes", length) };
    }
    if (bytesAhead(input) < head + length) {
      return { need: head + length };
    }
    const operand = twosComplement(input.bytes.subarray(at + head, at + head + length));
    input.at += head + length;
    return { operand };
  };
}

// Sizes, counters and seeds are far shorter.
const MAX_LONG_BYTES = 1024;

function twosComplement(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (const byte of bytes.toReversed()) {
    value = (value << 8n) | BigInt(byte);
  }
  const isNegative = (bytes.at(-1) ?? 0) > 0x7f;
  return plain(isNegative ? value - (1n << BigInt(8 * bytes.length)) : value);
}

function plain(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

type Width = 1 | 4 | 8;

function lengthAt({ view, at }: PickleInput, width: Width): number {
  switch (width) {
    case 1:
      return view.getUint8(at + 1);
    case 4:
      return view.getUint32(at + 1, true);
    case 8:
      return readUint64(view, at + 1);
  }
}

/** Bytes after their length. Many are stepped over and only their range is kept. */
export function bytesOperand(width: Width): OperandReader {
  return counted(width, ({ offset, byteLength, bytes }) => {
    const kept = bytes?.slice();
    return { kind: "bytes", offset, byteLength, bytes: kept };
  });
}

/** UTF-8 after its length. */
export function textOperand(width: Width): OperandReader {
  return counted(width, ({ offset, byteLength, bytes }) =>
    bytes === undefined ? { kind: "text", offset, byteLength, text: undefined } : decodeText(bytes),
  );
}

/** A string of Python 2, which may be text or bytes. What is no plain text keeps its place, since it may be an array's. */
export function byteStringOperand(width: Width): OperandReader {
  return counted(width, ({ offset, byteLength, bytes }) => {
    const text = bytes && Array.from(bytes, (byte) => String.fromCodePoint(byte)).join("");
    return text !== undefined && /^[\t\n\r -~]*$/.test(text)
      ? text
      : { kind: "bytes", offset, byteLength, bytes: bytes?.slice() };
  });
}

interface Payload {
  readonly offset: number;
  readonly byteLength: number;
  readonly bytes: Uint8Array | undefined;
}

/** Longer payloads are no names or settings: they stay in the file. */
const MAX_KEPT_BYTES = 4096;

function counted(width: Width, valueOf: (payload: Payload) => PickleValue): OperandReader {
  return (input) => {
    const head = 1 + width;
    if (bytesAhead(input) < head) {
      return { need: head };
    }
    const byteLength = lengthAt(input, width);
    const isKept = byteLength <= MAX_KEPT_BYTES;
    const offset = positionOf(input) + head;
    // Also of what is stepped over the end must be there: a cut file would otherwise look whole.
    if (offset + byteLength > input.source.size || (isKept && bytesAhead(input) < head + byteLength)) {
      return { need: head + byteLength };
    }
    const from = input.at + head;
    const bytes = isKept ? input.bytes.subarray(from, from + byteLength) : undefined;
    input.at = from + byteLength;
    return { operand: valueOf({ offset, byteLength, bytes }) };
  };
}

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
const FEW_BYTES = 8;

/** Keys of storages are short and plain, and a decoder's call costs more than they do. */
function decodeText(bytes: Uint8Array): string {
  if (bytes.length > FEW_BYTES) {
    return UTF8.decode(bytes);
  }
  let text = "";
  for (const byte of bytes) {
    if (byte > LAST_ASCII) {
      return UTF8.decode(bytes);
    }
    text += LETTERS[byte] ?? "";
  }
  return text;
}

const LAST_ASCII = 0x7f;
const LETTERS = Array.from({ length: LAST_ASCII + 1 }, (_, code) => String.fromCharCode(code));

export const LINE = lines(1, ([text = ""]) => text);
/** Two lines, module and name. */
export const DOTTED_NAME = lines(2, ([module = "", name = ""]) => `${module}.${name}`);
export const QUOTED_LINE = lines(1, ([text = ""]) => decodeQuoted(text));
export const ESCAPED_LINE = lines(1, ([text = ""]) => decodeEscapes(text, "unicode"));
export const FLOAT_LINE = lines(1, ([text = ""]) => floatIn(text));
export const INTEGER_LINE = lines(1, ([text = ""]) => integerIn(text));

// Names, numbers and short texts of protocol 0; longer ones have no line's end.
const MAX_LINE_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

function lines(count: 1 | 2, valueOf: (texts: readonly string[]) => Operand): OperandReader {
  return (input) => {
    const texts: string[] = [];
    let from = input.at + 1;
    for (let line = 0; line < count; line += 1) {
      const end = input.bytes.indexOf(NEWLINE, from);
      if (end < 0 || end - from > MAX_LINE_BYTES) {
        return bytesAhead(input) > 2 * MAX_LINE_BYTES ? { bad: t("a line without an end") } : { need: moreOf(input) };
      }
      texts.push(UTF8.decode(input.bytes.subarray(from, end)));
      from = end + 1;
    }
    const operand = valueOf(texts);
    if (operand === undefined) {
      return { bad: t("the line {0}", JSON.stringify(texts.join(" ").slice(0, 40))) };
    }
    input.at = from;
    return { operand };
  };
}

/** Twice as much, or what the source has, so that a line's end is not looked for byte by byte. */
function moreOf(input: PickleInput): number {
  const ahead = bytesAhead(input);
  return Math.max(ahead + 1, Math.min(2 * ahead, input.source.size - positionOf(input)));
}

const NAMED_FLOATS: ReadonlyMap<string, number> = new Map([
  ["nan", Number.NaN],
  ["inf", Infinity],
  ["-inf", -Infinity],
]);

function floatIn(text: string): number | undefined {
  const isNumber = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text);
  return isNumber ? Number(text) : NAMED_FLOATS.get(text.toLowerCase());
}

/** `01` and `00` are True and False. Python itself refuses numbers of more than 4300 digits. */
function integerIn(text: string): number | bigint | boolean | undefined {
  if (text === "01" || text === "00") {
    return text === "01";
  }
  return /^[-+]?\d{1,4300}L?$/.test(text) ? plain(BigInt(text.replace(/^\+/, "").replace(/L$/, ""))) : undefined;
}
