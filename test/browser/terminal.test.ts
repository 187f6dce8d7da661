import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openWorkbench, whenOpen, type Workbench } from "./workbench.ts";

const PRINTED = 'printf "iter %d: loss 2.5, grad_norm 1.%d, time 20.00ms, mfu 3.00%%\\n" "$i" "$i"';
let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench({
    settings: {
      "terminal.integrated.defaultProfile.linux": "bash",
      "terminal.integrated.gpuAcceleration": "off", // Only so are its lines elements of the page.
      "terminal.integrated.environmentChangesRelaunch": false, // By a shell that has not heard what was typed.
      "terminal.integrated.stickyScroll.enabled": false, // It is a screen of its own.
      "terminal.integrated.suggest.enabled": false, // Enter would take a suggestion.
    },
  });
  for (const name of ["early", "pretrain", "other"]) {
    writeFileSync(
      join(workbench.folder, `${name}.sh`),
      `for i in 0 1 2 3 4 5; do ${PRINTED}; done\necho ${name} is over\n`,
    );
  }
  await workbench.runCommand("Terminal: Create New Terminal");
  await vi.waitFor(async () => expect(await screen()).toMatch(/[#$]\s*$/), { timeout: 120_000, interval: 200 }); // Its prompt.
});
afterAll(() => workbench?.close());

/** Types a command into the terminal, again where the shell did not listen yet, and waits until it says that it is over. */
async function type(command: string, over: string): Promise<void> {
  const { page } = workbench;
  await workbench.runCommand("Terminal: Focus Terminal");
  await page.locator(".xterm.focus").waitFor(); // Keys before that go where the focus was.
  const typed = new RegExp(`[#$]${command.replaceAll(" ", "")}$`);
  const lineShown = async (): Promise<string> => (await screen()).replaceAll(/\s/g, ""); // It may be wrapped.
  await vi.waitFor(
    async () => {
      await page.keyboard.press("Control+U"); // What is left of an attempt.
      await page.keyboard.type(command);
      await vi.waitFor(async () => expect(await lineShown()).toMatch(typed), { timeout: 5000, interval: 100 });
    },
    { timeout: 60_000 },
  );
  await page.keyboard.press("Enter");
  await expect.poll(screen).toMatch(new RegExp(`${over}\\s`));
}

async function screen(): Promise<string> {
  return workbench.page.locator(".xterm-rows").last().innerText();
}

function captured(name: string): ReturnType<Workbench["row"]> {
  return workbench.row(`sh ${name}.sh`);
}

test("until people ask for it, nothing of a terminal is read", async () => {
  await type("sh ./early.sh", "early is over");
  await workbench.runCommand("Gradlens: Focus on Runs View");
  await workbench.waitForText("checkpoint-241/grads");
  expect(await captured("early").count()).toBe(0);
});

test("then what a matching command prints is a run, what others print is none", async () => {
  workbench.setSettings({ "gradlens.terminal.capture": "matching", "gradlens.terminal.commandPattern": "pretrain" });
  await expect
    .poll(
      async () => {
        await type("sh ./other.sh", "other is over");
        await type("sh ./pretrain.sh", "pretrain is over");
        await workbench.runCommand("Gradlens: Focus on Runs View");
        await workbench.page.keyboard.press("Home"); // The newest run is the first.
        return captured("pretrain").count();
      },
      { timeout: 240_000, interval: 1000 },
    )
    .toBeGreaterThan(0);
  await workbench.waitForText("‖g‖ 1.5");
  expect([await captured("other").count(), await captured("early").count()]).toEqual([0, 0]);
  await workbench.screenshot("terminalRun");
});

test("nothing of it is written to a disk, and after a reload it is gone", async () => {
  const own = join(workbench.folder, "../data/data/User");
  const files = filesBelow(own).filter((path) => /gradlens/i.test(path));
  expect(files.filter((path) => readFileSync(path, "utf8").includes("iter 3: loss"))).toEqual([]);
  await workbench.page.reload();
  await whenOpen(workbench.page);
  await workbench.runCommand("Gradlens: Focus on Runs View");
  await workbench.waitForText("checkpoint-241/grads");
  expect(await captured("pretrain").count()).toBe(0);
});

function filesBelow(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" })
        .map((path) => join(folder, path))
        .filter((path) => statSync(path).isFile())
    : [];
}
