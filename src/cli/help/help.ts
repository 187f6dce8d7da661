/** What people are told of a command, and what shells complete. */
export interface CommandHelp {
  readonly name: string;
  readonly group: HelpGroup;
  /** What follows the name: `PATH… [options]`. */
  readonly usage: string;
  /** In one line, for the list of all commands. */
  readonly summary: string;
  /** What else is to be known, in sentences. */
  readonly about: string;
  readonly options: readonly OptionHelp[];
  readonly examples: readonly string[];
}

export const HELP_GROUPS = ["Judge a training", "Choose a threshold", "Look into checkpoints", "Set up"] as const;
export type HelpGroup = (typeof HELP_GROUPS)[number];

export interface OptionHelp {
  /** Without its dashes. */
  readonly name: string;
  readonly short?: string;
  /** What it takes, such as `FILE`; missing for a switch. */
  readonly value?: string;
  /** All there is to choose from. */
  readonly choices?: readonly string[];
  readonly text: string;
}

const FOOT = `JSON goes to stdout, progress and notes to stderr.
Exit codes: 0 fine, 1 findings, 2 bad usage or unreadable input, 130 interrupted.
`;

/** The list of all commands. */
export function overallHelp(commands: readonly CommandHelp[]): string {
  const width = Math.max(...commands.map(({ name, usage }) => `${name} ${usage}`.length));
  const groups = HELP_GROUPS.map((group) => {
    const own = commands.filter((command) => command.group === group);
    const lines = own.map(({ name, usage, summary }) => `  gradlens ${`${name} ${usage}`.padEnd(width)}  ${summary}\n`);
    return `${group}\n${lines.join("")}\n`;
  });
  return [
    "gradlens: gradient norms of training runs and checkpoints\n\n",
    ...groups,
    "gradlens COMMAND --help tells its options, with examples. gradlens --version tells the version.\n\n",
    FOOT,
  ].join("");
}

/** All about one command. */
export function commandHelp({ name, usage, summary, about, options, examples }: CommandHelp): string {
  const flags = options.map(flagOf);
  const width = Math.max(0, ...flags.map(({ length }) => length));
  const lines = options.map(({ text }, at) => {
    const [first = "", ...rest] = wrap(text, WIDTH - width - 4);
    const indented = rest.map((line) => `${" ".repeat(width + 4)}${line}\n`);
    return `  ${(flags[at] ?? "").padEnd(width)}  ${first}\n${indented.join("")}`;
  });
  return [
    `gradlens ${name} ${usage}\n\n`,
    ...wrap(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}. ${about}`, WIDTH).map((line) => `${line}\n`),
    options.length === 0 ? "" : "\nOptions\n",
    ...lines,
    "\nExamples\n",
    ...examples.map((example) => `  ${example}\n`),
    "\n",
    FOOT,
  ].join("");
}

const WIDTH = 100;

function flagOf({ name, short, value }: OptionHelp): string {
  const dashes = short === undefined ? `--${name}` : `-${short}, --${name}`;
  return value === undefined ? dashes : `${dashes} ${value}`;
}

/** Lines of at most so many characters, where words allow it. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
