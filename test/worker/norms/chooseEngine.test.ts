import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EngineRate } from "#core/device.ts";
import { byRate, chooseEngine, reportEngines } from "#worker/norms/chooseEngine.ts";
import { engineRates, onnxCandidate } from "#worker/norms/engineRates.ts";
import type { Candidate } from "#worker/norms/engineRates.ts";

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "gradlens-cache-"));
  vi.stubEnv("XDG_CACHE_HOME", cache);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

function cacheFile(): string {
  const folder = join(cache, "gradlens");
  return join(folder, readdirSync(folder)[0] ?? "");
}

test("the rates of both engines are measured once, and then come from the cache", async () => {
  const measured = await engineRates(2);
  expect(
    measured.slice(0, 2).map(({ name, device, bytesPerSecond }) => [name, device, (bytesPerSecond ?? 0) > 1e6]),
  ).toEqual([
    ["simd", "cpu", true],
    ["onnxruntime", "cpu", true],
  ]);
  expect(JSON.parse(readFileSync(cacheFile(), "utf8"))).toEqual(measured);
  expect(await engineRates(2)).toEqual(measured);
});

test.each(["", "[{", '[{"name":"abacus","device":"cpu","bytesPerSecond":1}]', "null"])(
  "a damaged cache (%j) is measured anew",
  async (damaged) => {
    const measured = await engineRates(1);
    writeFileSync(cacheFile(), damaged);
    const again = await engineRates(1);
    expect(again.map(({ name, device }) => [name, device])).toEqual(measured.map(({ name, device }) => [name, device]));
  },
);

test("an engine that ended the process while it was measured is not chosen again, and the report says why", async () => {
  await engineRates(1);
  const note = "It ended the process that measured it.";
  const rates: EngineRate[] = [
    { name: "simd", device: "cpu", bytesPerSecond: 1e9 },
    { name: "onnxruntime", device: "cpu", bytesPerSecond: null, note },
  ];
  writeFileSync(cacheFile(), JSON.stringify(rates));
  const { chosen, rates: reported } = await reportEngines(1);
  expect([{ name: chosen.name, device: chosen.device }, reported]).toEqual([{ name: "simd", device: "cpu" }, rates]);
});

test("a cache that cannot be written costs a measurement, nothing else", async () => {
  vi.stubEnv("XDG_CACHE_HOME", "/dev/null");
  const { engine, rates } = await chooseEngine({ engine: "auto", device: "auto", threads: 1 }, []);
  await engine.dispose();
  expect([engine.device, rates.length >= 2]).toEqual(["cpu", true]);
});

const SIMD: Candidate = { ...onnxCandidate("cpu"), name: "simd" };
const ONNX = onnxCandidate("cpu");
const GPU = onnxCandidate("webgpu");

test.each([
  { what: "a GPU 9 % slower than the best", rates: [10, 5, 9.1], first: "webgpu" },
  { what: "a GPU 11 % slower than the best", rates: [10, 5, 8.9], first: "simd" },
  { what: "a faster GPU", rates: [10, 5, 30], first: "webgpu" },
  { what: "a GPU that was not measured", rates: [10, 5, null], first: "simd" },
  { what: "onnxruntime faster than SIMD", rates: [5, 10, null], first: "onnxruntime" },
])("of $what, $first is taken", ({ rates, first }) => {
  const among = [SIMD, ONNX, GPU];
  const measured = among.map(({ name, device }, index) => ({ name, device, bytesPerSecond: rates[index] ?? null }));
  const [taken] = byRate(measured, among);
  expect(taken?.device === "cpu" ? taken.name : taken?.device).toBe(first);
});

test("where nothing was measured, nothing is taken by rate, and the script engine computes", async () => {
  expect(byRate([], [SIMD, ONNX, GPU])).toEqual([]);
  await engineRates(1);
  writeFileSync(cacheFile(), "[]");
  const { engine } = await chooseEngine({ engine: "auto", device: "auto", threads: 1 }, []);
  expect(engine.name).toBe("script");
});
