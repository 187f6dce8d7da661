import { expect, test } from "vitest";

import { crc32c } from "#readers/crc32c.ts";
import { openOcdbt } from "#readers/checkpoints/orbax/ocdbt.ts";
import { NODE_MAGIC } from "#readers/checkpoints/orbax/ocdbtRecord.ts";

import { folderOf, type TestFiles } from "../../../support/folderSource.ts";
import { interiorBody, leafBody, manifest, manifestOfNumbered, node, record, varints } from "../../../support/ocdbt.ts";
import { concat } from "../../../support/safetensors.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Keys and values of a database, or the failure. */
async function contents(files: TestFiles, prefix = ""): Promise<unknown> {
  const store = await openOcdbt(folderOf(files), prefix);
  if (store.kind !== "ok") {
    return store;
  }
  const values: Record<string, string> = {};
  for (const key of store.value.keys) {
    const value = await store.value.find(key);
    const bytes = value && (await store.value.read(value, 0, value.byteLength));
    values[key] = new TextDecoder().decode(bytes);
  }
  return values;
}

/** A tree of three levels: inline values, values in a file, prefixes that the nodes below leave out. */
function tree(): Record<string, Uint8Array> {
  const first = node(leafBody({ a: text("one"), ab: { file: "d/values", offset: 2, length: 3 }, "b/c": text("") }));
  const second = node(leafBody({ "": text("three"), x: { file: "d/values", offset: 0, length: 2 } }), false);
  const middle = node(
    interiorBody(1, [
      { key: "params.a", common: 7, file: "d/nodes", offset: 0, length: first.length },
      { key: "params.ß", common: 9, file: "d/nodes", offset: first.length, length: second.length },
    ]),
  );
  const root = node(
    interiorBody(2, [{ key: "params.a", common: 0, file: "d/more", offset: 0, length: middle.length }]),
  );
  return {
    "manifest.ocdbt": manifest({ file: "d/more", offset: middle.length, length: root.length, height: 2 }),
    "d/nodes": concat([first, second]),
    "d/more": concat([middle, root]),
    "d/values": text("fourtwo"),
  };
}

const CONTENTS = {
  "params.a": "one",
  "params.ab": "urt",
  "params.b/c": "",
  "params.ß": "three",
  "params.ßx": "fo",
};

test("the latest version is read through all levels", async () => {
  expect(await contents(tree())).toEqual(CONTENTS);
});

test("a database of numbered manifests is read from the last of them", async () => {
  const { "manifest.ocdbt": latest = text(""), ...others } = tree();
  const files = {
    ...others,
    "manifest.ocdbt": manifestOfNumbered(),
    "manifest.0000000000000001": text("old"),
    "manifest.000000000000000a": latest,
  };
  expect(await contents(files)).toEqual(CONTENTS);
});

test("a process's files are found from the database above", async () => {
  const values = node(leafBody({ k: { file: "d/v", offset: 0, length: 2 } }));
  const files = {
    "item/manifest.ocdbt": manifest({ file: "ocdbt.process_0/d/n", base: 16, offset: 0, length: values.length }),
    "item/ocdbt.process_0/d/n": values,
    "item/ocdbt.process_0/d/v": text("hi"),
  };
  expect(await contents(files, "item/")).toEqual({ k: "hi" });
});

test("an empty database has no keys", async () => {
  const none = 2 ** 64;
  expect(await contents({ "manifest.ocdbt": manifest({ file: "", offset: none, length: none }) })).toEqual({});
});

test("every file cut at any byte is told with its name or size", async () => {
  const files = tree();
  for (const [name, bytes] of Object.entries(files)) {
    for (let have = 0; have < bytes.length; have += 1) {
      const outcome = await openOcdbt(folderOf({ ...files, [name]: bytes.subarray(0, have) }), "");
      const needed = name !== "d/values" || have < 5;
      expect([name, have, outcome.kind]).toEqual([name, have, needed ? "incomplete" : "ok"]);
    }
  }
});

test("any changed byte of a record is found by its checksum", async () => {
  const files = tree();
  for (const name of ["manifest.ocdbt", "d/nodes", "d/more"]) {
    const bytes = files[name] ?? text("");
    for (let at = 0; at < bytes.length; at += 1) {
      const outcome = await openOcdbt(folderOf({ ...files, [name]: bytes.with(at, (bytes[at] ?? 0) ^ 4) }), "");
      expect(["malformed", "incomplete"]).toContain(outcome.kind);
    }
  }
});

test("the checksum is that of RFC 3720", () => {
  expect(crc32c(text("123456789"))).toBe(0xe3_06_92_83);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a_91_36_aa);
});

