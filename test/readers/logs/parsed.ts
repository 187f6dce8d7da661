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
  const samples = samplesOf(first);
  for (const [name, rows] of Object.entries(samplesOf(second))) {
    samples[name] = [...(samples[name] ?? []), ...rows];
  }
  return samples;
}
