import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildProgram } from "../../support/build.ts";

const GAN = join(import.meta.dirname, "../../fixtures/gan");
const client = new Client({ name: "test", version: "1" });

beforeAll(async () => {
  const script = await buildProgram("cli");
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [script, "mcp", GAN] }));
});
afterAll(async () => client.close());

async function ask(name: string): Promise<string> {
  const { content } = await client.callTool({ name, arguments: { run: GAN } });
  return JSON.stringify(content);
}

test("of a run with several global norms each answer says which one it speaks of", async () => {
  const norms = await ask("gradlens_get_norms");
  expect(norms).toContain("- global norm `grad_norm_d`: ");
  expect(norms).toContain("- global norm `grad_norm_g`: ");
  const anomalies = await ask("gradlens_find_anomalies");
  expect(anomalies).toContain("- error GN201 spike, global norm `grad_norm_d`, step 260,");
  expect(anomalies).toContain("- error GN201 spike, `grad_norm_g`, step 220,");
  const advice = await ask("gradlens_recommend_clipping");
  expect(advice).toContain("; the logged norms of `grad_norm_d` are from before or after clipping");
});
