import { sep } from "node:path";
import type { WorkerRequest } from "#protocol/worker.ts";

/** The file or folder that a request is about, or the two that it compares; undefined when it is about none. */
export interface Subject {
  readonly key: string;
  readonly paths: readonly string[];
}

export function subjectOf(request: WorkerRequest): Subject | undefined {
  const paths = pathsOf(request);
  return paths.length === 0 ? undefined : { key: paths.join("\n"), paths };
}

function pathsOf(request: WorkerRequest): readonly string[] {
  if ("before" in request) {
    return [request.before, request.after];
  }
  return [...("path" in request ? [request.path] : []), ...("folder" in request ? [request.folder] : [])];
}

/** Whether a path is one that a request names, or lies in one. */
export function isAbout(request: WorkerRequest, path: string): boolean {
  const roots = "roots" in request ? request.roots : [];
  const named = "paths" in request ? [...request.paths, ...roots] : pathsOf(request);
  return named.some((own) => path === own || path.startsWith(own.endsWith(sep) ? own : own + sep));
}
