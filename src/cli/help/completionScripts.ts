import type { CommandHelp, OptionHelp } from "./help.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A script that completes commands, options and their choices, and else paths. */
export function completionScript(shell: Shell, commands: readonly CommandHelp[]): string {
  switch (shell) {
    case "bash":
      return bashScript(commands);
    case "zsh":
      return zshScript(commands);
    case "fish":
      return fishScript(commands);
  }
}

const EVERYWHERE: readonly OptionHelp[] = [{ name: "help", short: "h", text: "tells about it" }];

function optionsOf({ options }: CommandHelp): readonly OptionHelp[] {
  return [...options, ...EVERYWHERE];
}

function flagsOf({ name, short }: OptionHelp): string[] {
  return short === undefined ? [`--${name}`] : [`-${short}`, `--${name}`];
}

/** What follows the name of a command where it is no path. */
function wordsOf({ name }: CommandHelp): readonly string[] {
  return name === "completion" ? SHELLS : [];
}

function bashScript(commands: readonly CommandHelp[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const choices = commands.flatMap((command) =>
    command.options.flatMap((option) =>
      option.choices === undefined
        ? []
        : flagsOf(option).map((flag) => `    ${command.name}:${flag}) words="${option.choices?.join(" ")}" ;;\n`),
    ),
  );
  const flags = commands.map(
    (command) => `      ${command.name}) words="${optionsOf(command).flatMap(flagsOf).join(" ")}" ;;\n`,
  );
  const plain = commands
    .filter((command) => wordsOf(command).length > 0)
    .map((command) => `      ${command.name}) words="${wordsOf(command).join(" ")}" ;;\n`);
  return `# bash completion of gradlens
_gradlens() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" command="\${COMP_WORDS[1]}" words=""
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "${names} --help --version" -- "$current"))
    return
  fi
  case "$command:$previous" in
${choices.join("")}  esac
  if [[ -z $words && $current == -* ]]; then
    case "$command" in
${flags.join("")}    esac
  elif [[ -z $words ]]; then
    case "$command" in
${plain.join("")}    esac
  fi
  if [[ -n $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -o bashdefault -o default -F _gradlens gradlens
`;
}

/** Within single quotes of any shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function zshScript(commands: readonly CommandHelp[]): string {
  const names = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}\n`);
  const cases = commands.map((command) => {
    const specs = optionsOf(command).flatMap((option) => flagsOf(option).map((flag) => zshSpec(flag, option)));
    const words = wordsOf(command);
    const rest = words.length > 0 ? `'*:word:(${words.join(" ")})'` : `'*:path:_files'`;
    return `    ${command.name}) _arguments ${[...specs, rest].join(" ")} ;;\n`;
  });
  return `#compdef gradlens
_gradlens() {
  local -a commands=(
${names.join("")}  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${cases.join("")}  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _gradlens "$@"
else
  compdef _gradlens gradlens
fi
`;
}

function zshSpec(flag: string, { text, value, choices }: OptionHelp): string {
  const told = text.replaceAll(/[[\]:\\]/g, String.raw`\$&`);
  const takes =
    value === undefined
      ? ""
      : `:${value.replaceAll(/[:[\]]/g, "")}:${choices === undefined ? "_files" : `(${choices.join(" ")})`}`;
  return quoted(`*${flag}[${told}]${takes}`);
}

function fishScript(commands: readonly CommandHelp[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const lines = commands.flatMap((command) => {
    const here = `complete -c gradlens -n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`;
    const words = wordsOf(command);
    return [
      `complete -c gradlens -n ${quoted(`not __fish_seen_subcommand_from ${names}`)} -f -a ${command.name} -d ${quoted(command.summary)}`,
      ...optionsOf(command).map((option) => `${here} ${fishSpec(option)}`),
      ...(words.length > 0 ? [`${here} -f -a ${quoted(words.join(" "))}`] : []),
    ];
  });
  return `# fish completion of gradlens\n${lines.join("\n")}\n`;
}

function fishSpec({ name, short, value, choices, text }: OptionHelp): string {
  const takes = value === undefined ? "" : choices === undefined ? " -r" : ` -x -a ${quoted(choices.join(" "))}`;
  return `-l ${name}${short === undefined ? "" : ` -s ${short}`}${takes} -d ${quoted(text)}`;
}
