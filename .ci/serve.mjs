/** Starts the server named by the first argument, and ends its whole process group when whoever started it is gone. */
process.stdin.resume().on("end", () => process.kill(-process.pid, "SIGKILL"));
process.argv.splice(1, 1);
await import(process.argv[1]);
