import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { runProgram } from "./runProgram.ts";
import type { Result } from "./runProgram.ts";

/** A cluster of one node on this machine: Slurm's own daemons, which listen on 127.0.0.1 alone. */
export interface Slurm {
  /** Runs one of Slurm's commands on this cluster. */
  readonly run: (program: string, args: readonly string[], cwd: string) => Promise<Result>;
  /** With which its commands find it. */
  readonly env: NodeJS.ProcessEnv;
  readonly stop: () => Promise<void>;
}

// More tasks than cores, so that one machine is enough for eight.
const TASKS = 8;
const READY_MS = 120_000;
// Below those that Linux gives to whoever asks for any, so that another program has to name one to take it.
const PORTS = { lowest: 20_000, highest: 32_000 };
// Even so it may, after the port was seen to be free.
const ATTEMPTS = 3;

/** Starts the daemons. They die with this process, however it ends. */
export async function startSlurm(): Promise<Slurm> {
  const endMs = performance.now() + READY_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryToStart(endMs);
    } catch (error) {
      if (attempt === ATTEMPTS || performance.now() > endMs) {
        throw error;
      }
    }
  }
}

/** Stops what was started when one of the daemons does not come up. */
async function tryToStart(endMs: number): Promise<Slurm> {
  const folder = await mkdtemp(join(tmpdir(), "gradlens-slurm-"));
  await chmod(folder, 0o711); // munge wants its socket to be within everyone's reach.
  const env = { ...process.env, SLURM_CONF: join(folder, "slurm.conf") };
  const daemons: ChildProcess[] = [];
  const run: Slurm["run"] = async (program, args, cwd) => runProgram(program, args, { cwd, env });
  const stop = async (): Promise<void> => {
    await run("scancel", ["--signal=KILL", `--user=${userInfo().username}`], folder);
    await run("scancel", [`--user=${userInfo().username}`], folder);
    await Promise.all(daemons.toReversed().map(endDaemon));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await writeConfiguration(folder);
    daemons.push(await startDaemon(folder, "munged", mungeOptions(folder)));
    daemons.push(await startDaemon(folder, "slurmctld", ["-D"]));
    daemons.push(await startDaemon(folder, "slurmd", ["-D", "-N", "node1"]));
    await untilIdle(async () => {
      if (daemons.some(hasEnded) || performance.now() > endMs) {
        throw new Error("A daemon has ended, or took too long.");
      }
      return (await run("sinfo", ["--noheader", "--format=%T"], folder)).stdout.trim();
    });
  } catch (error) {
    const logs = await Promise.all(["munged", "slurmctld", "slurmd"].map(async (name) => lastLines(folder, name)));
    await stop();
    throw new Error(`Slurm did not start: ${String(error)}\n${logs.join("\n")}`, { cause: error });
  }
  return { run, env, stop };
}

async function writeConfiguration(folder: string): Promise<void> {
  await writeFile(join(folder, "munge.key"), randomBytes(128), { mode: 0o400 });
  await mkdir(join(folder, "state"));
  await mkdir(join(folder, "spool"));
  const user = userInfo().username;
  const [controllerPort, nodePort] = [await freePort(), await freePort()];
  const settings = {
    ClusterName: "gradlens",
    SlurmctldHost: "localhost(127.0.0.1)",
    SlurmctldPort: controllerPort,
    SlurmdPort: nodePort,
    CommunicationParameters: "NoCtldInAddrAny,NoInAddrAny",
    SlurmUser: user,
    SlurmdUser: user,
    AuthType: "auth/munge",
    AuthInfo: `socket=${join(folder, "munge.socket")}`,
    CredType: "cred/munge",
    StateSaveLocation: join(folder, "state"),
    SlurmdSpoolDir: join(folder, "spool"),
    SlurmctldPidFile: join(folder, "slurmctld.pid"),
    SlurmdPidFile: join(folder, "slurmd.pid"),
    ProctrackType: "proctrack/linuxproc",
    TaskPlugin: "task/none",
    SwitchType: "switch/none",
    MpiDefault: "none",
    SelectType: "select/cons_tres",
    SelectTypeParameters: "CR_CPU",
    SlurmdParameters: "config_overrides",
    KillWait: 1,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  lines.push(`NodeName=node1 NodeHostname=localhost NodeAddr=127.0.0.1 CPUs=${TASKS} State=UNKNOWN`);
  lines.push("PartitionName=all Nodes=node1 Default=YES State=UP");
  await writeFile(join(folder, "slurm.conf"), `${lines.join("\n")}\n`);
}

function mungeOptions(folder: string): string[] {
  const file = (name: string): string => join(folder, name);
  const files = { key: "munge.key", seed: "munge.seed", pid: "munge.pid", log: "munge.log" };
  return [
    "--foreground",
    "--num-threads=2",
    `--socket=${file("munge.socket")}`,
    ...Object.entries(files).map(([option, name]) => `--${option}-file=${file(name)}`),
  ];
}

async function startDaemon(folder: string, name: string, args: readonly string[]): Promise<ChildProcess> {
  const log = await open(join(folder, `${name}.out`), "w");
  const env = {
    ...process.env,
    PATH: `${process.env["PATH"]}:/usr/sbin:/sbin`,
    SLURM_CONF: join(folder, "slurm.conf"),
  };
  const child = spawn("setpriv", ["--pdeathsig", "KILL", name, ...args], { env, stdio: ["ignore", log.fd, log.fd] });
  await once(child, "spawn");
  await log.close();
  return child;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function endDaemon(child: ChildProcess): Promise<void> {
  if (!hasEnded(child)) {
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
    await exited;
    clearTimeout(timer);
  }
}

async function untilIdle(look: () => Promise<string>): Promise<void> {
  while ((await look()) !== "idle") {
    await sleep(200);
  }
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.lowest, PORTS.highest);
    if (await isFree(port)) {
      return port;
    }
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false; // Another program listens there.
  }
  server.close();
  await once(server, "close");
  return true;
}

async function lastLines(folder: string, name: string): Promise<string> {
  const text = await readFile(join(folder, `${name}.out`), "utf8").catch(() => "did not start");
  return `${name}: ${text.trimEnd().split("\n").slice(-5).join("\n  ")}`;
}
