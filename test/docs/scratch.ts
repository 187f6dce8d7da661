import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { EXAMPLE } from "../support/build.ts";
import { torchFile } from "../support/torchFile.ts";
import { ROOT } from "./pages.ts";

const GAN = join(ROOT, "test/fixtures/gan");

/** A folder in which everything that the documents' commands name is there, and the programs that they start. */
export interface Scratch {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  remove(): void;
}

/** `cli` is the built command line. */
export function createScratch(cli: string): Scratch {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-docs-"));
  writeRuns(folder);
  writeCheckpoints(folder);
  const home = join(folder, "home");
  cpSync(join(folder, "runs"), join(home, "runs"), { recursive: true });
  mkdirSync(join(home, ".config/fish/completions"), { recursive: true });
  symlinkSync(dirname(cli), join(folder, "dist"), "junction");
  const bin = join(folder, "bin");
  writePrograms(bin, cli);
  const env = {
    ...process.env,
    HOME: home,
    PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
    XDG_CACHE_HOME: join(folder, "cache"),
  };
  return { folder, env, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

function writeRuns(folder: string): void {
  cpSync(EXAMPLE, join(folder, "examples/char-transformer"), { recursive: true });
  cpSync(EXAMPLE, join(folder, "runs/my-run"), { recursive: true });
  rmSync(join(folder, "runs/my-run/diverged"), { recursive: true });
  cpSync(GAN, join(folder, "runs/my-gan"), { recursive: true });
  cpSync(join(EXAMPLE, "console.log"), join(folder, "train.log"));
  const lines = Array.from({ length: 100 }, (_, step) => `it=${step} g=${1 + (step % 7) / 10}\n`);
  writeFileSync(join(folder, "train.txt"), lines.join(""));
}

function writeCheckpoints(folder: string): void {
  const copies = { "checkpoint-200": 200, "checkpoint-300": 241, "checkpoint-400": 400, CKPT: 241 };
  for (const [name, step] of Object.entries(copies)) {
    cpSync(join(EXAMPLE, `checkpoint-${step}`), join(folder, name), { recursive: true });
  }
  mkdirSync(join(folder, "shared"));
  writeFileSync(
    join(folder, "dump.pt"),
    torchFile((add) => ({ weight: add([1, 2, 3, 4], [2, 2]) })),
  );
}

/**
 * `gradlens` is the real one. Launchers of clusters are stood in for by one that starts two tasks and tells each which it is;
 * the tests of clusters start the real ones. `npm` and `code` only look whether what they are asked for is there.
 */
function writePrograms(bin: string, cli: string): void {
  mkdirSync(bin);
  const node = JSON.stringify(process.execPath);
  const launcher = `
    while [ "$#" -gt 0 ] && [ "$1" != gradlens ]; do shift; done
    [ "$#" -gt 0 ] || exit 3
    RANK=1 WORLD_SIZE=2 "$@" & RANK=0 WORLD_SIZE=2 "$@" && wait $!`;
  const programs: Readonly<Record<string, string>> = {
    gradlens: `exec ${node} ${JSON.stringify(cli)} "$@"`,
    srun: launcher,
    mpirun: launcher,
    torchrun: launcher,
    npm: `
      [ "$1" = run ] && shift
      case "$1" in install|ci|pack) exit 0;; esac
      exec ${node} -e 'process.exit(process.argv[2] in require(process.argv[1]).scripts ? 0 : 3)' ${JSON.stringify(join(ROOT, "package.json"))} "$1"`,
    code: `case "$2" in packages/gradlens*.vsix) exit 0;; esac; exit 3`,
  };
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/usr/bin/env bash\n${script.trim()}\n`);
    chmodSync(join(bin, name), 0o755);
  }
}
