import { join } from "node:path";
import type { WorkerClient } from "#client/workerClient.ts";
import { EXAMPLE } from "./build.ts";

/** A checkpoint of a few hundred kilobytes. */
export const SMALL = join(EXAMPLE, "checkpoint-241/grads.safetensors");

/** Ends the client, and so its process, whatever comes. */
export async function withClient<T>(client: WorkerClient, use: (client: WorkerClient) => Promise<T>): Promise<T> {
  try {
    return await use(client);
  } finally {
    client.dispose();
  }
}

export async function indexSmall(client: WorkerClient): Promise<string> {
  const listing = await client.request<"indexCheckpoint">({ kind: "indexCheckpoint", path: SMALL });
  return `${listing.format} of ${listing.tensors.length} tensors`;
}
