/** The health of a running central: the last batch that it received, and its position with each region. */

import type { Database } from '../../database/database.ts';
import { currentTime, timestamp } from '../../shared/environment.ts';
import type { Health } from '../../shared/health/serve.ts';
import { errorNow, type LastError, lastErrorOf } from '../last-error.ts';
import type { RemoteTransport } from '../transport/transport.ts';
import { cursors } from './cursor.ts';
import type { CentralRunListener } from './run-central.ts';

/** Collects the health of a central while {@link runCentral} runs: pass its `listener`, and report {@link health}. */
export class CentralHealth {
  #opened: { readonly remote: RemoteTransport; readonly central: Database } | undefined;
  #state: 'starting' | 'waiting' | 'working' = 'starting';
  #taken = 0;
  #lastBatchAt: string | null = null;
  /** Region -> the error of its last batch, if that failed. */
  readonly #errors = new Map<string, LastError>();

  /** Pass this listener to the run. */
  readonly listener: CentralRunListener = {
    opened: (remote, central) => {
      this.#opened = { remote, central };
    },
    waiting: () => {
      this.#state = 'waiting';
    },
    started: () => {
      this.#state = 'working';
    },
    taken: (region, events) => {
      this.#taken += events;
      this.#lastBatchAt = timestamp();
      this.#errors.delete(region);
    },
    failed: (region, error) => {
      this.#errors.set(region, errorNow(error));
    },
    recovered: (region) => {
      this.#errors.delete(region);
    },
  };

  /** Central is healthy while it is connected and no region's last batch has failed, even while it waits for another central. */
  async health(): Promise<Health> {
    const rows = this.#opened === undefined ? [] : await cursors(this.#opened.central);
    const connected = this.#opened?.remote.isConnected ?? false;
    const now = currentTime().getTime();
    return {
      isWell: connected && this.#state !== 'starting' && this.#errors.size === 0,
      details: {
        role: 'central',
        state: this.#state,
        connected,
        server: this.#opened?.remote.server ?? null,
        taken: this.#taken,
        lastBatchAt: this.#lastBatchAt,
        regions: Object.fromEntries(
          rows.map(({ region, epoch, seq, headSeq, occurredAt, heardAt }) => [
            region,
            {
              epoch,
              seq,
              behind: headSeq - seq,
              lagSeconds: headSeq > seq && occurredAt !== '' ? Math.max(0, (now - Date.parse(occurredAt)) / 1000) : 0,
              heardAt,
              lastError: this.#errors.get(region) ?? null,
            },
          ]),
        ),
        lastError: lastErrorOf(this.#opened?.remote, [...this.#errors.values()].at(-1) ?? null),
      },
    };
  }
}
