import type { TensorKind } from "#core/tensor.ts";
import type { FromCheckpoint, ToCheckpoint } from "#protocol/checkpoint.ts";
import { element } from "../shared/element.ts";
import type { HostLink } from "../shared/hostLink.ts";
import { createHeader } from "./header.ts";
import type { CheckpointIndex } from "./header.ts";
import { createProgressBar } from "./progressBar.ts";
import { createCheckpointRows } from "./rows.ts";
import type { CheckpointRows } from "./rows.ts";
import { createKindControl } from "./kindControl.ts";
import { createSummary, engineName } from "./summary.ts";
import { createTensorsTable } from "./tensorsTable.ts";
import type { TensorsTable } from "./tensorsTable.ts";
import { formatSpeed } from "./text.ts";
import { parseViewState, storedForm } from "./viewState.ts";

type Finished = Extract<ToCheckpoint, { kind: "finished" }>;

/** A checkpoint on the page, filled message by message. */
export interface CheckpointView {
  readonly receive: (message: ToCheckpoint) => void;
}

export function createCheckpointView(root: HTMLElement, host: HostLink<FromCheckpoint>): CheckpointView {
  let rows: CheckpointRows = createCheckpointRows([], "weight");
  const table = createTable(host);
  const progress = createProgressBar({ cancel: () => host.post({ kind: "cancel" }), compute });
  const summary = createSummary();
  const head = element("div");
  const page = element("main", {}, [head, progress.element, ...summary.elements, table.element]);
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
    const { tensors, notes, takenAs } = index;
    rows = createCheckpointRows(tensors, takenAs);
    summary.open(notes, takenAs);
    head.replaceChildren(createHeader(index));
    table.showControl(createKindControl(tensors, { takenAs, onDidChoose: takeAs }));
    progress.showStart();
    root.replaceChildren(page);
    table.show(rows.all());
  }

  function finish(message: Finished): void {
    progress.showFinished(`${formatSpeed(message.readBytes, message.seconds)}, `, engineName(message));
    summary.finish(message);
    rows.addReasons(message.unmeasured);
    table.showSoon(rows.all);
    root.dataset["finished"] = "true";
  }

  function takeAs(kind: TensorKind): void {
    rows.takeAs(kind);
    table.show(rows.all());
    summary.takeAs(kind);
    host.post({ kind: "takeAs", tensorKind: kind });
  }

  /** The host answers with the index, as at first. */
  function compute(): void {
    progress.showStart();
    host.post({ kind: "compute" });
  }
}

/** A table that is sorted and filtered as it was. */
function createTable(host: HostLink<FromCheckpoint>): TensorsTable {
  let state = parseViewState(host.readState());
  const store = (change: Partial<typeof state>): void => {
    state = { ...state, ...change };
    host.writeState(storedForm(state));
  };
  return createTensorsTable({
    ...state,
    onDidFilter: (filter) => store({ filter }),
    onDidSort: (order) => store({ order }),
  });
}
