import type { NotRead } from "#core/checkpoint.ts";
import { storedBytes } from "#core/tensorPart.ts";
import { readTexts } from "#readers/hdf5/attributes.ts";
import type { Hdf5File } from "#readers/hdf5/records.ts";
import { damaged } from "#readers/hdf5/refusal.ts";
import { walk } from "#readers/hdf5/walk.ts";
import { t } from "@vscode/l10n";

import { type FoundTensor, readDataset } from "./dataset.ts";
import type { Hdf5Place } from "./parts.ts";

/** What the groups and datasets of a file say. */
export interface Hdf5Contents {
  readonly tensors: readonly FoundTensor[];
  readonly notRead: readonly NotRead[];
  /** Short texts among the root's attributes. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The attribute `name` of groups called `vars`, which hold the variables of one of Keras's objects. */
  readonly groupNames: ReadonlyMap<string, string>;
}

/** Throws a refusal where the file is damaged. */
export async function readContents(file: Hdf5File, root: number, place: Hdf5Place): Promise<Hdf5Contents> {
  const datasets = createCollector(file);
  const groupNames = new Map<string, string>();
  let metadata: Readonly<Record<string, string>> = {};
  for await (const found of walk(file, root)) {
    const { path, header } = found;
    if (!found.isGroup) {
      datasets.add(path, await readDataset(file, found, place));
    } else if (header !== undefined && (path === "" || VARIABLES.test(path))) {
      const texts = await readTexts(file, header);
      metadata = path === "" ? shortTexts(texts) : metadata;
      groupNames.set(path, texts.get("name") ?? "");
    }
  }
  return { ...datasets.collected, metadata, groupNames };
}

/** Where Keras keeps variables. */
const VARIABLES = /(^|\/)vars$/;

// Keras describes a whole model in one attribute, which is no line for a list.
const MAX_METADATA_LENGTH = 200;

function shortTexts(texts: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...texts].filter(([, text]) => text.length <= MAX_METADATA_LENGTH));
}

interface Collector {
  readonly collected: Pick<Hdf5Contents, "tensors" | "notRead">;
  readonly add: (path: string, read: Awaited<ReturnType<typeof readDataset>>) => void;
}

// Beyond the first of each dataset: some hundred bytes of memory for each.
const MAX_MORE_PARTS = 200_000;

function createCollector({ source, base }: Hdf5File): Collector {
  const tensors: FoundTensor[] = [];
  const notRead: NotRead[] = [];
  let bytes = 0;
  let moreParts = 0;
  return {
    collected: { tensors, notRead },
    add(name, read) {
      if (read === undefined) {
        return;
      }
      if ("what" in read) {
        notRead.push({ name, what: read.what });
      } else if (moreParts + read.parts.length > MAX_MORE_PARTS) {
        notRead.push({ name, what: t("a dataset with more chunks than this file's others leave room for") });
      } else {
        tensors.push(read);
        moreParts += read.parts.length - 1;
        bytes += storedBytes(read);
      }
      // Each byte belongs to one dataset: many that share some would take a day to reduce.
      if (bytes > source.size) {
        throw damaged(base, t("The datasets take {0} bytes together, more than the file has.", bytes));
      }
    },
  };
}
