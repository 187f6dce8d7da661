export type Settings = Readonly<Record<string, unknown>>;

export interface WorkbenchServer {
  readonly port: number;
  /** The address of a folder. Payload: what to load or test, each with its path. */
  url(folder: string, payload?: readonly (readonly [key: string, path: string])[]): string;
  /** Adds to the settings the server was started with; the open workbench notices. */
  writeSettings(changed: Settings): void;
  /** The last of what the server has printed. */
  readonly log: () => string;
  /** Ends the server and everything it started. */
  readonly stop: () => Promise<void>;
}

export function startWorkbench(options: {
  readonly port?: number;
  readonly dataDir: string;
  readonly settings?: Settings;
  readonly env?: Readonly<Record<string, string>>;
  readonly automated?: boolean;
  /** Installed from this file. */
  readonly vsix?: string;
  /** Settings that belong to a machine, which are not read from the user's. */
  readonly machine?: Settings;
}): Promise<WorkbenchServer>;
