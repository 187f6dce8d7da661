import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    maxWorkers: "100%", // Most tests wait for processes of their own now and then.
    projects: [
      {
        test: {
          name: "unit",
          isolate: false, // Files leave nothing behind in a worker; to load all modules anew for each takes a third of the time.
          env: { XDG_CACHE_HOME: ".workbench/cache" },
          testTimeout: 60_000, // A machine with other work to do is slow, not wrong.
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
          include: ["test/**/*.test.ts"],
          exclude: [
            "test/host/**",
            "test/pages/**",
            "test/browser/**",
            "test/gpu/**",
            "test/cluster/**",
            "test/package/**",
            "test/docs/**",
            "test/faults/**",
            "**/*.python.test.ts",
          ],
        },
      },
      {
        test: {
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          exclude: ["**/*.python.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "python",
          include: ["test/**/*.python.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "docs",
          env: { XDG_CACHE_HOME: ".workbench/cache" },
          include: ["test/docs/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "gpu",
          include: ["test/gpu/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "cluster",
          include: ["test/cluster/**/*.test.ts"],
          fileParallelism: false, // They share a cluster.
          testTimeout: 240_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: "package",
          include: ["test/package/**/*.test.ts"],
          globalSetup: "test/package/packAll.ts",
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "pages",
          include: ["test/pages/**/*.test.ts"], // Beside each other: each needs a Chromium and no more.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 60_000 } },
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          // One workbench at a time: a server, an extension host and a browser fill two cores.
          fileParallelism: false,
          // A busy machine is slow, not wrong. Each wait has a limit of its own, which says what did not come.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 60_000 } },
        },
      },
    ],
  },
});
