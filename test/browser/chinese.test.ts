import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loop } from "../host/trainingLoops.ts";
import { concat } from "../support/safetensors.ts";
import { u64 } from "../support/zip.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench({
    language: "zh-cn",
    prepare(folder) {
      const hole = headed(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`);
      writeFileSync(join(folder, "damaged.safetensors"), hole);
      appendFileSync(join(folder, "metrics.jsonl"), "no row\n");
      writeFileSync(join(folder, "loop.py"), loop("0.01"));
    },
  });
});
afterAll(() => workbench?.close());

/** A safetensors file of eight bytes with this header. */
function headed(header: string): Uint8Array {
  return concat([u64(header.length), Buffer.from(header), new Uint8Array(8)]);
}

test("commands, views, hovers, findings and the status bar are Chinese", async () => {
  await workbench.openFile("train.py");
  await workbench.goToLine(180);
  const hover = await workbench.hover("c_proj", /梯度范数 .*char-transformer 第 \d+ 步/);
  expect(await hover.innerText()).toContain("打开仪表板");
  await workbench.screenshot("chinese-hover");
  await workbench.runCommand("Problems: Focus on Problems View");
  await workbench.waitForText(/梯度范数在第 241 步跳到 10\.58，为近期中位数 .* 倍/);
  const status = workbench.page.locator(".statusbar-item", { hasText: "‖g‖" });
  expect(await status.getAttribute("aria-label")).toMatch(/全局梯度范数 .*，char-transformer 第 \d+ 步/);
  await workbench.runCommand("Gradlens: Focus on 发现 View");
  await workbench.waitForText("第 241 步 · char-transformer · GN201");
  await workbench.screenshot("chinese-findings");
  await workbench.runCommand("Gradlens: 打开仪表板");
  await workbench.webview().getByRole("tab", { name: "裁剪" }).click();
  await workbench.webview().getByText("应用到源代码").waitFor();
  await workbench.screenshot("chinese-clipping");
});

test("what is wrong with a checkpoint, a line of a log and a threshold in a source is Chinese", async () => {
  await workbench.openFile("damaged.safetensors");
  const page = workbench.webview();
  await page
    .getByText(/w：data_offsets \[4, 8\] 在数据的字节 0 之后留下空洞。请重新保存文件。/)
    .first()
    .waitFor();
  await workbench.screenshot("chinese-damaged");
  await workbench.runCommand("Problems: Focus on Problems View");
  await workbench.waitForText("此行不是 JSON 对象。");
  await workbench.screenshot("chinese-unread-line");
  await workbench.openFile("loop.py");
  await workbench.waitForText(/会裁剪 char-transformer 的 \d+ 个记录步中的 \d+ %/);
  await workbench.screenshot("chinese-threshold");
});
