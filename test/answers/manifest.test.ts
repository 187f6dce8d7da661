import { toJsonSchema } from "@valibot/to-json-schema";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { AGENT_TOOLS } from "#answers/agentTools.ts";
import type packageJson from "../../package.json";
import { readManifest } from "../support/manifest.ts";

const { languageModelTools, chatSkills } = (readManifest() as typeof packageJson).contributes;

test("the manifest says of each tool what the tool says of itself", () => {
  const expected = AGENT_TOOLS.map(({ name, title, description, input }) => {
    const { $schema: _, ...inputSchema } = toJsonSchema(input);
    return { name, displayName: title, modelDescription: description, inputSchema };
  });
  const listed = languageModelTools.map(({ name, displayName, modelDescription, inputSchema }) => ({
    name,
    displayName,
    modelDescription,
    inputSchema,
  }));
  expect(JSON.parse(JSON.stringify(listed))).toEqual(JSON.parse(JSON.stringify(expected)));
});

test("every tool can be named in a prompt, and none depends on a key that is only set after activation", () => {
  for (const { toolReferenceName, canBeReferencedInPrompt, when, icon } of languageModelTools) {
    expect([/^grad[A-Z]\w+$/.test(toolReferenceName), canBeReferencedInPrompt, when, icon.startsWith("$(")]).toEqual([
      true,
      true,
      "isWorkspaceTrusted",
      true,
    ]);
  }
});

test("the skill has the name of its folder, a description, and names only tools that exist", async () => {
  const [{ path } = { path: "" }] = chatSkills;
  const text = await readFile(new URL(`../../${path}`, import.meta.url), "utf8");
  const [, head = ""] = /^---\n([\s\S]+?)\n---\n/.exec(text) ?? [];
  expect(head).toMatch(/^name: gradient-clipping$/m);
  expect(head).toMatch(/^description: .{40,1024}$/m);
  const known = AGENT_TOOLS.map(({ name }) => name);
  const named = text.match(/gradlens_\w+/g) ?? [];
  expect(new Set(named)).toEqual(new Set(known));
});
