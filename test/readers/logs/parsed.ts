import type { LogReader, ParsedLog, TextReader } from "#readers/logs/reader.ts";

export type Samples = Record<string, (readonly [step: number, value: number, line: number])[]>;

/** Every series of a parse as `[step, value, line]`. */
export function samplesOf({ chunks }: Pick<ParsedLog, "chunks">): Samples {
  return Object.fromEntries(
    chunks.map(({ name, steps, values, lines }) => [
      name,
      Array.from(steps, (step, at) => [step, values[at] ?? Number.NaN, lines[at] ?? -1] as const),
    ]),
  );
}

export function parseAll(reader: LogReader, text: string): ParsedLog {
  if (reader.growth !== "byLines" && reader.growth !== "byReplacement") {
    throw new Error(`${reader.format} is no text.`);
  }
  return reader.parse(text, { firstLine: 0, carry: "" });
}

/** The samples of a log that is read in two pieces, the first ending with the last whole line before `cut`. */
export function parseInTwo(reader: TextReader, bytes: Buffer, cut: number): Samples {
  const end = bytes.subarray(0, cut).lastIndexOf("\n") + 1;
  const head = bytes.subarray(0, end).toString();
  const first = reader.parse(head, { firstLine: 0, carry: "" });
  const firstLine = head.split("\n").length - 1;
  const second = reader.parse(bytes.subarray(end).toString(), { firstLine, carry: first.carry });
  return joined([first, second]);
}

/** The samples of a log that grows by one line at a time. */
export function parseByLine(reader: TextReader, text: string): Samples {
  let carry = "";
  return joined(
    text.split(/(?<=\n)/).map((line, firstLine) => {
      const parsed = reader.parse(line, { firstLine, carry });
      carry = parsed.carry;
      return parsed;
    }),
  );
}

function joined(pieces: readonly ParsedLog[]): Samples {
  const samples: Samples = {};
  for (const piece of pieces) {
    for (const [name, rows] of Object.entries(samplesOf(piece))) {
      samples[name] = [...(samples[name] ?? []), ...rows];
    }
  }
  return samples;
}
