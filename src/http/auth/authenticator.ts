/** Authenticates a request: by a bearer token, by a session cookie, or because it comes from this machine. */

import type { Actor, Role } from '../../config/route.ts';
import type { Database } from '../../database/database.ts';
import { currentTime } from '../../shared/environment.ts';
import { Problem } from '../problem.ts';
import { FailureLimit } from '../security/rate-limits.ts';
import { IssuedSecrets } from './issued-secrets.ts';
import { findSession } from './sessions.ts';
import type { Prefix } from './token.ts';
import { findToken, type Token } from './tokens.ts';

/** How long a valid token is cached: a revoked one may work for this long, and its streams for a second more. */
const TRUSTED_MILLISECONDS = 4000;

/** The maximum number of cached tokens and sessions. */
const MAX_TRUSTED = 1000;

export const ANONYMOUS: Actor = { id: 'anonymous', name: 'anonymous', role: undefined };

/** The actor of a connection to the loopback address without a token and without a proxy. */
export const LOCAL: Actor = { id: 'local', name: 'local', role: 'admin' };

const RANK: Readonly<Record<Role, number>> = { read: 1, operate: 2, admin: 3 };

export function hasRole({ role }: Actor, needed: Role): boolean {
  return role !== undefined && RANK[role] >= RANK[needed];
}

export interface Credentials {
  readonly authorization: string | undefined;
  /** The session cookie. */
  readonly session: string | undefined;
  /** Whether a proxy forwards the request, so that its address is not that of the sender. */
  readonly isForwarded: boolean;
  /** The remote address of the connection. */
  readonly address: string;
}

export class Authenticator {
  readonly #database: Database;
  readonly #isRequired: boolean;
  readonly #issued: IssuedSecrets;
  readonly #failures = new FailureLimit();
  readonly #trusted = new Map<string, { readonly actor: Actor; readonly until: number }>();

  /** @param isRequired whether requests without credentials are anonymous; else those from this machine have the role admin */
  constructor(database: Database, isRequired: boolean) {
    this.#database = database;
    this.#isRequired = isRequired;
    this.#issued = new IssuedSecrets(database);
  }

  /**
   * Returns the actor synchronously where it is cached, which is the common case.
   *
   * @throws Problem 401 for invalid credentials, 429 after too many invalid ones from the same address
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

  /** Clears the cache, because this server has made, closed or revoked a token or session. */
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
      // the database has failed: the token need not be invalid
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
