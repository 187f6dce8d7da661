import { expect, test } from "vitest";

import { latestHdf5 } from "../../../support/hdf5Latest.ts";
import { indexed, indexOf, measure } from "../../../support/measure.ts";

/** Of 0 to 34. */
const ALL = 116.982_904_733_982_4;

const STATE = Array.from({ length: 12 }, (_, at) => [`optimizer/vars/${at}`, at < 2 ? at : at * Math.sqrt(3)] as const);

const NORMS: Readonly<Record<string, number>> = {
  compact: ALL,
  complex: Math.sqrt(819), // 0 to 13, times i.
  fixed: ALL,
  fixedFiltered: ALL, // Shuffle, deflate, Fletcher's checksum.
  fixedPages: 5, // 3 and 4 far apart.
  growing: ALL,
  growingBoth: ALL, // LZF.
  growingFar: Math.sqrt(86), // 3, 4, 5 and 6 far apart.
  implicit: ALL,
  mask: Math.sqrt(31), // Above 3.
  ofNamedType: ALL,
  single: ALL,
  sparse: Math.sqrt(1 + 35 * 2.5 ** 2), // A one, and the fill value wherever nothing was written.
  ...Object.fromEntries(STATE),
};

test("every kind of chunk index of HDF5's latest format gives the norms that h5py's arrays have", async () => {
  const measured = await measure(latestHdf5(), "latest.h5");
  expect(measured.map(({ name }) => name).toSorted()).toEqual(Object.keys(NORMS).toSorted());
  expect(measured.filter(({ name, l2 }) => Math.abs(l2 - (NORMS[name] ?? Number.NaN)) > 1e-9 * l2)).toEqual([]);
});

test("other files are named and not followed", async () => {
  expect((await indexed(latestHdf5(), "latest.h5")).notRead).toEqual([
    { name: "elsewhere", what: "a link to another file, which is not followed" },
    { name: "virtual", what: "a dataset with a layout over other files, which are not followed" },
  ]);
});

test("attributes in a heap are read, and children come in the order of their numbers", async () => {
  const { metadata, tensors } = await indexed(latestHdf5(), "latest.h5");
  const names = tensors.map(({ name }) => name).filter((name) => name.startsWith("optimizer"));
  expect([metadata["note11"], names]).toEqual(["note 11", STATE.map(([name]) => name)]);
});

test("Keras's Adam keeps two means for each parameter, after two counters", async () => {
  const { tensors } = await indexed(latestHdf5(), "latest.h5");
  const state = tensors.filter(({ name }) => name.startsWith("optimizer"));
  expect(state.map(({ kind }) => kind)).toEqual([
    "other",
    "other",
    ...Array.from({ length: 5 }, () => ["moment1", "moment2"]).flat(),
  ]);
});

test("a file cut at any place is incomplete, and one with a byte turned round never throws", async () => {
  const bytes = latestHdf5();
  const places = Array.from({ length: 400 }, (_, at) => Math.floor((at * bytes.length) / 400) + 1);
  const cut = await Promise.all(places.map(async (end) => (await indexOf(bytes.subarray(0, end), "a.h5")).kind));
  expect(new Set(cut.slice(0, -1))).toEqual(new Set(["incomplete"]));
  const outcomes = new Set<string>();
  for (let at = 0; at < bytes.length; at += at < 128 ? 8 : 4001) {
    outcomes.add((await indexOf(bytes.with(at, (bytes[at] ?? 0) ^ 0xff), "a.h5")).kind);
  }
  expect(outcomes).toEqual(new Set(["ok", "malformed", "unsupported", "incomplete"]));
});