/** A database whose root is this record. */
function rootedIn(bytes: Uint8Array, height = 0, more: TestFiles = {}): TestFiles {
  return {
    "manifest.ocdbt": manifest({ file: "d/n", offset: 0, length: bytes.length, height }),
    "d/n": bytes,
    ...more,
  };
}

const loop = (): TestFiles => {
  const { length } = node(childOfItself(60), false);
  return rootedIn(node(childOfItself(length), false), 1);
};

function childOfItself(length: number): Uint8Array {
  return interiorBody(1, [{ key: "a", file: "d/n", offset: 0, length }]);
}

const shared = (): TestFiles => {
  const leaf = node(leafBody({ k: text("v") }));
  const child = (key: string) => ({ key, file: "d/leaf", offset: 0, length: leaf.length });
  return rootedIn(node(interiorBody(1, [child("a"), child("b")])), 1, { "d/leaf": leaf });
};

const columns = (...values: number[]): TestFiles => rootedIn(node(concat([Uint8Array.of(0), varints(values)])));

test.each([
  { attack: "a node that is its own child", files: loop(), what: "d/n: two nodes of the tree share a child" },
  { attack: "a node with two parents", files: shared(), what: "d/leaf: two nodes of the tree share a child" },
  {
    attack: "a height that is not its place",
    files: rootedIn(node(leafBody({ k: text("v") })), 3),
    what: "d/n: a node at height 3 of the tree says it is at another",
  },
  { attack: "a billion files", files: columns(1e9), what: "d/n: a record of 6 bytes cannot list 1000000000 things" },
  { attack: "a billion keys", files: columns(0, 1e9), what: "d/n: a record of 7 bytes cannot list 1000000000 things" },
  {
    attack: "a name that repeats more than there was",
    files: columns(0, 2, 9, 1, 1, 97, 98),
    what: "d/n: a name of 10 bytes, 9 of them repeated, cannot be right",
  },
  {
    attack: "a value of an unknown kind",
    files: columns(0, 1, 1, 97, 1, 2, 0),
    what: "d/n: a value is neither in its node nor in a file",
  },
  {
    attack: "a value in a file that is not listed",
    files: columns(0, 1, 1, 97, 1, 1, 7, 0),
    what: "d/n: file 7 is not in a list of 0",
  },
  { attack: "a value longer than its node", files: columns(0, 1, 1, 97, 99, 0), what: "d/n: a record ends too early" },
  {
    attack: "bytes after the end",
    files: columns(0, 1, 1, 97, 0, 0, 1, 1),
    what: "d/n: 2 bytes follow the end of a node",
  },
  {
    attack: "a number of more than 64 bits",
    files: rootedIn(node(new Uint8Array(20).fill(255).with(0, 0))),
    what: "d/n: a number is longer than 64 bits",
  },
  {
    attack: "a compressed node that is none",
    files: rootedIn(brokenZstd()),
    what: "d/n: a record cannot be decompressed: Unknown frame descriptor",
  },
])("$attack is malformed", async ({ files, what }) => {
  expect(await contents(files)).toEqual({ kind: "malformed", offset: 0, what: `${what}. The database is damaged.` });
});

/** A frame that says zstd, around something else. */
function brokenZstd(): Uint8Array {
  const bytes = record(NODE_MAGIC, text("not compressed")).slice();
  bytes[13] = 1;
  new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32c(bytes.subarray(0, -4)), true);
  return bytes;
}

test("a node that decompresses to more than a node may have is cut off", async () => {
  const bomb = await contents(rootedIn(node(new Uint8Array(101_000_000))));
  expect(JSON.stringify(bomb)).toMatch(/malformed.+cannot be decompressed/);
});

test("a file outside the folder is not opened", async () => {
  for (const file of ["../secret", "/etc/passwd", "d/../../x", "c:\\x"]) {
    const files = { "manifest.ocdbt": manifest({ file, offset: 0, length: 20 }) };
    expect(await contents(files)).toMatchObject({
      kind: "malformed",
      what: `the file "${file}" is not inside the checkpoint's folder. It was not opened.`,
    });
    const values = leafBody({ k: { file, offset: 0, length: 2 } });
    expect(await contents(rootedIn(node(values)))).toMatchObject({ kind: "malformed" });
  }
});

test("a value past 2^53 bytes is refused", async () => {
  const values = leafBody({ k: { file: "d/v", offset: 2 ** 60, length: 2 } });
  expect(await contents(rootedIn(node(values), 0, { "d/v": text("hi") }))).toMatchObject({ kind: "malformed" });
});

test("another version of the format is unsupported", async () => {
  const bytes = node(leafBody({}), false);
  bytes[12] = 1;
  new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32c(bytes.subarray(0, -4)), true);
  expect(await contents(rootedIn(bytes))).toEqual({
    kind: "unsupported",
    what: "d/n: version 1 of OCDBT, compression 0, is not read by Gradlens.",
  });
});
