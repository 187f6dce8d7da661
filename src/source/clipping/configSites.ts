import { ALGORITHM_SETTING, algorithmKind, settingKind } from "./clipNames.ts";
import type { ClipKind } from "./clipNames.ts";
import type { ClipSite } from "./clipSite.ts";
import type { ConfigEntry } from "./configEntry.ts";
import type { SourceDocument } from "../document.ts";

// `max_norm` alone may bound the rows of an embedding, `clip_norm` anything.
const SHORT_KEY = /^(?:max_norm|clip_norm|clip)$/;
const PARENT_OF_SHORT = /clip|grad|^training$|optim/;

/** The settings that hold a threshold. */
export function configSites(document: SourceDocument, entries: readonly ConfigEntry[]): readonly ClipSite[] {
  return entries.flatMap((entry) => {
    const kind = kindOf(entry);
    return kind === undefined ? [] : [siteFrom(entry, siblingKind(document, entry, entries) ?? kind)];
  });
}

/** By the last word of a key, which may be a path itself: `trainer.gradient_clip_val: 0.5`. */
function kindOf({ path }: ConfigEntry): ClipKind | undefined {
  const words = path.flatMap((each) => each.split("."));
  const [key, parent] = [words.at(-1) ?? "", words.at(-2) ?? ""];
  return SHORT_KEY.test(key) && PARENT_OF_SHORT.test(parent) ? "globalNorm" : settingKind(key);
}

/** What `gradient_clip_algorithm: value` beside a threshold makes of it. */
function siblingKind(
  { text }: SourceDocument,
  { path }: ConfigEntry,
  entries: readonly ConfigEntry[],
): ClipKind | undefined {
  const owner = path.slice(0, -1).join("\n");
  const algorithm = entries.find(
    (other) =>
      other.path.slice(0, -1).join("\n") === owner &&
      ALGORITHM_SETTING.test(other.path.at(-1)?.split(".").at(-1) ?? ""),
  );
  return algorithm && algorithmKind(text.slice(algorithm.value.start, algorithm.value.end).replaceAll(/["']/g, ""));
}

function siteFrom({ path, start, end, value }: ConfigEntry, kind: ClipKind): ClipSite {
  return {
    kind,
    form: "setting",
    name: path.join("."),
    threshold: value,
    given: { start: value.start, end: value.end },
    target: undefined,
    unscaled: "notNeeded",
    start,
    end,
  };
}
