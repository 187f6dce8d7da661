import { latin1 } from "./pickle.ts";

/** A pickle that in Python would call something, by one opcode that can. */
export interface CallingPickle {
  readonly opcode: string;
  readonly bytes: Uint8Array;
  /** Whether any Python makes the file; the others need a class or a registry that only the victim has. */
  readonly runsAnywhere: boolean;
}

/** One for each opcode that calls, constructs or looks something up; each would make an empty file of this path. */
export function callingPickles(path: string): readonly CallingPickle[] {
  const text = `X${littleEndian(path.length, 4)}${path}`;
  const mode = "X\x01\x00\x00\x00w";
  const open = "cbuiltins\nopen\n";
  const tuple = `${text}${mode}\x86`;
  const touch = "csubprocess\nPopen\n";
  const command = `](X\x05\x00\x00\x00touch${text}e`;
  const written: readonly (readonly [opcode: string, code: string, runsAnywhere: boolean])[] = [
    ["REDUCE", `\x80\x02${open}${tuple}R.`, true],
    ["REDUCE by STACK_GLOBAL", `\x80\x04${named("builtins")}${named("open")}\x93${tuple}R.`, true],
    ["INST", `(${text}${mode}ibuiltins\nopen\n.`, true],
    ["OBJ", `\x80\x02(${open}${text}${mode}o.`, true],
    ["NEWOBJ", `\x80\x02${touch}${command}\x85\x81.`, false],
    ["NEWOBJ_EX", `\x80\x04${touch}${command}\x85}\x92.`, false],
    // Whatever __setstate__ the object has is called with the state.
    ["BUILD", `\x80\x02cbuiltins\nobject\n)R}X\x0c\x00\x00\x00__setstate__${open}sb${tuple}b.`, false],
    ["BUILD of a call", `\x80\x02${open}${tuple}R}X\x01\x00\x00\x00aK\x01sb.`, true],
    ["EXT1", `\x80\x02\x82\x01${tuple}R.`, false],
    ["EXT2", `\x80\x02\x83\x01\x01${tuple}R.`, false],
    ["EXT4", `\x80\x02\x84\x01\x01\x01\x00${tuple}R.`, false],
    ["PERSID", `P${path}\n.`, false],
    ["BINPERSID", `\x80\x02${text}Q.`, false],
    // Two calls, one of which makes what the other calls.
    [
      "REDUCE of a call",
      `\x80\x02cbuiltins\ngetattr\ncbuiltins\nstr\nX\x06\x00\x00\x00format\x86R${tuple}R0${open}${tuple}R.`,
      true,
    ],
    ["eval", `\x80\x02cbuiltins\neval\n${evaluated(path)}\x85R.`, true],
    ["memo", `\x80\x02${open}q\x000h\x00${tuple}R.`, true],
  ];
  return written.map(([opcode, code, runsAnywhere]) => ({ opcode, bytes: latin1(code), runsAnywhere }));
}

/** A short word, as protocol 4 writes it. */
function named(word: string): string {
  return `\x8c${String.fromCodePoint(word.length)}${word}`;
}

function evaluated(path: string): string {
  const code = `open(${JSON.stringify(path)}, "w")`;
  return `X${littleEndian(code.length, 4)}${code}`;
}

function littleEndian(value: number, bytes: number): string {
  return Array.from({ length: bytes }, (_, at) => String.fromCodePoint((value >>> (8 * at)) & 0xff)).join("");
}
