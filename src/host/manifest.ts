/** What the extension's own package.json says of it. */
export interface Manifest {
  readonly version: string;
  /** Whole names, such as `gradlens.compute.threads`. */
  readonly settings: readonly string[];
}

/** VS Code gives the manifest as any value; what is not there is left out. */
export function parseManifest(packageJson: unknown): Manifest {
  const version = field(packageJson, "version");
  const sections = field(field(packageJson, "contributes"), "configuration");
  return {
    version: typeof version === "string" ? version : "unknown",
    settings: (Array.isArray(sections) ? sections : []).flatMap((section) =>
      Object.keys(field(section, "properties") ?? {}),
    ),
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(name)
    : undefined;
}
