import type { Random } from "../support/random.ts";

/**
 * JSON with one to four of its values changed, left out, or taken from another; undefined when it is none. Changed bytes
 * mostly make it no JSON at all, and what checks the message is never asked.
 */
export function mutateJson(input: Uint8Array, other: Uint8Array, random: Random): Uint8Array | undefined {
  let [value, from] = [parsed(input), parsed(other)];
  if (value === undefined) {
    return undefined;
  }
  for (let changes = 1 + random.below(4); changes > 0; changes -= 1) {
    value = changed(value, from ?? value, random);
  }
  return Buffer.from(JSON.stringify(value));
}

function parsed(input: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(input).toString());
  } catch {
    return undefined;
  }
}

const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  1e308,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  "",
  "$NaN",
  "$Infinity",
  "$undefined",
  "__proto__",
  "\u0000",
  "\uD800",
  [],
  {},
  { $float64: [] },
  { $float64: ["NaN", "1"] },
];

/** The value with one place of it changed, at any depth. */
function changed(value: unknown, from: unknown, random: Random): unknown {
  if (typeof value !== "object" || value === null || random.below(8) === 0) {
    return random.below(3) === 0 ? placeIn(from, random) : random.pick(VALUES);
  }
  const entries = Object.entries(value) as readonly [string, unknown][];
  const at = random.below(entries.length + 1);
  const edited = entries.flatMap((entry, index) => (index === at ? edit(entry, from, random) : [entry]));
  const all = at < entries.length ? edited : [...edited, [random.pick(NAMES), placeIn(from, random)] as const];
  return Array.isArray(value) ? all.map(([, each]) => each) : Object.fromEntries(all);
}

type Entry = readonly [name: string, value: unknown];

const NAMES: readonly string[] = ["kind", "id", "name", "__proto__", "constructor", "toString", "length", "0"];

/** Mostly changed deeper inside; or left out, or under another name. */
function edit([name, value]: Entry, from: unknown, random: Random): readonly Entry[] {
  switch (random.below(8)) {
    case 0:
      return [];
    case 1:
      return [[random.pick(NAMES), value]];
    case 2:
      return [
        [name, value],
        [`${name}2`, value],
      ];
    default:
      return [[name, changed(value, from, random)]];
  }
}

/** Some value of another message. */
function placeIn(value: unknown, random: Random): unknown {
  if (typeof value !== "object" || value === null || random.below(3) === 0) {
    return value;
  }
  const values = Object.values(value) as readonly unknown[];
  return values.length === 0 ? value : placeIn(random.pick(values), random);
}
