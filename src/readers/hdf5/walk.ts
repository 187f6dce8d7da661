import { t } from "@vscode/l10n";
import { compareNames } from "./compareNames.ts";
import { isGroup, readLinks } from "./links.ts";
import { type ObjectHeader, readObjectHeader } from "./objectHeader.ts";
import type { Hdf5File } from "./records.ts";
import { damaged } from "./refusal.ts";

/** An object of a file and where it is found first. */
export interface Found {
  /** Names from the root on, with `/`; empty for the root. */
  readonly path: string;
  /** Undefined for a link to another file, which is not followed. */
  readonly header: ObjectHeader | undefined;
  readonly isGroup: boolean;
}

// The header of a safetensors file cannot name more.
const MAX_OBJECTS = 2_000_000;
const MAX_DEPTH = 200;

interface Place {
  readonly path: string;
  readonly depth: number;
  readonly address: number | undefined;
}

/** All objects, each once however many names it has, the children of a group in the order of their names and numbers. */
export async function* walk(file: Hdf5File, root: number): AsyncGenerator<Found, void, undefined> {
  const seen = new Set<number>();
  const stack: Place[] = [{ path: "", depth: 0, address: root }];
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    const { path, depth, address } = place;
    if (address === undefined) {
      yield { path, header: undefined, isGroup: false };
    } else if (!seen.has(address)) {
      seen.add(address);
      const header = await readObjectHeader(file, address);
      yield { path, header, isGroup: isGroup(header) };
      const links = await readLinks(file, header);
      if (seen.size + stack.length + links.length > MAX_OBJECTS || depth > MAX_DEPTH) {
        throw damaged(
          file.base + address,
          t("The file has more than {0} objects, or deeper than {1}.", MAX_OBJECTS, MAX_DEPTH),
        );
      }
      for (const link of links.toSorted((a, b) => compareNames(b.name, a.name))) {
        stack.push({ path: path === "" ? link.name : `${path}/${link.name}`, depth: depth + 1, address: link.address });
      }
    }
  }
}
