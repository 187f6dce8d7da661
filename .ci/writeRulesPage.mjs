/** Writes docs/rules.md from the rules' facts, guides and what was measured. `--check` only compares. */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { format } from "oxfmt";
import { RULE_GUIDES } from "../src/core/ruleGuide.ts";
import { RULES, RULE_IDS, ruleAnchor } from "../src/core/rules.ts";

const OUTPUT = new URL("../docs/rules.md", import.meta.url);
const { logs, falseAlarms } = JSON.parse(readFileSync(new URL("../docs/rulesMeasured.json", import.meta.url), "utf8"));
const { printWidth } = JSON.parse(readFileSync(new URL("../.oxfmtrc.json", import.meta.url), "utf8"));

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

Those that are on by default are judged for every followed run and by \`gradlens check\` and \`gradlens log\`. A
\`gradlens.config.json\` switches rules on and off and ignores findings, for the editor, \`gradlens check\` and
\`gradlens watch\` ([ci.md](ci.md)). The setting \`gradlens.diagnostics.enabled\` takes all findings out of Problems; the dashboard keeps
them.

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

function table(header, rows) {
  return [header, header.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const { code } = await format("docs/rules.md", page, { printWidth });
if (process.argv.includes("--check")) {
  if (readFileSync(OUTPUT, "utf8") !== code) {
    console.error("docs/rules.md is stale: run `npm run generate`.");
    process.exit(1);
  }
} else {
  writeFileSync(OUTPUT, code);
}
