/** Signals while a synchronous driver blocks the thread: a handler would run only afterwards. */
import process from 'node:process';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

let taken: (readonly [(typeof SIGNALS)[number], NodeJS.SignalsListener])[] = [];
let running = 0;

/**
 * Restores the default action of Ctrl-C and SIGTERM, which ends the process at once, while `work` runs. Use it only for work that can be
 * killed at any moment and repeated.
 */
export async function withoutHandlers<T>(work: () => Promise<T>): Promise<T> {
  if (running++ === 0) {
    takeHandlers();
  }
  try {
    return await work();
  } finally {
    if (--running === 0) {
      putHandlersBack();
    }
  }
}

function takeHandlers(): void {
  taken = SIGNALS.flatMap((signal) =>
    process.rawListeners(signal).map((handler) => [signal, handler as NodeJS.SignalsListener] as const),
  );
  for (const [signal, handler] of taken) {
    process.off(signal, handler);
  }
}

function putHandlersBack(): void {
  for (const [signal, handler] of taken) {
    process.on(signal, handler);
  }
  taken = [];
}
