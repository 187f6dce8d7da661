import { t } from "@vscode/l10n";
import * as v from "valibot";
import type { GradlensConfig } from "#core/config.ts";
import { RULE_IDS } from "#core/rules.ts";
import { SOURCE_RULE_IDS } from "#core/sourceRules.ts";

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(2000));
const glob = v.pipe(text, v.description("`*` stands for any characters but /, `**` for any at all, `?` for one."));
const name = v.pipe(text, v.description("`*` stands for any characters, `?` for one."));
const NO_RULE = ({ received }: v.PicklistIssue): string => t("there is no rule {0}", received);
const rule = v.pipe(
  v.picklist([...RULE_IDS, ...SOURCE_RULE_IDS], NO_RULE),
  v.description("Number of a rule, such as GN201."),
);

const ignored = v.pipe(
  v.strictObject({
    rule: v.exactOptional(rule),
    tensor: v.exactOptional(v.pipe(name, v.title("Names of tensors"))),
    path: v.exactOptional(v.pipe(glob, v.title("Paths below this file's folder"))),
    reason: v.exactOptional(v.pipe(v.string(), v.description("For the reader of this file."))),
  }),
  v.check(
    (one) => (one.rule ?? one.tensor ?? one.path) !== undefined,
    () => t("say which rule, tensor or path is ignored"),
  ),
  v.description("Findings for which all that is said here holds are left out."),
);

const limits = v.strictObject({
  failOn: v.exactOptional(
    v.pipe(v.picklist(["error", "warning", "info"]), v.description("The mildest finding that fails the check.")),
  ),
  maxNorm: v.exactOptional(
    v.pipe(v.number(), v.gtValue(0), v.description("A global gradient norm above it is an error (GN601).")),
  ),
  maxNan: v.exactOptional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(0),
      v.description("So many norms, or elements of a checkpoint, may be NaN or infinite; more are an error (GN602)."),
    ),
  ),
});

/** What may stand in a `gradlens.config.json`. A word it does not know is a mistake to be told. */
export const gradlensConfig = v.pipe(
  v.strictObject({
    $schema: v.exactOptional(v.string()),
    rules: v.exactOptional(
      v.pipe(
        v.record(rule, v.boolean()),
        v.description("Rules that are switched on or off. The others are as they are by default."),
      ),
    ),
    ignore: v.exactOptional(v.array(ignored)),
    logPatterns: v.exactOptional(
      v.pipe(
        v.array(text),
        v.description("Regular expressions for log lines of an own kind, with groups (?<step>…) and (?<value>…)."),
      ),
    ),
    check: v.exactOptional(v.pipe(limits, v.description("Limits of `gradlens check`."))),
  }),
  v.title("Gradlens"),
  v.description("What a project wants of Gradlens, on the command line and in the editor."),
);

export type ParsedConfig = { readonly config: GradlensConfig } | { readonly problem: string };

const CONFIG_TEXT = v.pipe(
  v.string(),
  v.parseJson(),
  v.check(
    (value) => !Array.isArray(value),
    () => t("it is a list, not an object"),
  ),
  gradlensConfig,
);

/** The configuration, or a clause for people that says where it is wrong. */
export function parseConfig(json: string): ParsedConfig {
  const parsed = v.safeParse(CONFIG_TEXT, json.replace(/^\uFEFF/, "")); // Some editors put it before the text.
  return parsed.success
    ? { config: parsed.output }
    : { problem: parsed.issues.map(describeIssue)[0] ?? t("It is empty.") };
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  switch (issue.type) {
    case "parse_json":
      return t("this is no JSON: {0}", issue.received.replaceAll(/\s+/g, " ").replaceAll('"', ""));
    case "strict_object":
      return path === null ? t("it is not known") : t("{0} is not known", path);
    default:
      return `${path === null ? "" : `${path}: `}${issue.message}`;
  }
}
