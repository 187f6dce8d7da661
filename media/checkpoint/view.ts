import type { FromCheckpoint, ToCheckpoint } from "#protocol/checkpoint.ts";
import { element } from "../shared/element.ts";
import type { HostLink } from "../shared/hostLink.ts";
import { createHeader } from "./header.ts";
import type { CheckpointIndex } from "./header.ts";
import { createProgressBar } from "./progressBar.ts";
import { createCheckpointRows } from "./rows.ts";
import type { CheckpointRows } from "./rows.ts";
import { engineName, globalNorms, noteList } from "./summary.ts";
import { createTensorsTable } from "./tensorsTable.ts";
import { formatSpeed } from "./text.ts";
import { parseViewState, storedForm } from "./viewState.ts";

type Finished = Extract<ToCheckpoint, { kind: "finished" }>;

/** A checkpoint on the page, filled message by message. */
export interface CheckpointView {
  readonly receive: (message: ToCheckpoint) => void;
}

export function createCheckpointView(root: HTMLElement, host: HostLink<FromCheckpoint>): CheckpointView {
  let state = parseViewState(host.readState());
  let rows: CheckpointRows = createCheckpointRows([]);
  let indexNotes: readonly string[] = [];
  const table = createTensorsTable({
    ...state,
    onDidFilter: (filter) => store({ filter }),
    onDidSort: (order) => store({ order }),
  });
  const progress = createProgressBar({ cancel: () => host.post({ kind: "cancel" }), compute });
  const summary = element("div", { class: "summary" });
  const head = element("div");
  const page = element("main", {}, [head, progress.element, summary, table.element]);
  return { receive };

  function receive(message: ToCheckpoint): void {
    switch (message.kind) {
      case "index":
        return open(message);
      case "progress":
        rows.addNorms(message.tensors);
        table.showSoon(rows.all);
        return progress.showProgress(message);
      case "finished":
        return finish(message);
      case "cancelled":
        return progress.showStopped("Cancelled.", "Compute again");
      case "failed":
        return progress.showStopped(`✕ ${message.message}`, "Retry");
    }
  }

  function open(index: CheckpointIndex): void {
    rows = createCheckpointRows(index.tensors);
    indexNotes = index.notes;
    head.replaceChildren(createHeader(index));
    summary.replaceChildren(noteList(indexNotes));
    progress.showStart();
    root.replaceChildren(page);
    table.show(rows.all());
  }

  function finish(message: Finished): void {
    progress.showFinished(`${formatSpeed(message.readBytes, message.seconds)}, `, engineName(message));
    summary.replaceChildren(globalNorms(message), noteList([...indexNotes, ...message.notes]));
    root.dataset["finished"] = "true";
  }

  function compute(): void {
    rows.clear();
    summary.replaceChildren(noteList(indexNotes));
    progress.showStart();
    table.show(rows.all());
    host.post({ kind: "compute" });
  }

  function store(change: Partial<typeof state>): void {
    state = { ...state, ...change };
    host.writeState(storedForm(state));
  }
}
