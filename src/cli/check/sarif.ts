import { createHash } from "node:crypto";
import { isAbsolute, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { RULE_GUIDES } from "#core/ruleGuide.ts";
import { RULES, ruleAnchor } from "#core/rules.ts";
import type { RuleId, Severity } from "#core/rules.ts";
import type { Unreadable } from "../runs/loadRuns.ts";
import type { CheckFinding } from "./checkFinding.ts";

export interface SarifSource {
  readonly findings: readonly CheckFinding[];
  /** What could not be judged. */
  readonly failures: readonly Unreadable[];
  /** Paths below it are told as seen from here. */
  readonly folder: string;
  readonly version: string;
  /** Of the project; rules link to its pages. */
  readonly homepage: string | undefined;
}

const LEVELS = { error: "error", warning: "warning", info: "note" } as const satisfies Record<Severity, string>;

/** Findings in the Static Analysis Results Interchange Format 2.1.0 of OASIS, as code hosts show it. */
export function toSarif(source: SarifSource): object {
  const { findings, failures, folder, version, homepage } = source;
  const rules = [...new Set(findings.map(({ rule }) => rule))].toSorted();
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Gradlens",
            version,
            ...(homepage === undefined ? {} : { informationUri: homepage }),
            rules: rules.map((rule) => describeRule(rule, homepage)),
          },
        },
        invocations: [
          {
            executionSuccessful: failures.length === 0,
            toolExecutionNotifications: failures.map(({ path, reason }) => ({
              level: "error",
              message: { text: reason },
              locations: [locationOf(path, null, folder)],
            })),
          },
        ],
        columnKind: "utf16CodeUnits",
        results: withFingerprints(findings, folder).map(({ finding, fingerprint }) => ({
          ...describeFinding(finding, folder),
          ruleIndex: rules.indexOf(finding.rule),
          partialFingerprints: { [FINGERPRINT]: fingerprint },
        })),
      },
    ],
  };
}

function describeRule(rule: RuleId, homepage: string | undefined): object {
  const { name, severity, isOnByDefault, meaning } = RULES[rule];
  const { test, why, tries, harmless } = RULE_GUIDES[rule];
  const helpUri =
    homepage === undefined ? undefined : new URL(`docs/rules.md#${ruleAnchor(rule)}`, below(homepage)).href;
  return {
    id: rule,
    name: asPascalCase(name),
    shortDescription: { text: meaning },
    fullDescription: { text: why },
    help: {
      text: [test, why, ...tries, `Harmless: ${harmless}`].join("\n"),
      markdown: [
        `**When it speaks.** ${test}`,
        `**Why it matters.** ${why}`,
        `**What to try.**\n\n${tries.map((one) => `- ${one}`).join("\n")}`,
        `**When it is harmless.** ${harmless}`,
        ...(helpUri === undefined ? [] : [`[All of it](${helpUri})`]),
      ].join("\n\n"),
    },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: LEVELS[severity], enabled: isOnByDefault },
  };
}

function below(homepage: string): string {
  const page = homepage.replace(/#.*$/, "");
  return page.endsWith("/") ? page : `${page}/`;
}

/** As the format wants names of rules to be. */
function asPascalCase(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]+(\w)|^(\w)/g, (_, inner: string | undefined, first: string | undefined) =>
    (inner ?? first ?? "").toUpperCase(),
  );
}

function describeFinding(finding: CheckFinding, folder: string): object {
  const { rule, severity, tensor, start, peak, end, value, limit, message, source } = finding;
  const location = locationOf(source.path, source.line, folder);
  return {
    ruleId: rule,
    level: LEVELS[severity],
    message: { text: message },
    locations: [tensor === null ? location : { ...location, logicalLocations: [{ name: tensor, kind: "variable" }] }],
    properties: { tensor, start, peak, end, value, limit },
  };
}

function locationOf(path: string, line: number | null, folder: string): object {
  const region = line === null ? {} : { region: { startLine: line } };
  return { physicalLocation: { artifactLocation: { uri: uriOf(path, folder) }, ...region } };
}

/** Relative for what is below the folder, as code hosts need it; whole for the rest. */
function uriOf(path: string, folder: string): string {
  const way = relative(folder, path);
  const isBelow = way !== "" && !isAbsolute(way) && way !== ".." && !/^\.\.[\\/]/.test(way);
  return isBelow ? way.split(/[\\/]/).map(encodeURIComponent).join("/") : pathToFileURL(path).href;
}

const FINGERPRINT = "gradlensFinding/v1";

interface MarkedFinding {
  readonly finding: CheckFinding;
  readonly fingerprint: string;
}

/**
 * The same finding keeps its mark while its run grows: it is made of the rule, the file, the tensor and the first step, not
 * of the line, the value or the sentence.
 */
function withFingerprints(findings: readonly CheckFinding[], folder: string): readonly MarkedFinding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const { rule, tensor, start, source } = finding;
    const mark = JSON.stringify([rule, uriOf(source.path, folder), tensor, start]);
    const nth = (seen.get(mark) ?? 0) + 1;
    seen.set(mark, nth);
    const digest = createHash("sha256").update(mark).digest("hex").slice(0, 32);
    return { finding, fingerprint: nth === 1 ? digest : `${digest}:${nth}` };
  });
}
