#!/usr/bin/env node
import process from "node:process";
import { runCommandLine } from "./commandLine.ts";

const controller = new AbortController();
process.once("SIGINT", () => controller.abort());
// A reader such as `head` that stops listening is no error.
process.stdout.on("error", () => process.exit(0));
void runCommandLine(process.argv.slice(2), controller.signal).then((code) => {
  process.exitCode = code;
});
