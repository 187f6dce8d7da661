import { t } from "@vscode/l10n";
import type { ToDashboard } from "#protocol/dashboard.ts";
import { createClipping } from "./clipping/clipping.ts";
import { createCompare } from "./compare/compare.ts";
import type { Exported, ReportPaper, ReportSection } from "./export/exported.ts";
import type { ShownRun } from "./run.ts";
import type { Session } from "./session.ts";
import { createTabList } from "../shared/tabList.ts";
import type { TabList } from "../shared/tabList.ts";
import { TABS } from "./tab.ts";
import type { Tab, TabId } from "./tab.ts";
import { createTensors } from "./tensors/tensors.ts";
import { createTimeline } from "./timeline/timeline.ts";

/** Messages that are for one tab. */
export type ToTab = Extract<ToDashboard, { readonly answer: unknown }>;

/** The tabs and what is in them; only the open one is kept up to date. */
export interface MountedTabs {
  readonly bar: TabList<TabId>;
  readonly open: (id: TabId) => void;
  readonly show: (run: ShownRun) => void;
  readonly hide: () => void;
  readonly receive: (message: ToTab) => void;
  /** What the open tab shows, to be written to a file; undefined where it shows nothing that could be. */
  readonly exported: () => Exported | undefined;
  /** What a tab adds to the report of the run, also when it was never opened. */
  readonly reported: (id: TabId, paper: ReportPaper) => readonly ReportSection[];
}

export function createMountedTabs(session: Session): MountedTabs {
  const mounted = mountLazily(session);
  const bar = createTabList(t("Parts of the dashboard"), TABS, open);
  let current: TabId = session.view().tab;
  return {
    bar,
    open,
    show(run) {
      bar.select(current);
      mount(current).show(run);
    },
    hide: () => mount(current).hide(),
    exported: () => mount(current).exported?.(bar.panelOf(current).clientWidth),
    reported(id, paper) {
      const tab: Tab<never> = mounted[id]();
      return tab.reported?.(paper) ?? [];
    },
    receive(message) {
      switch (message.kind) {
        case "timeline":
          return mounted.timeline().receive(message.answer);
        case "tensors":
          return mounted.tensors().receive(message.answer);
        case "clipping":
          return mounted.clipping().receive(message.answer);
        case "compare":
          return mounted.compare().receive(message.answer);
      }
    },
  };

  function open(id: TabId): void {
    if (id !== current) {
      mount(current).hide();
      current = id;
      session.store({ tab: id });
    }
    bar.select(id);
    if (session.run !== undefined) {
      mount(id).show(session.run);
    }
  }

  function mount(id: TabId): Tab<never> {
    const tab = mounted[id]();
    const panel = bar.panelOf(id);
    if (tab.element.parentElement !== panel) {
      panel.replaceChildren(tab.element);
    }
    return tab;
  }
}

/** Each tab is made when it is first asked for. */
function mountLazily(session: Session) {
  const { host } = session;
  return {
    timeline: once(() => createTimeline(session, { post: (request) => host.post({ kind: "timeline", request }) })),
    tensors: once(() => createTensors(session, { post: (request) => host.post({ kind: "tensors", request }) })),
    clipping: once(() => createClipping(session, { post: (request) => host.post({ kind: "clipping", request }) })),
    compare: once(() => createCompare(session, { post: (request) => host.post({ kind: "compare", request }) })),
  };
}

function once<T>(create: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: create() }).value;
}
