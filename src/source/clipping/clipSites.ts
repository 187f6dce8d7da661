import type { ClipSite } from "./clipSite.ts";
import { configEntries } from "./configEntries.ts";
import { configSites } from "./configSites.ts";
import type { SourceDocument } from "../document.ts";
import { clipCallsIn } from "./clipCalls.ts";
import { clipSettingsIn } from "./clipSettings.ts";

const cache = new WeakMap<SourceDocument, readonly ClipSite[]>();

/** Every place that clips gradients or sets a threshold, in the order of the text. Strings and comments are none. */
export function clipSitesIn(document: SourceDocument): readonly ClipSite[] {
  const known = cache.get(document);
  const sites = known ?? findSites(document).toSorted((a, b) => a.start - b.start);
  cache.set(document, sites);
  return sites;
}

function findSites(document: SourceDocument): readonly ClipSite[] {
  return document.language === "python"
    ? [...clipCallsIn(document), ...clipSettingsIn(document)]
    : configSites(document, configEntries(document));
}
