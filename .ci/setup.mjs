/** Everything a fresh machine lacks: dependencies, the pinned Node, the VS Code server, Chromium. Runs on any Node >= 20. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** The Node that VS Code's extension host runs; it comes from the registry's `node` package. */
export const PINNED_NODE = join(ROOT, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
const PINNED_MAJOR = 24;
const CODE_SERVER_VERSION = "4.139.1"; // carries VS Code 1.139
/** Ignored by git: everything that is fetched or written while trying and testing. */
export const WORKBENCH_CACHE = join(ROOT, ".workbench");
const SERVER_FOLDER = join(WORKBENCH_CACHE, `code-server-${CODE_SERVER_VERSION}`);
const VSCODE_IN_SERVER = "node_modules/code-server/lib/vscode";
const CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const CHROME_ON_MACOS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const PARENT_CHECK_MS = 1_000;
const QUIET = ["--no-audit", "--no-fund", "--loglevel=error"];

/** A thing only the person at the machine can put right: its message is shown without a stack. */
export class SetupError extends Error {}

/** Runs `main` on the pinned Node with the dependencies there; the first call may itself run on an older Node. */
export async function onPinnedNode(scriptUrl, main) {
  try {
    if (process.argv[1] === undefined || realpathSync(process.argv[1]) !== realpathSync(fileURLToPath(scriptUrl))) {
      return; // Imported, not started.
    }
    endWithParent();
    ensureDependencies();
    if (realpathSync(process.execPath) === realpathSync(PINNED_NODE)) {
      await main();
    } else {
      process.exitCode = await runOnPinnedNode(process.argv.slice(1));
    }
  } catch (error) {
    const isForThePerson = error instanceof SetupError || String(error.code).startsWith("ERR_PARSE_ARGS");
    console.error(isForThePerson ? error.message : error);
    process.exitCode = 1;
  }
}

/** The shell between npm and a script does not pass signals on: a script ends itself when whoever started it is gone. */
export function endWithParent() {
  const parent = process.ppid;
  const check = () => process.ppid !== parent && process.kill(process.pid, "SIGTERM");
  setInterval(check, PARENT_CHECK_MS).unref();
}

/** The environment in which `node` is the pinned one, also for npm. */
export function pinnedEnv() {
  return { ...process.env, PATH: `${dirname(PINNED_NODE)}${delimiter}${process.env.PATH}` };
}

/** Where the VS Code server lies; the first call fetches it (0.6 GB unpacked, no compiler needed). */
export function ensureServer() {
  const entry = join(SERVER_FOLDER, VSCODE_IN_SERVER, "out/server-main.js");
  if (existsSync(entry)) {
    return entry;
  }
  console.log(`Fetching the VS Code server (code-server ${CODE_SERVER_VERSION}) into .workbench, once.`);
  // Installed beside its place and renamed last, so that what is there is always complete.
  const unfinished = `${SERVER_FOLDER}.unfinished-${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  writeFileSync(join(unfinished, "package.json"), '{ "private": true }\n');
  npm(["install", `code-server@${CODE_SERVER_VERSION}`, "--ignore-scripts", ...QUIET], unfinished);
  npm(["install", "--omit=dev", "--ignore-scripts", ...QUIET], join(unfinished, VSCODE_IN_SERVER));
  if (existsSync(entry)) {
    rmSync(unfinished, { recursive: true, force: true }); // Another process was faster.
  } else {
    renameSync(unfinished, SERVER_FOLDER);
  }
  return entry;
}

/** Chromium's path; installs it where it may (Debian as root), else says what to install. */
export function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) {
    return found;
  }
  installOnDebian("chromium");
  const installed = findChromium();
  if (installed === undefined) {
    const how = isDebian() ? "as root: apt-get install chromium" : "install Chromium or Google Chrome";
    throw new SetupError(`The browser tests need Chromium (${how}), or its path in the variable GRADLENS_CHROMIUM.`);
  }
  return installed;
}

/**
 * Variables with which WebGPU runs on this machine. On Linux that is SwiftShader, the software driver beside Chromium,
 * behind the Vulkan loader; elsewhere the system has a driver.
 */
export function ensureWebGpu() {
  const driver = "/usr/lib/chromium/vk_swiftshader_icd.json";
  if (process.platform !== "linux" || !existsSync(driver)) {
    return {};
  }
  if (!hasVulkanLoader()) {
    installOnDebian("libvulkan1");
  }
  if (!hasVulkanLoader()) {
    throw new SetupError("The GPU tests need the Vulkan loader (on Debian as root: apt-get install libvulkan1).");
  }
  return {
    VK_DRIVER_FILES: driver,
    VK_ICD_FILENAMES: driver,
    XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? tmpdir(),
  };
}

const PYTHON_PACKAGES = ["torch", "numpy", "h5py", "numcodecs"];

/** A Python with PyTorch, NumPy, h5py and numcodecs; installs Debian's where it may, else says what to install. */
export function ensurePython() {
  const found = findPython();
  if (found !== undefined) {
    return found;
  }
  const debian = PYTHON_PACKAGES.map((name) => `python3-${name}`);
  installOnDebian("--no-install-recommends", ...debian);
  const installed = findPython();
  if (installed === undefined) {
    const how = isDebian()
      ? `as root: apt-get install ${debian.join(" ")}`
      : `pip install ${PYTHON_PACKAGES.join(" ")}`;
    throw new SetupError(
      `These tests need a Python with ${PYTHON_PACKAGES.join(", ")} (${how}), or its path in the variable GRADLENS_PYTHON.`,
    );
  }
  return installed;
}

/** Debian's own comes before one that is first on PATH, which has other packages. */
function findPython() {
  const named = process.env.GRADLENS_PYTHON;
  const places = named === undefined ? ["/usr/bin/python3", findOnPath(["python3", "python"])] : [named];
  const imports = `import ${PYTHON_PACKAGES.join(", ")}`;
  return places.find((path) => path !== undefined && spawnSync(path, ["-c", imports]).status === 0);
}

function hasVulkanLoader() {
  const folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
  return folders.some((folder) => existsSync(join(folder, "libvulkan.so.1")));
}

/** Slurm and Open MPI; installs them where it may (Debian as root), else says what to install. */
export function ensureCluster() {
  const programs = ["munged", "slurmctld", "slurmd", "srun", "sbatch", "mpirun", "setpriv"];
  const missing = () => programs.filter((name) => findOnPath([name], SYSTEM_FOLDERS) === undefined);
  if (missing().length > 0) {
    installOnDebian("--no-install-recommends", ...CLUSTER_PACKAGES);
  }
  if (missing().length > 0) {
    const how = isDebian() ? `as root: apt-get install ${CLUSTER_PACKAGES.join(" ")}` : "from your distribution";
    throw new SetupError(`The cluster tests need Slurm and Open MPI (${how}). Missing: ${missing().join(", ")}.`);
  }
}

const CLUSTER_PACKAGES = ["slurmctld", "slurmd", "slurm-client", "munge", "openmpi-bin"];
const SYSTEM_FOLDERS = ["/usr/sbin", "/sbin"];

function installOnDebian(...names) {
  if (isDebian() && process.getuid?.() === 0) {
    console.log(`Installing ${names.join(" ")} with apt-get.`);
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    run("apt-get", ["update", "-qq"], { env });
    run("apt-get", ["install", "-y", "-qq", ...names], { env });
  }
}

/** The first of these programs on PATH, or in more folders. */
export function findOnPath(names, more = []) {
  const folders = [...(process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== ""), ...more];
  const endings = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  const candidates = names.flatMap((name) =>
    folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending))),
  );
  return candidates.find((path) => existsSync(path));
}

/** Whether a window can be shown. */
export function hasDisplay() {
  const { DISPLAY = "", WAYLAND_DISPLAY = "" } = process.env;
  return process.platform !== "linux" || DISPLAY !== "" || WAYLAND_DISPLAY !== "";
}

/** Runs the build. `--tests` adds the bundle that the extension host's tests are in. */
export function build(...options) {
  run(PINNED_NODE, ["esbuild.config.mjs", ...options], { env: pinnedEnv() });
}

/** Runs some of the tests, and shows what they print. */
export function runVitest(args, env) {
  run(PINNED_NODE, ["node_modules/vitest/vitest.mjs", "run", ...args], { env: { ...pinnedEnv(), ...env } });
}

function ensureDependencies() {
  if (!dependenciesMatchLock()) {
    console.log("Installing dependencies (npm ci).");
    npm(["ci", ...QUIET], ROOT, process.env); // Without the pinned Node on PATH: this replaces it.
  }
  if (!hasPinnedNode()) {
    npm(FETCH_NODE, ROOT, process.env);
  }
  if (!hasPinnedNode()) {
    throw new SetupError(`Node ${PINNED_MAJOR} is missing from node_modules. Run: npm ${FETCH_NODE.join(" ")}`);
  }
}

/** The package `node` fetches its program in its install script, the only one that .npmrc's rule has an exception for. */
const FETCH_NODE = ["rebuild", "node", "--ignore-scripts=false"];

function hasPinnedNode() {
  const version = existsSync(PINNED_NODE) ? spawnSync(PINNED_NODE, ["-v"], { encoding: "utf8" }).stdout : "";
  return version.startsWith(`v${PINNED_MAJOR}.`);
}

/** Compares with the lockfile that npm leaves in node_modules, so a developer's own `npm install` counts too. */
function dependenciesMatchLock() {
  const wanted = readLock("package-lock.json");
  const installed = readLock("node_modules/.package-lock.json");
  return Object.entries(wanted).every(([path, { version, optional }]) =>
    path in installed ? installed[path].version === version : path === "" || optional === true,
  );
}

function readLock(path) {
  const file = join(ROOT, path);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : {};
}

/** Gives the exit code. The terminal sends Ctrl-C to both; this process only waits for the other to clean up. */
function runOnPinnedNode(args) {
  const child = spawn(PINNED_NODE, args, { stdio: "inherit", env: pinnedEnv() });
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

function npm(args, cwd, env = pinnedEnv()) {
  run("npm", args, { cwd, env, shell: process.platform === "win32" });
}

function run(command, args, options) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit", ...options });
  if (error !== undefined || status !== 0) {
    throw new SetupError(`${command} ${args.join(" ")} failed${error === undefined ? "" : `: ${error.message}`}`);
  }
}

function findChromium() {
  const places = [process.env.GRADLENS_CHROMIUM, findOnPath(CHROMIUM_NAMES), CHROME_ON_MACOS];
  return places.find((path) => path !== undefined && existsSync(path));
}

function isDebian() {
  return existsSync("/etc/os-release") && /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
}
