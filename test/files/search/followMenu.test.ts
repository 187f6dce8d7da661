import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isLogName } from "#files/search/names.ts";

interface Manifest {
  readonly contributes: {
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when: string }[]>>;
  };
}

const { contributes } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8"),
) as Manifest;
const clauses = (contributes.menus["explorer/context"] ?? []).filter(({ command }) => command === "gradlens.followRun");
const [, pattern = "$^"] =
  clauses.map(({ when }) => /resourceFilename =~ \/(.*?)\/i/.exec(when)).find((found) => found !== null) ?? [];
const offered = new RegExp(pattern, "i");

test.each([
  "events.out.tfevents.1700000000.host.1.0",
  "run-abc.wandb",
  "trainer_state.json",
  "scalars.json",
  "20240101_120000.log.json",
  "metrics.jsonl",
  "metrics.json",
  "result.json",
  "progress.csv",
  "grad_norm.tsv",
  "training_log.csv",
  "slurm-123.out",
  "slurm-123.err",
  "train.log",
  "train.log.1",
  "train.log.2.gz",
  "metrics.jsonl.zst",
  "train_rank0.txt",
  "console.out.txt",
  "mlflow.db",
])("%s is offered to be followed in the Explorer, and looked at in a search", (name) => {
  expect([offered.test(name), isLogName(name)]).toEqual([true, true]);
});

test.each(["package.json", "requirements.txt", "train.py", "README.md", "users.db", "model.safetensors", "logo.png"])(
  "%s is not offered to be followed",
  (name) => {
    expect(offered.test(name)).toBe(false);
  },
);
