import { chartPoint, findingOfPoint, tensorOfPoint } from "#protocol/dashboard/timeline.ts";
import { parseMessage } from "#protocol/parse.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import { ignoreRule, ignoreTensor } from "../language/ignoring.ts";
import { revealStep } from "../revealStep.ts";

/** The commands of the menu on a chart's point. Called without a point, as from a key binding, they do nothing. */
export function pointCommands(store: RunStore): Readonly<Record<string, (argument: unknown) => Promise<void>>> {
  return {
    "gradlens.revealPoint": on(chartPoint, async ({ runId, step }) => {
      const run = store.get(runId);
      if (run !== undefined) {
        await revealStep(run, step);
      }
    }),
    "gradlens.copyPointValue": on(chartPoint, async ({ value }) => vscode.env.clipboard.writeText(value)),
    "gradlens.copyPointStep": on(chartPoint, async ({ step }) => vscode.env.clipboard.writeText(String(step))),
    "gradlens.ignorePointRule": on(findingOfPoint, async ({ rule }) => ignoreRule(rule)),
    "gradlens.ignorePointTensor": on(tensorOfPoint, async ({ tensor }) => ignoreTensor(tensor)),
  };
}

function on<T>(
  schema: Parameters<typeof parseMessage<T>>[0],
  act: (what: T) => Promise<void>,
): (argument: unknown) => Promise<void> {
  return async (argument) => {
    const what = parseMessage(schema, argument);
    if (what !== undefined) {
      await act(what);
    }
  };
}
