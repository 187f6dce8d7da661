import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { insertPlace, withBlankLines } from "#host/logging/insertPlace.ts";
import { LOGGING_SNIPPETS, snippetsFor } from "#host/logging/snippets.ts";

const FOLDER = join(import.meta.dirname, "../../../snippets");

test.each([
  { source: "import torch\nfrom torch import nn\n", title: "PyTorch loop" },
  { source: "import torch\nfrom transformers import Trainer\n", title: "Hugging Face Trainer" },
  { source: "import torch\nimport lightning as L\n", title: "Lightning" },
  { source: "import jax.numpy as jnp\n", title: "JAX and Optax" },
  { source: "import jax\nimport keras\n", title: "Keras 3" },
  { source: "# import keras\nimport torch\n", title: "PyTorch loop" },
])("$title is proposed first in $source", ({ source, title }) => {
  expect(snippetsFor(source).map((snippet) => snippet.title)[0]).toBe(title);
  expect(snippetsFor(source).length).toBe(LOGGING_SNIPPETS.length);
});

test.each([
  { what: "before the first class", source: "import a\n\n\nclass B:\n    pass\n", line: 3 },
  { what: "before a decorator", source: "import a\n@b\ndef c(): ...\n", line: 1 },
  { what: "not inside a text", source: '"""\nclass like this\n"""\nimport a\n\ndef f(): ...\n', line: 5 },
  { what: "at the end of a script", source: "import a\na.b()\n", line: 2 },
  { what: "at the end of a last line without newline", source: "import a", line: 1 },
  { what: "at the start of nothing", source: "", line: 0 },
])("logging goes $what", ({ source, line }) => {
  expect(insertPlace(source)).toBe(line);
});

test.each([
  { before: "", below: true, text: "x\n\n\n" },
  { before: "import a\n", below: true, text: "\n\nx\n\n\n" },
  { before: "import a\n\n\n", below: false, text: "x\n" },
  { before: "import a\n\n\n\n", below: true, text: "x\n\n\n" },
])("after $before two lines are empty", ({ before, below, text }) => {
  expect(withBlankLines("x\n", before, below)).toBe(text);
});

test("what VS Code puts for a prefix is the file, once its escapes are read", () => {
  const snippets = JSON.parse(readFileSync(join(FOLDER, "python.json"), "utf8")) as Record<
    string,
    { readonly prefix: string; readonly body: readonly string[] }
  >;
  const texts = Object.values(snippets).map(({ prefix, body }) => [
    prefix,
    `${body.join("\n").replaceAll(/\\([\\$}])/g, "$1")}\n`,
  ]);
  expect(texts).toEqual(LOGGING_SNIPPETS.map(({ prefix, file }) => [prefix, readFileSync(join(FOLDER, file), "utf8")]));
});
