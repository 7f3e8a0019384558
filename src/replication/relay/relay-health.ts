/** The health of a running relay: its last actions, and the lag of its region. */

import type { Database } from '../../database/database.ts';
import { currentTime, timestamp } from '../../shared/environment.ts';
import type { Health } from '../../shared/health/serve.ts';
import { errorNow, type LastError, lastErrorOf } from '../last-error.ts';
import type { SnapshotSource } from '../outbox/snapshot-source.ts';
import { outboxStatus } from '../outbox/status.ts';
import type { RemoteTransport } from '../transport/transport.ts';
import type { RelayRunListener } from './run-relay.ts';
import type { Confirmation } from './settings.ts';

/** Collects the health of a relay while {@link runRelay} runs: pass its `listener`, and report `health`. */
export class RelayHealth {
  readonly #region: string;
  readonly #snapshots: SnapshotSource;
  #opened: { readonly remote: RemoteTransport; readonly database: Database } | undefined;
  #shipped = 0;
  #lastBatchAt: string | null = null;
  #lastError: LastError | null = null;
  #confirmation: Confirmation | undefined;

  constructor(region: string, snapshots: SnapshotSource) {
    this.#region = region;
    this.#snapshots = snapshots;
  }

  /** Pass this listener to the run. */
  readonly listener: RelayRunListener = {
    opened: (remote, database) => {
      this.#opened = { remote, database };
    },
    shipped: (events) => {
      this.#shipped += events;
      this.#lastBatchAt = timestamp();
      this.#lastError = null;
    },
    failed: (error) => {
      this.#lastError = errorNow(error);
    },
    confirmed: (confirmation) => {
      this.#confirmation = confirmation;
      if (confirmation.publishedSeq === confirmation.headSeq) {
        // no failed work is left
        this.#lastError = null;
      }
    },
  };

  /** A relay is healthy while it is connected and its last attempt has not failed, even if central does not respond. */
  async health(): Promise<Health> {
    const status = this.#opened && (await outboxStatus(this.#opened.database, this.#snapshots, currentTime()));
    const connected = this.#opened?.remote.isConnected ?? false;
    return {
      isWell: connected && this.#lastError === null,
      details: {
        role: 'relay',
        region: this.#region,
        connected,
        server: this.#opened?.remote.server ?? null,
        central: this.#confirmation === undefined ? 'unknown' : this.#confirmation.isCentralThere ? 'answers' : 'away',
        paused: status?.relay === 'paused',
        shipped: this.#shipped,
        lastBatchAt: this.#lastBatchAt,
        unshipped: status?.unshipped ?? null,
        lagSeconds: status?.lagSeconds ?? null,
        epoch: status?.epoch ?? null,
        publishedSeq: this.#confirmation?.publishedSeq ?? null,
        ackedSeq: status?.ackedSeq ?? null,
        lastError: lastErrorOf(this.#opened?.remote, this.#lastError),
      },
    };
  }
}
