import { fork, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createWorkerClient } from "#client/workerClient.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { buildProgram } from "../support/build.ts";
import { ask, createScene } from "./requests.ts";
import type { Asked, Scene } from "./requests.ts";
import { createTally, IS_LONG } from "./rounds.ts";

// A disk that takes no byte more: the limit on the size of a file, which every Unix has and no right is needed for.

let scene: Scene;
let worker: string;
let cli: string;
let cached: Asked;
let caches: string;
beforeAll(async () => {
  scene = await createScene();
  [worker, cli] = [await buildProgram("worker"), await buildProgram("cli")];
  [cached] = scene.asked.filter(({ what }) => what === "norms with a cache") as [Asked];
  caches = join(scene.path, "user caches");
  vi.stubEnv("XDG_CACHE_HOME", caches);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await scene.dispose();
});

/** A command that runs Node where files may grow to so many KiB; a write beyond fails as on a full disk. */
function limited(kib: number): string {
  return `trap '' XFSZ; ulimit -f ${kib}; exec "$0" "$@"`;
}

function clientOn(kib: number | "enough"): WorkerClient {
  return createWorkerClient(() =>
    kib === "enough"
      ? fork(worker, { serialization: "advanced" })
      : spawn("bash", ["-c", limited(kib), process.execPath, worker], {
          serialization: "advanced",
          stdio: ["ignore", "ignore", "ignore", "ipc"],
        }),
  );
}

async function withDisk<T>(kib: number | "enough", use: (client: WorkerClient) => Promise<T>): Promise<T> {
  const client = clientOn(kib);
  try {
    return await use(client);
  } finally {
    client.dispose();
  }
}

/** All files below a folder; none when it is not there. */
function filesIn(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
        entry.isFile() ? entry.name : [],
      )
    : [];
}

test.for(IS_LONG ? [0, 1, 64] : [1])(
  "with room for %d KiB in each file every request is answered as ever, and no torn file is left in any cache",
  async (kib, context) => {
    const { time } = createTally(context);
    for (const asked of scene.asked.filter(({ what }) => IS_LONG || what.startsWith("norms"))) {
      rmSync(scene.cache, { recursive: true, force: true });
      rmSync(caches, { recursive: true, force: true });
      const full = await time(async () => withDisk(kib, async (client) => ask(client, asked.request)));
      const left = [...filesIn(scene.cache), ...filesIn(caches)].filter((name) => !/\.(cached|json)$/.test(name));
      const whole = await withDisk("enough", async (client) => ask(client, asked.request));
      expect([asked.what, full, left]).toEqual([asked.what, whole, []]);
    }
  },
);

test("a part of norms that does not fit on the disk is no file, and the command line says so in one line", async (context) => {
  const { time } = createTally(context);
  const folder = join(scene.path, "parts");
  mkdirSync(folder);
  const command = ["norms", cached.path, "--shard", "1/2", "-o", join(folder, "part.json")];
  const { status, stderr } = await time(async () =>
    spawnSync("bash", ["-c", limited(8), process.execPath, cli, ...command], { encoding: "utf8" }),
  );
  expect([
    status,
    stderr
      .trimEnd()
      .split("\n")
      .filter((line) => !line.startsWith("note")).length,
    filesIn(folder),
  ]).toEqual([2, 1, []]);
  expect(stderr).toMatch(/part\.json: The file may not become as large as it has to be\.$/m);
});

test("two windows compute and keep the norms of one checkpoint again and again while a third dies in the middle of it", async (context) => {
  const { time } = createTally(context);
  const clients = [clientOn("enough"), clientOn("enough"), clientOn("enough")];
  const truth = await withDisk("enough", async (client) =>
    ask(client, { ...cached.request, cache: join(scene.path, "other") } as never),
  );
  try {
    for (let round = 0; round < (IS_LONG ? 20 : 3); round += 1) {
      rmSync(scene.cache, { recursive: true, force: true });
      const answers = await time(async () =>
        Promise.all(
          clients.map(async (client, at) => {
            const asking = ask(client, cached.request).catch(() => "died");
            if (at === 2) {
              client.restart();
            }
            return asking;
          }),
        ),
      );
      expect(answers.slice(0, 2)).toEqual([truth, truth]);
      expect(await withDisk("enough", async (client) => ask(client, cached.request))).toEqual(truth);
    }
  } finally {
    clients.forEach((client) => client.dispose());
  }
});
