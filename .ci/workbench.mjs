/** The real VS Code in a browser: starts its server on a free port and knows its addresses. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureServer, PINNED_NODE, pinnedEnv, ROOT } from "./setup.mjs";

const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 5_000;

/** What a person would click away. */
const CALM = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.enableExperiments": false,
  "workbench.tips.enabled": false,
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "update.showReleaseNotes": false,
  "chat.disableAIFeatures": true,
  "git.openRepositoryInParentFolders": "never",
};

/**
 * Settles when the server listens; port 0 takes any free one. `automated` lets the payload of an address load and test
 * an extension, but VS Code then draws no notification toasts; without it the extension is simply installed. A `vsix` is
 * installed from the file. `machine` are settings that only a machine has.
 */
export async function startWorkbench({ port = 0, dataDir, settings = {}, env = {}, automated = true, vsix, machine }) {
  const writeSettings = prepareSettings(dataDir, { ...CALM, ...settings }, machine);
  if (vsix !== undefined) {
    installVsix(vsix, dataDir);
  } else if (!automated) {
    installExtension(join(dataDir, "extensions"));
  }

  const server = spawn(PINNED_NODE, serverArguments({ port, dataDir, automated }), {
    cwd: ROOT,
    detached: process.platform !== "win32", // Its own process group, so that stop() reaches the extension hosts.
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...pinnedEnv(), ...env },
  });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const stop = async () => {
    endGroup(server, "SIGTERM");
    const hurry = setTimeout(() => endGroup(server, "SIGKILL"), STOP_LIMIT_MS);
    await ended;
    clearTimeout(hurry);
    endGroup(server, "SIGKILL"); // Extension hosts that outlived the server.
  };
  try {
    const log = keepLog(server);
    const boundPort = await whenListening(server, log);
    const url = (folder, payload = []) => workbenchUrl(boundPort, folder, payload);
    return { port: boundPort, url, writeSettings, log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The user's settings are read once, so a person's own changes stay; the machine's are watched, so tests change those.
 * Trust can only be turned off in the user's.
 */
function prepareSettings(dataDir, settings, ofMachine = {}) {
  const [user, machine] = ["User", "Machine"].map((owner) => {
    mkdirSync(join(dataDir, "data", owner), { recursive: true });
    return join(dataDir, "data", owner, "settings.json");
  });
  if (!existsSync(user)) {
    writeFileSync(user, JSON.stringify(settings, null, 2));
  }
  let changes = {};
  const writeSettings = (changed) => {
    changes = { ...changes, ...changed };
    writeFileSync(machine, JSON.stringify(changes, null, 2));
  };
  writeSettings(ofMachine);
  return writeSettings;
}

/** By a link, so that a reload of the window takes the newest build. */
function installExtension(folder) {
  const { publisher, name, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  rmSync(folder, { recursive: true, force: true }); // The link goes, not what it points to.
  mkdirSync(folder, { recursive: true });
  symlinkSync(ROOT, join(folder, `${publisher}.${name}-${version}`), "junction");
}

/** As a person does with "Install from VSIX…", by the server's own command line. */
function installVsix(vsix, dataDir) {
  const args = [ensureServer(), "--install-extension", vsix, "--server-data-dir", dataDir];
  const { status, stdout, stderr } = spawnSync(PINNED_NODE, args, { env: pinnedEnv(), encoding: "utf8" });
  if (status !== 0 || !stdout.includes("was successfully installed")) {
    throw new Error(`${vsix} was not installed.\n${stdout}${stderr}`);
  }
}

function workbenchUrl(port, folder, payload) {
  const query = new URLSearchParams({ folder });
  if (payload.length > 0) {
    const remote = `vscode-remote://127.0.0.1:${port}`; // How a payload names a file on the server.
    query.set("payload", JSON.stringify(payload.map(([key, path]) => [key, remote + path])));
  }
  return `http://127.0.0.1:${port}/?${query}`;
}

function serverArguments({ port, dataDir, automated }) {
  const options = {
    host: "127.0.0.1",
    port: String(port),
    "server-data-dir": dataDir,
    "telemetry-level": "off",
  };
  const flags = ["--without-connection-token", "--accept-server-license-terms"];
  if (automated) {
    flags.push("--enable-smoke-test-driver");
  }
  const named = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  return [join(ROOT, ".ci/serve.mjs"), ensureServer(), ...named, ...flags];
}

/** Gives the last of what the server has printed. */
function keepLog(server) {
  let output = "";
  const read = (chunk) => (output = (output + chunk).slice(-8_000));
  server.stdout.on("data", read);
  server.stderr.on("data", read);
  return () => output;
}

function whenListening(server, log) {
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`The VS Code server ${why}.\n${log()}`));
    const limit = setTimeout(() => fail(`did not listen within ${START_LIMIT_MS / 1000} s`), START_LIMIT_MS);
    server.stdout.on("data", () => {
      const listening = /Extension host agent listening on (\d+)/.exec(log());
      if (listening !== null) {
        clearTimeout(limit);
        resolve(Number(listening[1]));
      }
    });
    server.once("error", (error) => fail(`did not start: ${error.message}`));
    server.once("exit", (code) => fail(`ended with code ${code}`));
  });
}

function endGroup(server, signal) {
  try {
    process.kill(process.platform === "win32" ? server.pid : -server.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") {
      // Nobody left to end.
      throw error;
    }
  }
}
