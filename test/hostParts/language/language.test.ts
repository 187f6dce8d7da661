import { expect, test } from "vitest";
import { RULES, RULE_IDS } from "#core/rules.ts";
import { describeNorm } from "#host/language/normText.ts";
import { normAt, numberAt } from "#host/language/normAt.ts";
import { placeAmong } from "#host/language/placeAmong.ts";
import { markOf } from "#host/language/mark.ts";
import { commandLink } from "#host/language/commandLink.ts";
import { sourceLanguageOf } from "#host/language/sourceLanguage.ts";
import { SOURCE_RULE_NAMES } from "#core/sourceRules.ts";
import { createRunStore } from "#store/runStore.ts";
import { GLOBAL, batch, chunk, tensorKey } from "../../support/logs.ts";
import { readManifest } from "../../support/manifest.ts";

const { NaN: nan } = Number;

test.each([
  { line: '{"step": 3, "grad_norm": 0.51}', character: 26, value: 0.51, key: "grad_norm" },
  { line: '{"grad_norm/h.0.weight": 1e-3}', character: 28, value: 1e-3, key: "grad_norm/h.0.weight" },
  { line: "step 3 | grad_norm: 12.5 | lr 0.1", character: 22, value: 12.5, key: "grad_norm" },
  { line: "loss=2.0 grad_norm=nan", character: 20, value: nan, key: "grad_norm" },
  { line: '{"grad_norm": "-Infinity"}', character: 18, value: -Infinity, key: "grad_norm" },
  { line: "3,0.25,0.51", character: 9, value: 0.51, key: undefined },
  { line: '{"grad_norm": 0.51}', character: 5, value: undefined, key: undefined },
  { line: "h.0.weight", character: 2, value: undefined, key: undefined },
  { line: "layer1 is v0.51", character: 13, value: undefined, key: undefined },
  { line: "nano", character: 1, value: undefined, key: undefined },
])("at character $character of `$line` stands $value of $key", ({ line, character, value, key }) => {
  const found = numberAt(line, character);
  expect([found?.value, found?.key]).toEqual([value, key]);
});

const LOG = { path: "/run/metrics.jsonl", format: "jsonl" } as const;

test.each([
  { what: "a norm by its key", text: '{"grad_norm": 2}', line: 1, step: 2, tensor: null },
  { what: "a tensor's norm by its key", text: '{"grad_norm/a": 0.5}', line: 0, step: 1, tensor: "a" },
  { what: "a norm without a key by its value", text: "7, 2", line: 1, step: 2, tensor: null },
  { what: "no norm: another key", text: '{"loss": 2}', line: 1, step: undefined, tensor: undefined },
  {
    what: "no norm: another value than the line's",
    text: '{"grad_norm": 3}',
    line: 1,
    step: undefined,
    tensor: undefined,
  },
  { what: "no norm: a line without one", text: '{"grad_norm": 2}', line: 5, step: undefined, tensor: undefined },
])("the last number of $text in line $line is $what", ({ text, line, step, tensor }) => {
  const store = createRunStore();
  const run = store.setFiles({ folder: "/run", logs: [], checkpoints: [], modifiedMs: 0 });
  store.append("/run", LOG, batch([chunk(GLOBAL, [1, 2], [1, 2]), chunk(tensorKey("a"), [1, 2], [0.5, 0.6])]));
  const number = numberAt(text, text.search(/[\d.]+\}?$/));
  const first = run.first("globalNorm")?.lines()[0] ?? 0;
  const found = number && normAt(run, LOG.path, first + line, number);
  expect([found?.step, found?.series.key.tensor]).toEqual([step, tensor]);
});

const PRE = { state: "pre", norm: 3, threshold: 1, message: "" } as const;
const POST = { state: "post", threshold: 1, share: 0.3, message: "" } as const;
const UNKNOWN = { state: "undetermined", message: "" } as const;

test.each([
  { what: "above the threshold, before clipping", value: 4, clipping: { verdict: PRE, threshold: 1 } },
  { what: "below the threshold, before clipping", value: 0.5, clipping: { verdict: PRE, threshold: 1 } },
  { what: "after clipping", value: 1, clipping: { verdict: POST, threshold: undefined } },
  { what: "below a threshold that no norm reached", value: 1, clipping: { verdict: UNKNOWN, threshold: 9 } },
  { what: "of a run that tells no threshold", value: 1, clipping: { verdict: UNKNOWN, threshold: undefined } },
  { what: "that is NaN", value: nan, clipping: { verdict: PRE, threshold: 1 } },
  { what: "that is zero", value: 0, clipping: { verdict: PRE, threshold: 1 } },
])("the hover of a norm $what", ({ value, clipping }) => {
  const values = Float64Array.of(0, 0.5, 1, 2, 4, nan);
  const facts = {
    tensor: null,
    norm: null,
    runName: "r",
    step: "step 7",
    value,
    values,
    clipping,
    findings: [],
    suspicions: [],
  };
  expect(describeNorm(facts).join("\n")).toMatchSnapshot();
});

