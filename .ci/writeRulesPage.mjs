/** Writes docs/rules.md from the rules' facts, guides and what was measured. `--check` only compares. */
import { readFileSync } from "node:fs";
import { RULE_GUIDES } from "../src/core/ruleGuide.ts";
import { RULES, RULE_IDS, ruleAnchor } from "../src/core/rules.ts";
import { SOURCE_RULE_NAMES } from "../src/core/sourceRules.ts";
import { markdownTable as table, writeGenerated } from "./writeGenerated.mjs";

const { logs, falseAlarms } = JSON.parse(readFileSync(new URL("../docs/rulesMeasured.json", import.meta.url), "utf8"));

const OTHER_VALUES = "change the value, to the run's own or to one that the adviser suggests";
const SOURCE_RULES = [
  {
    id: "GN411",
    severity: "info",
    meaning: "The threshold cuts less than 0.1 % of the run's steps.",
    fix: OTHER_VALUES,
  },
  {
    id: "GN412",
    severity: "info",
    meaning: "The threshold cuts more than 90 % of the run's steps.",
    fix: OTHER_VALUES,
  },
  {
    id: "GN413",
    severity: "info",
    meaning: "The run's log or settings record another threshold.",
    fix: OTHER_VALUES,
  },
  {
    id: "GN414",
    severity: "info",
    meaning: "The run's gradients exploded, and nothing in the file or the run clips.",
    fix: "insert the call before the step, or set the threshold that is switched off",
  },
  {
    id: "GN415",
    severity: "warning",
    meaning: "Gradients are clipped while a GradScaler's loss scale is still in them.",
    fix: "insert `unscale_` before it",
  },
];

const page = `<!-- Written by .ci/writeRulesPage.mjs from src/core/rules.ts, src/core/ruleGuides and docs/rulesMeasured.json. -->

# Rules

A rule reads a run's norms as they are logged and says what is wrong, since when, and how bad: one finding for each
episode, changed in place while it lasts. All that can be judged without a unit is judged on ln‖g‖, with medians and
median absolute deviations, so that one outlier hides no other. Windows are counted in logged points. A step that goes
back begins a new segment, in which every rule starts afresh.

${table(
  ["rule", "severity", "on by default", "what it means"],
  RULE_IDS.map((id) => [link(id), RULES[id].severity, RULES[id].isOnByDefault ? "yes" : "no", RULES[id].meaning]),
)}

## Switching rules on and off

Those that are on by default are judged for every followed run and by \`gradlens check\` and \`gradlens log\`. In the editor
\`gradlens.rules.enabled\` switches each of them on and off, for a person, a workspace or a folder, and
\`gradlens.tensors.ignore\` names tensors that have no findings; both work at once. A quick fix on a finding writes them for the
workspace. A \`gradlens.config.json\` does the same for the editor, the command line and agents together ([ci.md](ci.md)).
\`gradlens.diagnostics.enabled\` takes all findings out of Problems; the dashboard keeps them.

## Rules of sources

The editor also looks at the places in open sources and settings files where gradients are clipped, or where an optimizer
steps, beside the followed run that the file belongs to: that of the nearest folder. Shares are of the norms that the
clipping adviser counts, and nothing is said of logs written after clipping. A comment \`# gradlens: ignore GN411\` on the
line, or on a line of its own above it, ignores one place.

${table(
  ["rule", "severity", "what it means", "quick fix"],
  SOURCE_RULES.map(({ id, severity, meaning, fix }) => [`${id} ${SOURCE_RULE_NAMES[id]}`, severity, meaning, fix]),
)}

${RULE_IDS.map(section).join("\n\n")}

## Measured on real logs

All rules, also those that are off by default, on public logs and the example runs. Each log was read by eye; _right_ is
our judgement, and what was rightly not said, or missed, stands beside it.

${table(["log", "points", "finding", "steps", "judged", "what the log shows"], logs.flatMap(rowsOf))}

${tally()}

## Measured on noise

Findings per 10,000 steps of norms in which nothing happens: ln‖g‖ is noise of standard deviation σ in which each value
keeps a part φ of the one before, with a transient at the start; ${falseAlarms.steps.toLocaleString("en")} steps of each,
all rules. Rules without a column found nothing. The last row has true outliers: the rate of those is its property.

${table(
  ["noise", ...falseAlarms.rules],
  falseAlarms.rows.map(({ noise, per10000 }) => [noise, ...per10000.map(String)]),
)}
`;

function section(id) {
  const { name, severity, isOnByDefault, meaning } = RULES[id];
  const { test, why, tries, harmless } = RULE_GUIDES[id];
  return [
    `## ${id} ${name}`,
    `${meaning} _Usually ${severity === "info" ? "information" : `a${severity === "error" ? "n" : ""} ${severity}`}; ${isOnByDefault ? "on" : "off"} by default._`,
    `**When it speaks.** ${test}`,
    `**Why it matters.** ${why}`,
    `**What to try.**\n\n${tries.map((one) => `- ${one}`).join("\n")}`,
    `**When it is harmless.** ${harmless}`,
  ].join("\n\n");
}

function link(id) {
  return `[${id}](#${ruleAnchor(id)}) ${RULES[id].name}`;
}

function rowsOf({ log, points, findings, unsaid }) {
  const said = findings.map(({ rule, steps, verdict, reading }) => [rule, steps, verdict, reading]);
  const silent = unsaid === "" ? [] : [["–", "", unsaid.startsWith("Missed") ? "missed" : "right", unsaid]];
  return [...said, ...silent].map((row, index) => (index === 0 ? [log, String(points), ...row] : ["", "", ...row]));
}

function tally() {
  const verdicts = logs.flatMap(({ findings }) => findings.map(({ verdict }) => verdict));
  const right = verdicts.filter((verdict) => verdict === "right").length;
  const points = logs.reduce((sum, log) => sum + log.points, 0).toLocaleString("en");
  return `In ${points} points of ${logs.length} logs: ${verdicts.length} findings, ${right} of them right.`;
}

await writeGenerated("docs/rules.md", page);
