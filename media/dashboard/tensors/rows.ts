import type { LayerRow } from "#protocol/dashboard/tensors.ts";
import { plainName } from "#core/names/plainName.ts";
import { t } from "@vscode/l10n";

export interface OutlineGroup {
  readonly name: string;
  readonly tensors: readonly string[];
}

/** A row on screen. A group of one tensor is shown as the tensor alone. */
export interface ShownRow extends LayerRow {
  readonly label: string;
  readonly isInGroup: boolean;
  readonly group: string;
  /** Undefined for a tensor. */
  readonly isFolded: boolean | undefined;
}

/** Which groups are folded: all or none, except some. */
export interface Folds {
  readonly areAllFolded: boolean;
  readonly except: ReadonlySet<string>;
}

export function isFolded({ areAllFolded, except }: Folds, group: string): boolean {
  return areAllFolded !== except.has(group);
}

export function toggleFold(folds: Folds, group: string): Folds {
  const except = new Set(folds.except);
  if (!except.delete(group)) {
    except.add(group);
  }
  return { ...folds, except };
}

/** The rows of an outline; while a filter keeps only some names, nothing is folded. */
export function shownRows(
  outline: readonly OutlineGroup[],
  folds: Folds,
  filter: { readonly text: string; readonly keeps: (name: string) => boolean },
): readonly ShownRow[] {
  const isFiltered = filter.text.trim() !== "";
  return outline.flatMap((group) => {
    const kept = isFiltered ? group.tensors.filter((name) => filter.keeps(name)) : group.tensors;
    if (kept.length === 0) {
      return [];
    }
    if (group.tensors.length === 1) {
      return kept.map((name) => tensorRow(name, group.name, false));
    }
    const folded = !isFiltered && isFolded(folds, group.name);
    const own = folded ? [] : kept.map((name) => tensorRow(name, group.name, true));
    return [groupRow(group, kept.length, folded), ...own];
  });
}

function groupRow({ name, tensors }: OutlineGroup, kept: number, folded: boolean): ShownRow {
  const count = kept === tensors.length ? String(kept) : t("{0} of {1}", kept, tensors.length);
  return { kind: "group", name, label: `${name} (${count})`, isInGroup: false, group: name, isFolded: folded };
}

function tensorRow(name: string, group: string, isInGroup: boolean): ShownRow {
  const plain = plainName(name);
  const label = isInGroup && plain.startsWith(`${group}.`) ? plain.slice(group.length + 1) : plain;
  return { kind: "tensor", name, label, isInGroup, group, isFolded: undefined };
}

/** Two rows of the same tensor or group. */
export function isSameRow(a: LayerRow | undefined, b: LayerRow | undefined): boolean {
  return a?.kind === b?.kind && a?.name === b?.name;
}

export function keyOfRow({ kind, name }: LayerRow): string {
  return `${kind} ${name}`;
}
