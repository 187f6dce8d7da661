import { chartPoint } from "#protocol/dashboard/timeline.ts";
import type { ChartPoint } from "#protocol/dashboard/timeline.ts";
import { parseMessage } from "#protocol/parse.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import { revealStep } from "../revealStep.ts";

/** The commands of the menu on a chart's point. Called without a point, as from a key binding, they do nothing. */
export function pointCommands(store: RunStore): Readonly<Record<string, (argument: unknown) => Promise<void>>> {
  return {
    "gradlens.revealPoint": onPoint(async ({ runId, step }) => {
      const run = store.get(runId);
      if (run !== undefined) {
        await revealStep(run, step);
      }
    }),
    "gradlens.copyPointValue": onPoint(async ({ value }) => vscode.env.clipboard.writeText(value)),
    "gradlens.copyPointStep": onPoint(async ({ step }) => vscode.env.clipboard.writeText(String(step))),
  };
}

function onPoint(act: (point: ChartPoint) => Promise<void>): (argument: unknown) => Promise<void> {
  return async (argument) => {
    const point = parseMessage(chartPoint, argument);
    if (point !== undefined) {
      await act(point);
    }
  };
}
