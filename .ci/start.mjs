/**
 * Opens VS Code with Gradlens on the example run: the desktop one where there is one, else the embedded one.
 * Options: --live [--interval MS], --embedded, --port PORT.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepareLiveRun, replayRun } from "./live.mjs";
import { build, findOnPath, hasDisplay, onPinnedNode, ROOT, SetupError, WORKBENCH_CACHE } from "./setup.mjs";
import { startWorkbench } from "./workbench.mjs";

const EXAMPLE = join(ROOT, "examples/char-transformer");
const LIVE = join(WORKBENCH_CACHE, "live/char-transformer");
const HINT = 'There, click ‖g‖ in the status bar or run "Gradlens: Open Dashboard".';
const OLDEST_DESKTOP = [1, 110]; // engines.vscode in package.json

await onPinnedNode(import.meta.url, async () => {
  const options = readOptions();
  build();
  const folder = options.live ? LIVE : EXAMPLE;
  if (options.live) {
    prepareLiveRun(EXAMPLE, LIVE);
  }
  const desktop = options.embedded ? undefined : findDesktop();
  const ending = new AbortController();
  const stop = desktop === undefined ? await openEmbedded(folder, options.port) : openDesktop(desktop, folder);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => {
      ending.abort();
      stop().catch(console.error);
    });
  }
  if (options.live) {
    await replay(options.intervalMs, ending.signal);
  }
});

function readOptions() {
  const { values } = parseArgs({
    options: {
      live: { type: "boolean", default: false },
      interval: { type: "string", default: "300" },
      embedded: { type: "boolean", default: false },
      port: { type: "string", default: "0" },
    },
  });
  const [intervalMs, port] = [values.interval, values.port].map(Number);
  if (!(intervalMs >= 0) || !(Number.isInteger(port) && port >= 0 && port < 65_536)) {
    throw new SetupError("--interval takes milliseconds and --port a port number.");
  }
  return { ...values, intervalMs, port };
}

async function openEmbedded(folder, port) {
  const dataDir = join(WORKBENCH_CACHE, "data");
  const workbench = await startWorkbench({ port, dataDir, automated: false });
  console.log(`\nOpen ${workbench.url(folder)}\n\n${HINT}\nCtrl-C ends it.`);
  return workbench.stop;
}

function openDesktop(code, folder) {
  console.log(`Opening ${folder} in desktop VS Code.\n${HINT}`);
  const args = [`--extensionDevelopmentPath=${ROOT}`, "--new-window", folder];
  const { status } = runCode(code, args, { stdio: "inherit" });
  if (status !== 0) {
    throw new SetupError(`${code} failed. \`npm start -- --embedded\` opens VS Code in a browser instead.`);
  }
  return async () => {};
}

/** The desktop `code`, where a window can be shown and it is new enough. */
function findDesktop() {
  const code = findOnPath(["code"]);
  if (code === undefined || !hasDisplay()) {
    return undefined;
  }
  const version = runCode(code, ["--version"], { encoding: "utf8" }).stdout.split("\n")[0].trim();
  const [major, minor] = version.split(".").map(Number);
  if (major > OLDEST_DESKTOP[0] || (major === OLDEST_DESKTOP[0] && minor >= OLDEST_DESKTOP[1])) {
    return code;
  }
  console.log(`VS Code ${version} is older than ${OLDEST_DESKTOP.join(".")}: using the embedded one.`);
  return undefined;
}

function runCode(code, args, options) {
  const shell = process.platform === "win32"; // `code` is a batch file there.
  return spawnSync(shell ? `"${code}"` : code, shell ? args.map((arg) => `"${arg}"`) : args, { ...options, shell });
}

async function replay(intervalMs, signal) {
  console.log(`Replaying the example's log into ${LIVE}, a line every ${intervalMs} ms.`);
  try {
    await replayRun(EXAMPLE, LIVE, { intervalMs, signal });
    console.log("The replay has reached the last step.");
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  }
}
