/** Lets the limit of rejects observe the loads of a populate, and stop them. */
import type { PopulateOptions } from '../options.ts';
import { begunLoad, type Participant } from '../participant.ts';
import type { RejectLimit } from './reject-limit.ts';

/** Adds a signal that stops the loads if too many records are rejected. */
export function limited(options: PopulateOptions, limit: RejectLimit | undefined): PopulateOptions {
  if (limit === undefined) {
    return options;
  }
  const { signal, listener } = options;
  return {
    ...options,
    signal: signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]),
    listener: {
      ...listener,
      progressed(table, progress, read, rejected) {
        listener?.progressed?.(table, progress, read, rejected);
        if (rejected !== undefined) {
          limit.observe(table, { read, rejected });
        }
      },
    },
  };
}

/** Counts the rejects of continued runs, which may already exceed the limit. */
export function observeEarlier(participants: readonly Participant[], limit: RejectLimit | undefined): void {
  for (const one of participants) {
    const counts = begunLoad(one)?.progress.ledger.counts;
    if (counts !== undefined) {
      limit?.observe(one.table.name, counts);
    }
  }
}
