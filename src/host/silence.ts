import { ALIVE_MS } from "#protocol/worker.ts";
import type { Disposable } from "#core/event.ts";

/**
 * Watches for a process that says nothing while it should. Time is counted in looks of our own, not by a clock: a machine
 * that slept, a clock that was set, or an extension host that was busy itself make no process silent.
 */
export interface SilenceWatch extends Disposable {
  /** Begins to wait for a word, unless it waits already. */
  readonly expect: () => void;
  readonly heard: () => void;
}

export interface SilenceOptions {
  /** How long it may say nothing. */
  readonly silenceMs: number;
  /** Whether it still should say something. */
  readonly isExpected: () => boolean;
  readonly onSilent: () => void;
}

export function createSilenceWatch({ silenceMs, isExpected, onSilent }: SilenceOptions): SilenceWatch {
  let timer: NodeJS.Timeout | undefined;
  let silentLooks = 0;

  function look(): void {
    if (!isExpected()) {
      stop();
      return;
    }
    silentLooks += 1;
    if (silentLooks * ALIVE_MS > silenceMs) {
      stop();
      onSilent();
    }
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    silentLooks = 0;
  }

  return {
    expect: () => void (timer ??= setInterval(look, ALIVE_MS)),
    heard: () => void (silentLooks = 0),
    dispose: stop,
  };
}
