import { afterAll, beforeAll, expect, test } from "vitest";
import { isDamage } from "#codings/damage.ts";
import { describeFailure } from "#l10n/failure.ts";
import { setLanguage } from "#l10n/language.ts";
import { nameOptimizerStates } from "#readers/checkpoints/parameterNames/parameterNames.ts";
import { customReader } from "#readers/logs/custom/custom.ts";
import type { RecordReader, TextReader } from "#readers/logs/reader.ts";
import { LOG_READERS } from "#readers/logs/readers.ts";
import { CHECKPOINT_SEEDS } from "../fuzz/checkpointSeeds.ts";
import { readIndex, reduceFrom } from "../fuzz/checkpointTargets.ts";
import { LOG_SEEDS, RECORD_SEEDS } from "../fuzz/logSeeds.ts";
import { mutate } from "../fuzz/mutate.ts";
import { fragmentsOf, framedBy } from "../fuzz/records.ts";
import { createRandom } from "../support/random.ts";
import { PIECES, valuesIn } from "../support/textPieces.ts";

beforeAll(() => setLanguage(PIECES));
afterAll(() => setLanguage({}));

const CHANGES = 120;

/** The seed as it is and changed in many ways, the same in each run. */
function* changesOf(seed: Uint8Array): Generator<Uint8Array> {
  const random = createRandom(seed.length);
  yield seed;
  for (let change = 0; change < CHANGES; change += 1) {
    yield mutate(seed, { random, words: [], other: () => seed, maxBytes: 2 * seed.length });
    yield seed.subarray(0, random.below(seed.length));
  }
}

type Files = Readonly<Record<string, Uint8Array>>;

async function sentencesOf(files: Files, opened: string | undefined): Promise<string[]> {
  const index = await readIndex(files, opened);
  if (index.kind !== "ok") {
    return [describeFailure(index)];
  }
  const [named] = nameOptimizerStates([index.value]);
  const sentences = [
    ...index.value.notes,
    ...(index.value.notRead ?? []).map(({ what }) => what),
    named?.optimizer?.namedBy ?? "",
  ];
  for (const entry of index.value.tensors) {
    try {
      const reduced = await reduceFrom(files, entry);
      sentences.push(...(reduced.kind === "ok" ? [] : [describeFailure(reduced)]));
    } catch (error) {
      sentences.push(error instanceof Error && isDamage(error) ? error.message : "");
    }
  }
  return sentences;
}

/** Texts that quote what a library says, which has its own language. */
const QUOTES_LIBRARY = [
  "The zip archive's directory cannot be read: ",
  " data cannot be decompressed: ",
  "a record cannot be decompressed: ",
  "The JSON cannot be read: ",
  "The record's data are no event: ",
  "The record's data are none of Weights & Biases': ",
];

function withoutQuotes(sentence: string): string {
  return QUOTES_LIBRARY.reduce((rest, piece) => rest.replace(new RegExp(`⟦${piece}⟧[^⟦]*`), ""), sentence);
}

/** Names with a space in the seeds; names are data. */
const NAMES = /lm loss|(total )?grad norm/g;

/** Values that look like English: two words with a space between. */
function englishIn(sentences: Iterable<string>): string[] {
  return Array.from(new Set(sentences)).filter((sentence) =>
    /(?<!\S)[a-z]{2,} [a-z]{2,}(?!\S)/.test(valuesIn(withoutQuotes(sentence)).replaceAll(NAMES, "")),
  );
}

test.each(Object.entries(CHECKPOINT_SEEDS))(
  "what is wrong with changed files of %s is all translated",
  async (_, seeds) => {
    const sentences = new Set<string>();
    for (const files of seeds.checkpoints) {
      const whole = Object.fromEntries(Object.entries(files).map(([name, data]) => [name, Buffer.from(data)]));
      for (const [name, seed] of Object.entries(whole)) {
        for (const changed of changesOf(seed)) {
          (await sentencesOf({ ...whole, [name]: changed }, seeds.opened)).forEach((one) => sentences.add(one));
        }
      }
    }
    expect([englishIn(sentences), sentences.size > 3]).toEqual([[], true]);
  },
);

function problemsIn(reader: TextReader | RecordReader, bytes: Uint8Array): readonly string[] {
  const { problems } =
    reader.growth === "byRecords"
      ? reader.parse(bytes, { offset: 0, firstRecord: 0, carry: "", isEnd: true })
      : reader.parse(new TextDecoder().decode(bytes), { firstLine: 0, carry: "", name: "log.txt" });
  return problems.filter(({ count }) => count === undefined).map(({ reason }) => reason);
}

const OWN = customReader([String.raw`it=(?<step>\S+) g=(?<value>\S+)`]);

test("what is wrong with changed logs of every format is all translated", () => {
  const problems = new Set<string>();
  for (const reader of [...LOG_READERS, ...(OWN === null ? [] : [OWN])]) {
    if (reader.growth === "byFolder" || reader.growth === "byQueries") {
      continue;
    }
    const seeds =
      reader.growth === "byRecords"
        ? (RECORD_SEEDS[reader.format] ?? []).map((records) => framedBy(reader.format, fragmentsOf(records)))
        : (LOG_SEEDS[reader.format] ?? ["it=1 g=2\nit=x g=3\nit=4 g=y\n"]).map((text) => Buffer.from(text));
    for (const seed of seeds) {
      for (const changed of changesOf(seed)) {
        problemsIn(reader, changed).forEach((one) => problems.add(one));
      }
    }
  }
  expect([englishIn(problems), problems.size > 20]).toEqual([[], true]);
});
