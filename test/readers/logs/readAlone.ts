import type { TextReader } from "#readers/logs/reader.ts";
import { parseAll, samplesOf } from "./parsed.ts";
import type { Samples } from "./parsed.ts";

export interface Read {
  readonly samples: Samples;
  readonly problems: readonly unknown[];
  readonly clipThreshold: unknown;
  readonly carry: string;
}

/** Line by line, so that nothing is known of a line before but what the carry tells. */
export function readAlone(reader: TextReader, text: string): Read {
  const samples = Object.create(null) as Samples;
  const problems: unknown[] = [];
  let clipThreshold: unknown = null;
  let carry = "";
  for (const [firstLine, line] of text.split(/(?<=\n)/).entries()) {
    const parsed = reader.parse(line, { firstLine, carry });
    for (const [name, rows] of Object.entries(samplesOf(parsed))) {
      samples[name] = [...(samples[name] ?? []), ...rows];
    }
    problems.push(...parsed.problems);
    clipThreshold ??= parsed.clipThreshold;
    carry = parsed.carry;
  }
  return { samples, problems, clipThreshold, carry };
}

export function readTogether(reader: TextReader, text: string): Read {
  const parsed = parseAll(reader, text);
  const { problems, clipThreshold, carry } = parsed;
  return { samples: samplesOf(parsed), problems, clipThreshold, carry };
}
