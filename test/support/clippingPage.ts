import { createRunJudge } from "../../src/analysis/runJudge.ts";
import { loadRuns } from "../../src/cli/loadRuns.ts";
import type { Finding } from "../../src/core/finding.ts";
import { RULE_IDS } from "../../src/core/rules.ts";
import { describeAdvice, scalePlan } from "../../src/host/clipAdvice.ts";
import { describeRun } from "../../src/host/dashboardModel.ts";
import type { FromClipping } from "../../src/protocol/dashboard/clipping.ts";
import type { Run } from "../../src/store/run.ts";
import { openWebviewPage } from "./webviewPage.ts";
import type { WebviewOptions, WebviewPage } from "./webviewPage.ts";

/** The dashboard's page alone with a run, on its tab "Clipping", answered by what answers it in the extension. */
export interface ClippingPage extends WebviewPage {
  readonly run: Run;
  /** Answers what the tab has asked and was not answered yet. */
  readonly answer: () => Promise<void>;
}

export async function openClippingPage(run: Run, options: WebviewOptions = {}): Promise<ClippingPage> {
  const view = await openWebviewPage("dashboard", options);
  const names = { ofRun: () => "example", ofFile: () => "metrics.jsonl" };
  const described = describeRun(run, names, findingsIn(run));
  await view.send({ kind: "replace", sequence: 1, runs: [{ id: run.id, name: "example" }], run: described });
  let answered = 0;
  const answer = async (): Promise<void> => {
    const asked = (await view.posted()).filter(({ kind }) => kind === "clipping");
    for (const { request } of asked.slice(answered)) {
      const given = answerOf(run, request as FromClipping);
      if (given !== undefined) {
        await view.send({ kind: "clipping", answer: given });
      }
    }
    answered = asked.length;
  };
  await view.page.getByRole("tab", { name: "Clipping" }).click();
  await answer();
  return { ...view, run, answer };
}

export async function readRun(path: string): Promise<Run> {
  const { runs } = await loadRuns([path], { signal: new AbortController().signal });
  const run = runs[0]?.run;
  if (run === undefined) {
    throw new Error(`There is no run in ${path}.`);
  }
  return run;
}

/** Applying is the editor's part: `test/browser/applyThreshold.test.ts`. */
function answerOf(run: Run, request: FromClipping): unknown {
  switch (request.kind) {
    case "advise":
      return describeAdvice(run, request);
    case "scalePlan":
      return { kind: "tensorPlan", id: request.id, plan: scalePlan(run, request) };
    case "apply":
      return undefined;
  }
}

function findingsIn(run: Run): readonly Finding[] {
  const norms = run.first("globalNorm");
  if (norms === undefined) {
    return [];
  }
  const judge = createRunJudge(run, norms, new Set(RULE_IDS));
  judge.push({ steps: norms.steps(), values: norms.values(), lines: norms.lines() });
  return judge.findings();
}
