import { createAnnouncer } from "#core/event.ts";
import type { Announcer } from "#core/event.ts";
import type { SourceService } from "#source/service.ts";
import { loadSource } from "../loadSource.ts";

/** The reading of sources, loaded with the first one that matters. */
export interface LazySource {
  /** Undefined until it is loaded; asking begins that. */
  readonly ifLoaded: () => SourceService | undefined;
  readonly onDidLoad: Announcer<SourceService>["on"];
}

export function createLazySource(onError: (error: unknown) => void): LazySource {
  const { on, announce } = createAnnouncer<SourceService>();
  let loaded: SourceService | undefined;
  let loading: Promise<SourceService> | undefined;

  async function load(): Promise<SourceService> {
    loaded = await loadSource();
    announce(loaded);
    return loaded;
  }

  return {
    ifLoaded() {
      if (loading === undefined) {
        loading = load();
        loading.catch(onError);
      }
      return loaded;
    },
    onDidLoad: on,
  };
}
