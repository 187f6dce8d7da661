import { ALIVE_MS } from "#protocol/worker.ts";
import type { Disposable } from "#core/event.ts";

/**
 * Watches for a process that says nothing while it should. Time is counted in looks of our own, not by a clock: a machine
 * that slept, a clock that was set, or an extension host that was busy itself make no process silent.
 */
export interface SilenceWatch extends Disposable {
  /** Begins to wait for a word, unless it waits already. */
  readonly expect: () => void;
  /** `busyMs`: it may need so much longer for its next word, until `forgetBusy`. */
  readonly heard: (busyMs: number) => void;
  readonly forgetBusy: () => void;
}

export interface SilenceOptions {
  /** How long it may say nothing although it could have. */
  readonly hangMs: number;
  /** How long it may say nothing at all, while the disk or other programs keep it from it. */
  readonly silenceMs: number;
  /** Whether it still should say something. */
  readonly isExpected: () => boolean;
  /** Of the milliseconds since the last time that this was asked, at most so many: those in which it could have spoken. */
  readonly couldSpeakMs: (mostMs: number) => number;
  /** Hears how many seconds passed without a word. */
  readonly onSilent: (seconds: number) => void;
}

export function createSilenceWatch(options: SilenceOptions): SilenceWatch {
  const { hangMs, silenceMs, isExpected, couldSpeakMs, onSilent } = options;
  let timer: NodeJS.Timeout | undefined;
  let silentMs = 0;
  let idleMs = 0;
  let allowedMs = 0;

  function look(): void {
    if (!isExpected()) {
      stop();
      return;
    }
    // A word comes with every look, a little earlier or later; one that is missed is none to ask about.
    idleMs += silentMs > ALIVE_MS ? couldSpeakMs(ALIVE_MS) : 0;
    silentMs += ALIVE_MS;
    if (idleMs > hangMs + allowedMs || silentMs > silenceMs) {
      const seconds = silentMs / 1000;
      stop();
      onSilent(seconds);
    }
  }

  function heard(busyMs: number): void {
    silentMs = 0;
    idleMs = 0;
    allowedMs = Math.max(allowedMs, busyMs);
  }

  function forgetBusy(): void {
    allowedMs = 0;
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    heard(0);
    forgetBusy();
  }

  return { expect: () => void (timer ??= setInterval(look, ALIVE_MS)), heard, forgetBusy, dispose: stop };
}
