import { readFileSync } from "node:fs";
import process from "node:process";
import { createWorkerClient } from "#client/workerClient.ts";
import { startWorkerProcess } from "#client/workerProcess.ts";
import type { WorkerRequest } from "#protocol/worker.ts";
import { ask } from "./requests.ts";
import { settled } from "./rounds.ts";

/** A host that asks its worker all requests of a file, one after another, and prints what each came to: `SCRIPT FILE`. */
const [script = "", path = ""] = process.argv.slice(2);
const requests = JSON.parse(readFileSync(path, "utf8")) as readonly WorkerRequest[];
const client = createWorkerClient(() => startWorkerProcess(script, (text) => process.stderr.write(text)));
for (const request of requests) {
  process.stdout.write(`${JSON.stringify(await settled(ask(client, request)))}\n`);
}
process.stdout.write(`${JSON.stringify(client.state().lastCrash)}\n`);
client.dispose();
