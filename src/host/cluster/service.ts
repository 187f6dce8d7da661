import { setLanguage } from "#l10n/language.ts";
import type { Bundle } from "#l10n/language.ts";
import { computeOnCluster } from "./clusterCommand.ts";

/** What *Compute Norms on Cluster…* does, as one value: the bundle that its first use loads. */
export interface ClusterService {
  /** Its own copy of the texts: a bundle loaded beside another shares nothing with it. */
  readonly setLanguage: (texts: Bundle) => void;
  readonly computeOnCluster: typeof computeOnCluster;
}

export const clusterService: ClusterService = { setLanguage, computeOnCluster };
