/** Has the loads of a populate counted by its limit of rejects, and stopped by it. */
import type { PopulateOptions } from '../options.ts';
import { begunLoad, type Participant } from '../participant.ts';
import type { RejectLimit } from './reject-limit.ts';

/** Stops the loads as well when too many records are rejected. */
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

/** A run that is continued may have rejected too many records already. */
export function observeEarlier(participants: readonly Participant[], limit: RejectLimit | undefined): void {
  for (const one of participants) {
    const counts = begunLoad(one)?.progress.ledger.counts;
    if (counts !== undefined) {
      limit?.observe(one.table.name, counts);
    }
  }
}
