import process from "node:process";
import { createWorkerClient } from "#client/workerClient.ts";
import { startWorkerProcess } from "#client/workerProcess.ts";

/** A host of the worker that a test may kill: asks for norms, says which process computes them, and waits. */
const [script = "", path = "", threads = "1"] = process.argv.slice(2);
const client = createWorkerClient(() => startWorkerProcess(script, (text) => process.stderr.write(text)));
const request = { kind: "computeNorms", path, threads: Number(threads), engine: "simd" } as const;
const tell = (): void => void process.stdout.write(`${client.processId()}\n`);
client.request<"computeNorms">(request, { onProgress: tell }).then(tell, (error: unknown) => {
  process.stderr.write(String(error));
});
tell();
process.on("SIGUSR2", () => {
  client.dispose();
  process.exit(0);
});
