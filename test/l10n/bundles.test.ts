import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

type Texts = Readonly<Record<string, string>>;

/** The English of both kinds of texts, and each of their translations. */
const TRANSLATIONS = [
  { english: "l10n/bundle.l10n.json", pattern: "l10n/bundle.l10n.*.json" },
  { english: "package.nls.json", pattern: "package.nls.*.json" },
].flatMap(({ english, pattern }) =>
  globSync(pattern, { cwd: ROOT })
    .filter((path) => path !== english)
    .map((path) => ({ english, path })),
);

test("there is Simplified Chinese for what the program says and for what its manifest says", () => {
  expect(TRANSLATIONS.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["l10n/bundle.l10n.zh-cn.json", "package.nls.zh-cn.json"]),
  );
});

test.each(TRANSLATIONS)("$path has every text of $english, and none that is gone", ({ english, path }) => {
  expect(Object.keys(read(path)).toSorted()).toEqual(Object.keys(read(english)).toSorted());
});

test.each(TRANSLATIONS)(
  "$path puts in the same as $english: numbers, commands, settings and code",
  ({ english, path }) => {
    const translated = read(path);
    const different = Object.entries(read(english)).filter(
      ([key, text]) => JSON.stringify(slotsOf(text)) !== JSON.stringify(slotsOf(translated[key] ?? "")),
    );
    expect(different.map(([key, text]) => [text, translated[key]])).toEqual([]);
  },
);

test("texts in Chinese end as their English does", () => {
  const translated = read("l10n/bundle.l10n.zh-cn.json");
  const different = Object.keys(translated).filter(
    (text) => isSentence(text) !== (translated[text] ?? "").endsWith("。"),
  );
  expect(different).toEqual([]);
});

function read(path: string): Texts {
  return JSON.parse(readFileSync(join(ROOT, path), "utf8")) as Texts;
}

/** `{0}`, `(command:…)`, `#setting#` and `code`, in any order: languages have their own. */
function slotsOf(text: string): readonly string[] {
  return (text.match(/\{\d+\}|\(command:[^)]+\)|`[^`]+`/g) ?? []).toSorted();
}

/** A full stop ends it; `…` goes on. */
function isSentence(text: string): boolean {
  return /[^.…][.]$/.test(text);
}
