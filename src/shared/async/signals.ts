/** Signals while a synchronous driver blocks the thread: a handler would run only afterwards. */
import process from 'node:process';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

let removed: (readonly [(typeof SIGNALS)[number], NodeJS.SignalsListener])[] = [];
let running = 0;

/**
 * Restores the default action of Ctrl-C and SIGTERM, which ends the process at once, while `work` runs. Use it only for work that can be
 * killed at any moment and repeated.
 */
export async function withoutHandlers<T>(work: () => Promise<T>): Promise<T> {
  if (running++ === 0) {
    removeHandlers();
  }
  try {
    return await work();
  } finally {
    if (--running === 0) {
      restoreHandlers();
    }
  }
}

function removeHandlers(): void {
  removed = SIGNALS.flatMap((signal) =>
    process.rawListeners(signal).map((handler) => [signal, handler as NodeJS.SignalsListener] as const),
  );
  for (const [signal, handler] of removed) {
    process.off(signal, handler);
  }
}

function restoreHandlers(): void {
  for (const [signal, handler] of removed) {
    process.on(signal, handler);
  }
  removed = [];
}
