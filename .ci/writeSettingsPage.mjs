/** Writes docs/settings.md from package.json and, where its strings are keys, package.nls.json. `--check` only compares. */
import { existsSync, readFileSync } from "node:fs";
import { RULES } from "../src/core/rules.ts";
import { markdownTable, writeGenerated } from "./writeGenerated.mjs";

const MANIFEST = readJson("package.json");
const STRINGS = existsSync(fileOf("package.nls.json")) ? readJson("package.nls.json") : {};
const RESTRICTED = new Set(MANIFEST.capabilities.untrustedWorkspaces.restrictedConfigurations);
const SECTIONS = MANIFEST.contributes.configuration.toSorted((a, b) => a.order - b.order);
/** A default of more characters would fill the table. */
const LONG = 20;
const SCOPES = {
  window: "in user and workspace settings",
  resource: "in user, workspace and folder settings",
  "machine-overridable": "for each machine, in its user settings; a workspace may override it",
};

await writeGenerated(
  "docs/settings.md",
  `<!-- Written by .ci/writeSettingsPage.mjs from package.json. -->

# Settings

All of them work at once, without a reload. Rules, ignored tensors and limits that the command line should know too belong
into a [\`gradlens.config.json\`](ci.md#gradlensconfigjson).

${markdownTable(
  ["setting", "default", "what it does"],
  SECTIONS.flatMap(({ properties }) => Object.entries(properties)).map(([name, setting]) => [
    link(name),
    JSON.stringify(setting.default).length > LONG ? "see there" : shownDefault(name, setting),
    firstSentence(descriptionOf(setting)),
  ]),
)}

${SECTIONS.map(section).join("\n\n")}
`,
);

function section({ title, properties }) {
  return [
    `## ${textOf(title)}`,
    ...Object.entries(properties).map(([name, setting]) => settingText(name, setting)),
  ].join("\n\n");
}

function settingText(name, setting) {
  const facts = [
    `Default: ${shownDefault(name, setting)}.`,
    rangeOf(setting),
    `It can be set ${SCOPES[setting.scope]}.`,
    RESTRICTED.has(name) ? "Of a workspace that is not trusted it is not used." : "",
  ];
  return [
    `### ${name}`,
    descriptionOf(setting),
    facts.filter((fact) => fact !== "").join(" "),
    ...(setting.enum === undefined ? [] : [choicesOf(setting)]),
    ...(name === "gradlens.rules.enabled" ? [rulesTable()] : []),
  ].join("\n\n");
}

function choicesOf({ enum: values, enumDescriptions }) {
  return values.map((value, at) => `- \`"${value}"\`: ${textOf(enumDescriptions[at])}`).join("\n");
}

function rulesTable() {
  const rows = Object.entries(RULES).map(([id, { name, isOnByDefault }]) => [id, name, isOnByDefault ? "on" : "off"]);
  return markdownTable(["rule", "name", "default"], rows);
}

function shownDefault(name, { default: value }) {
  return name === "gradlens.rules.enabled" ? "as in the table below" : `\`${JSON.stringify(value)}\``;
}

function rangeOf({ minimum, maximum }) {
  if (minimum === undefined) {
    return "";
  }
  const least = minimum.toLocaleString("en");
  return maximum === undefined ? `At least ${least}.` : `From ${least} to ${maximum.toLocaleString("en")}.`;
}

function descriptionOf({ description, markdownDescription }) {
  return textOf(markdownDescription ?? description);
}

/** Links of the settings editor become links of the page. */
function textOf(text) {
  return plain(text)
    .replaceAll(/`#(gradlens[.\w]+)#`/g, (_, name) => link(name))
    .replaceAll("(command:gradlens.openRule)", "(rules.md)");
}

/** `%key%` stands for a string of package.nls.json, which may carry a comment for translators. */
function plain(text) {
  const key = /^%(.+)%$/.exec(text)?.[1];
  if (key === undefined) {
    return text;
  }
  const string = STRINGS[key];
  if (string === undefined) {
    throw new Error(`package.nls.json has no ${key}.`);
  }
  return typeof string === "string" ? string : string.message;
}

function link(name) {
  return `[\`${name}\`](#${name.replaceAll(".", "").toLowerCase()})`;
}

/** One that is only a unit has no sense without the next. */
function firstSentence(text) {
  return /^.{20,}?[.](?=\s|$)/s.exec(text)?.[0] ?? text;
}

function readJson(path) {
  return JSON.parse(readFileSync(fileOf(path), "utf8"));
}

function fileOf(path) {
  return new URL(`../${path}`, import.meta.url);
}
