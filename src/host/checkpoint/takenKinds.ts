import { createAnnouncer } from "#core/event.ts";
import type { Announcer } from "#core/event.ts";
import { TENSOR_KINDS } from "#core/tensor.ts";
import type { TensorKind } from "#core/tensor.ts";
import type * as vscode from "vscode";

const KEY = "gradlens.takenKinds";

// Far more checkpoints than anyone says it of; the oldest are forgotten.
const MAX_FILES = 500;

/** What people said tensors are that nothing tells, by the checkpoint's path; remembered with the workspace. */
export interface TakenKinds {
  readonly of: (path: string) => TensorKind;
  readonly set: (path: string, kind: TensorKind) => void;
  /** Gives the path. */
  readonly onDidChange: Announcer<string>["on"];
}

export function createTakenKinds(state: vscode.Memento): TakenKinds {
  const kinds = new Map(parseStored(state.get<unknown>(KEY)));
  const { on, announce } = createAnnouncer<string>();
  return {
    of: (path) => kinds.get(path) ?? "weight",
    set(path, kind) {
      kinds.delete(path);
      if (kind !== "weight") {
        kinds.set(path, kind);
      }
      // When it is not stored, it holds until the window closes.
      void state.update(KEY, Object.fromEntries([...kinds].slice(-MAX_FILES)));
      announce(path);
    },
    onDidChange: on,
  };
}

function parseStored(stored: unknown): (readonly [string, TensorKind])[] {
  const entries: readonly (readonly [string, unknown])[] =
    typeof stored === "object" && stored !== null ? Object.entries(stored) : [];
  return entries.flatMap(([path, word]) => {
    const kind = TENSOR_KINDS.find((known) => known === word);
    return kind === undefined ? [] : [[path, kind] as const];
  });
}
