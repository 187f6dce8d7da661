/** The oldest Node that has what the programs call, as the package's `engines` says; npm only warns of an older one. */
export const OLDEST_NODE = 22;

/** Throws where Node is too old, which would otherwise show as some function that is not there. */
export function requireNode(version: string): void {
  if (Number.parseInt(version, 10) < OLDEST_NODE) {
    throw new Error(`this is Node ${version}; Gradlens needs Node ${OLDEST_NODE} or newer`);
  }
}
