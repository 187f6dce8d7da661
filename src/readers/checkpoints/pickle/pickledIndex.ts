import type { CheckpointIndex, NotRead, OptimizerDescription } from "#core/checkpoint.ts";
import { malformed, ok, type Outcome, type ReadFailure, unsupported } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { firstNames } from "#l10n/lists.ts";
import { t } from "@vscode/l10n";

import { describeValue } from "./describe.ts";
import { type PickledCheckpoint, type Placeable, placeRecord, recordOf } from "./pickledTensor.ts";
import type { PickleValue } from "./values.ts";
import { walkPickle } from "./walk.ts";
import { tensorKind } from "../shared/tensorKind.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import { isPlainSettings } from "../torch/plainSettings.ts";
import { joinOptimizers, optimizerStateOf } from "../torch/optimizerState.ts";
import { withQuantisedStates } from "../torch/quantisedStates.ts";

/** The tensors that a pickle holds. One without any is no checkpoint. */
export function indexPickled(pickled: PickledCheckpoint): Outcome<CheckpointIndex> {
  const draft = createDraft(pickled);
  const walked = walkPickle(pickled.root, {
    takes: (value, path) => takeTensor(draft, value, path),
    onDict: (dict, path) => {
      const optimizer = optimizerStateOf(dict, path);
      draft.optimizers.push(...(optimizer === undefined ? [] : [{ path, optimizer }]));
    },
    onUnknown: (object, path) => {
      const isSilent = draft.settings.length < MAX_NOT_READ && isPlainSettings(object);
      (isSilent ? draft.settings : draft.notRead).push({ name: path, what: describeValue(object) });
    },
  });
  const failure = draft.failure ?? (walked.kind === "ok" ? undefined : walked);
  if (failure !== undefined) {
    return failure;
  }
  return draft.tensors.length === 0 ? unsupported(strangerText(pickled, draft)) : ok(finish(pickled, draft));
}

interface Draft {
  readonly pickled: PickledCheckpoint;
  readonly tensors: TensorEntry[];
  readonly notRead: NotRead[];
  /** Objects of settings, of which nothing is lost. */
  readonly settings: NotRead[];
  readonly optimizers: { readonly path: string; readonly optimizer: OptimizerDescription }[];
  readonly sparse: string[];
  /** Bytes of all views together. */
  bytes: number;
  failure: ReadFailure | undefined;
}

function createDraft(pickled: PickledCheckpoint): Draft {
  return { pickled, tensors: [], notRead: [], settings: [], optimizers: [], sparse: [], bytes: 0, failure: undefined };
}

// As many as the format's limits say everywhere.
const MAX_TENSORS = 2_000_000;
// Tied tensors lie under several names; a million views of one storage would be read a million times.
const MAX_VIEWS_OF_FILE = 64;

function takeTensor(draft: Draft, value: PickleValue, name: string): boolean {
  const record = recordOf(draft.pickled, value);
  if (record === undefined || draft.failure !== undefined) {
    return record !== undefined;
  }
  if (record.kind === "notRead") {
    draft.notRead.push({ name, what: record.what });
    return true;
  }
  const entry =
    record.kind === "strided" || record.kind === "array" || record.kind === "codebook"
      ? entryOf(draft, name, record)
      : malformed(0, t("{0}: {1}.", labelOf(draft, name), "what" in record ? record.what : t("no tensor")));
  if (entry.kind === "ok") {
    keepTensor(draft, entry.value);
  } else if (entry.kind === "unsupported" && record.kind === "codebook") {
    draft.notRead.push({ name, what: entry.what });
  } else {
    draft.failure = entry;
  }
  return true;
}

function keepTensor(draft: Draft, tensor: TensorEntry): void {
  draft.tensors.push(tensor);
  if (draft.tensors.length > MAX_TENSORS || draft.bytes > MAX_VIEWS_OF_FILE * draft.pickled.size) {
    const what = t(
      "{0}: with this tensor they are more, or share more bytes, than a checkpoint's can. Nothing was read.",
      labelOf(draft, tensor.name),
    );
    draft.failure = malformed(0, what);
  }
}

function labelOf({ pickled }: Draft, name: string): string {
  return tensorLabel(name === "" ? pickled.file : name);
}

function entryOf(draft: Draft, name: string, record: Placeable): Outcome<TensorEntry> {
  const { file } = draft.pickled;
  const shown = name === "" ? stemOf(file) : name;
  const placed = placeRecord(draft.pickled, record, shown);
  if (placed.kind !== "ok") {
    return placed;
  }
  const { dtype, shape, elements, parts, bytes } = placed.value;
  draft.bytes += bytes;
  if (record.kind === "strided" && record.isSparse === true) {
    draft.sparse.push(tensorLabel(shown));
  }
  const kind = tensorKind({ name: shown, dtype, file, declared: undefined });
  return ok({ name: shown, kind, dtype, shape, elements, file, parts });
}

/** A tensor that is the whole file is called as the file, as in NumPy's. */
function stemOf(file: string): string {
  return file.replace(/\.\w+$/, "");
}

function strangerText({ root, notes }: PickledCheckpoint, draft: Draft): string {
  if (draft.optimizers.length > 0) {
    return t("The file holds an optimizer that keeps no tensors, as SGD without momentum does.");
  }
  const others = [...draft.notRead, ...draft.settings].filter(({ name }) => name !== "").slice(0, 3);
  const named = others.map(({ name, what }) => `${tensorLabel(name)} (${what})`);
  const stranger = t("The file holds no tensors that Gradlens reads, but {0}.", describeValue(root));
  const more = named.length === 0 ? [] : [t("It was not looked into {0}.", named.join(", "))];
  return [stranger, ...more, ...notes].join(" ");
}

// More of them are a list that nobody reads.
const MAX_NOT_READ = 1000;

function finish({ format, notes }: PickledCheckpoint, draft: Draft): CheckpointIndex {
  const optimizer = joinOptimizers(draft.optimizers);
  const { sparse, notRead } = draft;
  return {
    format,
    tensors: withQuantisedStates(withoutScores(draft.tensors)),
    metadata: {},
    notRead: notRead.slice(0, MAX_NOT_READ),
    ...(optimizer === undefined ? {} : { optimizer }),
    notes: [
      ...notes,
      ...(sparse.length === 0
        ? []
        : [t("Sparse tensors are listed by their stored values: {0}.", firstNames(sparse, 8))]),
      ...(notRead.length > MAX_NOT_READ ? [describeMore(notRead.length - MAX_NOT_READ)] : []),
    ],
  };
}

/** Beside dicts of tensors, a single number is a best score or a loss, not a weight. */
function withoutScores(tensors: readonly TensorEntry[]): readonly TensorEntry[] {
  const hasDicts = tensors.some(({ name }) => name.includes("/"));
  return hasDicts ? tensors.map((tensor) => (isScore(tensor) ? { ...tensor, kind: "other" } : tensor)) : tensors;
}

function isScore({ name, kind, shape }: TensorEntry): boolean {
  return kind === "weight" && shape.length === 0 && !name.includes("/");
}

function describeMore(count: number): string {
  return count === 1 ? t("1 more thing was not read.") : t("{0} more things were not read.", count);
}
