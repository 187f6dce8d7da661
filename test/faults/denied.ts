/** Loaded before a program: every way out into a network throws, and leaves a line in the file that GRADLENS_ATTEMPTS names. */
import { appendFileSync } from "node:fs";
import dgram from "node:dgram";
import dns from "node:dns";
import net from "node:net";
import process from "node:process";

const attempts = process.env["GRADLENS_ATTEMPTS"] ?? "";

function denied(name: string): () => never {
  return () => {
    appendFileSync(attempts, `${name}\n${new Error("network").stack}\n`);
    throw new Error(`The network is denied: ${name}`);
  };
}

// http, https, tls and http2 go through these; a worker's own channel is opened by neither.
net.Socket.prototype.connect = denied("net.Socket.connect");
net.Server.prototype.listen = denied("net.Server.listen");
dgram.createSocket = denied("dgram.createSocket");
Object.assign(dns, { lookup: denied("dns.lookup"), resolve: denied("dns.resolve") });
Object.assign(dns.promises, { lookup: denied("dns.promises.lookup"), resolve: denied("dns.promises.resolve") });
Object.assign(globalThis, { fetch: denied("fetch"), WebSocket: denied("WebSocket") });
