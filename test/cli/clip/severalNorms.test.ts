import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readRun } from "../../support/clippingPage.ts";
import { EXAMPLE, buildProgram } from "../../support/build.ts";
import { runGradlens } from "../program.ts";
import type { Gradlens } from "../program.ts";

const GAN = join(import.meta.dirname, "../../fixtures/gan");
let script: string;
beforeAll(async () => void (script = await buildProgram("cli")));

const gradlens: Gradlens = async (...args) => runGradlens(script, import.meta.dirname, ["clip", ...args]);

interface Advice {
  readonly norm: string | null;
  readonly steps: number;
  readonly leftOut: { readonly nan: number; readonly warmUp: number };
  readonly candidates: readonly { readonly method: string; readonly maxNorm: number; readonly clippedShare: number }[];
}

async function adviceOn(...args: readonly string[]): Promise<Advice> {
  return JSON.parse((await gradlens(...args, "--json")).stdout) as Advice;
}

test("advice is on the norm that was asked for, and on the main one otherwise", async () => {
  const [main, named, other] = await Promise.all([
    adviceOn(GAN),
    adviceOn(GAN, "--norm", "grad_norm_d"),
    adviceOn(GAN, "--norm", "grad_norm_g", "--max-norm", "0.1"),
  ]);
  expect(named).toEqual(main);
  expect([main.norm, main.steps, main.leftOut.nan]).toEqual(["grad_norm_d", 350, 0]);
  expect([other.norm, other.steps, other.leftOut.nan]).toEqual(["grad_norm_g", 149, 1]);
  const counting = (await generatorNorms()).slice(50).filter(Number.isFinite);
  const [given] = other.candidates;
  expect([given?.maxNorm, given?.clippedShare]).toEqual([0.1, counting.filter((norm) => norm > 0.1).length / 149]);
});

async function generatorNorms(): Promise<readonly number[]> {
  const series = (await readRun(GAN)).series().find(({ key }) => key.name === "grad_norm_g");
  return Array.from(series?.values() ?? []);
}

test("the text says which norm it is about, and which others there are; one norm needs no word", async () => {
  expect(await Promise.all([normLine(GAN), normLine(GAN, "--norm", "grad_norm_g"), normLine(EXAMPLE)])).toEqual([
    "of the norm grad_norm_d; --norm chooses another: grad_norm_g",
    "of the norm grad_norm_g; --norm chooses another: grad_norm_d",
    undefined,
  ]);
});

test("a name that the log does not have is told with those it has", async () => {
  const { code, stderr } = await gradlens(GAN, "--norm", "grad_norm_x");
  expect(code).toBe(2);
  expect(stderr).toContain("--norm grad_norm_x is no global norm of ");
  expect(stderr).toContain("; it has grad_norm_d, grad_norm_g.");
});

test("--norm is of logs", async () => {
  const { code, stderr } = await gradlens("grads.safetensors", "--by-value", "1", "--norm", "grad_norm_g");
  expect([code, stderr.includes("--norm is of logs, and --by-value reads a checkpoint")]).toEqual([2, true]);
});

async function normLine(...args: readonly string[]): Promise<string | undefined> {
  return (await gradlens(...args)).stdout.split("\n").find((one) => one.startsWith("of the norm"));
}