test("a norm among several is called by its name", () => {
  const values = Float64Array.of(1);
  const rest = { clipping: undefined, findings: [], suspicions: [] };
  const facts = { tensor: null, norm: "grad_norm_g", runName: "gan", step: "step 220", value: 8.38, values, ...rest };
  expect(describeNorm(facts)).toEqual(["grad_norm_g: Global gradient norm 8.38 at step 220 of gan"]);
});

test("findings and suspicions stand below a norm", () => {
  const more = { findings: ["GN201: It jumped."], suspicions: ["Suspect because it doubled."] };
  const facts = {
    tensor: "h.w",
    norm: null,
    runName: "r",
    step: "step 1",
    value: 1,
    values: Float64Array.of(1),
    clipping: undefined,
    ...more,
  };
  expect(describeNorm(facts)).toEqual([
    "Gradient norm of h.w 1 at step 1 of r",
    "GN201: It jumped.",
    "Suspect because it doubled.",
  ]);
});

test.each([
  { norms: { a: 3, b: 4 }, tensor: "a", place: { share: 9 / 25, rank: 2, of: 2 } },
  { norms: { a: 3, b: nan }, tensor: "a", place: { share: null, rank: 2, of: 2 } },
  { norms: { a: nan, b: 1 }, tensor: "a", place: { share: null, rank: undefined, of: 2 } },
  { norms: { a: 0, b: 0 }, tensor: "a", place: { share: null, rank: 1, of: 2 } },
  { norms: { b: 1 }, tensor: "a", place: { share: null, rank: undefined, of: 1 } },
])("among $norms the place of $tensor is $place", ({ norms, tensor, place }) => {
  expect(placeAmong(new Map(Object.entries(norms)).get(tensor), Object.values(norms))).toEqual(place);
});

test.each([
  { rule: "GN201", tensor: null, mark: "GN201 spike" },
  { rule: "GN301", tensor: "h.0.bias", mark: "GN301 dead tensor: h.0.bias" },
  { rule: "GN301", tensor: "a".repeat(99), mark: `GN301 dead tensor: ${"a".repeat(40)}…` },
] as const)("behind the log line of $rule stands $mark", ({ rule, tensor, mark }) => {
  expect(markOf({ rule, tensor })).toBe(mark);
});

test("an argument of a link cannot end the link", () => {
  const link = commandLink("Open", "a.b", "/a (1)/b");
  expect(link).toBe("[Open](command:a.b?%5B%22%2Fa%20%281%29%2Fb%22%5D)");
  expect(JSON.parse(decodeURIComponent(/\?(.*)\)$/.exec(link)?.[1] ?? ""))).toEqual(["/a (1)/b"]);
});

test.each([
  { languageId: "python", path: "/a.py", scheme: "file", language: "python" },
  { languageId: "plaintext", path: "/a.toml", scheme: "file", language: "toml" },
  { languageId: "json", path: "/a.jsonl", scheme: "file", language: "text" },
  { languageId: "python", path: "/Untitled-1", scheme: "untitled", language: "python" },
  { languageId: "python", path: "/a.py", scheme: "git", language: undefined },
  { languageId: "log", path: "/out", scheme: "output", language: undefined },
  { languageId: "typescript", path: "/a.constructor", scheme: "file", language: undefined },
  { languageId: "typescript", path: "/a.ts", scheme: "file", language: undefined },
])("$scheme:$path in $languageId is read as $language", ({ languageId, path, scheme, language }) => {
  const uri = { path, scheme } as Parameters<typeof sourceLanguageOf>[0]["uri"];
  expect(sourceLanguageOf({ languageId, uri })).toBe(language);
});

test("every rule, of runs and of sources, has its switch in the settings, as it is by default", () => {
  const manifest = readManifest() as {
    readonly contributes: {
      readonly configuration: readonly { readonly properties: Readonly<Record<string, unknown>> }[];
    };
  };
  const setting = manifest.contributes.configuration
    .map(({ properties }) => properties["gradlens.rules.enabled"])
    .find((one) => one !== undefined);
  const ofSources = Object.entries(SOURCE_RULE_NAMES).map(([rule, name]) => ({ rule, name, isOn: true }));
  const ofRuns = RULE_IDS.map((rule) => ({ rule, name: RULES[rule].name, isOn: RULES[rule].isOnByDefault }));
  const all = [...ofRuns, ...ofSources];
  expect(setting).toMatchObject({
    default: Object.fromEntries(all.map(({ rule, isOn }) => [rule, isOn])),
    properties: Object.fromEntries(
      all.map(({ rule, name, isOn }) => [
        rule,
        { default: isOn, description: expect.stringContaining(name.slice(1)) as unknown },
      ]),
    ),
  });
});
