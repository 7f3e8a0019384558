/** Finds out who sends a request: by a bearer token, by the cookie of a session, or by its coming from this machine. */

import type { Actor, Role } from '../../config/route.ts';
import type { Database } from '../../database/database.ts';
import { currentTime } from '../../shared/environment.ts';
import { Problem } from '../problem.ts';
import { FailureLimit } from '../security/rate-limits.ts';
import { IssuedSecrets } from './issued-secrets.ts';
import { findSession } from './sessions.ts';
import type { Prefix } from './token.ts';
import { findToken, type Token } from './tokens.ts';

/** How long a token that was found valid is not looked up again: a revoked one may work for so long, and a stream for a second more. */
const TRUSTED_MILLISECONDS = 4000;

/** So many are remembered. */
const MAX_TRUSTED = 1000;

export const ANONYMOUS: Actor = { id: 'anonymous', name: 'anonymous', role: undefined };

/** Who opens a connection to the loopback address, without a token and without a proxy between. */
export const LOCAL: Actor = { id: 'local', name: 'local', role: 'admin' };

const RANK: Readonly<Record<Role, number>> = { read: 1, operate: 2, admin: 3 };

export function hasRole({ role }: Actor, needed: Role): boolean {
  return role !== undefined && RANK[role] >= RANK[needed];
}

export interface Credentials {
  readonly authorization: string | undefined;
  /** The cookie of a session. */
  readonly session: string | undefined;
  /** Whether a proxy passes the request on, so its address says nothing of who has sent it. */
  readonly isForwarded: boolean;
  /** Where the connection comes from. */
  readonly address: string;
}

export class Authenticator {
  readonly #database: Database;
  readonly #isRequired: boolean;
  readonly #issued: IssuedSecrets;
  readonly #failures = new FailureLimit();
  readonly #trusted = new Map<string, { readonly actor: Actor; readonly until: number }>();

  /** @param isRequired whether a request without credentials is anonymous; else one from this machine has the role admin */
  constructor(database: Database, isRequired: boolean) {
    this.#database = database;
    this.#isRequired = isRequired;
    this.#issued = new IssuedSecrets(database);
  }

  /**
   * At once for most requests.
   *
   * @throws Problem 401 for credentials that are not valid, 429 for those after too many of the same address
   */
  actorOf({ authorization, session, isForwarded, address }: Credentials): Actor | Promise<Actor> {
    if (authorization !== undefined) {
      const [, text = ''] = /^Bearer +([^ ]+) *$/i.exec(authorization) ?? [];
      return this.#trustedOr(text, () => this.tokenOf(text, address));
    }
    if (session !== undefined) {
      return this.#trustedOr(session, () => this.#lookUp('mrs', session, address, findSession));
    }
    return this.#isRequired || isForwarded ? ANONYMOUS : LOCAL;
  }

  /** @returns the valid token that has this text @throws Problem 401 or 429 */
  tokenOf(text: string, address: string): Promise<Token> {
    return this.#lookUp('mrd', text, address, findToken);
  }

  /** What it remembers: a token or session was made, closed or revoked by this server. */
  forget(): void {
    this.#trusted.clear();
    this.#issued.forget();
  }

  #trustedOr(text: string, find: () => Promise<Token>): Actor | Promise<Actor> {
    const now = currentTime().getTime();
    const trusted = this.#trusted.get(text);
    return trusted !== undefined && trusted.until > now ? trusted.actor : this.#found(text, now, find);
  }

  async #found(text: string, now: number, find: () => Promise<Token>): Promise<Actor> {
    this.#trusted.delete(text);
    const token = await find();
    const actor = { id: token.id, name: token.name, role: token.role };
    if (this.#trusted.size >= MAX_TRUSTED) {
      this.#trusted.clear();
    }
    const expiry = token.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(token.expiresAt);
    this.#trusted.set(text, { actor, until: Math.min(now + TRUSTED_MILLISECONDS, expiry) });
    return actor;
  }

  async #lookUp(prefix: Prefix, text: string, address: string, find: typeof findToken): Promise<Token> {
    if (this.#failures.isExceeded(address) && !(await this.#issued.has(prefix, text))) {
      this.#failures.refuse(address);
    }
    const takeBack = this.#failures.begin(address);
    let token: Token | undefined;
    try {
      token = await find(this.#database, text, currentTime());
    } catch (error) {
      // the database has failed, and not the token
      takeBack();
      throw error;
    }
    if (token === undefined) {
      throw unauthenticated('The token or session is not valid: it is unknown, expired or revoked.');
    }
    takeBack();
    return token;
  }
}

export function unauthenticated(what: string): Problem {
  return new Problem(
    401,
    'unauthenticated',
    `${what} Send one that npx meridian token create has made: Authorization: Bearer mrd_….`,
    { headers: { 'www-authenticate': 'Bearer realm="meridian"' } },
  );
}
