import { fromCheckpoint, toCheckpoint } from "#protocol/checkpoint.ts";
import { parseConfig } from "#protocol/config.ts";
import { fromDashboard, toDashboard } from "#protocol/dashboard.ts";
import { parseNormsPart } from "#protocol/normsPart.ts";
import { describeMismatch, parseMessage } from "#protocol/parse.ts";
import { forWebview } from "#protocol/webviewWire.ts";
import { fromWorker, toWorker, workerRequest } from "#protocol/worker.ts";
import { normsProgress, parseCheckpointNorms, parseEngineRates, workerAnswers } from "#protocol/workerAnswers.ts";
import { isDeepStrictEqual } from "node:util";
import { mutateJson } from "./mutateJson.ts";
import { printMessage, reviveMessage } from "./printedMessage.ts";
import type { Target } from "./target.ts";
import { CHECKPOINT_WIRES } from "../protocol/checkpointWires.ts";
import { WIRES } from "../protocol/wires.ts";
import type { Wire } from "../protocol/wires.ts";

type Schema = Wire["schema"];

const PAGES: readonly Schema[] = [toDashboard, fromDashboard, toCheckpoint, fromCheckpoint];
const PROCESSES: readonly Schema[] = [
  workerRequest,
  toWorker,
  fromWorker,
  normsProgress,
  ...Object.values<Schema>(workerAnswers),
];

/** Both wires, and what is stored as text: a message is taken or dropped, and what was taken is the same to the next. */
export function wireTargets(): readonly Target[] {
  return [
    wireTarget("wires/worker", PROCESSES, (message) => message),
    wireTarget("wires/webview", PAGES, forWebview),
    {
      name: "wires/stored",
      seeds: () => samplesFor(PROCESSES).map((message) => Buffer.from(JSON.stringify(forWebview(message)))),
      change: mutateJson,
      run: (input) => readStored(new TextDecoder().decode(input)),
    },
  ];
}

function samplesFor(schemas: readonly Schema[]): readonly unknown[] {
  return [...WIRES, ...CHECKPOINT_WIRES].flatMap(({ schema, real }) => (schemas.includes(schema) ? real : []));
}

function wireTarget(name: string, schemas: readonly Schema[], send: (message: unknown) => unknown): Target {
  return {
    name,
    seeds: () => samplesFor(schemas).map((message) => printMessage(message)),
    change: mutateJson,
    run(input) {
      const message = reviveMessage(input);
      const ends =
        message === undefined ? ["no message"] : schemas.map((schema) => parse(schema, send(message.value), send));
      return ends.includes("taken") ? "taken" : (ends[0] ?? "dropped");
    },
  };
}

function parse(schema: Schema, message: unknown, send: (message: unknown) => unknown): string {
  const taken = parseMessage(schema, message);
  if (taken === undefined) {
    describeMismatch(schema, message);
    return "dropped";
  }
  if (!isDeepStrictEqual(parseMessage(schema, send(taken)), taken)) {
    throw new Error("a message that was taken is another one when it is sent on");
  }
  return "taken";
}

function readStored(text: string): string {
  const isTaken = [parseEngineRates(text), parseCheckpointNorms(text)].some((parsed) => parsed !== undefined);
  parseConfig(text);
  try {
    parseNormsPart(text);
  } catch (error) {
    if (!(error instanceof Error) || error.constructor !== Error) {
      throw error; // It tells what is wrong with a share by an error with a sentence.
    }
  }
  return isTaken ? "taken" : "dropped";
}
