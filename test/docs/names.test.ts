import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "#cli/commands.ts";
import { codeSpansOf, PAGES, readPage, ROOT } from "./pages.ts";

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category?: string }[];
    readonly configuration: readonly { readonly properties: Readonly<Record<string, unknown>> }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

const MANIFEST = readJson("package.json") as Manifest;
const { commands, configuration, views } = MANIFEST.contributes;
const SETTINGS = configuration.flatMap(({ properties }) => Object.keys(properties));
const IDS = new Set([
  ...SETTINGS,
  ...commands.map(({ command }) => command),
  ...Object.values(views).flatMap((list) => list.map(({ id }) => id)),
  "gradlens.dashboard",
]);
const FILE = /\.(json|sarif|txt|fish|vsix|md|svg)$/;
const PROJECT_PATH = /^(src|media|test|docs|bench|snippets|examples|skills|\.ci|\.github)\/[\w./-]+$/;
/** `client/silence.ts`, as pages name what lies in a room. */
const SOURCE = /^[\w./-]+\.(ts|mjs)$/;
const SOURCES = ["src", "media", "test", "bench", ".ci"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
    .filter((path) => SOURCE.test(path)),
);
/** Changes are told as they were. */
const TODAY = PAGES.filter((page) => page !== "CHANGELOG.md");

describe.each(TODAY)("%s", (page) => {
  test("settings and identifiers it names exist", () => {
    const named = readPage(page).match(/(?<![\w/-])gradlens(\.[a-z]\w*)+/gi) ?? [];
    expect(named.filter((name) => !IDS.has(name) && !FILE.test(name))).toEqual([]);
  });

  test("commands of the palette it names exist", () => {
    const titles = new Set(
      commands.map(({ title, category }) => {
        const text = localized(title);
        return category === undefined ? text : `${localized(category)}: ${text}`;
      }),
    );
    const named = Array.from(readPage(page).matchAll(/_(Gradlens:\s[^_]+)_/g), ([, name = ""]) =>
      name.replace(/\s/, " "),
    );
    expect(named.map((name) => name.replaceAll(/\s+/g, " ")).filter((name) => !titles.has(name))).toEqual([]);
  });

  test("commands and options of the command line it names exist", () => {
    expect(
      codeSpansOf(page)
        .filter((span) => /^gradlens [a-z]/.test(span))
        .flatMap(unknownIn),
    ).toEqual([]);
  });

  test("scripts and commands of npm it names exist", () => {
    const named = codeSpansOf(page).flatMap((span) => /^npm (?:run )?([a-z][\w:-]*)/.exec(span)?.[1] ?? []);
    const own = new Set(["audit", "ci", "install", "pack", "rebuild", "sbom", ...Object.keys(MANIFEST.scripts)]);
    expect(named.filter((name) => !own.has(name))).toEqual([]);
  });

  test("files of the project it names exist", () => {
    const named = codeSpansOf(page).filter((span) => PROJECT_PATH.test(span));
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test("sources it names by the end of their paths exist", () => {
    const named = codeSpansOf(page).filter((span) => SOURCE.test(span));
    expect(named.filter((end) => !SOURCES.some((path) => `/${path}`.endsWith(`/${end}`)))).toEqual([]);
  });

  test("variables of the environment it names are read somewhere", () => {
    const named = new Set(readPage(page).match(/\bGRADLENS_[A-Z_]+/g));
    expect(Array.from(named).filter((name) => !isInSources(name))).toEqual([]);
  });
});

function isInSources(name: string): boolean {
  return SOURCES.some((path) => readPage(path).includes(name));
}

function unknownIn(span: string): string[] {
  const [name = ""] = span.slice("gradlens ".length).split(/[\s…]/);
  const command = COMMANDS.find(({ help }) => help.name === name);
  if (command === undefined) {
    return [span];
  }
  const options = Array.from(span.matchAll(/(?<=\s)--([a-z-]+)/g), ([, option = ""]) => option);
  return options.every((option) => option in command.options || option === "help") ? [] : [span];
}

/** `%key%` stands for a string of package.nls.json. */
function localized(text: string): string {
  const key = /^%(.+)%$/.exec(text)?.[1];
  const string = key === undefined ? text : (readJson("package.nls.json") as Record<string, unknown>)[key];
  return typeof string === "string" ? string : String((string as { readonly message?: unknown })?.message);
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), "utf8"));
}
