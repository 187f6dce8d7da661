/** Writes docs/cli.md from what `gradlens COMMAND --help` says. `--check` only compares. */
import { HELP_GROUPS } from "../src/cli/help/help.ts";
import * as pages from "../src/cli/help/helpPages.ts";
import { markdownTable, writeGenerated } from "./writeGenerated.mjs";

const COMMANDS = Object.values(pages);

await writeGenerated(
  "docs/cli.md",
  `<!-- Written by .ci/writeCommandsPage.mjs from src/cli/help/helpPages.ts. -->

# The command line

\`gradlens COMMAND --help\` says what stands here. Where \`gradlens\` is not on the path, \`node dist/cli.cjs\` in a build of this
folder is the same program.

${HELP_GROUPS.map(groupList).join("\n\n")}

## For all commands

- JSON goes to stdout; progress and notes go to stderr. Nothing is written but what \`-o\` names.
- NaN and Infinity are the strings \`"NaN"\`, \`"Infinity"\` and \`"-Infinity"\` in JSON, which has no numbers for them.
- What a PATH may be: a log or a run folder ([logs](logs.md)), a checkpoint's file, folder or index ([formats](formats.md)).
- \`gradlens --version\` tells the version.
- A disk that does not answer, as a network file system that is gone, ends a command after 120 s in which nothing came back, with a
  line that names the file. \`GRADLENS_DISK_SECONDS\` in the environment sets another time, such as for files that come from tape.

${markdownTable(
  ["exit code", "means"],
  [
    ["0", "fine"],
    ["1", "findings as severe as `--fail-on` says"],
    ["2", "bad usage, unreadable input, or a disk that does not answer: one line on stderr says what and where"],
    ["130", "interrupted"],
    ["143", "the disk did not answer a thread for computing, which only a signal ends; the same line says so"],
  ],
)}

${COMMANDS.map(section).join("\n\n")}
`,
);

function groupList(group) {
  const own = COMMANDS.filter((command) => command.group === group);
  const lines = own.map(({ name, summary }) => `- [\`gradlens ${name}\`](#gradlens-${name}): ${textOf(summary)}`);
  return `${group}:\n\n${lines.join("\n")}`;
}

function section({ name, usage, summary, about, options, examples }) {
  const optionTable = markdownTable(
    ["option", "what it does"],
    options.map((option) => [`\`${flagOf(option)}\``, textOf(option.text)]),
  );
  return [
    `## gradlens ${name}`,
    `\`gradlens ${name} ${usage}\``,
    textOf(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}. ${about}`),
    ...(options.length === 0 ? [] : [optionTable]),
    `\`\`\`sh\n${examples.join("\n")}\n\`\`\``,
  ].join("\n\n");
}

function flagOf({ name, short, value }) {
  const dashes = short === undefined ? `--${name}` : `-${short}, --${name}`;
  return value === undefined ? dashes : `${dashes} ${value}`;
}

/** Options, groups of patterns and file names as code; pages of docs/ as links. */
function textOf(text) {
  return text
    .replaceAll(/(?<!\S)(--?[a-z][-a-z]*(?: [A-Z]+)?|\(\?<\w+>…\)|\*\.index\.json|gradlens\.config\.json)/g, "`$1`")
    .replaceAll("(*.index.json)", "(`*.index.json`)")
    .replaceAll(/docs\/(\w+\.md)/g, "[$1]($1)");
}
