import { createAnnouncer } from "#core/event.ts";
import type { Announcer } from "#core/event.ts";
import type { SourceService } from "#source/service.ts";

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
    const { sourceService } = await import("#source/service.ts");
    loaded = sourceService;
    announce(sourceService);
    return sourceService;
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
