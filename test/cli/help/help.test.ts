import { expect, test } from "vitest";
import { COMMANDS } from "#cli/commands.ts";
import { commandHelp, overallHelp } from "#cli/help/help.ts";
import * as pages from "#cli/help/helpPages.ts";

const HELPS = COMMANDS.map(({ help }) => help);

test("every page belongs to a command", () => {
  expect(new Set(HELPS)).toEqual(new Set(Object.values(pages)));
});

test.each(COMMANDS.map((command) => ({ name: command.help.name, command })))(
  "the help of $name tells exactly the options that are parsed",
  ({ command: { help, options } }) => {
    const told = help.options.map(({ name, short, value }) => [
      name,
      value === undefined ? "boolean" : "string",
      short,
    ]);
    const parsed = Object.entries(options).map(([name, { type, short }]) => [name, type, short]);
    expect(new Set(told.map(String))).toEqual(new Set(parsed.map(String)));
  },
);

test.each(HELPS.map((help) => ({ name: help.name, help })))(
  "the help of $name has an example, and no line is wider than 100 characters but examples",
  ({ help }) => {
    const [text = "", examples = ""] = commandHelp(help).split("\nExamples\n");
    expect([examples.includes(`gradlens ${help.name}`), text.split("\n").filter((line) => line.length > 100)]).toEqual([
      true,
      [],
    ]);
  },
);

test("the help of all commands is the one people know", () => {
  expect(overallHelp(HELPS)).toMatchSnapshot();
});

test("the help of one command is the one people know", () => {
  expect(commandHelp(pages.CHECK_HELP)).toMatchSnapshot();
});
