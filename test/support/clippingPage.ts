import { followNorms } from "../../src/analysis/normFollower.ts";
import { loadRuns } from "../../src/cli/runs/loadRuns.ts";
import type { Finding } from "../../src/core/finding.ts";
import { RULE_IDS } from "../../src/core/rules.ts";
import { describeAdvice, scalePlan } from "../../src/host/dashboard/clipAdvice.ts";
import { createFindingsBook } from "../../src/following/findingsBook.ts";
import type { TabContext } from "../../src/host/dashboard/tabContext.ts";
import { answerTensors } from "../../src/host/dashboard/tensors.ts";
import { answerTimeline } from "../../src/host/dashboard/timeline.ts";
import { describeRun } from "../../src/host/dashboard/dashboardModel.ts";
import type { FromDashboard } from "../../src/protocol/dashboard.ts";
import type { FromClipping } from "../../src/protocol/dashboard/clipping.ts";
import type { Run } from "../../src/store/run.ts";
import { createRunStore } from "../../src/store/runStore.ts";
import { openWebviewPage } from "./webviewPage.ts";
import type { WebviewOptions, WebviewPage } from "./webviewPage.ts";

/** The dashboard's page alone with a run, answered by what answers it in the extension. */
export interface ClippingPage extends WebviewPage {
  readonly run: Run;
  /** Answers what its tabs have asked and was not answered yet. */
  readonly answer: () => Promise<void>;
}

/** On its tab "Clipping". */
export async function openClippingPage(run: Run, options: WebviewOptions = {}): Promise<ClippingPage> {
  const view = await openRunPage(run, options);
  await view.page.getByRole("tab", { name: "Clipping" }).click();
  await view.answer();
  return view;
}

/** On its tab "Timeline". */
export async function openRunPage(run: Run, options: WebviewOptions = {}): Promise<ClippingPage> {
  const view = await openWebviewPage("dashboard", options);
  const names = { ofRun: () => "example", ofFile: () => "metrics.jsonl" };
  const described = describeRun(run, names, findingsIn(run));
  await view.send({ kind: "replace", sequence: 1, runs: [{ id: run.id, name: "example" }], run: described });
  const store = createRunStore();
  const context = { run, store, findings: createFindingsBook(store) };
  let answered = 0;
  /** An answer may let the page ask for more. */
  const answer = async (): Promise<void> => {
    for (let asked = await askedByNow(view); asked.length > answered; asked = await askedByNow(view)) {
      for (const message of asked.slice(answered)) {
        await Promise.all(answersTo(message as FromDashboard, context).map(view.send));
      }
      answered = asked.length;
    }
  };
  await answer();
  return { ...view, run, answer };
}

/** A page that has come to know its size asks in the next frame. */
async function askedByNow({ page, posted }: WebviewPage): ReturnType<WebviewPage["posted"]> {
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  return posted();
}

export async function readRun(path: string): Promise<Run> {
  const { runs } = await loadRuns([path], { signal: new AbortController().signal });
  const run = runs[0]?.run;
  if (run === undefined) {
    throw new Error(`There is no run in ${path}.`);
  }
  return run;
}

function answersTo(message: FromDashboard, context: Omit<TabContext<never>, "post">): readonly unknown[] {
  const given: unknown[] = [];
  const post = (answer: unknown): void => void given.push({ kind: message.kind, answer });
  if (message.kind === "clipping") {
    answerClipping(context.run, message.request, post);
  } else if (message.kind === "tensors") {
    answerTensors(message.request, { ...context, post });
  } else if (message.kind === "timeline") {
    answerTimeline(message.request, { ...context, post });
  }
  return given;
}

/** Applying is the editor's part: `test/browser/dashboard.test.ts`. */
function answerClipping(run: Run, request: FromClipping, post: (answer: unknown) => void): void {
  if (request.kind === "advise") {
    post(describeAdvice(run, request));
  } else if (request.kind === "scalePlan") {
    post({ kind: "tensorPlan", id: request.id, plan: scalePlan(run, request) });
  }
}

/** On its global norms. */
function findingsIn(run: Run): readonly Finding[] {
  const norms = followNorms(new Set(RULE_IDS));
  norms.update(run);
  return norms.findings();
}
