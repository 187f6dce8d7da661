import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { inject } from "vitest";
import { open, type Entry, type Options, type ZipFile } from "yauzl";
import manifest from "../../package.json" with { type: "json" };

const PREFIX = "extension/";

/** The packages of platforms with native code, and of all others. */
export const TARGETS = ["linux-x64", "linux-arm64", "darwin-arm64", "win32-x64", "win32-arm64", "others"] as const;

export type Target = (typeof TARGETS)[number];

const platform = `${process.platform}-${process.arch}`;

/** The package for the machine that runs the tests, and what computes in it. */
export const HERE: Target = TARGETS.find((target) => target === platform) ?? "others";
export const ENGINE_HERE = HERE === "others" ? "simd" : "onnxruntime";

export function vsixPath(target: Target): string {
  const name = target === "others" ? "gradlens" : `gradlens-${target}`;
  return join(inject("packages"), `${name}-${manifest.version}.vsix`);
}

export function npmPath(): string {
  return join(inject("packages"), `gradlens-${manifest.version}.tgz`);
}

/** The files of an extension's package by path, and how to read one. */
export async function readVsix(target: Target): Promise<ReadonlyMap<string, () => Promise<Buffer>>> {
  const zip = await promisify<string, Options, ZipFile>(open)(vsixPath(target), {
    lazyEntries: false,
    autoClose: false,
  });
  const read = promisify(zip.openReadStream.bind(zip) as (entry: Entry, callback: StreamCallback) => void);
  const files = new Map<string, () => Promise<Buffer>>();
  zip.on("entry", (entry: Entry) => {
    if (entry.fileName.startsWith(PREFIX)) {
      files.set(entry.fileName.slice(PREFIX.length), async () => buffer(await read(entry)));
    }
  });
  await once(zip, "end");
  return files;
}

type StreamCallback = (error: Error | null, stream: Readable) => void;
