import { mkdir, realpath, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { locateInside } from "#files/locate.ts";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";

let folder: TestFolder;
let root: string;
beforeAll(async () => {
  folder = await createTestFolder();
  root = join(folder.path, "root");
  await folder.write("root/run/train.log", "a");
  await folder.write("root-beside/secret.log", "b");
  await folder.write("secret.log", "c");
  await mkdir(join(root, "links"));
  await symlink(join(folder.path, "secret.log"), join(root, "links/file.log"));
  await symlink(folder.path, join(root, "links/folder"));
  await symlink(join(root, "run"), join(root, "links/inside"));
  await symlink(root, join(folder.path, "rootLink"));
});
afterAll(async () => folder.dispose());

test("a file inside is where it really is, with its time", async () => {
  const path = await realpath(join(root, "run/train.log"));
  const place = { path, isFolder: false, modifiedMs: 1_000_000 };
  expect(await locateInside(join(root, "run/train.log"), [root])).toEqual(place);
  expect(await locateInside("run/train.log", [dirname(folder.path), root])).toEqual(place);
  expect(await locateInside(join(root, "links/inside/train.log"), [root])).toEqual(place);
  expect(await locateInside(path, [join(folder.path, "rootLink")])).toEqual(place);
  expect(await locateInside(path, [path])).toEqual(place);
});

test("the root itself is inside", async () => {
  expect(await locateInside(root, [root])).toMatchObject({ path: await realpath(root), isFolder: true });
});

test.each([
  { what: "above", path: ".." },
  { what: "behind dots", path: "run/../../secret.log" },
  { what: "beside, with the root's name as a beginning", path: "../root-beside/secret.log" },
  { what: "behind a link to a file", path: "links/file.log" },
  { what: "behind a link to a folder", path: "links/folder/secret.log" },
  { what: "behind a link to a folder, and not there", path: "links/folder/missing.log" },
  { what: "not there", path: "run/missing.log" },
  { what: "below a file", path: "run/train.log/x" },
  { what: "no path", path: "run\0/train.log" },
])("what is $what has no place", async ({ path }) => {
  expect(await locateInside(path, [root])).toBeNull();
  expect(await locateInside(`${root}/${path}`, [root])).toBeNull();
});

test.each(["/etc/passwd", "//server/share", String.raw`\\server\share\x`, "file:///etc/passwd", "~", "C:\\x"])(
  "%s has no place",
  async (path) => {
    expect(await locateInside(path, [root])).toBeNull();
  },
);

test("without roots nothing has a place", async () => {
  expect(await locateInside(root, [])).toBeNull();
});
