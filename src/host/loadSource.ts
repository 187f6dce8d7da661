import { currentBundle } from "#l10n/language.ts";
import type { SourceService } from "#source/service.ts";

/** What reads sources: a bundle beside the extension's own, loaded when it is first needed. */
export async function loadSource(): Promise<SourceService> {
  const { sourceService } = await import("#source/service.ts");
  sourceService.setLanguage(currentBundle());
  return sourceService;
}
