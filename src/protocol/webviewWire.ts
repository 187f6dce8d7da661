/**
 * A message as it must be posted to a webview. VS Code carries such messages as JSON, where NaN and Infinity would
 * become null; they travel as their names, and the schemas turn them back. Typed arrays travel as they are.
 */
export function forWebview(message: unknown): unknown {
  if (typeof message === "number") {
    return Number.isFinite(message) ? message : String(message);
  }
  if (Array.isArray(message)) {
    return message.map(forWebview);
  }
  if (typeof message !== "object" || message === null || ArrayBuffer.isView(message)) {
    return message;
  }
  return Object.fromEntries(Object.entries(message).map(([key, value]) => [key, forWebview(value)]));
}
