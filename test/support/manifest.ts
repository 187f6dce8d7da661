import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** The manifest as VS Code reads it: with the texts of `package.nls.json`, or of another language, in their places. */
export function readManifest(language?: string): unknown {
  const own = language === undefined ? "package.nls.json" : `package.nls.${language}.json`;
  const texts = new Map(Object.entries({ ...readJson("package.nls.json"), ...readJson(own) }));
  return withTexts(readJson("package.json"), texts);
}

export function readJson(path: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(join(ROOT, path), "utf8")) as Readonly<Record<string, unknown>>;
}

function withTexts(value: unknown, texts: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === "string") {
    const key = /^%(.+)%$/.exec(value)?.[1];
    return key === undefined ? value : (texts.get(key) ?? value);
  }
  if (Array.isArray(value)) {
    return value.map((one) => withTexts(one, texts));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withTexts(one, texts)]))
    : value;
}
