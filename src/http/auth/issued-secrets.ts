/**
 * The digests of all tokens and sessions, read in one query. Secrets from an address that has sent many invalid ones are compared with
 * these first, without a query for each.
 */
import type { Database } from '../../database/database.ts';
import { monotonic, timestamp } from '../../shared/environment.ts';
import { sessionTable, tokenTable } from '../state/tables.ts';
import { isSameDigest, type Prefix, readSecret } from './token.ts';

/** How long the digests are cached: a token of another process may be unknown for this long. */
const KEPT_MILLISECONDS = 1000;

/** Prefix and id -> digest. */
type Digests = ReadonlyMap<string, string>;

export class IssuedSecrets {
  readonly #database: Database;
  #read: { readonly digests: Promise<Digests>; readonly until: number } | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Whether the secret was issued. It may be expired or revoked. */
  async has(prefix: Prefix, text: string): Promise<boolean> {
    const given = readSecret(prefix, text);
    if (given === undefined) {
      return false;
    }
    const hash = (await this.#digests()).get(`${prefix} ${given.id}`);
    return hash !== undefined && isSameDigest(hash, given.hash);
  }

  /** Clears the cache, so that a secret that this server has issued is known at once. */
  forget(): void {
    this.#read = undefined;
  }

  #digests(): Promise<Digests> {
    if (this.#read === undefined || this.#read.until <= monotonic()) {
      const read = { digests: readDigests(this.#database), until: monotonic() + KEPT_MILLISECONDS };
      this.#read = read;
      read.digests.catch(() => {
        if (this.#read === read) {
          this.#read = undefined;
        }
      });
    }
    return this.#read.digests;
  }
}

async function readDigests(database: Database): Promise<Digests> {
  const em = database.fork();
  const tokens = await em.find(tokenTable, { revokedAt: null }, { fields: ['id', 'hash'] });
  const sessions = await em.find(sessionTable, { expiresAt: { $gt: timestamp() } }, { fields: ['id', 'hash'] });
  const entries = (prefix: Prefix, rows: readonly { readonly id: string; readonly hash: string }[]) =>
    rows.map(({ id, hash }) => [`${prefix} ${id}`, hash] as const);
  return new Map([...entries('mrd', tokens), ...entries('mrs', sessions)]);
}
